import type { Random } from '@tradewind/utils';
import type { Desk } from './desk.ts';
import type { MarketView, Trader } from './view.ts';

/** Weights of a new price in the two averages. */
const FAST = 0.3;
const SLOW = 0.05;
/** How far the averages must be apart, as a fraction of the price. */
const THRESHOLD = 0.0003;
const REACH = 0.0005;

/** Buys what rises and sells what falls, and so lengthens moves. */
export class MomentumTrader implements Trader {
  private readonly desk: Desk;
  private readonly random: Random;
  private fast: number | undefined;
  private slow = 0;

  constructor(desk: Desk, random: Random) {
    this.desk = desk;
    this.random = random;
  }

  act(view: MarketView): void {
    if (this.fast === undefined) {
      this.fast = view.mid;
      this.slow = view.mid;
    }
    this.fast += FAST * (view.mid - this.fast);
    this.slow += SLOW * (view.mid - this.slow);
    const lead = this.fast / this.slow - 1;
    if (Math.abs(lead) < THRESHOLD) return;
    const side = lead > 0 ? 'BUY' : 'SELL';
    const best = side === 'BUY' ? view.bestAsk : view.bestBid;
    if (best === undefined) return;
    const price = this.desk.priceNear(side === 'BUY' ? best * (1 + REACH) : best * (1 - REACH), 'floor');
    if (price !== undefined) this.desk.take(side, price, 0.1 + 0.4 * this.random.nextFraction());
  }
}
