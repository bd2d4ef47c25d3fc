import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import { connect as openSocket } from 'node:net';
import type { UniversalClientFn } from '@connectrpc/connect/protocol';
import { ClientLane } from './client-lane.ts';
import { headersOf, headOf, pathOf, writeBody } from './http2-messages.ts';
import { OnePiece } from './pieces.ts';
import type { OpenSession } from './session.ts';

export const openHttp2Session: OpenSession = ({ host, port }, listener) => {
  // Without waiting for more to send: together with delayed acknowledgements that wait is 40 ms a call.
  const session = connect(`http://${host}:${port}`, {
    createConnection: () => openSocket({ host, port, noDelay: true }),
  });
  let lane: ClientLane | undefined;
  let detail = 'the connection was closed';
  session.on('error', (error) => {
    detail = error.message;
  });
  session.on('connect', () => listener.opened());
  // The service is about to end: what is under way may still be answered, nothing new is begun.
  session.on('goaway', () => {
    session.close();
    lane?.retire();
  });
  session.on('close', () => listener.closed(detail));
  return {
    request: async (request) => {
      if (request.body instanceof OnePiece) lane ??= new ClientLane(session, request.header);
      const answer = (await lane?.call(request)) ?? 'refused';
      return answer === 'refused' ? requestOver(session, request) : answer;
    },
    ping: (answered) => {
      if (!session.destroyed) session.ping((error) => error === null && answered());
    },
    destroy: (reason) => session.destroy(reason === undefined ? undefined : new Error(reason)),
  };
};

/** Resolves when the head of the answer is there; its body is read from the stream. */
async function requestOver(
  session: ClientHttp2Session,
  { url, method, header, body, signal }: Parameters<UniversalClientFn>[0],
): ReturnType<UniversalClientFn> {
  signal?.throwIfAborted();
  const stream = session.request({ ...headOf(header, body), ':method': method, ':path': pathOf(url) });
  if (signal !== undefined) cancelWith(stream, signal);
  const [head] = await Promise.all([answerHead(stream), writeBody(stream, body)]);
  return { status: Number(head[':status']), header: headersOf(head), trailer: new Headers(), body: stream };
}

function answerHead(stream: ClientHttp2Stream): Promise<Readonly<Record<string, unknown>>> {
  return new Promise((resolve, reject) => {
    let hasAnswered = false;
    stream.on('response', (head) => {
      hasAnswered = true;
      resolve(head);
    });
    stream.on('error', reject);
    stream.on('close', () => {
      if (!hasAnswered) reject(new Error('the connection was closed before the answer'));
    });
  });
}

function cancelWith(stream: ClientHttp2Stream, signal: AbortSignal): void {
  const cancel = (): void => {
    stream.destroy(signal.reason instanceof Error ? signal.reason : new Error(String(signal.reason)));
  };
  signal.addEventListener('abort', cancel);
  stream.on('close', () => signal.removeEventListener('abort', cancel));
}
