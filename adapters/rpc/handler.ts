import type { DescMethodUnary } from '@bufbuild/protobuf';
import { createConnectRouter } from '@connectrpc/connect';
import type { UniversalHandlerFn } from '@connectrpc/connect/protocol';
import type { Clock, Telemetry, Timers } from '@tradewind/utils';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { NOT_BEGUN_HEADER } from './caller.ts';
import { routesOf, type ServedContracts } from './serve.ts';
import { TOKEN_HEADER, tokenJudge } from './token.ts';
import {
  type AnswerMessage,
  answerRequest,
  errorAnswer,
  isPlainCall,
  messageAnswerer,
  type UnaryAnswer,
  type UnaryMethod,
} from './unary-handler.ts';

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

/** What answers calls, whatever carries them. */
export interface RpcService {
  /** By its header; for whoever has read nothing else yet. */
  isAllowed(header: unknown): boolean;
  /** Any request. */
  readonly handle: UniversalHandlerFn;
  /** The message of a call to a path, from somebody who is allowed to make it. */
  answer(path: string, bytes: Uint8Array): Promise<UnaryAnswer>;
}

/** Answers every request to a service. */
export const rpcHandler = (options: HandlerOptions): UniversalHandlerFn => rpcService(options).handle;

export function rpcService(options: HandlerOptions): RpcService {
  const { contracts, token, clock, timers, telemetry } = options;
  const { updatesMaximum = 10_000, signOfLifeMs = 1_000 } = options;
  const isAllowed = tokenJudge(token);
  const router = createConnectRouter({
    readMaxBytes: MESSAGE_BYTES_MAX,
    writeMaxBytes: MESSAGE_BYTES_MAX,
    acceptCompression: [],
    grpcWeb: false,
  });
  const answers = new Map<string, AnswerMessage>();
  routesOf(contracts, { clock, timers, telemetry, updatesMaximum, signOfLifeMs })(
    (service, implementation) => {
      router.service(service, implementation);
      for (const method of service.methods) {
        const run = (implementation as Readonly<Record<string, UnaryMethod | undefined>>)[method.localName];
        if (method.methodKind === 'unary' && run !== undefined)
          answers.set(`/${service.typeName}/${method.name}`, messageAnswerer(method as DescMethodUnary, run));
      }
    },
  );
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const notServed = () => refusal(404, 'unimplemented', 'this process does not serve it');
  const handle: UniversalHandlerFn = async (request) => {
    const path = new URL(request.url).pathname;
    // Before a byte of the body is read.
    if (!isAllowed(request.header.get(TOKEN_HEADER))) {
      telemetry.log.write('warn', 'rpc_token_wrong', { path });
      return refusal(401, 'unauthenticated', 'the token of the services is missing or wrong');
    }
    const answer = isPlainCall(request) ? answers.get(path) : undefined;
    if (answer !== undefined) return answerRequest(answer, request);
    const handler = handlers.get(path);
    return handler === undefined ? notServed() : handler(request);
  };
  return {
    isAllowed,
    handle,
    answer: (path, bytes) => answers.get(path)?.(bytes) ?? Promise.resolve(notServed()),
  };
}

export const refusal = (status: number, code: string, message: string) =>
  errorAnswer(status, code, message, { [NOT_BEGUN_HEADER]: '1' });
