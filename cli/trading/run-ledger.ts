import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Result } from '@tradewind/core/result';
import { LedgerUnavailable, type Verification, verifyLedger } from '@tradewind/postgres';
import type { JournalEntry } from '@tradewind/proto/ledger';
import { print } from '../standard-output.ts';
import { complain, type ExitCode } from './answers.ts';
import { readLedgerFilter, type TypedLedgerFilter } from './ledger-filter.ts';
import { CSV_HEADER, csvRow, jsonLine, textLine } from './ledger-formats.ts';
import type { ReadableLedger } from './read-ledger.ts';

type Open = () => Promise<Result<ReadableLedger, string>>;

export interface VerifyOptions {
  readonly json?: boolean;
}
export interface ShowOptions extends TypedLedgerFilter {
  readonly last: string;
  readonly json?: boolean;
}
export interface ExportOptions extends TypedLedgerFilter {
  readonly format: 'jsonl' | 'csv';
  readonly out?: string;
}

/** `tradewind ledger verify` */
export const runVerify = (open: Open, { json }: VerifyOptions): Promise<ExitCode> =>
  withLedger(open, async ({ reader, keeper }) => {
    const verification = await verifyLedger(reader, keeper);
    await print(json === true ? `${JSON.stringify(verification)}\n` : `${describe(verification)}\n`);
    return verification.kind === 'whole' ? 0 : 3;
  });

function describe(verification: Verification): string {
  if (verification.kind === 'broken') return `The ledger is broken. ${verification.what}`;
  const { entries, hash, signedSeq } = verification;
  const signed =
    signedSeq === undefined
      ? 'No signed end of it is kept here: whether a tail was cut off cannot be seen.'
      : `Its end is signed up to entry ${signedSeq}.`;
  return `The ledger is whole: ${entries} entries, the last with hash ${hash}. ${signed}`;
}

const LAST_MAXIMUM = 10_000;

/** `tradewind ledger show` */
export async function runShow(open: Open, options: ShowOptions): Promise<ExitCode> {
  const limit = /^\d+$/.test(options.last) ? Number(options.last) : 0;
  if (limit < 1 || limit > LAST_MAXIMUM)
    return complain(`--last ${options.last}: expected a whole number from 1 to ${LAST_MAXIMUM}`);
  const filter = readLedgerFilter(options);
  if (!filter.ok) return complain(filter.error.sentence);
  return await withLedger(open, async ({ reader }) => {
    const newest = await reader.entries({ ...filter.value, limit, isReversed: true });
    const lines = newest.toReversed().map(options.json === true ? jsonLine : textLine);
    await print(lines.length === 0 && options.json !== true ? 'no entries\n' : lines.join(''));
    return 0;
  });
}

/** `tradewind ledger export` */
export async function runExport(open: Open, options: ExportOptions): Promise<ExitCode> {
  const filter = readLedgerFilter(options);
  if (!filter.ok) return complain(filter.error.sentence);
  return await withLedger(open, async ({ reader }) => {
    const written = await write(linesOf(reader.allEntries(filter.value), options.format), options.out);
    return written ?? 0;
  });
}

/** In pieces of many lines: to write each by itself takes several times as long. */
async function* linesOf(
  entries: AsyncIterable<JournalEntry>,
  format: ExportOptions['format'],
): AsyncGenerator<string> {
  let piece = format === 'csv' ? [CSV_HEADER] : [];
  for await (const entry of entries) {
    piece.push(format === 'csv' ? csvRow(entry) : jsonLine(entry));
    if (piece.length < PIECE_LINES) continue;
    yield piece.join('');
    piece = [];
  }
  yield piece.join('');
}
const PIECE_LINES = 1000;

/** @returns the exit code of what could not be written */
async function write(lines: AsyncIterable<string>, file: string | undefined): Promise<ExitCode | undefined> {
  if (file === undefined) {
    for await (const line of lines) {
      const printed = await print(line);
      if (!printed.ok) return complain(printed.error.sentence);
    }
    return undefined;
  }
  const half = `${file}.part`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(half));
    await rename(half, file);
    return undefined;
  } catch (error) {
    await rm(half, { force: true });
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      return complain(`--out ${file}: ${error.message}`);
    }
    throw error;
  }
}

async function withLedger(open: Open, use: (ledger: ReadableLedger) => Promise<ExitCode>): Promise<ExitCode> {
  const ledger = await open();
  if (!ledger.ok) return complain(ledger.error, 4);
  try {
    return await use(ledger.value);
  } catch (error) {
    if (error instanceof LedgerUnavailable) return complain(error.message, 4);
    throw error;
  } finally {
    await ledger.value.close();
  }
}
