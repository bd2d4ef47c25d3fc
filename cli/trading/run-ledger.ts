import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Result } from '@tradewind/core/result';
import { LedgerUnavailable, type Verification, verifyLedger } from '@tradewind/postgres';
import type { JournalEntry } from '@tradewind/proto/ledger';
import { print } from '../standard-output.ts';
import { complain, type ExitCode } from './answers.ts';
import { ExportCheck, LINE_CHARACTERS_MAX } from './export-check.ts';
import { readLedgerFilter, type TypedLedgerFilter } from './ledger-filter.ts';
import { CSV_HEADER, csvRow, jsonLine, textLine } from './ledger-formats.ts';
import type { ReadableLedger } from './read-ledger.ts';

type Open = () => Promise<Result<ReadableLedger, string>>;

export interface VerifyOptions {
  readonly json?: boolean;
  /** A file that `ledger export` wrote, instead of the ledger. */
  readonly export?: string;
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
export const runVerify = (open: Open, options: VerifyOptions): Promise<ExitCode> =>
  options.export === undefined
    ? withLedger(open, async ({ reader, keeper }) =>
        tell('ledger', await verifyLedger(reader, keeper), options),
      )
    : verifyExport(options.export, options);

async function tell(
  what: 'ledger' | 'export',
  verification: Verification,
  { json }: VerifyOptions,
): Promise<ExitCode> {
  await print(json === true ? `${JSON.stringify(verification)}\n` : `${describe(what, verification)}\n`);
  return verification.kind === 'whole' ? 0 : 3;
}

function describe(what: 'ledger' | 'export', verification: Verification): string {
  if (verification.kind === 'broken') return `The ${what} is broken. ${verification.what}`;
  const { entries, hash, signedSeq } = verification;
  const signed =
    signedSeq === undefined
      ? 'No signed end of it is kept here: whether a tail was cut off cannot be seen.'
      : `Its end is signed up to entry ${signedSeq}.`;
  return `The ${what} is whole: ${entries} entries, the last with hash ${hash}. ${signed}`;
}

async function verifyExport(file: string, options: VerifyOptions): Promise<ExitCode> {
  const check = new ExportCheck();
  try {
    for await (const line of wholeLinesOf(createReadStream(file))) check.take(line);
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string')
      return complain(`--export ${file}: ${error.message}`);
    throw error;
  }
  return tell('export', check.verification, options);
}

/**
 * With their line breaks, which are those of Unix alone: a text may have others inside. Rejects with a code where it is no UTF-8, which
 * would be read as something that may have been written.
 */
async function* wholeLinesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split(/(?<=\n)/);
    rest = lines.at(-1)!.endsWith('\n') ? '' : lines.pop()!;
    yield* lines;
    if (rest.length > LINE_CHARACTERS_MAX) break;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
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
