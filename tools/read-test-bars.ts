import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { type Bars, BarsBuilder, Interval, type IntervalName } from '../core/market/index.ts';
import { sharedData } from './shared-data.ts';

/** Which lines of a file to take: times of opening from `fromMs` on and before `toMs`. */
export interface Window {
  readonly fromMs?: number;
  readonly toMs?: number;
}

/**
 * Reads a kline file of the shared test data (open_time,open,high,low,close,volume; a first column with the interval in
 * `timeframes/`). For tests that are not about loading: nothing is checked, and float noise is rounded to 8 decimals.
 */
export function readTestBars(file: string, name: IntervalName, window: Window = {}): Bars {
  const interval = Interval.parse(name);
  if (interval === undefined) throw new Error(`no interval ${name}`);
  const builder = new BarsBuilder(file, interval);
  const { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = window;
  for (const line of readTestLines(file)) {
    const cells = line.split(',');
    if (cells.length === 7 && cells.shift() !== name) continue;
    const [time = '', open = '', high = '', low = '', close = '', volume = ''] = cells;
    const openTimeMs = Number(time);
    if (!(openTimeMs >= fromMs && openTimeMs < toMs)) continue;
    const prices = [open, high, low, close].map(withoutNoise);
    const decimals = Math.max(...prices.map(decimalsIn));
    const [o = 0, h = 0, l = 0, c = 0] = prices.map((price) => count(price, decimals));
    const traded = withoutNoise(volume);
    builder.append(openTimeMs, o, h, l, c, decimals, count(traded, decimalsIn(traded)), decimalsIn(traded));
  }
  return builder.build();
}

/** The lines of a gzipped text file of the shared test data. */
export const readTestLines = (file: string): string[] =>
  gunzipSync(readFileSync(sharedData(file)))
    .toString('utf8')
    .trimEnd()
    .split('\n');

/** The body of a gzipped JSON file of the shared test data. */
export const readTestJson = (file: string): unknown =>
  JSON.parse(gunzipSync(readFileSync(sharedData(file))).toString('utf8'));

function withoutNoise(text: string): string {
  if (!text.includes('.')) return text;
  const plain = decimalsIn(text) > 8 ? Number(text).toFixed(8) : text;
  return plain.replace(/\.?0+$/, '');
}

const decimalsIn = (text: string): number => (text.includes('.') ? text.length - text.indexOf('.') - 1 : 0);

/** The nearest whole number of 10^-decimals; the text has no more decimals than that, so that nothing is lost below 2^53. */
const count = (text: string, decimals: number): number => Math.round(Number(text) * 10 ** decimals);
