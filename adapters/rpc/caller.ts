import type { Message } from '@bufbuild/protobuf';
import { Code, ConnectError, type Transport } from '@connectrpc/connect';
import { createTransport } from '@connectrpc/connect/protocol-connect';
import { type Codec, decodeWith } from '@tradewind/proto/codec';
import { MESSAGE_BYTES_MAX } from './bounds.ts';
import { Connection, type ConnectionHealth, type ConnectionOptions } from './connection.ts';
import type { CallOutcome } from './outcome.ts';
import { headerOfToken, TOKEN_HEADER } from './token.ts';
import { unaryCalls } from './unary-calls.ts';

export interface RpcClientOptions extends ConnectionOptions {
  /** What the services share; never logged. */
  readonly token: string;
  /** Names this client in correlation ids of calls that have none of their own; unique among the processes. */
  readonly name: string;
  /** How long an answer may take, ms; left out: 5000. */
  readonly callMs?: number;
}

/** What a client of a service also is: the connection to it, to be looked at and closed. */
export interface RpcClient {
  readonly health: ConnectionHealth;
  onHealth(listener: (health: ConnectionHealth) => void): () => void;
  close(): void;
}

/** Services may be started in any order: each waits for those that it needs. @returns the client, when its service can be reached */
export async function reached<Client extends RpcClient>(client: Client): Promise<Client> {
  if (client.health.state === 'up') return client;
  await new Promise<void>((resolve) => {
    const end = client.onHealth(({ state }) => {
      if (state !== 'up') return;
      end();
      resolve();
    });
  });
  return client;
}

/** Says that a refused request was not begun. Nothing else about an error does. */
export const NOT_BEGUN_HEADER = 'x-not-begun';
const CALL_MS = 5_000;

interface Method<Request, RequestWire, Response, ResponseWire> {
  readonly request: Codec<Request, RequestWire>;
  readonly response: Codec<Response, ResponseWire>;
}

/** Makes calls that end in time, with all that is known of them. */
export class Caller {
  readonly connection: Connection;
  readonly transport: Transport;
  private readonly options: RpcClientOptions;
  private readonly latency;
  private calls = 0;

  constructor(options: RpcClientOptions) {
    this.options = options;
    this.latency = options.telemetry.metrics.histogram('rpc_call_seconds', 'How long calls took', [
      'service',
      'method',
      'outcome',
    ]);
    const token = headerOfToken(options.token);
    this.connection = new Connection(options);
    const { authority, request } = this.connection;
    const { stream } = createTransport({
      baseUrl: authority,
      httpClient: request,
      useBinaryFormat: true,
      readMaxBytes: MESSAGE_BYTES_MAX,
      writeMaxBytes: MESSAGE_BYTES_MAX,
      acceptCompression: [],
      sendCompression: null,
      compressMinBytes: MESSAGE_BYTES_MAX,
      interceptors: [
        (next) => (request) => {
          request.header.set(TOKEN_HEADER, token);
          return next(request);
        },
      ],
    });
    const header = { [TOKEN_HEADER]: token };
    this.transport = {
      unary: unaryCalls({ authority, request, header, bytesMaximum: MESSAGE_BYTES_MAX }),
      stream,
    };
  }

  /** For calls of which the contract names no correlation id. */
  nextCorrelationId(): string {
    this.calls += 1;
    return `${this.options.name}-${this.calls}`;
  }

  /**
   * @param name  of the method, for people
   * @param callMs  instead of the usual deadline
   */
  async call<Request, RequestWire extends Message, Response, ResponseWire>(
    name: string,
    method: Method<Request, RequestWire, Response, ResponseWire>,
    send: (message: RequestWire, options: { readonly signal: AbortSignal }) => Promise<ResponseWire>,
    request: Request,
    callMs = this.options.callMs ?? CALL_MS,
  ): Promise<CallOutcome<Response>> {
    const { clock, timers, service } = this.options;
    const { state, detail } = this.connection.health;
    if (state !== 'up')
      return this.notReceived(name, `${service} cannot be reached (${state}${detail && `: ${detail}`})`);
    const message = method.request.encode(request);
    const abort = new AbortController();
    let isLate = false;
    const timer = timers.after(callMs, () => {
      isLate = true;
      abort.abort();
    });
    const beganMs = clock.elapsedMs();
    const outcome = await this.outcomeOf(
      name,
      method,
      () => send(message, { signal: abort.signal }),
      () => isLate,
    );
    timer.cancel();
    this.latency.observe(
      { service, method: name, outcome: outcome.kind },
      (clock.elapsedMs() - beganMs) / 1000,
    );
    return outcome;
  }

  private async outcomeOf<Response, ResponseWire>(
    name: string,
    method: { readonly response: Codec<Response, ResponseWire> },
    send: () => Promise<ResponseWire>,
    isLate: () => boolean,
  ): Promise<CallOutcome<Response>> {
    const { service } = this.options;
    try {
      const answer = decodeWith(method.response, await send());
      if (answer.ok) return { kind: 'answered', value: answer.value };
      const { path, problem } = answer.error;
      return {
        kind: 'unknown',
        detail: `the answer of ${service} to ${name} cannot be read: ${path} ${problem}`,
      };
    } catch (thrown) {
      if (isLate()) return { kind: 'unknown', detail: `${service} did not answer ${name} in time` };
      const error = ConnectError.from(thrown);
      if (error.metadata.has(NOT_BEGUN_HEADER)) {
        return this.notReceived(name, `${service} refused ${name}: ${error.rawMessage}`);
      }
      return {
        kind: 'unknown',
        detail: `${service} failed at ${name} (${Code[error.code]}): ${error.rawMessage}`,
      };
    }
  }

  private notReceived(
    name: string,
    detail: string,
  ): { readonly kind: 'not_received'; readonly detail: string } {
    this.options.telemetry.log.write('debug', 'rpc_not_received', { method: name, detail });
    return { kind: 'not_received', detail };
  }
}
