import type { Lots, Ticks } from '../../market/index.ts';
import type { Side } from '../../orders/index.ts';
import { invariant } from '../../result.ts';
import type { ListKind } from '../contingency.ts';
import { isWellOrdered } from './list-prices.ts';
import type { MatchingListener } from './listener.ts';
import { OpenOrders } from './open-orders.ts';
import { BUY, type OrderPool, PENDING, RESTING, SELL } from './order-pool.ts';
import { OutsideMarket } from './outside-market.ts';
import { type FundsPort, Placement } from './placement.ts';
import type { QueueSide } from './queue-side.ts';
import type {
  AmendRefusal,
  CancelRefusal,
  CancelRestriction,
  OrderRefusal,
  OrderRequest,
} from './request.ts';
import { restoreOrders, type SavedEngine, saveOrders } from './saved-engine.ts';
import { type PriceRange, TakerPhase } from './taker.ts';
import { Tape } from './tape.ts';

export interface EngineOptions {
  /** Without it every pending order can be paid for, and an OPO sells all that its working order bought. */
  readonly funds?: FundsPort;
  /** The step of the quantities that the engine chooses itself, in lots; 1 where the grid is as coarse as the step. */
  readonly stepLots?: number;
  /** Notes which levels of the visible book change, for `takeChanges`. */
  readonly notesChanges?: boolean;
}

/**
 * The exchange's model of one symbol: price-time priority, every order type, time in force, order list and self-trade
 * prevention mode of binance-spot.md sections 4.3, 5 and 11. The same engine serves backtests and paper trading, where the
 * real market around our orders is given by `applyQuote`, `applyDepth` and `applyTrade` (rules in outside-market.ts), and the
 * exchange simulator, where all orders are its clients'.
 *
 * It is pure: commands go in, and what happens comes out through the listener while the command runs. It knows no time,
 * since nothing in the rules depends on it; whoever gives a command knows when. It keeps no balances and checks no filter;
 * the caller reserves before it places (`FundsPort` for what only the engine knows). It does not compare client order ids.
 *
 * Prices are in ticks, quantities in lots, of one grid. Order ids and trade ids count up from 1. A command with orders that
 * rest, trade and are canceled allocates nothing; stops, lists and pegs do.
 */
export class MatchingEngine {
  private readonly listener: MatchingListener;
  private readonly orders: OpenOrders;
  private readonly pool: OrderPool;
  private readonly tape: Tape;
  private readonly outside: OutsideMarket;
  private readonly taker: TakerPhase;
  private readonly placement: Placement;
  private stepLots: number;
  private readonly notesChanges: boolean;
  private isBusy = false;

  constructor(listener: MatchingListener, options: EngineOptions = {}) {
    this.listener = listener;
    this.orders = new OpenOrders(listener);
    this.pool = this.orders.pool;
    this.tape = new Tape(listener);
    this.outside = new OutsideMarket(this.orders, this.tape);
    this.taker = new TakerPhase(this.orders, this.outside.bids, this.outside.asks, this.tape, listener);
    const funds = options.funds ?? ENDLESS_FUNDS;
    this.placement = new Placement(this.orders, this.taker, this.outside, this.tape, listener, funds);
    this.stepLots = options.stepLots ?? 1;
    this.notesChanges = options.notesChanges ?? false;
    if (this.notesChanges) this.noteChanges();
  }

  /** An engine that goes on where another was saved. */
  static restore(listener: MatchingListener, options: EngineOptions, saved: SavedEngine): MatchingEngine {
    const engine = new MatchingEngine(listener, options);
    restoreOrders(engine.orders, saved);
    engine.outside.bids.restoreLevels(saved.outsideBids);
    engine.outside.asks.restoreLevels(saved.outsideAsks);
    engine.tape.lastPrice = saved.lastPrice;
    engine.tape.lastTradeId = saved.lastTradeId;
    engine.taker.lastPreventedMatchId = saved.lastPreventedMatchId;
    if (engine.notesChanges) engine.noteChanges();
    return engine;
  }

  /** Between two commands. The price range is not in it. */
  save(): SavedEngine {
    invariant(!this.isBusy, 'an engine is saved between commands');
    return {
      ...saveOrders(this.orders),
      lastTradeId: this.tape.lastTradeId,
      lastPreventedMatchId: this.taker.lastPreventedMatchId,
      lastPrice: this.tape.lastPrice,
      outsideBids: this.outside.bids.saveLevels(),
      outsideAsks: this.outside.asks.saveLevels(),
    };
  }

  /** Why `place` would not take an order now. */
  refusalOf(request: OrderRequest): OrderRefusal | undefined {
    if (request.quoteAmount === 0) return this.placement.refusalOf(request);
    const { quantity } = this.quantityForAmount(request.side, request.quoteAmount);
    return quantity === 0 ? 'liquidity_below_minimum_quantity' : undefined;
  }

  /** What a market order by quote amount would trade now; see `TakerPhase.quantityFor`. */
  quantityForAmount(side: Side, quoteAmount: number): { readonly quantity: Lots; readonly isShort: boolean } {
    const { quantity, isShort } = this.taker.quantityFor(
      side === 'BUY' ? BUY : SELL,
      quoteAmount,
      this.stepLots,
    );
    return { quantity: quantity as Lots, isShort };
  }

  /** What a market order would trade with if it came now, part by part; nothing happens. It costs no more than that. */
  rehearse(request: OrderRequest, visit: (price: Ticks, quantity: Lots) => void): void {
    this.taker.rehearse(request, visit);
  }

  /** The price that a peg would take now; 0 where the book has too few levels. */
  pegPriceOf(request: OrderRequest): Ticks {
    const isPrimary = request.pegPriceType === 'PRIMARY_PEG';
    return this.placement.pegPrice(request.side, isPrimary, request.pegOffsetLevels, request.price) as Ticks;
  }

  /** The step of the quantities that the engine chooses itself, from now on. */
  setStep(stepLots: number): void {
    this.stepLots = stepLots;
  }

  /**
   * The prices of a side whose visible quantity may have changed since the last call, in the order of the changes, with
   * repetitions. Only with `notesChanges`.
   */
  takeChanges(side: Side): readonly Ticks[] {
    const inside = this.bookSide(side);
    const outside = side === 'BUY' ? this.outside.bids : this.outside.asks;
    if (!inside.changes?.length && !outside.changes?.length) return NO_PRICES;
    const prices = [...(inside.changes ?? []), ...(outside.changes ?? [])].map((key) => key * inside.sign);
    inside.changes = [];
    outside.changes = [];
    return prices as Ticks[];
  }

  /** Our visible quantity at a price and what is to be had there from outside. */
  visibleAt(side: Side, price: Ticks): Lots {
    const inside = this.bookSide(side);
    const outside = side === 'BUY' ? this.outside.bids : this.outside.asks;
    const key = price * inside.sign;
    return (inside.visibleAtKey(key) + outside.availableAtKey(key)) as Lots;
  }

  /** The visible book with what is shown from outside, best price first. */
  visibleLevels(side: Side, limit = Number.POSITIVE_INFINITY): BookLevel[] {
    return this.taker.visibleLevels(side === 'BUY' ? 'bids' : 'asks', limit);
  }

  /** The new order's id, or why it was not taken; then nothing has happened. */
  place(request: OrderRequest): number | OrderRefusal {
    this.begin();
    const placed = request.quoteAmount === 0 ? this.placeOne(request) : this.placeByQuoteAmount(request);
    this.end();
    return placed;
  }

  /**
   * Places the orders of a list, all or none. Their ids follow one another in the order given, which is also the order in
   * which alternatives are placed and activated: OCO two alternatives; OTO and OPO working, pending; OTOCO and OPOCO working
   * and two pending alternatives. The exchange puts the stop before the limit.
   * @returns the list's id, counting up from 1, or why it was not taken
   */
  placeList(kind: ListKind, requests: readonly OrderRequest[]): { readonly listId: number } | OrderRefusal {
    const hasWorking = kind !== 'OCO';
    invariant(requests.length === LEGS[kind], `${kind} has ${LEGS[kind]} orders`);
    const refusal = this.refusalOfList(kind, requests);
    if (refusal !== undefined) return refusal;
    this.begin();
    const { orders, pool } = this;
    const legs = requests.map((request) => orders.admit(request));
    const list = orders.lists.open(kind, [...legs]);
    legs.forEach((slot, at) => {
      const isPending = hasWorking && at > 0;
      if (isPending) pool.setState(slot, PENDING);
      this.listener.accepted(pool.id(slot), requests[at] as OrderRequest, isPending);
    });
    this.listener.listStatus(list.id, 'EXECUTING');
    for (const slot of hasWorking ? legs.slice(0, 1) : legs) this.placement.start(slot);
    this.end();
    return { listId: list.id };
  }

  /** Undefined when done. Canceling an order of a list cancels the list. */
  cancel(orderId: number, restriction: CancelRestriction = 'NONE'): CancelRefusal | undefined {
    const slot = this.orders.slotOf(orderId);
    if (slot === -1) return 'unknown_order';
    if (restriction !== 'NONE' && !this.allows(restriction, slot)) return 'cancel_restricted';
    this.begin();
    this.orders.cancel(slot);
    this.end();
    return undefined;
  }

  /** Undefined when done. */
  cancelList(listId: number): CancelRefusal | undefined {
    const list = this.orders.lists.get(listId);
    if (list === undefined) return 'unknown_order';
    return this.cancel(this.pool.id(list.legs.find((slot) => slot !== -1) as number));
  }

  /** Ends an order on the venue's own account (reason EXCHANGE_CANCELED), its list included. */
  expire(orderId: number): CancelRefusal | undefined {
    const slot = this.orders.slotOf(orderId);
    if (slot === -1) return 'unknown_order';
    this.begin();
    this.orders.expire(slot, 'EXCHANGE_CANCELED');
    this.end();
    return undefined;
  }

  /**
   * Reduces an order to `quantity`, what it has executed included, and keeps its place in the queue. One of two
   * alternatives takes the other with it. Undefined when done.
   */
  amend(orderId: number, quantity: Lots): AmendRefusal | undefined {
    const { orders, pool } = this;
    const slot = orders.slotOf(orderId);
    if (slot === -1) return 'unknown_order';
    const original = pool.original(slot);
    if (original === 0) return 'pending_opo';
    if (quantity === original) return 'no_change';
    if (quantity > original) return 'quantity_increase';
    // Self-trade prevention may have taken more off one alternative than off the other.
    const twin = orders.lists.twinOf(slot);
    const hasNothingLeft = (leg: number): boolean => quantity <= pool.original(leg) - pool.open(leg);
    if (hasNothingLeft(slot) || (twin !== -1 && hasNothingLeft(twin))) return 'nothing_would_remain';
    this.begin();
    this.reduceTo(slot, quantity);
    if (twin !== -1) this.reduceTo(twin, quantity);
    this.end();
    return undefined;
  }

  /** Sets or lifts the limits of the price-range execution rule for takers from now on. */
  setPriceRange(range: PriceRange | undefined): void {
    this.taker.range = range;
  }

  /** The real market's best prices; a quantity of 0 says that a side is empty. Replaces all that was shown before. */
  applyQuote(bidPrice: Ticks, bidQuantity: Lots, askPrice: Ticks, askQuantity: Lots): void {
    this.begin();
    this.outside.applyQuote(bidPrice, bidQuantity, askPrice, askQuantity);
    this.end();
  }

  /**
   * A difference of the real book.
   * @param bids, asks  price, quantity, price, quantity, ... in ticks and lots, in any order; 0 removes
   */
  applyDepth(bids: ArrayLike<number>, asks: ArrayLike<number>): void {
    this.begin();
    this.outside.applyDepth(bids, asks);
    this.end();
  }

  /** A snapshot of the real book: as `applyDepth`, but forgets every price that it does not name. */
  replaceDepth(bids: ArrayLike<number>, asks: ArrayLike<number>): void {
    this.begin();
    this.outside.replaceDepth(bids, asks);
    this.end();
  }

  /** A trade of the real market. */
  applyTrade(price: Ticks, quantity: Lots, takerSide: Side): void {
    this.begin();
    const rest = this.outside.trade(price, quantity, takerSide === 'BUY' ? BUY : SELL);
    if (rest > 0) this.listener.outsideTrade?.(price, rest as Lots, takerSide);
    this.end();
  }

  /** Undefined before the first trade. */
  get lastPrice(): Ticks | undefined {
    return this.tape.lastPrice === 0 ? undefined : (this.tape.lastPrice as Ticks);
  }

  get openOrderCount(): number {
    return this.pool.count;
  }

  isOpen(orderId: number): boolean {
    return this.orders.slotOf(orderId) !== -1;
  }

  /** Of an open order: original = executed + prevented + open. Undefined when there is no such open order. */
  quantitiesOf(orderId: number): OrderQuantities | undefined {
    const slot = this.orders.slotOf(orderId);
    if (slot === -1) return undefined;
    const pool = this.pool;
    return {
      original: pool.original(slot),
      executed: pool.executed(slot),
      prevented: pool.prevented(slot),
      open: pool.open(slot),
    };
  }

  /** Our side of the public book: visible quantity per price, best first, at most `limit` levels; outside liquidity is not in it. */
  levels(side: Side, limit = Number.POSITIVE_INFINITY): BookLevel[] {
    const book = this.bookSide(side);
    const count = Math.min(limit, book.levels);
    return Array.from({ length: count }, (_, rank) => ({
      price: book.priceAt(rank),
      quantity: book.visibleAt(rank),
    }));
  }

  /** The ids of the resting orders of a side in the order in which they would trade. */
  queue(side: Side): number[] {
    const book = this.bookSide(side);
    const ids: number[] = [];
    for (let rank = 0; rank < book.levels; rank++) {
      for (let slot = book.frontAt(rank); slot !== -1; slot = this.pool.next(slot))
        ids.push(this.pool.id(slot));
    }
    return ids;
  }

  private bookSide(side: Side): QueueSide {
    return side === 'BUY' ? this.orders.book.bids : this.orders.book.asks;
  }

  private placeOne(request: OrderRequest): number | OrderRefusal {
    const refusal = this.placement.refusalOf(request);
    if (refusal !== undefined) return refusal;
    const slot = this.orders.admit(request);
    const id = this.pool.id(slot);
    this.listener.accepted(id, request, false);
    this.placement.start(slot);
    return id;
  }

  private placeByQuoteAmount(request: OrderRequest): number | OrderRefusal {
    invariant(request.quoteAmount <= Number.MAX_SAFE_INTEGER, 'a quote amount is a whole number below 2^53');
    const side = request.side === 'BUY' ? BUY : SELL;
    const { quantity, isShort } = this.taker.quantityFor(side, request.quoteAmount, this.stepLots);
    if (quantity === 0) return 'liquidity_below_minimum_quantity';
    const slot = this.orders.admit(request);
    const id = this.pool.id(slot);
    this.listener.accepted(id, request, false);
    this.orders.size(slot, quantity);
    this.placement.enter(slot, isShort);
    return id;
  }

  /** Why `placeList` would not take a list now. */
  refusalOfList(kind: ListKind, requests: readonly OrderRequest[]): OrderRefusal | undefined {
    const hasWorking = kind !== 'OCO';
    const pair = hasWorking ? requests.slice(1) : requests;
    const lastPrice = hasWorking ? 0 : this.tape.lastPrice;
    if (pair.length === 2 && !isWellOrdered(pair, lastPrice)) return 'oco_bad_prices';
    for (const request of hasWorking ? requests.slice(0, 1) : requests) {
      const refusal = this.placement.refusalOf(request);
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  }

  private allows(restriction: CancelRestriction, slot: number): boolean {
    const isTouched = this.pool.executed(slot) > 0;
    return restriction === 'ONLY_PARTIALLY_FILLED'
      ? isTouched
      : !isTouched && this.pool.state(slot) !== PENDING;
  }

  private reduceTo(slot: number, quantity: Lots): void {
    const { pool, orders } = this;
    const less = pool.original(slot) - quantity;
    pool.setOriginal(slot, quantity);
    if (pool.state(slot) === RESTING) orders.book.side(pool.side(slot)).reduce(slot, less);
    else pool.setOpen(slot, pool.open(slot) - less);
    this.listener.replaced(pool.id(slot), quantity);
  }

  private noteChanges(): void {
    for (const side of ['BUY', 'SELL'] as const) this.bookSide(side).changes = [];
    this.outside.bids.changes = [];
    this.outside.asks.changes = [];
  }

  private begin(): void {
    invariant(!this.isBusy, 'a listener gives no commands');
    this.isBusy = true;
  }

  private end(): void {
    this.placement.settle();
    this.isBusy = false;
  }
}

export interface OrderQuantities {
  readonly original: Lots;
  readonly executed: Lots;
  readonly prevented: Lots;
  readonly open: Lots;
}

export interface BookLevel {
  readonly price: Ticks;
  readonly quantity: Lots;
}

const NO_PRICES: readonly Ticks[] = [];

const LEGS: Readonly<Record<ListKind, number>> = { OCO: 2, OTO: 2, OPO: 2, OTOCO: 3, OPOCO: 3 };

const ENDLESS_FUNDS: FundsPort = {
  lockPending: () => true,
  proceedsOf: (_workingOrderId, executed) => executed,
};
