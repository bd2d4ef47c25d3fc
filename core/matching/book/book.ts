import { BUY, type OrderPool, type SideCode } from './order-pool.ts';
import { QueueSide } from './queue-side.ts';

/**
 * A limit order book with price-time priority. It holds orders and keeps their queues; who may trade with whom, and when,
 * is decided above it. Orders are slots of the pool that it is given.
 */
export class Book {
  readonly pool: OrderPool;
  readonly bids: QueueSide;
  readonly asks: QueueSide;

  constructor(pool: OrderPool) {
    this.pool = pool;
    this.bids = new QueueSide(pool, 1);
    this.asks = new QueueSide(pool, -1);
  }

  side(side: SideCode): QueueSide {
    return side === BUY ? this.bids : this.asks;
  }

  /** The side that an order of `side` trades with. */
  opposite(side: SideCode): QueueSide {
    return side === BUY ? this.asks : this.bids;
  }
}
