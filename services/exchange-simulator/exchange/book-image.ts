import type { Grid, Lots } from '@tradewind/core/market';
import type { MatchingEngine } from '@tradewind/core/matching/book';
import { type Price, unitsOf } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { BookChange } from './listener.ts';
import type { BookLevel } from './model.ts';

/**
 * The visible book as it was last published: what tells a change from none. Every change has an update id of its own, and they
 * follow one another without gaps.
 */
export class BookImage {
  readonly symbol: string;
  lastUpdateId = 0;
  /** Quantity by price, both in the units of money, so that a finer grid changes nothing. */
  private readonly published = { BUY: new Map<bigint, bigint>(), SELL: new Map<bigint, bigint>() };

  constructor(symbol: string) {
    this.symbol = symbol;
  }

  /** Looks at the levels that the engine says may have changed. */
  publish(engine: MatchingEngine, grid: Grid, timeMs: number, note: (change: BookChange) => void): void {
    this.publishSide('BUY', engine, grid, timeMs, note);
    this.publishSide('SELL', engine, grid, timeMs, note);
  }

  /** Takes the book as published without telling. */
  restart(bids: readonly BookLevel[], asks: readonly BookLevel[]): void {
    for (const [side, levels] of [
      ['BUY', bids],
      ['SELL', asks],
    ] as const) {
      this.published[side].clear();
      for (const { price, quantity } of levels) this.published[side].set(unitsOf(price), unitsOf(quantity));
    }
  }

  private publishSide(
    side: Side,
    engine: MatchingEngine,
    grid: Grid,
    timeMs: number,
    note: (change: BookChange) => void,
  ): void {
    for (const ticks of engine.takeChanges(side)) {
      const lots = engine.visibleAt(side, ticks);
      this.publishLevel(side, grid.priceOf(ticks), grid, lots, timeMs, note);
    }
  }

  private publishLevel(
    side: Side,
    price: Price,
    grid: Grid,
    lots: Lots,
    timeMs: number,
    note: (change: BookChange) => void,
  ): void {
    const published = this.published[side];
    const key = unitsOf(price);
    const quantity = grid.quantityOf(lots);
    const units = unitsOf(quantity);
    if ((published.get(key) ?? 0n) === units) return;
    if (units === 0n) published.delete(key);
    else published.set(key, units);
    this.lastUpdateId += 1;
    note({ symbol: this.symbol, side, price, quantity, updateId: this.lastUpdateId, timeMs });
  }
}
