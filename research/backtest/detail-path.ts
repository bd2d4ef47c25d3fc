import { type Bars, firstIndexFrom, openTimeOf } from '@tradewind/core/market';
import type { BarMarket } from '@tradewind/core/matching/bars';
import type { BarCursor } from '@tradewind/core/strategy';

/**
 * Finer bars that tell what came first inside a bar. They are only believed where they cover it: begin at its open, end at
 * its close, and reach its high and its low. Where some are missing, the bar itself decides as if there were none.
 */
export class DetailPath {
  /** Bars that finer bars lie in but do not cover. */
  uncovered = 0;
  private readonly bars: Bars;
  private readonly factor: number;
  private readonly coarseFactor: number;
  private first = 0;
  private end = 0;

  /** @param factor, coarseFactor  what makes the market's ticks of the prices of the finer bars, and of the bars they are in */
  constructor(bars: Bars, factor: number, coarseFactor: number) {
    this.bars = bars;
    this.factor = factor;
    this.coarseFactor = coarseFactor;
  }

  /** Finds the bars inside a bar that has just opened; true when they cover it. */
  enter(coarse: BarCursor): boolean {
    this.first = firstIndexFrom(this.bars, coarse.openTimeMs);
    this.end = firstIndexFrom(this.bars, coarse.closeTimeMs);
    if (this.first === this.end) return false;
    const isCovered = this.covers(coarse);
    if (!isCovered) this.uncovered += 1;
    return isCovered;
  }

  /** Plays the bars inside; the market has been opened. */
  play(exchange: BarMarket): void {
    const { bars, factor, first, end } = this;
    for (let i = first; i < end; i += 1) {
      if (i > first) exchange.matchOpen(openTimeOf(bars, i), bars.open[i]! * factor);
      exchange.matchInside(bars.high[i]! * factor, bars.low[i]! * factor, bars.close[i]! * factor);
    }
  }

  private covers(coarse: BarCursor): boolean {
    const { bars, factor, coarseFactor, first, end } = this;
    const at = coarse.index;
    let high = 0;
    let low = Number.POSITIVE_INFINITY;
    for (let i = first; i < end; i += 1) {
      high = Math.max(high, bars.high[i]!);
      low = Math.min(low, bars.low[i]!);
    }
    return (
      bars.open[first]! * factor === coarse.open[at]! * coarseFactor &&
      high * factor === coarse.high[at]! * coarseFactor &&
      low * factor === coarse.low[at]! * coarseFactor &&
      bars.close[end - 1]! * factor === coarse.close[at]! * coarseFactor
    );
  }
}
