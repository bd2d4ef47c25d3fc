import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { err, ok, type Result } from '@tradewind/core/result';

/** What a file of recorded market data holds. */
export type RecordingKind = 'klines' | 'trades' | 'aggregate_trades' | 'capture';

export interface RecordingFile {
  readonly path: string;
  readonly kind: RecordingKind;
  /** As its name begins: `BTCUSDT-…`; undefined where the name does not say. */
  readonly symbol: string | undefined;
}

/** Why a recording cannot be played. */
export type RecordingProblem =
  | { readonly kind: 'cannot_read'; readonly path: string; readonly detail: string }
  | { readonly kind: 'unknown_kind'; readonly path: string }
  | { readonly kind: 'nothing_recorded'; readonly path: string }
  | { readonly kind: 'symbol_unknown'; readonly path: string }
  | { readonly kind: 'klines_refused'; readonly detail: string };

/** A file that stops being readable while it is played. */
export class DamagedRecording extends Error {
  override readonly name = 'DamagedRecording';
  readonly path: string;

  constructor(path: string, options: { readonly cause: unknown }) {
    super(String(options.cause), options);
    this.path = path;
  }
}

const RECORDING = /^[^.].*\.(csv|csv\.gz|zip|txt|txt\.gz|jsonl|jsonl\.gz)$/i;

/** The recordings among files and folders, told apart by their first line; a zip archive is taken for klines. */
export async function findRecordings(
  sources: readonly string[],
): Promise<Result<readonly RecordingFile[], RecordingProblem>> {
  const files: RecordingFile[] = [];
  for (const source of sources) {
    const paths = await pathsOf(source);
    if (!paths.ok) return paths;
    if (paths.value.length === 0) return err({ kind: 'nothing_recorded', path: source });
    for (const path of paths.value) {
      const kind = await kindOf(path);
      if (!kind.ok) return kind;
      files.push({ path, kind: kind.value, symbol: symbolOf(path) });
    }
  }
  return ok(files);
}

/** The lines of a text file, also of one that gzip compressed. @throws DamagedRecording when it cannot be read to its end */
export async function* linesOf(path: string): AsyncGenerator<string> {
  const file = createReadStream(path);
  let text: Readable = file;
  if (/\.gz$/i.test(path)) {
    const unpacked = createGunzip();
    file.on('error', (error) => unpacked.destroy(error));
    text = file.pipe(unpacked);
  }
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of text) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
    if (rest !== '') yield rest;
  } catch (error) {
    throw new DamagedRecording(path, { cause: error });
  } finally {
    file.destroy();
  }
}

async function pathsOf(source: string): Promise<Result<readonly string[], RecordingProblem>> {
  try {
    if (!(await stat(source)).isDirectory()) return ok([source]);
    const names = (await readdir(source)).filter((name) => RECORDING.test(name)).sort();
    return ok(names.map((name) => join(source, name)));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const detail = code === 'ENOENT' ? 'there is no such file or folder' : message;
    return err({ kind: 'cannot_read', path: source, detail });
  }
}

async function kindOf(path: string): Promise<Result<RecordingKind, RecordingProblem>> {
  if (/\.zip$/i.test(path)) return ok('klines');
  try {
    for await (const line of linesOf(path)) {
      if (line.trim() === '') continue;
      const kind = kindOfLine(line);
      return kind === undefined ? err({ kind: 'unknown_kind', path }) : ok(kind);
    }
    return err({ kind: 'nothing_recorded', path });
  } catch (error) {
    if (!(error instanceof DamagedRecording)) throw error;
    return err({ kind: 'cannot_read', path, detail: error.message });
  }
}

/** By a header, or by how many columns there are and what is in the first: bars begin with a time. Sources: binance-spot.md section 12. */
export function kindOfLine(line: string): RecordingKind | undefined {
  if (/^\s*(\d{16,20}\s+)?\{/.test(line)) return 'capture';
  const cells = line.split(',');
  const [first = ''] = cells;
  if (/^(open_?time|timestamp)$/i.test(first)) return 'klines';
  if (/^agg/i.test(first)) return 'aggregate_trades';
  if (/^(trade_?)?id$/i.test(first)) return 'trades';
  if (!/^\d+$/.test(first)) return undefined;
  if (cells.length === 8) return 'aggregate_trades';
  if (cells.length === 7) return 'trades';
  return (cells.length === 6 || cells.length === 12) && first.length >= 13 ? 'klines' : undefined;
}

/** An upper-case word at the beginning of the file's name. */
const symbolOf = (path: string): string | undefined => /^([A-Z0-9]{5,20})(?=[-_.])/.exec(basename(path))?.[1];
