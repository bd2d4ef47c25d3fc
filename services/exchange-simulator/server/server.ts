import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Front } from '../front.ts';
import { BODY_BYTES_MAX, readBody } from './body.ts';
import { answererOf, wireRequestOf } from './http-exchange.ts';
import { WebSockets } from './web-sockets.ts';

export interface ListenOptions {
  /** A name or address of this machine. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
}

/** Why nothing listens; told in one sentence by {@link describeListenProblem}. */
export interface ListenProblem {
  readonly kind: 'port_in_use' | 'no_such_host' | 'not_permitted' | 'failed';
  readonly host: string;
  readonly port: number;
  readonly detail: string;
}

export interface RunningServer {
  readonly host: string;
  readonly port: number;
  /** Takes no more connections, ends all there are, politely at first, and is done when none is left. */
  stop(): Promise<void>;
}

/** Who keeps more connections open than this at once is not a client but a flood; further ones are dropped. */
const CONNECTIONS_MAX = 10_000;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 60_000;
/** Serves HTTP and WebSockets of the exchange on one port. */
export async function startServer(
  front: Front,
  { host, port }: ListenOptions,
): Promise<Result<RunningServer, ListenProblem>> {
  const sockets = new WebSockets(front);
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    },
    (incoming, outgoing) => serve(front, incoming, outgoing),
  );
  server.maxConnections = CONNECTIONS_MAX;
  server.on('upgrade', (incoming, stream, head) => sockets.upgrade(incoming, stream, head));
  const problem = await listen(server, host, port);
  if (problem !== undefined) return err(problem);
  const address = server.address() as AddressInfo;
  return ok({ host, port: address.port, stop: () => stop(server, sockets) });
}

function serve(front: Front, incoming: IncomingMessage, outgoing: ServerResponse): void {
  const answerer = answererOf(incoming, outgoing);
  readBody(
    incoming,
    front.bodyBytesMax ?? BODY_BYTES_MAX,
    (body) => front.request(wireRequestOf(incoming, body), answerer),
    () => {
      answerer.answer({ status: 413, headers: { connection: 'close' }, body: '' });
      incoming.socket.destroySoon();
    },
  );
}

function listen(server: Server, host: string, port: number): Promise<ListenProblem | undefined> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const kind = KIND_OF_CODE[error.code ?? ''] ?? 'failed';
      resolve({ kind, host, port, detail: error.message });
    });
    server.listen({ host, port }, () => resolve(undefined));
  });
}

const KIND_OF_CODE: Readonly<Record<string, ListenProblem['kind']>> = {
  EADDRINUSE: 'port_in_use',
  EADDRNOTAVAIL: 'no_such_host',
  ENOTFOUND: 'no_such_host',
  EAI_AGAIN: 'no_such_host',
  EACCES: 'not_permitted',
};

/** What, where, and what to do about it. */
export function describeListenProblem({ kind, host, port, detail }: ListenProblem): string {
  switch (kind) {
    case 'port_in_use':
      return `${host}:${port}: another program listens there; choose another port, or 0 for any that is free`;
    case 'no_such_host':
      return `${host}: is no address of this machine; 127.0.0.1 serves this machine only, 0.0.0.0 every network`;
    case 'not_permitted':
      return `${host}:${port}: this user may not listen there; ports from 1024 on are for everybody`;
    case 'failed':
      return `${host}:${port}: cannot listen there: ${detail}`;
  }
}

async function stop(server: Server, sockets: WebSockets): Promise<void> {
  const isClosed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  await sockets.closeAll('the server stops');
  server.closeAllConnections();
  await isClosed;
}
