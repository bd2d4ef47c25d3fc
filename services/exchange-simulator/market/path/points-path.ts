import { invariant } from '@tradewind/core/result';
import type { PricePath } from './price-path.ts';

/** Prices at instants, as recorded trades have them: each holds until the next one comes, the last one for ever. */
export class PointsPath implements PricePath {
  private readonly timesMs: readonly number[];
  private readonly prices: readonly number[];
  private readonly speed: number;
  private at = 0;

  /**
   * @param timesMs  rising; the path begins at the first
   * @param speed  1 is as it happened, 60 an hour in a minute
   */
  constructor(timesMs: readonly number[], prices: readonly number[], speed: number) {
    invariant(prices.length > 0 && prices.length === timesMs.length, 'a path has points');
    this.timesMs = timesMs;
    this.prices = prices;
    this.speed = speed;
  }

  priceAt(elapsedMs: number): number {
    const nowMs = this.timesMs[0]! + elapsedMs * this.speed;
    while (this.at + 1 < this.timesMs.length && this.timesMs[this.at + 1]! <= nowMs) this.at += 1;
    return this.prices[this.at]!;
  }
}
