import {
  createServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type ServerHttp2Session,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { doneWithin, type Telemetry, type Timers } from '@tradewind/utils';
import { MESSAGE_BYTES_MAX, NOT_BEGUN_HEADER } from './caller.ts';
import { routesOf, type ServedContracts } from './serve.ts';
import { TOKEN_HEADER, tokenJudge } from './token.ts';

export interface RpcServerOptions {
  readonly contracts: ServedContracts;
  /** What the services share, 16 characters at least; a server without one does not start. */
  readonly token: string;
  /** Left out: 127.0.0.1. Tokens and orders go over the wire in plain text: anything else needs a network that is trusted. */
  readonly host?: string;
  /** 0 for any port that is free. */
  readonly port: number;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  /** How many market updates a reader may be behind; left out: 10 000. */
  readonly updatesMaximum?: number;
  /** How often a stream without news gives a sign of life; left out: 1000. */
  readonly signOfLifeMs?: number;
  /** How long `close` waits for calls that are under way; left out: 2000. */
  readonly closeMs?: number;
}

export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** Takes no new calls, lets those under way end, and cuts off what has not ended in time. */
  close(): Promise<void>;
}

const STREAMS_MAXIMUM = 256;
const SESSIONS_MAXIMUM = 64;

/** Serves contracts over Connect on HTTP/2. Rejects when it cannot listen. */
export async function startRpcServer(options: RpcServerOptions): Promise<RpcServer> {
  const { contracts, token, host = '127.0.0.1', port, timers, telemetry, closeMs = 2_000 } = options;
  const isAllowed = tokenJudge(token);
  const { updatesMaximum = 10_000, signOfLifeMs = 1_000 } = options;
  const handle = connectNodeAdapter({
    routes: routesOf(contracts, { timers, telemetry, updatesMaximum, signOfLifeMs }),
    readMaxBytes: MESSAGE_BYTES_MAX,
    writeMaxBytes: MESSAGE_BYTES_MAX,
    acceptCompression: [],
    grpcWeb: false,
    fallback: (request, response) =>
      refuse(request as Http2ServerRequest, response as Http2ServerResponse, NOT_SERVED),
  });
  const server = createServer({ settings: { maxConcurrentStreams: STREAMS_MAXIMUM } });
  server.on('connection', (socket: Socket) => socket.setNoDelay(true));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    if (sessions.size >= SESSIONS_MAXIMUM) return session.destroy();
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('request', (request, response) => {
    // Before a byte of the body is read.
    if (isAllowed(request.headers[TOKEN_HEADER])) return handle(request, response);
    telemetry.log.write('warn', 'rpc_token_wrong', { path: request.url });
    refuse(request, response, WRONG_TOKEN);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    host,
    port: (server.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const session of sessions) session.close();
      await doneWithin(timers, closeMs, closed);
      for (const session of sessions) session.destroy();
      await closed;
    },
  };
}

interface RefusedRequest {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}
const WRONG_TOKEN: RefusedRequest = {
  status: 401,
  code: 'unauthenticated',
  message: 'the token of the services is missing or wrong',
};
const NOT_SERVED: RefusedRequest = {
  status: 404,
  code: 'unimplemented',
  message: 'this process does not serve it',
};

/** An error of Connect's own form, so that its client reads the message and the header. */
function refuse(
  request: Http2ServerRequest,
  response: Http2ServerResponse,
  { status, code, message }: RefusedRequest,
): void {
  request.resume();
  response.writeHead(status, { 'content-type': 'application/json', [NOT_BEGUN_HEADER]: '1' });
  response.end(JSON.stringify({ code, message }));
}
