import { OUTSIDE } from './listener.ts';
import type { OpenOrders } from './open-orders.ts';
import { BUY, type OrderPool, SELL, type SideCode } from './order-pool.ts';
import { OutsideSide } from './outside-side.ts';
import type { Tape } from './tape.ts';

/**
 * A real market around our orders, known only by what it publishes: quotes or depth, and trades. Our orders do not exist
 * there, so what would have happened to them is decided by these rules, each of which leans against us.
 *
 * 1. Shown liquidity is anonymous quantity at a price. Every update replaces what it names: a quote both sides wholly, a
 *    depth difference the levels in it. An order of ours that takes uses it up, and it is not to be had again before the
 *    next update of that level.
 * 2. An order of ours that comes to rest stands behind all that is shown at its price. Where its price is deeper than
 *    everything shown, the queue before it is unknown, and counts as endless until its price is shown.
 * 3. A trade between others at our price first uses up what stands before us, and what is left of it trades with us. When the
 *    quantity shown at our price falls below what stood before us, that shrinks with it.
 * 4. A trade between others beyond our price would have met us first: its quantity trades with us, best price first, at our price.
 * 5. Quantity that newly appears on the other side, at our price or beyond it, has met us: it trades with us at our price, at
 *    our price only once nothing stands before us. Quantity that was shown there before does not, for we have had it.
 * 6. Nothing of ours trades for more than the quantity of the outside trade or of the newly shown level.
 *
 * Updates and trades have to come in the order in which they happened at the exchange.
 */
export class OutsideMarket {
  readonly bids = new OutsideSide(1);
  readonly asks = new OutsideSide(-1);
  private readonly orders: OpenOrders;
  private readonly pool: OrderPool;
  private readonly tape: Tape;
  /** What orders of ours took of the running trade. */
  private traded = 0;

  constructor(orders: OpenOrders, tape: Tape) {
    this.orders = orders;
    this.pool = orders.pool;
    this.tape = tape;
  }

  /** The outside quantity that stands before an order that now comes to rest. */
  aheadOf(side: SideCode, price: number): number {
    const outside = this.sideOf(side);
    const key = price * outside.sign;
    return key >= outside.deepestKey ? outside.shownAtKey(key) : Number.POSITIVE_INFINITY;
  }

  applyQuote(bidPrice: number, bidQuantity: number, askPrice: number, askQuantity: number): void {
    this.bids.replaceByOne(bidPrice, bidQuantity);
    this.asks.replaceByOne(askPrice, askQuantity);
    this.settleUpdate();
  }

  applyDepth(bids: ArrayLike<number>, asks: ArrayLike<number>): void {
    this.bids.update(bids);
    this.asks.update(asks);
    this.settleUpdate();
  }

  replaceDepth(bids: ArrayLike<number>, asks: ArrayLike<number>): void {
    this.bids.replace(bids);
    this.asks.replace(asks);
    this.settleUpdate();
  }

  /** Brings the queues up to date and trades what has met us. */
  private settleUpdate(): void {
    this.shrinkQueues(BUY);
    this.shrinkQueues(SELL);
    this.tradeFresh(BUY);
    this.tradeFresh(SELL);
    this.bids.settle();
    this.asks.settle();
  }

  /**
   * A trade between others; `takerSide` is the side of the one who took.
   * @returns what of it no order of ours took
   */
  trade(price: number, quantity: number, takerSide: SideCode): number {
    const makerSide = takerSide === BUY ? SELL : BUY;
    const ours = this.orders.book.side(makerSide);
    const key = price * ours.sign;
    this.traded = 0;
    let rest = quantity;
    while (rest > 0 && ours.bestKey > key) rest = this.fill(ours.front, rest, takerSide);
    if (rest > 0 && ours.bestKey === key) this.tradeAtOurPrice(makerSide, rest, takerSide);
    this.sideOf(makerSide).wear(key, quantity);
    this.tape.observe(price);
    return quantity - this.traded;
  }

  /** Rule 3. What stands before a later order of ours includes what stands before an earlier one. */
  private tradeAtOurPrice(makerSide: SideCode, quantity: number, takerSide: SideCode): void {
    const { pool } = this;
    const ours = this.orders.book.side(makerSide);
    const key = ours.bestKey;
    let rest = quantity;
    let passed = 0;
    let slot = ours.front;
    while (slot !== -1 && rest > 0) {
      const before = Math.min(rest, Math.max(0, pool.ahead(slot) - passed));
      passed += before;
      rest -= before;
      const next = pool.next(slot);
      if (rest > 0) rest = this.fill(slot, rest, takerSide);
      slot = next;
    }
    if (ours.bestKey !== key) return;
    for (let left = ours.front; left !== -1; left = pool.next(left)) {
      pool.setAhead(left, Math.max(0, pool.ahead(left) - passed));
    }
  }

  private shrinkQueues(side: SideCode): void {
    const pool = this.pool;
    const ours = this.orders.book.side(side);
    const outside = this.sideOf(side);
    for (let rank = 0; rank < ours.levels; rank++) {
      const key = ours.priceAt(rank) * ours.sign;
      if (key < outside.deepestKey) return;
      const shown = outside.shownAtKey(key);
      for (let slot = ours.frontAt(rank); slot !== -1; slot = pool.next(slot)) {
        if (pool.ahead(slot) > shown) pool.setAhead(slot, shown);
      }
    }
  }

  /** Rule 5, for what newly appeared on `side`. */
  private tradeFresh(side: SideCode): void {
    const outside = this.sideOf(side);
    const ours = this.orders.book.opposite(side);
    for (let rank = 0; rank < outside.levels; rank++) {
      const key = outside.keyAt(rank) * outside.sign * ours.sign;
      if (ours.bestKey < key) return;
      let fresh = outside.freshAt(rank);
      while (fresh > 0 && ours.bestKey >= key) {
        const slot = ours.front;
        if (ours.bestKey === key && this.pool.ahead(slot) > 0) break;
        const left = this.fill(slot, fresh, side);
        outside.use(rank, fresh - left);
        fresh = left;
      }
    }
  }

  /** Trades an order of ours with an outside taker, as far as it is visible; returns what is left of `quantity`. */
  private fill(slot: number, quantity: number, takerSide: SideCode): number {
    const pool = this.pool;
    const price = pool.price(slot);
    const visible = pool.visible(slot);
    const filled = Math.min(quantity, visible);
    this.tape.trade(price, filled, takerSide, OUTSIDE, pool.id(slot));
    // The next slice of an iceberg stands behind everything shown.
    if (filled === visible) pool.setAhead(slot, this.aheadOf(pool.side(slot), price));
    this.orders.fillMaker(slot, filled);
    this.traded += filled;
    return quantity - filled;
  }

  private sideOf(side: SideCode): OutsideSide {
    return side === BUY ? this.bids : this.asks;
  }
}
