import { invariant } from '../result.ts';
import type { Interval } from './interval.ts';

/** Prices in ticks; 4 bytes a value where they fit, 8 where they do not. */
export type TickColumn = Int32Array | Float64Array;

/**
 * The bars of one symbol and interval in columns, oldest first: 24 bytes a bar. A price is `column[i] / 10^priceDecimals`,
 * a volume `volume[i] / 10^volumeDecimals`, both exact. Times are not stored but counted from the start of each unbroken
 * run of bars, so a halt costs one entry.
 */
export interface Bars {
  readonly symbol: string;
  readonly interval: Interval;
  readonly length: number;
  readonly priceDecimals: number;
  readonly volumeDecimals: number;
  readonly open: TickColumn;
  readonly high: TickColumn;
  readonly low: TickColumn;
  readonly close: TickColumn;
  readonly volume: Float64Array;
  /** Unbroken runs of bars, oldest first; a new one begins after each gap. */
  readonly runs: readonly Run[];
}

export interface Run {
  /** The index of the run's first bar. */
  readonly start: number;
  readonly openTimeMs: number;
}

/** Where bars are missing between two bars that are there. */
export interface Gap {
  /** The opening time of the first missing bar. */
  readonly fromMs: number;
  readonly missing: number;
}

/** The opening time of bar `index`, epoch ms. */
export function openTimeOf(bars: Bars, index: number): number {
  let low = 0;
  let high = bars.runs.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (bars.runs[middle]!.start <= index) low = middle;
    else high = middle - 1;
  }
  const run = bars.runs[low]!;
  const { lengthMs } = bars.interval;
  return lengthMs === undefined ? run.openTimeMs : run.openTimeMs + (index - run.start) * lengthMs;
}

/** The index of the first bar that opens at or after an instant; `bars.length` when none does. */
export function firstIndexFrom(bars: Bars, timeMs: number): number {
  let low = 0;
  let high = bars.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTimeOf(bars, middle) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function gapsOf(bars: Bars): Gap[] {
  const gaps: Gap[] = [];
  for (let i = 1; i < bars.runs.length; i += 1) {
    const run = bars.runs[i]!;
    const fromMs = bars.interval.endOf(openTimeOf(bars, run.start - 1));
    // Every month is a run of its own, so that most runs of months leave nothing out.
    const missing = countBetween(bars.interval, fromMs, run.openTimeMs);
    if (missing > 0) gaps.push({ fromMs, missing });
  }
  return gaps;
}

/** How many buckets lie between two opening times. Divides where it can: a mistyped year is billions of seconds. */
function countBetween(interval: Interval, fromMs: number, toMs: number): number {
  if (interval.lengthMs !== undefined) return (toMs - fromMs) / interval.lengthMs;
  let count = 0;
  for (let time = fromMs; time < toMs; time = interval.endOf(time)) count += 1;
  return count;
}

/**
 * Takes bars in the order of time and makes columns of them. Prices and volumes arrive as whole numbers with their own
 * decimals; the columns carry as many as the finest value needs. The caller has checked the bar (prices above zero,
 * high >= low, time ahead of the last one and on the interval's grid).
 */
export class BarsBuilder {
  private readonly symbol: string;
  private readonly interval: Interval;
  private length = 0;
  private priceDecimals = 0;
  private volumeDecimals = 0;
  private open: TickColumn = new Int32Array(FIRST_CAPACITY);
  private high: TickColumn = new Int32Array(FIRST_CAPACITY);
  private low: TickColumn = new Int32Array(FIRST_CAPACITY);
  private close: TickColumn = new Int32Array(FIRST_CAPACITY);
  private volume = new Float64Array(FIRST_CAPACITY);
  private largestPrice = 0;
  private largestVolume = 0;
  private readonly runs: Run[] = [];
  private nextTimeMs = Number.NaN;

  constructor(symbol: string, interval: Interval) {
    this.symbol = symbol;
    this.interval = interval;
  }

  /**
   * @param priceDecimals  what all four prices are counted in: 10^-priceDecimals, 0 to 8; likewise volumeDecimals
   */
  append(
    openTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    priceDecimals: number,
    volume: number,
    volumeDecimals: number,
  ): void {
    if (priceDecimals > this.priceDecimals) this.refinePrices(priceDecimals);
    if (volumeDecimals > this.volumeDecimals) this.countVolumesIn(volumeDecimals);
    if (this.length === this.volume.length) this.grow();
    const priceFactor = POWERS[this.priceDecimals - priceDecimals]!;
    const largest = high * priceFactor;
    if (largest > this.largestPrice) {
      invariant(largest <= Number.MAX_SAFE_INTEGER, 'a price counts below 2^53 ticks');
      this.largestPrice = largest;
      if (largest > INT32_MAX) this.widen();
    }
    const at = this.length;
    this.open[at] = open * priceFactor;
    this.high[at] = largest;
    this.low[at] = low * priceFactor;
    this.close[at] = close * priceFactor;
    this.volume[at] = this.countVolume(volume, volumeDecimals);
    if (openTimeMs !== this.nextTimeMs || this.interval.lengthMs === undefined) {
      this.runs.push({ start: at, openTimeMs });
    }
    this.nextTimeMs = this.interval.endOf(openTimeMs);
    this.length = at + 1;
  }

  /** Ends the builder: its columns become those of the bars. */
  build(): Bars {
    const { symbol, interval, length, priceDecimals, volumeDecimals, runs } = this;
    return {
      symbol,
      interval,
      length,
      priceDecimals,
      volumeDecimals,
      open: resized(this.open, length),
      high: resized(this.high, length),
      low: resized(this.low, length),
      close: resized(this.close, length),
      volume: resized(this.volume, length),
      runs: runs.slice(),
    };
  }

  private refinePrices(decimals: number): void {
    const places = decimals - this.priceDecimals;
    this.largestPrice *= 10 ** places;
    invariant(this.largestPrice <= Number.MAX_SAFE_INTEGER, 'a price counts below 2^53 ticks');
    if (this.largestPrice > INT32_MAX) this.widen();
    for (const column of [this.open, this.high, this.low, this.close])
      shiftColumn(column, this.length, places);
    this.priceDecimals = decimals;
  }

  /** A volume is a statistic, not money: where the decimals of one bar and the size of another do not fit together, size wins. */
  private countVolume(volume: number, decimals: number): number {
    const exact = volume * (POWERS[this.volumeDecimals - decimals] ?? Number.NaN);
    if (exact <= this.largestVolume) return exact;
    let fitting = this.volumeDecimals;
    while (shifted(volume, fitting - decimals) > Number.MAX_SAFE_INTEGER) fitting -= 1;
    this.countVolumesIn(fitting);
    const counted = shifted(volume, fitting - decimals);
    if (counted > this.largestVolume) this.largestVolume = counted;
    return counted;
  }

  private countVolumesIn(decimals: number): void {
    while (shifted(this.largestVolume, decimals - this.volumeDecimals) > Number.MAX_SAFE_INTEGER)
      decimals -= 1;
    // Once size has won, every finer bar asks again: the whole column must not be gone through for nothing.
    if (decimals === this.volumeDecimals) return;
    const places = decimals - this.volumeDecimals;
    shiftColumn(this.volume, this.length, places);
    this.largestVolume = shifted(this.largestVolume, places);
    this.volumeDecimals = decimals;
  }

  private widen(): void {
    if (this.open instanceof Float64Array) return;
    this.open = Float64Array.from(this.open);
    this.high = Float64Array.from(this.high);
    this.low = Float64Array.from(this.low);
    this.close = Float64Array.from(this.close);
  }

  private grow(): void {
    this.open = resized(this.open, 2 * this.length);
    this.high = resized(this.high, 2 * this.length);
    this.low = resized(this.low, 2 * this.length);
    this.close = resized(this.close, 2 * this.length);
    this.volume = resized(this.volume, 2 * this.length);
  }
}

const FIRST_CAPACITY = 4096;
const INT32_MAX = 2 ** 31 - 1;
/** 10^0 to 10^8; `**` for every bar would cost more than the rest of it. */
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** count x 10^places, a whole number. 10^-k is no double, so what loses places is divided by 10^k. */
function shifted(count: number, places: number): number {
  return places >= 0 ? count * 10 ** places : Math.round(count / 10 ** -places);
}

function shiftColumn(column: TickColumn, length: number, places: number): void {
  for (let i = 0; i < length; i += 1) column[i] = shifted(column[i]!, places);
}

/** The same memory where the system can give or take back some of it; no second copy stands beside it. */
function resized<C extends TickColumn>(column: C, length: number): C {
  const buffer = (column.buffer as ArrayBuffer).transfer(length * column.BYTES_PER_ELEMENT);
  return new (column.constructor as new (buffer: ArrayBuffer) => C)(buffer);
}
