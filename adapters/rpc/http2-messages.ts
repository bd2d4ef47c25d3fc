import { once } from 'node:events';
import type { Http2Stream } from 'node:http2';
import { LENGTH_HEADER, OnePiece } from './pieces.ts';

/** Of a head, without its pseudo-headers. */
export function headersOf(head: Readonly<Record<string, unknown>>): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(head))
    if (typeof value === 'string' && !name.startsWith(':')) headers.set(name, value);
  return headers;
}

/** What goes before a body: `header`, and how long it is, where that is known. */
export function headOf(
  header: Headers | undefined,
  body: AsyncIterable<Uint8Array> | undefined,
): Record<string, string> {
  const head: Record<string, string> = header === undefined ? {} : Object.fromEntries(header);
  if (body instanceof OnePiece) head[LENGTH_HEADER] = String(body.bytes.length);
  return head;
}

/** Writes a body and ends, as fast as it is taken; what is whole goes with its end in one frame. Does not reject: a stream that breaks says so itself. */
export async function writeBody(
  stream: Http2Stream,
  body: AsyncIterable<Uint8Array> | undefined,
): Promise<void> {
  if (body === undefined) stream.end();
  else if (body instanceof OnePiece) stream.end(body.bytes);
  else {
    for await (const piece of body) {
      if (stream.destroyed) return;
      if (!stream.write(piece))
        await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => undefined);
    }
    stream.end();
  }
}

export const pathOf = (url: string): string => new URL(url).pathname;
