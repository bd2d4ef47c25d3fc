import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { ConnectError } from '@connectrpc/connect';
import type { UniversalHandlerFn } from '@connectrpc/connect/protocol';
import { doneWithin } from '@tradewind/utils';
import { type HandlerOptions, rpcService } from './handler.ts';
import { headersOf, headOf, writeBody } from './http2-messages.ts';
import { LANE_PATH } from './lane-frames.ts';
import { serveLane } from './server-lane.ts';
import { TOKEN_HEADER } from './token.ts';

export interface RpcServerOptions extends HandlerOptions {
  /** Left out: 127.0.0.1. Tokens and orders go over the wire in plain text: anything else needs a network that is trusted. */
  readonly host?: string;
  /** 0 for any port that is free. */
  readonly port: number;
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
  const { host = '127.0.0.1', port, timers, telemetry, closeMs = 2_000 } = options;
  const { handle, isAllowed, answer: answerCall } = rpcService(options);
  const server = createServer({ settings: { maxConcurrentStreams: STREAMS_MAXIMUM } });
  server.on('connection', (socket: Socket) => socket.setNoDelay(true));
  const sessions = new Set<ServerHttp2Session>();
  server.on('session', (session) => {
    if (sessions.size >= SESSIONS_MAXIMUM) return session.destroy();
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  server.on('stream', (stream, head) => {
    if (head[':path'] === LANE_PATH && isAllowed(head[TOKEN_HEADER])) return serveLane(stream, answerCall);
    answer(stream, head, handle).catch((error: unknown) => {
      // Whoever asked has gone, as a rule.
      stream.destroy();
      const detail = ConnectError.from(error).message;
      telemetry.log.write('debug', 'rpc_not_answered', { path: head[':path'], detail });
    });
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

async function answer(
  stream: ServerHttp2Stream,
  head: IncomingHttpHeaders,
  handle: UniversalHandlerFn,
): Promise<void> {
  const abort = new AbortController();
  stream.on('error', () => undefined);
  stream.on('close', () => {
    if (!stream.writableFinished) abort.abort(GONE);
  });
  const { status, header, body } = await handle({
    httpVersion: '2.0',
    url: `http://service${head[':path']}`,
    method: head[':method'] ?? '',
    header: headersOf(head),
    body: stream,
    signal: abort.signal,
  });
  if (stream.destroyed) return;
  stream.respond({ ...headOf(header, body), ':status': status });
  // What a refusal has not read must not hold up the others of its connection; a stream is still being read.
  if (status !== 200) stream.resume();
  await writeBody(stream, body);
}

/** Made once: to abort without a reason makes an exception with its stack, which takes longer than the call. */
const GONE = new Error('whoever asked has gone');
