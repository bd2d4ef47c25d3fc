import { Tally } from '@tradewind/core/money';
import type { Position } from '@tradewind/core/portfolio';

/**
 * Profits of closed round trips in one symbol, after fees, in quote. A round trip begins with the first buy out of a flat
 * position and ends with the sell that leaves less than a step: what is left then is dust, not a holding.
 */
export class RoundTrips {
  readonly profits: number[] = [];
  private readonly before = new Tally();
  /** The profit of the one that closed last. */
  readonly latest = new Tally();

  close(position: Position): void {
    this.latest.set(position.realized);
    this.latest.subtract(this.before);
    this.before.set(position.realized);
    this.profits.push(this.latest.toNumber());
  }
}
