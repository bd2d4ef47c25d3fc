import { err, ok, type Result } from '../result.ts';
import { type Bars, BarsBuilder, firstIndexFrom, openTimeOf } from './bars.ts';
import type { Interval } from './interval.ts';

/** Buckets of the coarser interval would cut bars of the finer one in two (3d in 1w), or it is not coarser at all. */
export interface IntervalsDoNotNest {
  readonly reason: 'intervals_do_not_nest';
  readonly finer: Interval;
  readonly coarser: Interval;
}

/** Takes a closed bar: its opening time, epoch ms, and its numbers in the counting of the bars it was made from. */
export type CoarseBarListener = (
  openTimeMs: number,
  open: number,
  high: number,
  low: number,
  close: number,
  volume: number,
) => void;

/** A coarse bar of which only a part is known: the time it opens at, and how many finer bars are in it. */
export interface PartialBar {
  readonly openTimeMs: number;
  readonly finerBars: number;
}

/**
 * Makes bars of a coarser interval from finer ones, one after the other, and hands each on as soon as it is closed: with
 * the finer bar that ends where it ends, or, when a halt swallowed that one, as soon as time has passed its end.
 *
 * A minute without a trade is on record as a bar of zero volume at the last price, which may be a price of the hour
 * before; the exchange's own coarser bar knows trades only. So where any bar of a bucket traded, the bars that did not
 * add nothing to it. Bars that are missing are not invented: a halt makes a bar of what there was, or none.
 */
export class BarAggregator {
  private readonly finer: Interval;
  private readonly coarser: Interval;
  private readonly listener: CoarseBarListener;
  private openTimeMs = Number.NaN;
  private endMs = Number.NEGATIVE_INFINITY;
  private finerBars = 0;
  private hasTraded = false;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private volume = 0;

  private constructor(finer: Interval, coarser: Interval, listener: CoarseBarListener) {
    this.finer = finer;
    this.coarser = coarser;
    this.listener = listener;
  }

  static create(
    finer: Interval,
    coarser: Interval,
    listener: CoarseBarListener,
  ): Result<BarAggregator, IntervalsDoNotNest> {
    if (!finer.nestsIn(coarser)) return err({ reason: 'intervals_do_not_nest', finer, coarser });
    return ok(new BarAggregator(finer, coarser, listener));
  }

  /**
   * Takes the next closed bar of the finer interval; the caller keeps their order.
   * @param volume  a whole number; the sum of a bucket is exact below 2^53 and the nearest doubles beyond
   */
  add(openTimeMs: number, open: number, high: number, low: number, close: number, volume: number): void {
    this.advanceTo(openTimeMs);
    if (this.finerBars === 0) this.begin(openTimeMs);
    // Some sources keep no volume for a bar that moved; it has traded all the same.
    const hasTraded = volume > 0 || high > low;
    if (this.finerBars === 0 || (hasTraded && !this.hasTraded)) {
      this.open = open;
      this.high = high;
      this.low = low;
      this.close = close;
      this.hasTraded = hasTraded;
    } else if (hasTraded || !this.hasTraded) {
      if (high > this.high) this.high = high;
      if (low < this.low) this.low = low;
      this.close = close;
    }
    this.volume += volume;
    this.finerBars += 1;
    this.advanceTo(this.finer.endOf(openTimeMs));
  }

  /** Says that no finer bar before this instant (epoch ms) is still to come: closes the bar that ended by then, if one is open. */
  advanceTo(timeMs: number): void {
    if (this.finerBars === 0 || timeMs < this.endMs) return;
    this.finerBars = 0;
    this.listener(this.openTimeMs, this.open, this.high, this.low, this.close, this.volume);
  }

  /** The bar that has begun and is not known to be closed. */
  get unfinished(): PartialBar | undefined {
    return this.finerBars === 0 ? undefined : { openTimeMs: this.openTimeMs, finerBars: this.finerBars };
  }

  private begin(openTimeMs: number): void {
    // Most bars begin where the last one ended, and finding the start of a month is not cheap.
    this.openTimeMs = openTimeMs === this.endMs ? openTimeMs : this.coarser.startOf(openTimeMs);
    this.endMs = this.coarser.endOf(this.openTimeMs);
    this.volume = 0;
  }
}

export interface Aggregation {
  /** Closed bars only. Prices are counted as the finer ones are, volumes too while their sums stay below 2^53. */
  readonly bars: Bars;
  /**
   * Set when the data begin inside the first bar. It is kept, as the exchange's own history keeps the bar in which a
   * symbol was listed; where the data were cut out of a longer history, its open, high, low and volume are not those of
   * the whole bucket.
   */
  readonly leadingPartial?: PartialBar;
  /** Set when the data end inside a bar, which is left out: it was not known to be closed. */
  readonly unfinished?: PartialBar;
}

/** Makes bars of a coarser interval from all the bars of a finer one. */
export function aggregateBars(bars: Bars, coarser: Interval): Result<Aggregation, IntervalsDoNotNest> {
  const builder = new BarsBuilder(bars.symbol, coarser);
  const aggregator = BarAggregator.create(
    bars.interval,
    coarser,
    (openTimeMs, open, high, low, close, volume) => {
      builder.append(openTimeMs, open, high, low, close, bars.priceDecimals, volume, bars.volumeDecimals);
    },
  );
  if (!aggregator.ok) return aggregator;
  addAll(bars, aggregator.value);
  const { unfinished } = aggregator.value;
  const built = builder.build();
  const leadingPartial = leadingPartialOf(bars, built);
  return ok({
    bars: built,
    ...(leadingPartial === undefined ? {} : { leadingPartial }),
    ...(unfinished === undefined ? {} : { unfinished }),
  });
}

/** Run by run, since the times of a run follow from its first. */
function addAll(bars: Bars, aggregator: BarAggregator): void {
  const { open, high, low, close, volume, interval, runs } = bars;
  for (let r = 0; r < runs.length; r += 1) {
    const run = runs[r]!;
    const end = runs[r + 1]?.start ?? bars.length;
    let openTimeMs = run.openTimeMs;
    for (let i = run.start; i < end; i += 1) {
      aggregator.add(openTimeMs, open[i]!, high[i]!, low[i]!, close[i]!, volume[i]!);
      openTimeMs = interval.endOf(openTimeMs);
    }
  }
}

function leadingPartialOf(bars: Bars, coarse: Bars): PartialBar | undefined {
  if (coarse.length === 0) return undefined;
  const openTimeMs = openTimeOf(coarse, 0);
  if (openTimeOf(bars, 0) === openTimeMs) return undefined;
  return { openTimeMs, finerBars: firstIndexFrom(bars, coarse.interval.endOf(openTimeMs)) };
}
