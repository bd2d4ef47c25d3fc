import type { IncomingMessage } from 'node:http';

/** No request of the exchange is longer; who sends more is answered 413 and cut off. */
export const BODY_BYTES_MAX = 1 << 20;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0');

/**
 * Reads the body as UTF-8, at once where there is none.
 * @param whole  called with the body when it is there; not at all when the client went away before its end
 * @param tooLong  called instead, once, when more than {@link BODY_BYTES_MAX} bytes come or are announced
 */
export function readBody(
  incoming: IncomingMessage,
  whole: (body: string) => void,
  tooLong: () => void,
): void {
  if (!hasBody(incoming)) {
    whole('');
    return;
  }
  if (Number(incoming.headers['content-length'] ?? 0) > BODY_BYTES_MAX) {
    tooLong();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
    else if (bytes - chunk.length <= BODY_BYTES_MAX) tooLong();
  });
  incoming.on('end', () => {
    if (bytes > BODY_BYTES_MAX) return;
    whole(chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8'));
  });
}
