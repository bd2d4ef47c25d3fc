import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Answerer } from '../front.ts';
import type { WireRequest, WireResponse } from '../wire.ts';

/** The request without its body. Query and path stay as they came: signatures are checked over the raw texts. */
export function wireRequestOf(incoming: IncomingMessage, body: string): WireRequest {
  const target = incoming.url ?? '/';
  const mark = target.indexOf('?');
  return {
    method: incoming.method ?? 'GET',
    path: mark < 0 ? target : target.slice(0, mark),
    query: mark < 0 ? '' : target.slice(mark + 1),
    // Node gives lists only for set-cookie, which no client sends.
    headers: incoming.headers as Readonly<Record<string, string>>,
    body,
    remoteAddress: incoming.socket.remoteAddress ?? '',
  };
}

/** Answers one HTTP request, unless its connection has gone in the meantime. */
export function answererOf(incoming: IncomingMessage, outgoing: ServerResponse): Answerer {
  let isAnswered = false;
  return {
    answer(response) {
      if (isAnswered || outgoing.destroyed) return;
      isAnswered = true;
      const headers: string[] = ['content-length', String(Buffer.byteLength(response.body))];
      for (const name in response.headers) headers.push(name, response.headers[name]!);
      outgoing.writeHead(response.status, headers);
      outgoing.end(response.body);
    },
    cut(response, bytes) {
      if (isAnswered) return;
      isAnswered = true;
      const { socket } = incoming;
      if (bytes === 0) socket.resetAndDestroy();
      // Not a reset: it would take back the bytes that the other side has not read yet.
      else socket.end(Buffer.from(rawText(response)).subarray(0, bytes));
    },
  };
}

/** A whole answer as it goes over the wire. */
export function rawText({ status, headers, body }: WireResponse): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}\r\n${lines.join('')}`;
  return `${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}
