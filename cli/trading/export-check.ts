import { createHash } from 'node:crypto';
import type { Verification } from '@tradewind/postgres';
import { CHAIN_BEGINNING, type ChainEnd, followingEvent, type JournalEntry } from '@tradewind/proto/ledger';
import { CSV_HEADER, csvRow, jsonLine } from './ledger-formats.ts';

/** No entry comes near it; a longer line is no line of an export. */
export const LINE_CHARACTERS_MAX = 4 * 2 ** 20;

/**
 * Goes over an export of a whole ledger, line by line: every line is the very text that this program writes for its entry, and every
 * entry follows the one before it. That a tail was cut off does not show: whoever wants to know compares the last hash.
 */
export class ExportCheck {
  private end: ChainEnd = CHAIN_BEGINNING;
  private isCsv: boolean | undefined;
  private broken: Verification | undefined;

  /** @param line  with its line break; an end of the file without one is a line that was cut off */
  take(line: string): void {
    if (this.broken !== undefined) return;
    if (this.isCsv === undefined) {
      this.isCsv = line === CSV_HEADER;
      if (this.isCsv) return;
    }
    const seq = this.end.seq + 1;
    const entry = this.entryOf(line);
    const what =
      entry === undefined ? `Entry ${seq} is not a line that an export writes.` : this.wrongWith(entry);
    if (what !== undefined) this.broken = { kind: 'broken', seq, what };
    else this.end = entry!;
  }

  /** What there is to say of all lines that were taken. */
  get verification(): Verification {
    const { seq: entries, hash } = this.end;
    return this.broken ?? { kind: 'whole', entries, hash, signedSeq: undefined };
  }

  private wrongWith(entry: JournalEntry): string | undefined {
    const event = followingEvent(entry, this.end, sha256);
    return event.ok ? undefined : event.error;
  }

  /** undefined for every text but the one that the entry would be written as. */
  private entryOf(line: string): JournalEntry | undefined {
    if (line.length > LINE_CHARACTERS_MAX) return undefined;
    const entry = this.isCsv ? entryOfCells(cellsOf(line)) : entryOfJson(line);
    if (entry === undefined) return undefined;
    return (this.isCsv ? csvRow(entry) : jsonLine(entry)) === line ? entry : undefined;
  }
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The parts of an entry as texts; what is left out of JSON is empty. */
interface Parts {
  readonly seq: unknown;
  readonly at: unknown;
  readonly kind: unknown;
  readonly service: unknown;
  readonly correlationId: unknown;
  readonly causeId?: unknown;
  readonly id: unknown;
  readonly build: unknown;
  readonly configurationHash: unknown;
  readonly entryHash: unknown;
  readonly payload: string;
}

function entryOfJson(line: string): JournalEntry | undefined {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (typeof json !== 'object' || json === null) return undefined;
  const { seq, id, at, service, correlationId, causeId, build, configurationHash, entryHash, ...body } =
    json as Omit<Parts, 'payload'>;
  const parts = { seq, id, at, service, correlationId, causeId, build, configurationHash, entryHash };
  return entryOf({ ...parts, kind: body.kind, payload: JSON.stringify(body) });
}

function entryOfCells(cells: readonly string[]): JournalEntry | undefined {
  const [
    seq,
    at,
    kind,
    service,
    ,
    ,
    correlationId,
    causeId,
    id,
    build,
    configurationHash,
    entryHash,
    payload,
  ] = cells;
  if (payload === undefined) return undefined;
  const parts = {
    at,
    kind,
    service,
    correlationId,
    causeId,
    id,
    build,
    configurationHash,
    entryHash,
    payload,
  };
  return entryOf({ ...parts, seq: Number(seq) });
}

function entryOf({ seq, at, entryHash: hash, causeId = '', ...parts }: Parts): JournalEntry | undefined {
  const atMs = typeof at === 'string' ? Date.parse(at) : Number.NaN;
  const texts = { ...parts, hash, causeId };
  const areTexts = Object.values(texts).every((each) => typeof each === 'string');
  if (!areTexts || !Number.isSafeInteger(seq) || !Number.isSafeInteger(atMs)) return undefined;
  return { ...(texts as Omit<JournalEntry, 'seq' | 'atMs'>), seq: seq as number, atMs };
}

/** The cells of a row as RFC 4180 has it. What is no row has cells that are written otherwise. */
const cellsOf = (line: string): readonly string[] =>
  [...line.matchAll(CELL)].map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain);
const CELL = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(?:,|\n)/gy;
