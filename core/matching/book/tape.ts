import type { Lots, Ticks } from '../../market/index.ts';
import type { Side } from '../../orders/index.ts';
import type { MatchingListener } from './listener.ts';
import { BUY, type SideCode } from './order-pool.ts';

/** Numbers the trades of the symbol and remembers the last price, on which stops fire. */
export class Tape {
  /** In ticks; zero before the first trade. */
  lastPrice = 0;
  /** Whether there was a trade that the stops have not looked at yet. */
  hasNews = false;
  lastTradeId = 0;
  private readonly listener: MatchingListener;

  constructor(listener: MatchingListener) {
    this.listener = listener;
  }

  trade(
    price: number,
    quantity: number,
    takerSide: SideCode,
    takerOrderId: number,
    makerOrderId: number,
  ): void {
    this.lastTradeId += 1;
    const side: Side = takerSide === BUY ? 'BUY' : 'SELL';
    this.listener.trade(this.lastTradeId, price as Ticks, quantity as Lots, side, takerOrderId, makerOrderId);
    this.observe(price);
  }

  /** A trade between others. */
  observe(price: number): void {
    this.lastPrice = price;
    this.hasNews = true;
  }
}
