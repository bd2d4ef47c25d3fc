import type { Lots, Ticks } from '../../market/index.ts';
import { type Side, waitsAbove } from '../../orders/index.ts';
import { isReached } from '../trigger.ts';
import type { MatchingListener } from './listener.ts';
import type { OpenOrders } from './open-orders.ts';
import {
  BUY,
  FIRED,
  FOK,
  FREE,
  GTC,
  LIMIT_MAKER,
  MARKET,
  type OrderPool,
  PENDING,
  PRIMARY_PEG,
  SELL,
  type SideCode,
  STOP_LOSS,
  TAKE_PROFIT,
  TAKING,
  UNPEGGED,
  WAITING,
} from './order-pool.ts';
import type { OutsideMarket } from './outside-market.ts';
import type { OrderRefusal, OrderRequest } from './request.ts';
import { slotWaitsAbove } from './stops.ts';
import { ANY_PRICE, type TakerPhase } from './taker.ts';
import type { Tape } from './tape.ts';

/** What the engine asks of whoever keeps the balances. */
export interface FundsPort {
  /** Locks what a pending order needs now that it becomes NEW; false lets it expire as REJECTED. */
  lockPending(orderId: number): boolean;
  /** What a pending order of an OPO sells: what its filled working order brought, less commission, in whole steps. */
  proceedsOf(workingOrderId: number, executed: Lots): Lots;
  /** A stop that fired is about to be matched; false lets it expire as REJECTED. Without it all are. */
  admitFired?(orderId: number): boolean;
}

/** The way of an order from admission to the book or to its end, for those that arrive, those that fire, those that waited for another. */
export class Placement {
  private readonly orders: OpenOrders;
  private readonly pool: OrderPool;
  private readonly taker: TakerPhase;
  private readonly outside: OutsideMarket;
  private readonly tape: Tape;
  private readonly listener: MatchingListener;
  private readonly funds: FundsPort;
  private readonly fired: number[] = [];
  private readonly started: number[] = [];

  constructor(
    orders: OpenOrders,
    taker: TakerPhase,
    outside: OutsideMarket,
    tape: Tape,
    listener: MatchingListener,
    funds: FundsPort,
  ) {
    this.orders = orders;
    this.pool = orders.pool;
    this.taker = taker;
    this.outside = outside;
    this.tape = tape;
    this.listener = listener;
    this.funds = funds;
  }

  /** Why an order that arrives alone, or first in its list, cannot be taken. */
  refusalOf(request: OrderRequest): OrderRefusal | undefined {
    if (request.pegPriceType !== 'NONE' && this.pegPriceOf(request) === 0) return 'liquidity_too_low_for_peg';
    if (request.type === 'LIMIT' || request.type === 'MARKET') return undefined;
    if (request.type === 'LIMIT_MAKER') {
      const price = request.pegPriceType === 'NONE' ? request.price : this.pegPriceOf(request);
      return this.wouldMatch(request.side === 'BUY' ? BUY : SELL, price)
        ? 'would_match_immediately'
        : undefined;
    }
    const isAbove = waitsAbove(request.type, request.side);
    return this.hasReached(isAbove, request.stopPrice) ? 'would_trigger_immediately' : undefined;
  }

  /** Begins the life of an order that nothing holds back any more: a stop waits, any other order is matched. */
  start(slot: number): void {
    const { pool } = this;
    if (pool.type(slot) < STOP_LOSS) {
      this.enter(slot);
      return;
    }
    pool.setState(slot, WAITING);
    this.orders.stops.add(slot);
  }

  /**
   * Matches an order against the book, and rests or expires what is left.
   * @param isShort  it is a market order by quote amount for which the other side is known not to suffice
   */
  enter(slot: number, isShort = false): void {
    const { pool, orders, taker } = this;
    pool.setState(slot, TAKING);
    if (pool.peg(slot) !== UNPEGGED && !this.peg(slot)) {
      orders.expire(slot, 'REJECTED');
      return;
    }
    const side = pool.side(slot);
    const type = pool.type(slot);
    const timeInForce = pool.timeInForce(slot);
    const isMarket = type === MARKET || type === STOP_LOSS || type === TAKE_PROFIT;
    const price = pool.price(slot);
    if (type === LIMIT_MAKER && this.wouldMatch(side, price)) {
      orders.expire(slot, 'REJECTED');
      return;
    }
    const limitKey = isMarket ? ANY_PRICE : price * orders.book.opposite(side).sign;
    if (timeInForce !== FOK || isMarket || taker.couldFill(slot, limitKey)) taker.run(slot, limitKey);
    if (pool.state(slot) === FREE) return;
    if (isShort) orders.expire(slot, 'INSUFFICIENT_LIQUIDITY');
    else if (pool.open(slot) === 0) orders.complete(slot);
    else if (isMarket) orders.expire(slot, 'INSUFFICIENT_LIQUIDITY');
    else if (timeInForce === GTC) orders.rest(slot, this.outside.aheadOf(side, price));
    else if (timeInForce === FOK) orders.expire(slot, 'UNFILLED_FOK_ORDER_EXPIRED');
    else orders.expire(slot, 'UNFILLED_IOC_QUANTITY_EXPIRED');
  }

  /**
   * Ends a command. First come the pending orders that it activated, then the stops that fire at the last price that it left,
   * each as a command of its own after which stops are looked at again: stops at a price, above the market before below,
   * nearest first, then oldest; after them trailing stops, oldest first.
   */
  settle(): void {
    const { orders, pool } = this;
    const { turns } = orders;
    this.listener.stepEnded?.();
    if (this.tape.hasNews) this.fireStops();
    if (turns.length === 0) return;
    for (let turn = 0; turn < turns.length; turn++) {
      const slot = turns[turn]!;
      // Its list may have ended an order before its turn came.
      if (pool.state(slot) === PENDING) this.activate(slot);
      else if (pool.state(slot) === FIRED) this.enterFired(slot);
      this.listener.stepEnded?.();
      if (this.tape.hasNews) this.fireStops();
    }
    turns.length = 0;
  }

  private enterFired(slot: number): void {
    const isAdmitted = this.funds.admitFired?.(this.pool.id(slot)) ?? true;
    if (isAdmitted) this.enter(slot);
    else this.orders.expire(slot, 'REJECTED');
  }

  private fireStops(): void {
    const { orders, pool, fired, started } = this;
    const last = this.tape.lastPrice;
    this.tape.hasNews = false;
    for (let slot = orders.stops.takeFired(last); slot !== -1; slot = orders.stops.takeFired(last))
      orders.fire(slot);
    if (!orders.stops.hasFollowers) return;
    orders.stops.observe(last, fired, started);
    for (const slot of started) this.listener.trailingStarted(pool.id(slot));
    for (const slot of fired) {
      if (pool.state(slot) !== WAITING) continue;
      orders.stops.remove(slot);
      orders.fire(slot);
    }
    fired.length = 0;
    started.length = 0;
  }

  private activate(slot: number): void {
    const { pool, orders } = this;
    const id = pool.id(slot);
    const list = orders.lists.get(pool.list(slot));
    if (pool.original(slot) === 0 && list !== undefined) {
      const proceeds = this.funds.proceedsOf(list.workingOrderId, list.workingExecuted);
      if (proceeds > 0) orders.size(slot, proceeds);
    }
    const isStop = pool.type(slot) >= STOP_LOSS;
    const wouldTrigger = isStop && this.hasReached(slotWaitsAbove(pool, slot), pool.stopPrice(slot));
    if (pool.open(slot) === 0 || wouldTrigger || !this.funds.lockPending(id)) {
      orders.expire(slot, 'REJECTED');
      return;
    }
    this.listener.activated(id);
    this.start(slot);
  }

  /** False before the first trade, and for a trailing stop without a stop price. */
  private hasReached(isAbove: boolean, stopPrice: number): boolean {
    return stopPrice !== 0 && this.tape.lastPrice !== 0 && isReached(isAbove, stopPrice, this.tape.lastPrice);
  }

  private wouldMatch(side: SideCode, price: number): boolean {
    const inside = this.orders.book.opposite(side);
    const outside = side === BUY ? this.outside.asks : this.outside.bids;
    const limitKey = price * inside.sign;
    return inside.bestKey >= limitKey || outside.bestKey >= limitKey;
  }

  private peg(slot: number): boolean {
    const pool = this.pool;
    const side: Side = pool.side(slot) === BUY ? 'BUY' : 'SELL';
    const isPrimary = pool.peg(slot) === PRIMARY_PEG;
    const price = this.pegPrice(side, isPrimary, pool.pegOffset(slot), pool.price(slot));
    if (price === 0) return false;
    pool.setPrice(slot, price);
    this.listener.pegged(pool.id(slot), price as Ticks);
    return true;
  }

  /** Stops find their price when they fire, so at placement any answer but 0 does. */
  private pegPriceOf(request: OrderRequest): number {
    if (request.type === 'STOP_LOSS_LIMIT' || request.type === 'TAKE_PROFIT_LIMIT') return -1;
    const isPrimary = request.pegPriceType === 'PRIMARY_PEG';
    return this.pegPrice(request.side, isPrimary, request.pegOffsetLevels, request.price);
  }

  /** The price of a level that exists, but no worse for the owner than `bound` where that is not 0; 0 without such a level. */
  pegPrice(side: Side, isPrimary: boolean, offset: number, bound: number): number {
    const isBuy = side === 'BUY';
    const price = this.taker.priceOfLevel(isBuy === isPrimary ? 'bids' : 'asks', offset);
    if (price === 0 || bound === 0) return price;
    return isBuy ? Math.min(price, bound) : Math.max(price, bound);
  }
}
