import type { Interval } from '../market/index.ts';
import { type Price, priceToNumber } from '../money/index.ts';
import { invariant } from '../result.ts';
import type { Bar } from './bar.ts';

/** What a closed bar is made of; every `Bar` is one. */
export type BarFigures = Pick<
  Bar,
  'openTimeMs' | 'closeTimeMs' | 'openPrice' | 'highPrice' | 'lowPrice' | 'closePrice' | 'volume'
>;

/**
 * The bars of one input as they come in: the counterpart of `BarCursor` where the future does not exist yet. Its view shows the
 * same numbers as a cursor's. It keeps the last bars only; to look further back throws, as looking before the first bar does.
 */
export class LiveBars {
  readonly symbol: string;
  readonly interval: Interval;
  readonly view: Bar;
  /** How many bars have closed so far, those included that are not kept any more. */
  count = 0;
  /** How many can be looked at. */
  length = 0;
  latest: BarFigures | undefined;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  private readonly kept: number;

  /** @param kept  how many bars can be looked back at, at least; from 1 */
  constructor(symbol: string, interval: Interval, kept: number) {
    invariant(Number.isInteger(kept) && kept > 0, 'at least one bar is kept');
    this.symbol = symbol;
    this.interval = interval;
    this.kept = kept;
    // Twice as many, so that bars are moved to the front once in a while and not at every bar.
    this.open = new Float64Array(2 * kept);
    this.high = new Float64Array(2 * kept);
    this.low = new Float64Array(2 * kept);
    this.close = new Float64Array(2 * kept);
    this.volume = new Float64Array(2 * kept);
    this.view = new LiveBarView(this);
  }

  /** Takes the next closed bar; the caller keeps their order. */
  append(bar: BarFigures): void {
    if (this.length === 2 * this.kept) this.forgetOldest();
    const at = this.length;
    this.open[at] = priceToNumber(bar.openPrice);
    this.high[at] = priceToNumber(bar.highPrice);
    this.low[at] = priceToNumber(bar.lowPrice);
    this.close[at] = priceToNumber(bar.closePrice);
    this.volume[at] = bar.volume;
    this.latest = {
      openTimeMs: bar.openTimeMs,
      closeTimeMs: bar.closeTimeMs,
      openPrice: bar.openPrice,
      highPrice: bar.highPrice,
      lowPrice: bar.lowPrice,
      closePrice: bar.closePrice,
      volume: bar.volume,
    };
    this.length = at + 1;
    this.count += 1;
  }

  /** Where in the columns the bar `ago` bars back lies. */
  indexAgo(ago: number): number {
    if (!Number.isInteger(ago) || ago < 0 || ago >= this.length) {
      throw new RangeError(
        `no bar ${ago} bars ago: ${this.count} have closed, of which ${this.length} are kept, and a strategy sees nothing later than now`,
      );
    }
    return this.length - 1 - ago;
  }

  private forgetOldest(): void {
    for (const column of [this.open, this.high, this.low, this.close, this.volume])
      column.copyWithin(0, this.kept);
    this.length = this.kept;
  }
}

class LiveBarView implements Bar {
  readonly #bars: LiveBars;

  constructor(bars: LiveBars) {
    this.#bars = bars;
  }

  get symbol(): string {
    return this.#bars.symbol;
  }
  get interval(): Interval {
    return this.#bars.interval;
  }
  get openTimeMs(): number {
    return this.#latest.openTimeMs;
  }
  get closeTimeMs(): number {
    return this.#latest.closeTimeMs;
  }
  get open(): number {
    return this.openAgo(0);
  }
  get high(): number {
    return this.highAgo(0);
  }
  get low(): number {
    return this.lowAgo(0);
  }
  get close(): number {
    return this.closeAgo(0);
  }
  get volume(): number {
    return this.volumeAgo(0);
  }
  get openPrice(): Price {
    return this.#latest.openPrice;
  }
  get highPrice(): Price {
    return this.#latest.highPrice;
  }
  get lowPrice(): Price {
    return this.#latest.lowPrice;
  }
  get closePrice(): Price {
    return this.#latest.closePrice;
  }
  get count(): number {
    return this.#bars.count;
  }
  openAgo(ago: number): number {
    return this.#bars.open[this.#bars.indexAgo(ago)]!;
  }
  highAgo(ago: number): number {
    return this.#bars.high[this.#bars.indexAgo(ago)]!;
  }
  lowAgo(ago: number): number {
    return this.#bars.low[this.#bars.indexAgo(ago)]!;
  }
  closeAgo(ago: number): number {
    return this.#bars.close[this.#bars.indexAgo(ago)]!;
  }
  volumeAgo(ago: number): number {
    return this.#bars.volume[this.#bars.indexAgo(ago)]!;
  }

  get #latest(): BarFigures {
    const { latest } = this.#bars;
    if (latest === undefined) throw new RangeError('no bar has closed yet');
    return latest;
  }
}
