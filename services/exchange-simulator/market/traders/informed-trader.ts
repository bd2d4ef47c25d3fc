import type { Random } from '@tradewind/utils';
import type { Desk } from './desk.ts';
import type { MarketView, Trader } from './view.ts';

/** What must be won at least, as a fraction of the price, for an informed trader to move. */
const EDGE = 0.0002;

/** Knows where the price wants to go, and takes whatever is offered on the wrong side of it: that is what moves the market there. */
export class InformedTrader implements Trader {
  private readonly desk: Desk;
  private readonly random: Random;

  constructor(desk: Desk, random: Random) {
    this.desk = desk;
    this.random = random;
  }

  act({ fair, bestBid, bestAsk }: MarketView): void {
    const size = 1 + 4 * this.random.nextFraction();
    if (bestAsk !== undefined && bestAsk < fair * (1 - EDGE)) {
      const price = this.desk.priceNear(fair, 'floor');
      if (price !== undefined) this.desk.take('BUY', price, size);
    } else if (bestBid !== undefined && bestBid > fair * (1 + EDGE)) {
      const price = this.desk.priceNear(fair, 'ceiling');
      if (price !== undefined) this.desk.take('SELL', price, size);
    }
  }
}
