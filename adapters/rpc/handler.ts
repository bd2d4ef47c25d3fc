import type { DescMethodUnary } from '@bufbuild/protobuf';
import { createConnectRouter } from '@connectrpc/connect';
import type { UniversalHandlerFn } from '@connectrpc/connect/protocol';
import type { Clock, Telemetry, Timers } from '@tradewind/utils';
import { MESSAGE_BYTES_MAX, NOT_BEGUN_HEADER } from './caller.ts';
import { routesOf, type ServedContracts } from './serve.ts';
import { TOKEN_HEADER, tokenJudge } from './token.ts';
import { errorAnswer, isPlainCall, type UnaryMethod, unaryHandler } from './unary-handler.ts';

export interface HandlerOptions {
  readonly contracts: ServedContracts;
  /** What the services share, 16 characters at least; a server without one does not start. */
  readonly token: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  /** How many market updates a reader may be behind; left out: 10 000. */
  readonly updatesMaximum?: number;
  /** How often a stream without news gives a sign of life; left out: 1000. */
  readonly signOfLifeMs?: number;
}

/** Answers every request to a service, whatever carried it here. */
export function rpcHandler(options: HandlerOptions): UniversalHandlerFn {
  const { contracts, token, clock, timers, telemetry } = options;
  const { updatesMaximum = 10_000, signOfLifeMs = 1_000 } = options;
  const isAllowed = tokenJudge(token);
  const router = createConnectRouter({
    readMaxBytes: MESSAGE_BYTES_MAX,
    writeMaxBytes: MESSAGE_BYTES_MAX,
    acceptCompression: [],
    grpcWeb: false,
  });
  const plain = new Map<string, UniversalHandlerFn>();
  routesOf(contracts, { clock, timers, telemetry, updatesMaximum, signOfLifeMs })(
    (service, implementation) => {
      router.service(service, implementation);
      for (const method of service.methods) {
        const run = (implementation as Readonly<Record<string, UnaryMethod | undefined>>)[method.localName];
        if (method.methodKind === 'unary' && run !== undefined)
          plain.set(
            `/${service.typeName}/${method.name}`,
            unaryHandler(method as DescMethodUnary, run, MESSAGE_BYTES_MAX),
          );
      }
    },
  );
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  return async (request) => {
    const path = new URL(request.url).pathname;
    // Before a byte of the body is read.
    if (!isAllowed(request.header.get(TOKEN_HEADER))) {
      telemetry.log.write('warn', 'rpc_token_wrong', { path });
      return refusal(401, 'unauthenticated', 'the token of the services is missing or wrong');
    }
    const handler = (isPlainCall(request) ? plain.get(path) : undefined) ?? handlers.get(path);
    return handler === undefined
      ? refusal(404, 'unimplemented', 'this process does not serve it')
      : handler(request);
  };
}

const refusal = (status: number, code: string, message: string) =>
  errorAnswer(status, code, message, { [NOT_BEGUN_HEADER]: '1' });
