import type { Interval } from '@tradewind/core/market';
import { readPlainRow } from './plain-row.ts';
import { type DataProblem, FIELDS, formatTime, quote } from './problem.ts';
import { emptyRow, POWERS_OF_TEN, type Row, type RowFault, readRowWithCare } from './row.ts';

/** Where the bars of a file go, in the order of time. */
export interface BarSink {
  /** @returns false when the bar cannot be kept beside the others, some prices being too large and some too fine */
  append(
    openTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    priceDecimals: number,
    volume: number,
    volumeDecimals: number,
  ): boolean;
}

const NEWLINE = 10;
/** No kline row is this long; bounds what a file without line ends can make us hold. */
const LINE_LENGTH_MAX = 4096;

/**
 * Reads the text of one Binance kline CSV, piece by piece: with and without header, 6 or 12 columns, times in ms or µs
 * told apart per value, Unix and Windows line ends. Every bar is checked before the sink gets it; the first fault ends
 * the reading. Columns 7 to 12 are counted but not read.
 */
export class KlineCsvReader {
  /** How many values had more than 8 decimals and were rounded. */
  roundedPrices = 0;
  roundedVolumes = 0;
  private readonly file: string;
  private readonly interval: Interval | undefined;
  private readonly sink: BarSink;
  private readonly row: Row = emptyRow();
  private rest: Uint8Array = new Uint8Array(0);
  private currentLine = 0;
  private blankLine = 0;
  /** 6 or 12, which the first line decides; 0 before it. */
  private columnCount = 0;
  private previousTimeMs = Number.NEGATIVE_INFINITY;
  private expectedTimeMs = Number.NaN;
  private hasRows = false;

  /** @param interval  undefined when it is not known yet: then the grid is not checked */
  constructor(file: string, interval: Interval | undefined, sink: BarSink) {
    this.file = file;
    this.interval = interval;
    this.sink = sink;
  }

  /** The line being read, counted from 1; while the sink gets a bar, the bar's line. */
  get line(): number {
    return this.currentLine;
  }

  /** The next piece of the text; it may end in the middle of a line. */
  push(piece: Uint8Array): DataProblem | undefined {
    const bytes = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    this.rest = bytes.subarray(end);
    const problem = this.readLines(bytes, end);
    if (problem !== undefined) return problem;
    if (this.rest.length <= LINE_LENGTH_MAX) return undefined;
    this.currentLine += 1;
    const start = textOf(this.rest.subarray(0, LINE_LENGTH_MAX));
    const problemOfFirst = this.columnCount === 0 ? this.readFirstLine(start) : undefined;
    return (
      problemOfFirst ??
      this.problem({ kind: 'not_klines', what: `longer than a row can be: ${quote(start)}` })
    );
  }

  /** The text is complete; its last line may lack a line end. */
  finish(): DataProblem | undefined {
    if (this.rest.length > 0) {
      const bytes = Buffer.concat([this.rest, Buffer.from('\n')]);
      const problem = this.readLines(bytes, bytes.length);
      if (problem !== undefined) return problem;
    }
    return this.hasRows ? undefined : { kind: 'file_empty', file: this.file, what: 'the file holds no bars' };
  }

  private readLines(bytes: Uint8Array, end: number): DataProblem | undefined {
    let at = 0;
    while (at < end) {
      this.currentLine += 1;
      let next = this.columnCount === 0 ? -1 : readPlainRow(bytes, at, this.columnCount, this.row);
      if (next < 0) {
        next = bytes.indexOf(NEWLINE, at) + 1;
        const line = textOf(
          bytes.subarray(this.currentLine === 1 ? afterByteOrderMark(bytes, at) : at, next),
        );
        at = next;
        if (line === '') {
          if (this.blankLine === 0) this.blankLine = this.currentLine;
          continue;
        }
        if (this.columnCount === 0) {
          const problem = this.readFirstLine(line);
          if (problem !== undefined) return problem;
          if (isHeader(line)) continue;
        }
        const fault = readRowWithCare(line, this.columnCount, this.row);
        if (fault !== undefined) return this.problem(fault);
      }
      at = next;
      const problem = this.takeRow();
      if (problem !== undefined) return problem;
    }
    return undefined;
  }

  private readFirstLine(line: string): DataProblem | undefined {
    if (/^\s*</.test(line)) {
      return this.problem({
        kind: 'html',
        what: 'this is a web page, not a CSV file',
        hint: 'download the file again',
      });
    }
    const cells = line.split(',');
    if (isHeader(line)) {
      const names = cells.slice(1, FIELDS.length).map((cell) => cell.trim().toLowerCase());
      if (names.join() !== FIELDS.slice(1).join()) {
        return this.problem({
          kind: 'not_klines',
          what: `${quote(line)} is neither a kline row nor a header`,
          hint: `the columns are ${FIELDS.join(', ')} and, in the long form, 6 more`,
        });
      }
    }
    if (cells.length !== 6 && cells.length !== 12) {
      return this.problem({
        kind: 'wrong_column_count',
        what: `${cells.length} ${cells.length === 1 ? 'column' : 'columns'}: ${quote(line)}`,
        hint: 'kline files have 6 or 12 columns',
      });
    }
    this.columnCount = cells.length;
    return undefined;
  }

  /** Checks what a row cannot know alone, its place in time, and hands it on. */
  private takeRow(): DataProblem | undefined {
    const { openTimeMs, mantissas, decimals } = this.row;
    if (this.blankLine !== 0) {
      this.currentLine = this.blankLine;
      return this.problem({ kind: 'wrong_column_count', what: 'the line is empty' });
    }
    if (openTimeMs !== this.expectedTimeMs) {
      const fault = this.timeFault(openTimeMs);
      if (fault !== undefined) return this.problem(fault);
    }
    this.previousTimeMs = openTimeMs;
    if (this.interval !== undefined) this.expectedTimeMs = this.interval.endOf(openTimeMs);
    this.hasRows = true;
    this.roundedPrices += this.row.roundedPrices;
    this.roundedVolumes += this.row.roundedVolumes;
    const scale = Math.max(decimals[0]!, decimals[1]!, decimals[2]!, decimals[3]!);
    const isKept = this.sink.append(
      openTimeMs,
      mantissas[0]! * POWERS_OF_TEN[scale - decimals[0]!]!,
      mantissas[1]! * POWERS_OF_TEN[scale - decimals[1]!]!,
      mantissas[2]! * POWERS_OF_TEN[scale - decimals[2]!]!,
      mantissas[3]! * POWERS_OF_TEN[scale - decimals[3]!]!,
      scale,
      mantissas[4]!,
      decimals[4]!,
    );
    if (isKept) return undefined;
    const what = 'prices as large and as fine as those of these files cannot be kept exactly together';
    return this.problem({ kind: 'too_many_digits', field: 'high', what });
  }

  private timeFault(openTimeMs: number): RowFault | undefined {
    const field = 'open_time';
    const time = formatTime(openTimeMs);
    if (openTimeMs === this.previousTimeMs) {
      return { kind: 'duplicate_bar', field, what: `a second bar of ${time}` };
    }
    if (openTimeMs < this.previousTimeMs) {
      return {
        kind: 'time_going_backwards',
        field,
        what: `${time} comes after ${formatTime(this.previousTimeMs)}`,
      };
    }
    if (this.interval === undefined || this.interval.startOf(openTimeMs) === openTimeMs) return undefined;
    return { kind: 'off_the_grid', field, what: `no ${this.interval.name} bar opens at ${time}` };
  }

  private problem(fault: RowFault): DataProblem {
    return { ...fault, file: this.file, line: this.currentLine };
  }
}

/** A header's first cell is not a number. A row may begin with a broken time, but then its second cell is a number. */
function isHeader(line: string): boolean {
  const [first = '', second = ''] = line.split(',', 2);
  return !/^[-+.\d]/.test(first) && !/^[-+.\d]/.test(second);
}

/** Some editors put three bytes before a text that mark it as UTF-8. */
function afterByteOrderMark(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf ? at + 3 : at;
}

/** Without the line end. Byte by byte into characters: names and numbers are ASCII, and anything else is only quoted. */
function textOf(line: Uint8Array): string {
  return Buffer.from(line.buffer, line.byteOffset, line.byteLength)
    .toString('latin1')
    .replace(/\r?\n$/, '');
}
