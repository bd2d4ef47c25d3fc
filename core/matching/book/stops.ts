import type { Side } from '../../orders/index.ts';
import { isReached, TrailingStop } from '../trigger.ts';
import { BUY, type OrderPool, STOP_LOSS, STOP_LOSS_LIMIT } from './order-pool.ts';

export interface Follower {
  readonly slot: number;
  readonly stop: TrailingStop;
}

/**
 * Stops that have not fired. Those at a price are kept sorted with the one nearest to the market last, so that a price at
 * which nothing fires costs two comparisons. Trailing stops look at every price, in the order in which they came.
 */
export class Stops {
  private readonly pool: OrderPool;
  readonly above: number[] = [];
  readonly below: number[] = [];
  readonly followers: Follower[] = [];

  constructor(pool: OrderPool) {
    this.pool = pool;
  }

  add(slot: number): void {
    const pool = this.pool;
    if (pool.trailingDelta(slot) !== 0) {
      this.followers.push({ slot, stop: this.trailingStop(slot) });
      return;
    }
    const waiting = this.waitingWith(slot);
    waiting.splice(this.firstNotFarther(slot, waiting), 0, slot);
  }

  remove(slot: number): void {
    if (this.pool.trailingDelta(slot) !== 0) {
      const at = this.followers.findIndex((follower) => follower.slot === slot);
      this.followers.splice(at, 1);
      return;
    }
    const waiting = this.waitingWith(slot);
    waiting.splice(waiting.indexOf(slot, this.firstNotFarther(slot, waiting)), 1);
  }

  /** Takes out the next stop at a price that fires at `last`, or returns -1: above before below, nearest first, then oldest. */
  takeFired(last: number): number {
    const pool = this.pool;
    const above = this.above.at(-1);
    if (above !== undefined && isReached(true, pool.stopPrice(above), last))
      return this.above.pop() as number;
    const below = this.below.at(-1);
    if (below !== undefined && isReached(false, pool.stopPrice(below), last))
      return this.below.pop() as number;
    return -1;
  }

  /** Shows a last price to every trailing stop, appends to `fired` those that fire, and to `started` those that begin to follow. */
  observe(last: number, fired: number[], started: number[]): void {
    for (const { slot, stop } of this.followers) {
      const wasActive = stop.isActive;
      if (stop.observe(last)) fired.push(slot);
      else if (stop.isActive && !wasActive) started.push(slot);
    }
  }

  get hasFollowers(): boolean {
    return this.followers.length > 0;
  }

  private waitingWith(slot: number): number[] {
    return slotWaitsAbove(this.pool, slot) ? this.above : this.below;
  }

  /** Where the stops begin that are as near to the market as this one, or nearer. */
  private firstNotFarther(slot: number, waiting: readonly number[]): number {
    const pool = this.pool;
    const price = pool.stopPrice(slot);
    const isAbove = waiting === this.above;
    let low = 0;
    let high = waiting.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = pool.stopPrice(waiting[middle] as number);
      if (isAbove ? other > price : other < price) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private trailingStop(slot: number): TrailingStop {
    const pool = this.pool;
    const type = isStopLoss(pool.type(slot)) ? 'STOP_LOSS' : 'TAKE_PROFIT';
    const side: Side = pool.side(slot) === BUY ? 'BUY' : 'SELL';
    const stopPrice = pool.stopPrice(slot);
    return new TrailingStop(type, side, pool.trailingDelta(slot), stopPrice === 0 ? undefined : stopPrice);
  }
}

const isStopLoss = (type: number): boolean => type === STOP_LOSS || type === STOP_LOSS_LIMIT;

/** The trigger side rule (`waitsAbove`) for an order in the pool. */
export function slotWaitsAbove(pool: OrderPool, slot: number): boolean {
  return isStopLoss(pool.type(slot)) === (pool.side(slot) === BUY);
}
