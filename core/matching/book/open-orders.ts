import type { Lots } from '../../market/index.ts';
import type { ExpiryReason } from '../expiry.ts';
import { Book } from './book.ts';
import { IdIndex } from './id-index.ts';
import type { MatchingListener } from './listener.ts';
import { type LegActions, OrderLists } from './order-lists.ts';
import {
  BUY,
  DECREMENT,
  EXPIRE_BOTH,
  EXPIRE_MAKER,
  EXPIRE_TAKER,
  FIRED,
  FOK,
  GTC,
  IOC,
  LIMIT,
  LIMIT_MAKER,
  MARKET,
  MARKET_PEG,
  NONE,
  OrderPool,
  PRIMARY_PEG,
  RESTING,
  SELL,
  type SideCode,
  STOP_LOSS,
  STOP_LOSS_LIMIT,
  TAKE_PROFIT,
  TAKE_PROFIT_LIMIT,
  TAKING,
  TRANSFER,
  UNPEGGED,
  WAITING,
} from './order-pool.ts';
import type { OrderRequest } from './request.ts';
import { Stops } from './stops.ts';

/**
 * Every open order, wherever it is (in the book, waiting as a stop, pending in a list), and the ways in which one begins
 * and ends. Whatever ends an order goes through here, so that its list hears of it and its slot is freed.
 */
export class OpenOrders implements LegActions {
  readonly pool: OrderPool;
  readonly book: Book;
  readonly stops: Stops;
  readonly lists: OrderLists;
  /** Fired stops and activated pending orders, in the order in which they are to be placed. */
  readonly turns: number[] = [];
  lastOrderId = 0;
  private readonly index = new IdIndex();
  private readonly listener: MatchingListener;

  constructor(listener: MatchingListener) {
    this.listener = listener;
    this.pool = new OrderPool();
    this.book = new Book(this.pool);
    this.stops = new Stops(this.pool);
    this.lists = new OrderLists(this.pool, this, listener);
  }

  /** The slot of an open order, or -1. */
  slotOf(orderId: number): number {
    return this.index.get(orderId);
  }

  /** Gives a request a slot and an order id. */
  admit(request: OrderRequest): number {
    const pool = this.pool;
    const slot = pool.allocate();
    this.lastOrderId += 1;
    const id = this.lastOrderId;
    this.index.add(id, slot);
    pool.setId(slot, id);
    pool.setAccount(slot, request.account);
    pool.setTradeGroup(slot, request.tradeGroup);
    pool.setSide(slot, sideCode(request));
    pool.setType(slot, typeCode(request));
    pool.setTimeInForce(slot, timeInForceCode(request));
    pool.setPrevention(slot, preventionCode(request));
    pool.setOriginal(slot, request.quantity);
    pool.setOpen(slot, request.quantity);
    pool.setExecuted(slot, 0);
    pool.setPrice(slot, request.price);
    pool.setStopPrice(slot, request.stopPrice);
    pool.setTrailingDelta(slot, request.trailingDeltaBps);
    pool.setSlice(slot, request.icebergQuantity);
    pool.setPeg(slot, pegCode(request));
    pool.setPegOffset(slot, request.pegOffsetLevels);
    pool.setList(slot, 0);
    pool.setState(slot, TAKING);
    return slot;
  }

  /** A slot for an order that had this id before; ids come back in any order, below what comes next. */
  readmit(id: number): number {
    const slot = this.pool.allocate();
    this.index.add(id, slot);
    return slot;
  }

  /** Sets the quantity of an order that was placed without one. */
  size(slot: number, quantity: number): void {
    this.pool.setOriginal(slot, quantity);
    this.pool.setOpen(slot, quantity);
    this.listener.sized(this.pool.id(slot), quantity as Lots);
  }

  /** Puts what is open of an order into the book. @param ahead  outside quantity before it at its price */
  rest(slot: number, ahead: number): void {
    const pool = this.pool;
    const open = pool.open(slot);
    const slice = pool.slice(slot);
    pool.setVisible(slot, slice !== 0 && slice < open ? slice : open);
    pool.setAhead(slot, ahead);
    pool.setState(slot, RESTING);
    this.book.side(pool.side(slot)).add(slot);
  }

  /** A resting order traded `quantity`, at most what is visible; the trade has been told already. */
  fillMaker(slot: number, quantity: number): void {
    const pool = this.pool;
    pool.setExecuted(slot, pool.executed(slot) + quantity);
    this.book.side(pool.side(slot)).take(slot, quantity);
    if (pool.open(slot) === 0) this.complete(slot);
    else if (pool.list(slot) !== 0) this.lists.report(slot, 'filled_in_part');
  }

  /** An order that is not in the book traded `quantity`. It stays, even with nothing left, until its command ends. */
  fillTaker(slot: number, quantity: number): void {
    const pool = this.pool;
    pool.setExecuted(slot, pool.executed(slot) + quantity);
    pool.setOpen(slot, pool.open(slot) - quantity);
    if (pool.list(slot) !== 0 && pool.open(slot) !== 0) this.lists.report(slot, 'filled_in_part');
  }

  /** Frees an order that has nothing left to trade and is out of the book. */
  complete(slot: number): void {
    if (this.pool.list(slot) !== 0) this.lists.report(slot, 'filled');
    this.free(slot);
  }

  cancel(slot: number): void {
    this.withdraw(slot);
    this.listener.canceled(this.pool.id(slot));
    if (this.pool.list(slot) !== 0) this.lists.report(slot, 'canceled');
    this.free(slot);
  }

  expire(slot: number, reason: ExpiryReason): void {
    this.withdraw(slot);
    this.listener.expired(this.pool.id(slot), reason);
    if (this.pool.list(slot) !== 0) this.lists.report(slot, 'expired');
    this.free(slot);
  }

  /** Ends an order all of which that was left has been prevented from trading. */
  expireInMatch(slot: number): void {
    this.listener.expiredInMatch(this.pool.id(slot));
    if (this.pool.list(slot) !== 0) this.lists.report(slot, 'expired');
    this.free(slot);
  }

  /** Takes an order out of the book or out of the waiting stops. */
  withdraw(slot: number): void {
    const state = this.pool.state(slot);
    if (state === RESTING) this.book.side(this.pool.side(slot)).remove(slot);
    else if (state === WAITING) this.stops.remove(slot);
    this.pool.setState(slot, TAKING);
  }

  /** A stop that is out of the waiting ones fires: it will be placed when its turn comes. */
  fire(slot: number): void {
    this.pool.setState(slot, FIRED);
    this.listener.triggered(this.pool.id(slot));
    if (this.pool.list(slot) !== 0) this.lists.report(slot, 'triggered');
    this.turns.push(slot);
  }

  activate(slot: number): void {
    this.turns.push(slot);
  }

  private free(slot: number): void {
    this.index.delete(this.pool.id(slot));
    this.pool.release(slot);
  }
}

const sideCode = (request: OrderRequest): SideCode => (request.side === 'BUY' ? BUY : SELL);

function typeCode({ type }: OrderRequest): number {
  if (type === 'LIMIT') return LIMIT;
  switch (type) {
    case 'LIMIT_MAKER':
      return LIMIT_MAKER;
    case 'MARKET':
      return MARKET;
    case 'STOP_LOSS':
      return STOP_LOSS;
    case 'STOP_LOSS_LIMIT':
      return STOP_LOSS_LIMIT;
    case 'TAKE_PROFIT':
      return TAKE_PROFIT;
    case 'TAKE_PROFIT_LIMIT':
      return TAKE_PROFIT_LIMIT;
  }
}

function timeInForceCode({ timeInForce }: OrderRequest): number {
  if (timeInForce === 'GTC') return GTC;
  return timeInForce === 'IOC' ? IOC : FOK;
}

function preventionCode({ selfTradePrevention }: OrderRequest): number {
  switch (selfTradePrevention) {
    case 'NONE':
      return NONE;
    case 'EXPIRE_TAKER':
      return EXPIRE_TAKER;
    case 'EXPIRE_MAKER':
      return EXPIRE_MAKER;
    case 'EXPIRE_BOTH':
      return EXPIRE_BOTH;
    case 'DECREMENT':
      return DECREMENT;
    case 'TRANSFER':
      return TRANSFER;
  }
}

function pegCode({ pegPriceType }: OrderRequest): number {
  if (pegPriceType === 'NONE') return UNPEGGED;
  return pegPriceType === 'PRIMARY_PEG' ? PRIMARY_PEG : MARKET_PEG;
}
