import type { OrderRate } from './limits.ts';

/** When the last orders were approved: a ring as long as the rate's allowance, so its memory is bounded by the limit. */
export class OrderTimes {
  readonly rate: OrderRate;
  private readonly atMs: Float64Array;
  private count = 0;

  constructor(rate: OrderRate) {
    this.rate = rate;
    this.atMs = new Float64Array(rate.orders);
  }

  /** How many orders the rate leaves to this kind of order. */
  allowanceFor(reduces: boolean): number {
    return reduces ? this.rate.orders : this.rate.orders - this.rate.keptForReducing;
  }

  /** Whether `adding` more orders at `nowMs` keep within the rate. A clock that ran back, or is not a number, does not. */
  hasRoom(adding: number, nowMs: number, reduces: boolean): boolean {
    // With `adding` orders more, the one this far back must have left the window.
    const back = this.allowanceFor(reduces) - adding + 1;
    if (back < 1 || Number.isNaN(nowMs)) return false;
    if (back > this.count) return true;
    const then = this.atMs[(this.count - back) % this.atMs.length] as number;
    return nowMs - then >= this.rate.windowMs;
  }

  /**
   * How many were approved in the window that ends at `nowMs`. Found by doubling from the latest one back, then by halves: few are in it,
   * as a rule, also of a large allowance.
   */
  used(nowMs: number): number {
    let inside = 0;
    let outside = Math.min(this.count, this.atMs.length) + 1;
    while (outside - inside > 1) {
      const back = Math.min(2 * inside + 1, Math.floor((inside + outside) / 2));
      const then = this.atMs[(this.count - back) % this.atMs.length]!;
      if (nowMs - then < this.rate.windowMs) inside = back;
      else outside = back;
    }
    return inside;
  }

  record(adding: number, nowMs: number): void {
    for (let i = 0; i < adding; i++) {
      this.atMs[this.count % this.atMs.length] = nowMs;
      this.count += 1;
    }
  }
}
