import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline, Readable } from 'node:stream';
import { crc32, createGunzip, createInflateRaw } from 'node:zlib';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Entry } from 'yauzl';
import { DOWNLOAD_AGAIN, outsideProblem } from './outside-problem.ts';
import type { DataProblem } from './problem.ts';

/** One CSV text, wherever it lies: a plain file, a gzip file, or one file of a zip archive. It can be read many times. */
export interface CsvText {
  /** How the text is called in problems. */
  readonly file: string;
  /** The names, without folders, that may say its symbol and interval; the closest first. */
  readonly names: readonly string[];
  /** The text in pieces. A problem is the last that comes. */
  read(): AsyncIterable<Result<Uint8Array, DataProblem>>;
}

/** Large enough that the way through the streams costs little; one piece is unpacked while another is read. */
const PIECE_BYTES = 1 << 18;

/** The texts in one file. Its first bytes say what it is, since downloads often carry the wrong name. */
export async function openTexts(path: string): Promise<Result<CsvText[], DataProblem>> {
  try {
    const head = await firstBytes(path);
    if (head.length === 0) return err({ kind: 'file_empty', file: path, what: 'the file is empty' });
    if (isZip(head)) return await zipTexts(path);
    if (isGzip(head)) return ok([wholeFile(path, unpackGzip)]);
    if (/\.(gz|zip)$/i.test(path) && !isText(head)) {
      const what = 'it does not begin like a gzip or zip file';
      return err({ kind: 'archive_damaged', file: path, what, hint: DOWNLOAD_AGAIN });
    }
    return ok([wholeFile(path, readPlain)]);
  } catch (error) {
    return err(outsideProblem(path, error));
  }
}

async function firstBytes(path: string): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;
const isZip = (head: Uint8Array): boolean => head[0] === 0x50 && head[1] === 0x4b;
/** Tab, line feed and carriage return are the only control characters that a text begins with. */
const isText = (head: Uint8Array): boolean =>
  head.every((byte) => byte >= 32 || byte === 9 || byte === 10 || byte === 13);

const wholeFile = (path: string, openStream: (path: string) => Readable): CsvText => ({
  file: path,
  names: [basename(path)],
  read: () => piecesOf(path, () => openStream(path)),
});

const readPlain = (path: string): Readable => createReadStream(path, { highWaterMark: PIECE_BYTES });

const unpackGzip = (path: string): Readable =>
  pipeline(readPlain(path), createGunzip({ chunkSize: PIECE_BYTES }), reportedByTheLastStream);

/** A failing pipeline destroys its last stream with the error, and whoever reads that stream gets it. */
const reportedByTheLastStream = (): void => {};

/** Turns the errors of a stream into a last value; what the reader of the pieces throws does not pass through here. */
async function* piecesOf(
  file: string,
  openStream: () => Readable | Promise<Readable>,
): AsyncGenerator<Result<Uint8Array, DataProblem>> {
  try {
    for await (const piece of await openStream()) yield ok(piece);
  } catch (error) {
    yield err(outsideProblem(file, error));
  }
}

async function zipTexts(path: string): Promise<Result<CsvText[], DataProblem>> {
  const zip = await openZip(path);
  const entries: Entry[] = [];
  for await (const entry of zip.eachEntry()) if (isCsv(entry.fileName)) entries.push(entry);
  if (entries.length === 0) {
    return err({ kind: 'archive_without_csv', file: path, what: 'the archive holds no .csv file' });
  }
  entries.sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
  return ok(entries.map((entry) => zipText(path, entry, entries.length > 1)));
}

/** The zip reader is loaded only when a zip file is there: loading it takes as long as reading 50 000 bars. */
const openZip = async (path: string) => (await import('yauzl')).openPromise(path, { autoClose: true });

/** macOS packs a shadow beside every file. */
const isCsv = (name: string): boolean =>
  /\.csv$/i.test(name) && !name.startsWith('__MACOSX/') && !basename(name).startsWith('._');

function zipText(path: string, entry: Entry, isOneOfSeveral: boolean): CsvText {
  const file = isOneOfSeveral ? `${path}/${entry.fileName}` : path;
  return {
    file,
    names: [basename(entry.fileName), basename(path)],
    async *read() {
      let checksum = 0;
      for await (const piece of piecesOf(file, () => unpackEntry(path, entry))) {
        yield piece;
        if (!piece.ok) return;
        checksum = crc32(piece.value, checksum);
      }
      if (checksum !== entry.crc32) {
        const what = 'the content does not match its checksum (CRC-32)';
        yield err({ kind: 'archive_damaged', file, what, hint: DOWNLOAD_AGAIN });
      }
    },
  };
}

async function unpackEntry(path: string, entry: Entry): Promise<Readable> {
  if (entry.isEncrypted()) throw new Error('the file inside is encrypted');
  if (!entry.canDecodeFileData()) throw new Error(`unknown compression method ${entry.compressionMethod}`);
  const zip = await openZip(path);
  let start: number;
  try {
    start = (await zip.readLocalFileHeaderPromise(entry, { minimal: true })).fileDataStart;
  } finally {
    zip.close();
  }
  if (entry.compressedSize === 0) return Readable.from([]);
  const end = start + entry.compressedSize - 1;
  const packed = createReadStream(path, { start, end, highWaterMark: PIECE_BYTES });
  if (entry.compressionMethod === 0) return packed;
  return pipeline(packed, createInflateRaw({ chunkSize: PIECE_BYTES }), reportedByTheLastStream);
}
