import type { Side } from '@tradewind/core/orders';
import type { Random } from '@tradewind/utils';
import type { Desk } from './desk.ts';
import type { MarketView, Trader } from './view.ts';

/** Orders left in the book at most; then the oldest goes first. */
const RESTING_MAX = 20;
/** How far beyond the best a taker pays, as a fraction of the price. */
const REACH = 0.0005;
/** How far from the best a patient order lies at most, as a fraction of the price. */
const PATIENCE = 0.002;

/** Buys and sells for reasons that nobody knows: mostly small, now at any price near the best, now patiently, now thinking better of it. */
export class NoiseTrader implements Trader {
  private readonly desk: Desk;
  private readonly random: Random;
  /** The oldest first; some may have traded meanwhile. */
  private readonly resting: number[] = [];

  constructor(desk: Desk, random: Random) {
    this.desk = desk;
    this.random = random;
  }

  act(view: MarketView): void {
    const { random } = this;
    const side: Side = random.nextFraction() < 0.5 ? 'BUY' : 'SELL';
    // The product of chances is small more often than large, as the sizes of real trades are.
    const size = 0.02 + 1.5 * random.nextFraction() * random.nextFraction() * random.nextFraction();
    if (random.nextFraction() < 0.7) this.takeNow(side, size, view);
    else this.waitFor(side, size, view);
  }

  private takeNow(side: Side, size: number, view: MarketView): void {
    const best = side === 'BUY' ? view.bestAsk : view.bestBid;
    if (best === undefined) return;
    const price = this.desk.priceNear(side === 'BUY' ? best * (1 + REACH) : best * (1 - REACH), 'floor');
    if (price !== undefined) this.desk.take(side, price, size);
  }

  private waitFor(side: Side, size: number, view: MarketView): void {
    if (this.resting.length >= RESTING_MAX) this.desk.cancel(this.resting.shift()!);
    const away = view.mid * PATIENCE * this.random.nextFraction();
    const price = this.desk.priceNear(side === 'BUY' ? view.mid - away : view.mid + away, 'floor');
    const order = price === undefined ? undefined : this.desk.limit(side, price, size);
    if (order !== undefined && order.status !== 'FILLED') this.resting.push(order.orderId);
  }
}
