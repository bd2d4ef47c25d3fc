import type { Grid, Lots, Ticks } from '../../market/index.ts';
import type { Price, Tally } from '../../money/index.ts';
import {
  type Approved,
  type Liquidity,
  legsOf,
  type OrderIntent,
  type OrderListIntent,
  stopTermsOf,
  waitsAbove,
} from '../../orders/index.ts';
import type { AssetBook, MarketAccounts, Portfolio } from '../../portfolio/index.ts';
import { err, ok, type Result, unreachable } from '../../result.ts';
import { FIRST_PHASE, type LegEvent, reactionTo } from '../contingency.ts';
import { type CountedTerms, counted } from '../counted.ts';
import type { ExpiryReason } from '../expiry.ts';
import { isReached, TrailingStop } from '../trigger.ts';
import { BarMatcher } from './bar-matcher.ts';
import { BarOrder, type BarOrderList, type Lock } from './bar-order.ts';
import { BarSettlement, type LockRefusal, type SettlementFailure } from './bar-settlement.ts';
import type { FeeDiscount, FeeRates } from './fees.ts';
import type { Slippage } from './slippage.ts';

/** What the owner of a bar market chooses: rule 2 to 4 of docs/fills.md. */
export interface FillAssumptions {
  readonly fees: FeeRates;
  readonly slippage: Slippage;
  /** Whether a bar must trade through a limit price, or only reach it. */
  readonly limitFill: 'through' | 'touch';
}

/** What the exchange refuses at placement, beyond its filters. */
export type BarRefusal =
  | { readonly reason: 'no_price_yet' }
  | { readonly reason: 'price_too_large'; readonly was: Price }
  | { readonly reason: 'would_trigger_immediately'; readonly stopPrice: Price; readonly last: Price }
  | { readonly reason: 'would_match_immediately'; readonly price: Price; readonly last: Price }
  | LockRefusal;

/** Why an order left without having been filled or canceled by its owner. */
export type BarOrderEnd = ExpiryReason | SettlementFailure | 'END_OF_DATA';

/** Hears what becomes of the orders of one market, in the order it happens. Tallies are only valid during the call. */
export interface BarMarketListener {
  filled(
    order: BarOrder,
    lots: Lots,
    price: Ticks,
    quote: Tally,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): void;
  canceled(order: BarOrder): void;
  expired(order: BarOrder, reason: BarOrderEnd): void;
}

/**
 * The exchange of one symbol as far as bars can show it: holds open orders, matches them against each next bar by the
 * fill contract of docs/fills.md, and books every fill. Within a bar the open comes first, then what is worse for us (stops),
 * then what is better (limits, targets). Prices and quantities are counted in the market's grid.
 */
export class BarMarket {
  readonly symbol: string;
  readonly grid: Grid;
  readonly accounts: MarketAccounts;
  /** The last price that traded: the close of the last bar; zero before the first. */
  last = 0 as Ticks;
  /** When the bar that is being matched opened: the time of its fills. */
  openTimeMs = Number.NaN;
  private readonly settlement: BarSettlement;
  private readonly matcher: BarMatcher;
  private readonly listener: BarMarketListener;
  private readonly orders: BarOrder[] = [];
  /** The largest product of a price and a quantity, both counted. */
  private readonly worthMaximum: number;

  /** @param increments  the instrument's tick and step, counted in the grid */
  constructor(
    symbol: string,
    grid: Grid,
    increments: { readonly tick: Ticks; readonly step: Lots },
    accounts: MarketAccounts,
    portfolio: Portfolio,
    assumptions: FillAssumptions,
    listener: BarMarketListener,
    discount?: FeeDiscount,
  ) {
    const { fees, slippage, limitFill } = assumptions;
    this.symbol = symbol;
    this.grid = grid;
    this.accounts = accounts;
    this.listener = listener;
    this.worthMaximum = WORTH_MAXIMUM * 10 ** (grid.priceDecimals + grid.quantityDecimals);
    this.settlement = new BarSettlement(grid, increments.step, accounts, portfolio, fees, discount);
    this.matcher = new BarMatcher(slippage, limitFill, increments.tick, {
      triggered: (order) => this.react(order, 'triggered'),
      fill: (order, price, liquidity) => this.fill(order, price, liquidity),
      expire: (order, reason) => this.end(order, 'expired', reason),
    });
  }

  get openOrders(): readonly BarOrder[] {
    return this.orders;
  }

  get hasOrders(): boolean {
    return this.orders.length > 0;
  }

  /** Takes an order that passed every check and locks what it needs, or says what the exchange itself refuses. */
  place(intent: Approved<OrderIntent>): Result<BarOrder, BarRefusal> {
    const order = this.count(intent);
    const refusal = this.refusalOf(order);
    if (refusal !== undefined) return err(refusal);
    const lock = this.settlement.lockFor([order], this.last);
    if (!lock.ok) return lock;
    this.open(order, lock.value);
    return ok(order);
  }

  /**
   * Takes the legs of an order list, working first, or none of them. Alternatives lock once, the larger need; what waits for
   * a working order is judged, and locks, when that is filled.
   */
  placeList(intent: Approved<OrderListIntent>): Result<readonly BarOrder[], BarRefusal> {
    const legs = legsOf(intent).map((leg) => this.count(leg));
    const list: BarOrderList = {
      clientOrderId: intent.listClientOrderId,
      phase: FIRST_PHASE[intent.kind],
      legs,
    };
    const hasWorking = list.phase !== 'alternatives';
    const first = hasWorking ? legs.slice(0, 1) : legs;
    for (const leg of first) {
      const refusal = this.refusalOf(leg);
      if (refusal !== undefined) return err(refusal);
    }
    const lock = this.settlement.lockFor(first, this.last);
    if (!lock.ok) return lock;
    for (const leg of legs) {
      leg.list = list;
      leg.state = 'pending';
    }
    if (hasWorking) legs[0]!.role = 'working';
    for (const leg of first) this.open(leg, lock.value);
    return ok(legs);
  }

  /** What the exchange refuses at the last price, the balance apart; undefined when it takes the order. */
  private refusalOf(order: BarOrder): BarRefusal | undefined {
    if (this.last === 0) return { reason: 'no_price_yet' };
    const uncountable = this.uncountable(order);
    if (uncountable !== undefined) return uncountable;
    const { stop, limit, isBuy } = order;
    if (stop !== 0 && order.trailing === undefined) {
      if (isReached(waitsAbove(order.stopType!, order.intent.side), stop, this.last)) {
        const [stopPrice, last] = [this.grid.priceOf(stop), this.grid.priceOf(this.last)];
        return { reason: 'would_trigger_immediately', stopPrice, last };
      }
    }
    if (order.intent.terms.type === 'LIMIT_MAKER' && (isBuy ? limit >= this.last : limit <= this.last)) {
      const [price, last] = [this.grid.priceOf(limit), this.grid.priceOf(this.last)];
      return { reason: 'would_match_immediately', price, last };
    }
    return undefined;
  }

  /** Prices and quantities of 2^53 counts and more, and orders worth more than a balance can hold, cannot be reckoned with. */
  private uncountable({ intent, uncounted, lots, limit, stop }: BarOrder): BarRefusal | undefined {
    if (uncounted !== undefined) {
      return uncounted.field === 'price' || uncounted.field === 'stopPrice'
        ? { reason: 'price_too_large', was: uncounted.was }
        : { reason: 'quantity_too_large', was: uncounted.was };
    }
    const { quantity } = intent.terms;
    // A quote amount is counted, and judged, when it is locked.
    if (quantity === undefined || lots * Math.max(this.last, limit, stop) <= this.worthMaximum)
      return undefined;
    return { reason: 'quantity_too_large', was: quantity };
  }

  /** Cancels an order and, as the exchange does, its whole list, which may be named instead. False when it is not open. */
  cancel(clientOrderId: string): boolean {
    const order = this.find(clientOrderId);
    if (order === undefined) return false;
    this.end(order, 'canceled', 'NONE');
    this.dropEnded();
    return true;
  }

  /** Lets every waiting order expire: the data has ended, or an order's time is over. */
  expireAll(reason: BarOrderEnd): void {
    for (const order of this.orders) if (order.state === 'open') this.end(order, 'expired', reason);
    this.dropEnded();
  }

  /** Whether a quantity is below one step: too little to sell. */
  isDust(quantity: Tally): boolean {
    return this.settlement.isDust(quantity);
  }

  /** Takes note of the last price of a bar in which no order of ours could trade. */
  observe(close: number): void {
    this.last = close as Ticks;
  }

  /** Matches a whole bar; prices in ticks of the grid. */
  match(openTimeMs: number, open: number, high: number, low: number, close: number): void {
    this.matchOpen(openTimeMs, open);
    this.matchInside(high, low, close);
  }

  /**
   * Matches the open of the next bar. Where several markets open at one instant, all open before any goes on, so that none
   * spends what another only earns later. An order decided while a longer bar was under way cannot have been in its
   * earlier part, and waits for the next one.
   */
  matchOpen(openTimeMs: number, open: number): void {
    const { orders } = this;
    this.openTimeMs = openTimeMs;
    // A working order that is filled appends what waited for it, hence the length is read anew.
    for (let i = 0; i < orders.length; i += 1) {
      if (this.takesPart(orders[i]!)) this.matcher.atOpen(orders[i]!, open);
    }
  }

  /** Matches the rest of the bar that has been opened. */
  matchInside(high: number, low: number, close: number): void {
    const { orders } = this;
    for (let i = 0; i < orders.length; i += 1) {
      if (this.takesPart(orders[i]!)) this.matcher.atWorse(orders[i]!, high, low);
    }
    const alreadyThere = orders.length;
    // What trails goes on from the better end to the close, so that all which trades on the way to that end comes before it.
    for (let i = 0; i < alreadyThere; i += 1) {
      const order = orders[i]!;
      if (!order.trails && this.takesPart(order)) this.matcher.atBetter(order, high, low, close);
    }
    for (let i = 0; i < alreadyThere; i += 1) {
      const order = orders[i]!;
      if (order.trails && this.takesPart(order)) this.matcher.atBetter(order, high, low, close);
      order.isArriving = order.isArriving && !this.takesPart(order);
    }
    // What was filled by a limit inside the bar got there on the way to its far end: its stop has seen that end too. For
    // what it brought into the market the next open is the first.
    for (let i = alreadyThere; i < orders.length; i += 1) {
      const order = orders[i]!;
      if (!this.takesPart(order)) continue;
      this.matcher.atWorse(order, high, low);
      if (order.isTriggered) order.isArriving = false;
    }
    this.last = close as Ticks;
    this.dropEnded();
  }

  private takesPart(order: BarOrder): boolean {
    return order.state === 'open' && order.intent.decidedAtMs <= this.openTimeMs;
  }

  private fill(order: BarOrder, price: Ticks, liquidity: Liquidity): void {
    const { settlement } = this;
    const failure = settlement.settle(order, price, liquidity);
    if (failure !== undefined) {
      this.end(order, 'expired', failure);
      return;
    }
    order.state = 'filled';
    // What it brings into the market is judged by this price.
    if (order.role === 'working') this.last = price;
    const { lots, quote, fee, feeBook } = settlement;
    this.listener.filled(order, lots, price, quote, fee, feeBook, liquidity);
    this.react(order, 'filled');
    this.release(order);
  }

  private end(order: BarOrder, state: 'canceled' | 'expired', reason: BarOrderEnd): void {
    this.close(order, state, reason);
    this.react(order, state);
  }

  private close(order: BarOrder, state: 'canceled' | 'expired', reason: BarOrderEnd): void {
    order.state = state;
    if (state === 'canceled') this.listener.canceled(order);
    else this.listener.expired(order, reason);
    this.release(order);
  }

  /** Applies what an event of one leg does to the other legs of its list. */
  private react(order: BarOrder, event: LegEvent): void {
    const { list } = order;
    if (list === undefined) return;
    const reaction = reactionTo(list.phase, order.role, event);
    if (reaction === undefined) return;
    list.phase = reaction.next;
    const others = list.legs.filter(
      (leg) => leg !== order && (leg.state === 'open' || leg.state === 'pending'),
    );
    switch (reaction.others) {
      case 'keep':
        return;
      case 'activate':
        return this.activate(others);
      case 'cancel':
        for (const leg of others) this.close(leg, 'canceled', 'NONE');
        return;
      case 'expire':
        for (const leg of others) this.close(leg, 'expired', reaction.reason);
        return;
      default:
        return unreachable(reaction.others);
    }
  }

  /** Places what has waited for a working order; the exchange judges it now as it judges every new order. */
  private activate(legs: readonly BarOrder[]): void {
    const isAcceptable = legs.every((leg) => this.refusalOf(leg) === undefined);
    const lock = isAcceptable ? this.settlement.lockFor(legs, this.last) : undefined;
    for (const leg of legs) {
      if (lock?.ok) {
        leg.trailing?.observe(this.last);
        this.open(leg, lock.value);
      } else {
        this.close(leg, 'expired', 'REJECTED');
      }
    }
  }

  private open(order: BarOrder, lock: Lock): void {
    order.state = 'open';
    order.lock = lock;
    this.orders.push(order);
  }

  /** Gives back what an ended order had locked, unless an open leg of its list still stands on it. */
  private release({ lock, list }: BarOrder): void {
    if (lock === undefined) return;
    if (list?.legs.some((leg) => leg.state === 'open' && leg.lock === lock)) return;
    this.settlement.release(lock);
  }

  /** A leg that waits is judged when its turn comes, so an order that cannot be counted is made, too; it is never opened. */
  private count(intent: OrderIntent): BarOrder {
    const { terms, side } = intent;
    const result = counted(terms, this.grid);
    if (!result.ok) return new BarOrder(intent, UNCOUNTED, undefined, undefined, result.error);
    const { stopPrice } = result.value;
    const stop = stopTermsOf(terms);
    const delta = stop?.trigger.trailingDeltaBps;
    const trailing =
      stop === undefined || delta === undefined
        ? undefined
        : new TrailingStop(stop.type, side, delta, stopPrice === 0 ? undefined : stopPrice);
    return new BarOrder(intent, result.value, stop?.type, trailing, undefined);
  }

  private find(clientOrderId: string): BarOrder | undefined {
    for (const order of this.orders) {
      if (order.intent.clientOrderId === clientOrderId && order.state === 'open') return order;
      if (order.list?.clientOrderId === clientOrderId && order.state === 'open') return order;
      const leg = order.list?.legs.find((one) => one.intent.clientOrderId === clientOrderId);
      if (leg !== undefined && (leg.state === 'open' || leg.state === 'pending')) return leg;
    }
    return undefined;
  }

  private dropEnded(): void {
    const { orders } = this;
    let kept = 0;
    for (let i = 0; i < orders.length; i += 1) {
      const order = orders[i]!;
      if (order.state === 'open') orders[kept++] = order;
    }
    // Setting the length would give the memory back, only to ask for it again with the next order.
    while (orders.length > kept) orders.pop();
  }
}

/** What one order may be worth: a tenth of the 2^53 whole units that a balance can hold, so that it may still become dearer. */
const WORTH_MAXIMUM = 9e14;

const UNCOUNTED: CountedTerms = {
  quantity: 0 as Lots,
  price: 0 as Ticks,
  stopPrice: 0 as Ticks,
  icebergQuantity: 0 as Lots,
};
