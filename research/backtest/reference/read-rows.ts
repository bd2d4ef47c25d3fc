import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import Big from 'big.js';
import { halfUpTo8Decimals, plain } from './exact-decimals.ts';

/** One closed bar: the opening time in epoch milliseconds, everything else as decimal texts. */
export interface Row {
  readonly timeMs: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
}

/** Reads a gzipped kline CSV: header optional, 6 or 12 columns of which the first six are used, times in ms; only bars that open in [fromMs, toMs). */
export function readRows(path: string, fromMs = 0, toMs = Number.POSITIVE_INFINITY): Row[] {
  const rows: Row[] = [];
  for (const line of gunzipSync(readFileSync(path)).toString('utf8').split('\n')) {
    const columns = line.trim().split(',');
    if (line.trim() === '' || columns[0] === 'open_time') continue;
    if (columns.length !== 6 && columns.length !== 12) throw new Error(`${path}: ${columns.length} columns`);
    const [time, open, high, low, close, volume] = columns as [
      string,
      string,
      string,
      string,
      string,
      string,
    ];
    if (Number(time) < fromMs || Number(time) >= toMs) continue;
    rows.push({
      timeMs: Number(time),
      open: withoutNoise(open),
      high: withoutNoise(high),
      low: withoutNoise(low),
      close: withoutNoise(close),
      volume: withoutNoise(volume),
    });
  }
  return rows;
}

const withoutNoise = (text: string): string => plain(halfUpTo8Decimals(Big(text)));
