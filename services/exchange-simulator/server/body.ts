import type { IncomingMessage } from 'node:http';

/** No request of the exchange is longer. */
export const BODY_BYTES_MAX = 1 << 20;

const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined ||
  (headers['content-length'] !== undefined && headers['content-length'] !== '0');

/**
 * Reads the body as UTF-8, at once where there is none.
 * @param whole  called with the body when it is there; not at all when the client went away before its end
 * @param tooLong  called instead, once, when more than `bytesMax` bytes come or are announced
 */
export function readBody(
  incoming: IncomingMessage,
  bytesMax: number,
  whole: (body: string) => void,
  tooLong: () => void,
): void {
  if (!hasBody(incoming)) {
    whole('');
    return;
  }
  if (Number(incoming.headers['content-length'] ?? 0) > bytesMax) {
    tooLong();
    return;
  }
  const chunks: Buffer[] = [];
  let bytes = 0;
  incoming.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bytesMax) chunks.push(chunk);
    else if (bytes - chunk.length <= bytesMax) tooLong();
  });
  incoming.on('end', () => {
    if (bytes > bytesMax) return;
    whole(chunks.length === 1 ? chunks[0]!.toString('utf8') : Buffer.concat(chunks).toString('utf8'));
  });
}
