import { type Bars, BarsBuilder, type Interval, openTimeOf } from '@tradewind/core/market';
import type { BarSink } from './csv.ts';

/** Two files hold different bars of one opening time. */
export interface BarConflict {
  readonly openTimeMs: number;
}

/**
 * Makes one series of the bars of several files, keeping those that open in [fromMs, toMs). A file that begins after all
 * bars so far is appended as it is read; one that reaches back is kept apart and merged when it is complete.
 */
export class BarsJoiner implements BarSink {
  /** How many bars came again, the same, in another file. */
  repeatedBars = 0;
  /** The opening times of the first and last bar that came, kept or not; infinite before any. */
  firstTimeMs = Number.POSITIVE_INFINITY;
  lastTimeMs = Number.NEGATIVE_INFINITY;
  private readonly symbol: string;
  private readonly interval: Interval;
  private readonly fromMs: number;
  private readonly toMs: number;
  private joined: BarsBuilder;
  private lastKeptMs = Number.NEGATIVE_INFINITY;
  /** The highest price so far, counted in the finest decimals so far. */
  private highest = 0;
  private finestDecimals = 0;
  /** Takes the bars of the file being read: `joined` itself, or one apart. */
  private current: BarsBuilder;

  constructor(symbol: string, interval: Interval, fromMs: number, toMs: number) {
    this.symbol = symbol;
    this.interval = interval;
    this.fromMs = fromMs;
    this.toMs = toMs;
    this.joined = new BarsBuilder(symbol, interval);
    this.current = this.joined;
  }

  append(
    openTimeMs: number,
    open: number,
    high: number,
    low: number,
    close: number,
    priceDecimals: number,
    volume: number,
    volumeDecimals: number,
  ): boolean {
    if (openTimeMs < this.firstTimeMs) this.firstTimeMs = openTimeMs;
    if (openTimeMs > this.lastTimeMs) this.lastTimeMs = openTimeMs;
    if (openTimeMs < this.fromMs || openTimeMs >= this.toMs) return true;
    if (!this.canKeep(high, priceDecimals)) return false;
    // Within one file time goes forward, so only its first bar can reach back.
    if (openTimeMs <= this.lastKeptMs && this.current === this.joined) {
      this.current = new BarsBuilder(this.symbol, this.interval);
    }
    if (openTimeMs > this.lastKeptMs) this.lastKeptMs = openTimeMs;
    this.current.append(openTimeMs, open, high, low, close, priceDecimals, volume, volumeDecimals);
    return true;
  }

  /** The file being read is complete. */
  endFile(): BarConflict | undefined {
    if (this.current === this.joined) return undefined;
    const conflict = this.merge(this.joined.build(), this.current.build());
    this.current = this.joined;
    return conflict;
  }

  build(): Bars {
    return this.joined.build();
  }

  /** A column counts all its prices in the finest decimals of any, and below 2^53. */
  private canKeep(high: number, priceDecimals: number): boolean {
    if (priceDecimals > this.finestDecimals) {
      this.highest *= 10 ** (priceDecimals - this.finestDecimals);
      this.finestDecimals = priceDecimals;
    }
    if (priceDecimals < this.finestDecimals) high *= 10 ** (this.finestDecimals - priceDecimals);
    if (high > this.highest) this.highest = high;
    return this.highest <= Number.MAX_SAFE_INTEGER;
  }

  private merge(earlier: Bars, later: Bars): BarConflict | undefined {
    this.joined = new BarsBuilder(this.symbol, this.interval);
    let i = 0;
    let j = 0;
    while (i < earlier.length || j < later.length) {
      const iTime = i < earlier.length ? openTimeOf(earlier, i) : Number.POSITIVE_INFINITY;
      const jTime = j < later.length ? openTimeOf(later, j) : Number.POSITIVE_INFINITY;
      if (iTime === jTime) {
        if (!isSameBar(earlier, i, later, j)) return { openTimeMs: iTime };
        this.repeatedBars += 1;
        j += 1;
      } else if (jTime < iTime) {
        copyBar(later, j, jTime, this.joined);
        j += 1;
        continue;
      }
      copyBar(earlier, i, iTime, this.joined);
      i += 1;
    }
    return undefined;
  }
}

function copyBar(bars: Bars, index: number, openTimeMs: number, to: BarsBuilder): void {
  to.append(
    openTimeMs,
    bars.open[index]!,
    bars.high[index]!,
    bars.low[index]!,
    bars.close[index]!,
    bars.priceDecimals,
    bars.volume[index]!,
    bars.volumeDecimals,
  );
}

function isSameBar(a: Bars, i: number, b: Bars, j: number): boolean {
  const price = 10 ** (a.priceDecimals - b.priceDecimals);
  const volume = 10 ** (a.volumeDecimals - b.volumeDecimals);
  return (
    isSame(a.open[i]!, b.open[j]!, price) &&
    isSame(a.high[i]!, b.high[j]!, price) &&
    isSame(a.low[i]!, b.low[j]!, price) &&
    isSame(a.close[i]!, b.close[j]!, price) &&
    isSame(a.volume[i]!, b.volume[j]!, volume)
  );
}

/** Whether a = b x factor, where factor is a power of ten; multiplies on the side on which the product stays whole. */
const isSame = (a: number, b: number, factor: number): boolean =>
  factor >= 1 ? a === b * factor : a * Math.round(1 / factor) === b;
