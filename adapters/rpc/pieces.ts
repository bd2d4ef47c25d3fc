import { Readable } from 'node:stream';

/** A body that is there as a whole: whoever sends it can send it at once, with its end. */
export class OnePiece implements AsyncIterable<Uint8Array> {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    yield this.bytes;
  }
}

/**
 * All of a body. Rejects when it breaks off, and when it has more bytes than it may.
 * @param header  what came before it. Its content-length is what tells a whole body from a part of one: a stream of HTTP/2 ends in the
 * same way when its connection is cut.
 */
export async function bytesOf(
  body: AsyncIterable<Uint8Array>,
  bytesMaximum: number,
  header: Headers,
): Promise<Uint8Array> {
  const bytes = await allOf(body, bytesMaximum);
  const length = header.get(LENGTH_HEADER);
  if (length !== null && Number(length) !== bytes.length)
    throw new Error(`it broke off after ${bytes.length} of ${length} bytes`);
  return bytes;
}

export const LENGTH_HEADER = 'content-length';

async function allOf(body: AsyncIterable<Uint8Array>, bytesMaximum: number): Promise<Uint8Array> {
  if (body instanceof OnePiece) return body.bytes;
  if (body instanceof Readable) return bytesOfStream(body, bytesMaximum);
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of body) {
    length += piece.length;
    if (length > bytesMaximum) throw new Error(`it has more than ${bytesMaximum} bytes`);
    pieces.push(piece);
  }
  return joined(pieces);
}

/** A stream's own iterator does much that is not needed here, and every call would wait for it. */
function bytesOfStream(stream: Readable, bytesMaximum: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    if (stream.destroyed) return reject(new Error('it broke off'));
    const pieces: Uint8Array[] = [];
    let length = 0;
    stream.on('data', (piece: Uint8Array) => {
      length += piece.length;
      if (length <= bytesMaximum) pieces.push(piece);
      else stream.destroy(new Error(`it has more than ${bytesMaximum} bytes`));
    });
    stream.on('end', () => resolve(joined(pieces)));
    stream.on('error', reject);
    stream.on('close', () => {
      if (!stream.readableEnded) reject(new Error('it broke off'));
    });
  });
}

const joined = (pieces: readonly Uint8Array[]): Uint8Array =>
  pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
