import { type Bars, type Interval, openTimeOf, priceOfTicks, type TickColumn } from '../market/index.ts';
import type { Price } from '../money/index.ts';

/**
 * A closed bar as a strategy sees it. The numbers are for indicators; `closePrice` and its like are exact, for orders.
 * It is a view of "now" that moves on with time: it can look back, and it cannot look ahead.
 */
export interface Bar {
  readonly symbol: string;
  readonly interval: Interval;
  readonly openTimeMs: number;
  /** The instant at which the bar was complete: the opening time of the next bucket. */
  readonly closeTimeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** In base. */
  readonly volume: number;
  readonly openPrice: Price;
  readonly highPrice: Price;
  readonly lowPrice: Price;
  readonly closePrice: Price;
  /** How many bars of this input have closed so far, this one included. */
  readonly count: number;
  /** The close `ago` bars before this one; 0 is this one. Throws RangeError ahead of now or before the first bar. */
  closeAgo(ago: number): number;
  highAgo(ago: number): number;
  lowAgo(ago: number): number;
  openAgo(ago: number): number;
  volumeAgo(ago: number): number;
}

/** The place in a history that time has reached. It belongs to whoever drives the strategy; a strategy only gets the view. */
export class BarCursor {
  readonly bars: Bars;
  readonly view: Bar;
  // Numbers that change start as numbers, here and in every hot class: a field that is only declared is born undefined,
  // and from then on V8 boxes each double that is stored in it (docs/performance.md).
  /** The current bar; -1 before the first. */
  index = -1;
  closeTimeMs = Number.NaN;
  readonly open: TickColumn;
  readonly high: TickColumn;
  readonly low: TickColumn;
  readonly close: TickColumn;
  private readonly first: number = 0;
  private readonly end: number = 0;
  private readonly lengthMs: number = 0;
  /** The bar with which the unbroken run began that time is in, and when that bar opened. */
  private runStart = 0;
  private runOpenMs = Number.NaN;
  /**
   * The bar with which the next unbroken run begins, and when that bar opens and closes. Before the first bar that is the
   * first; where no run is left it stays the last run's, which lies behind.
   */
  private nextRunStart = 0;
  private nextRunOpenMs = Number.NaN;
  private nextRunCloseMs = Number.NaN;
  /** The place among the runs of the one after that. */
  private nextRun = 0;

  /** Stands before the bar at `first`; for it, the bars from `end` on do not exist. */
  constructor(bars: Bars, first = 0, end = bars.length) {
    this.bars = bars;
    this.first = first;
    this.end = end;
    this.index = first - 1;
    this.open = bars.open;
    this.high = bars.high;
    this.low = bars.low;
    this.close = bars.close;
    // Months have no one length; each of their bars is a run of its own, so that the length is never added.
    this.lengthMs = bars.interval.lengthMs ?? 0;
    while (this.nextRun < bars.runs.length && bars.runs[this.nextRun]!.start <= first) this.nextRun += 1;
    if (first < end) this.expectRun(first, openTimeOf(bars, first));
    this.view = new BarView(this);
  }

  get count(): number {
    return this.index - this.first + 1;
  }

  /** When the current bar opened; NaN before the first. Reckoned when it is asked for: few bars are. */
  get openTimeMs(): number {
    return this.runOpenMs + (this.index - this.runStart) * this.lengthMs;
  }

  /** When the next bar opens; Infinity when there is none. */
  get nextOpenMs(): number {
    const following = this.index + 1;
    if (following >= this.end) return Number.POSITIVE_INFINITY;
    return following === this.nextRunStart ? this.nextRunOpenMs : this.openTimeMs + this.lengthMs;
  }

  /** When the next bar will have closed; Infinity when there is none. */
  get nextCloseMs(): number {
    const following = this.index + 1;
    if (following >= this.end) return Number.POSITIVE_INFINITY;
    return following === this.nextRunStart ? this.nextRunCloseMs : this.closeTimeMs + this.lengthMs;
  }

  get hasNext(): boolean {
    return this.index + 1 < this.end;
  }

  /** Moves to the next bar, which there is. */
  advance(): void {
    this.index += 1;
    if (this.index === this.nextRunStart) {
      this.enterRun();
    } else {
      this.closeTimeMs += this.lengthMs;
    }
  }

  private enterRun(): void {
    this.runStart = this.index;
    this.runOpenMs = this.nextRunOpenMs;
    this.closeTimeMs = this.nextRunCloseMs;
    const run = this.bars.runs[this.nextRun];
    this.nextRun += 1;
    if (run !== undefined) this.expectRun(run.start, run.openTimeMs);
  }

  private expectRun(start: number, openTimeMs: number): void {
    this.nextRunStart = start;
    this.nextRunOpenMs = openTimeMs;
    this.nextRunCloseMs = this.bars.interval.endOf(openTimeMs);
  }

  /** The index of the bar `ago` bars back. */
  indexAgo(ago: number): number {
    if (!Number.isInteger(ago) || ago < 0 || ago >= this.count) {
      throw new RangeError(
        `no bar ${ago} bars ago: ${this.count} have closed, and a strategy sees nothing later than now`,
      );
    }
    return this.index - ago;
  }
}

class BarView implements Bar {
  // Private to the engine as well as to the compiler: what lies behind it knows the future.
  readonly #cursor: BarCursor;
  readonly #priceScale: number = 1;
  readonly #volumeScale: number = 1;

  constructor(cursor: BarCursor) {
    this.#cursor = cursor;
    this.#priceScale = 10 ** cursor.bars.priceDecimals;
    this.#volumeScale = 10 ** cursor.bars.volumeDecimals;
  }

  get symbol(): string {
    return this.#cursor.bars.symbol;
  }
  get interval(): Interval {
    return this.#cursor.bars.interval;
  }
  get openTimeMs(): number {
    return this.#cursor.openTimeMs;
  }
  get closeTimeMs(): number {
    return this.#cursor.closeTimeMs;
  }
  // An integer divided by a power of ten is the double nearest to the decimal; a product with its inverse is not.
  get open(): number {
    return this.#cursor.open[this.#cursor.index]! / this.#priceScale;
  }
  get high(): number {
    return this.#cursor.high[this.#cursor.index]! / this.#priceScale;
  }
  get low(): number {
    return this.#cursor.low[this.#cursor.index]! / this.#priceScale;
  }
  get close(): number {
    return this.#cursor.close[this.#cursor.index]! / this.#priceScale;
  }
  get volume(): number {
    return this.#cursor.bars.volume[this.#cursor.index]! / this.#volumeScale;
  }
  get openPrice(): Price {
    return this.#exact(this.#cursor.open);
  }
  get highPrice(): Price {
    return this.#exact(this.#cursor.high);
  }
  get lowPrice(): Price {
    return this.#exact(this.#cursor.low);
  }
  get closePrice(): Price {
    return this.#exact(this.#cursor.close);
  }
  get count(): number {
    return this.#cursor.count;
  }
  openAgo(ago: number): number {
    return this.#cursor.open[this.#cursor.indexAgo(ago)]! / this.#priceScale;
  }
  highAgo(ago: number): number {
    return this.#cursor.high[this.#cursor.indexAgo(ago)]! / this.#priceScale;
  }
  lowAgo(ago: number): number {
    return this.#cursor.low[this.#cursor.indexAgo(ago)]! / this.#priceScale;
  }
  closeAgo(ago: number): number {
    return this.#cursor.close[this.#cursor.indexAgo(ago)]! / this.#priceScale;
  }
  volumeAgo(ago: number): number {
    return this.#cursor.bars.volume[this.#cursor.indexAgo(ago)]! / this.#volumeScale;
  }

  #exact(column: TickColumn): Price {
    return priceOfTicks(column[this.#cursor.index]!, this.#cursor.bars.priceDecimals);
  }
}
