import type { Grid, Lots, Ticks } from '../market/index.ts';
import { Tally } from '../money/index.ts';
import {
  type Liquidity,
  legsOf,
  type MarketTerms,
  type OrderIntent,
  type OrderListIntent,
} from '../orders/index.ts';
import { Account, type AssetBook, type MarketAccounts, type Portfolio } from '../portfolio/index.ts';
import { unreachable } from '../result.ts';
import { BarOrder, type BarOrderList, Lock } from './bar-order.ts';
import type { ExpiryReason } from './expiry.ts';
import { chargeFee, type FeeDiscount, type FeeRates } from './fees.ts';
import { FIRST_PHASE, type LegEvent, reactionTo } from './order-list.ts';
import type { Slippage } from './slippage.ts';
import { isReached, TrailingStop, waitsAbove } from './trigger.ts';

/** What the owner of a bar market chooses: rule 2 to 4 of docs/fills.md. */
export interface FillAssumptions {
  readonly fees: FeeRates;
  readonly slippage: Slippage;
  /** Whether a bar must trade through a limit price, or only reach it. */
  readonly limitFill: 'through' | 'touch';
}

/** What the exchange refuses at placement, beyond its filters. A quantity of 2^53 lots or more cannot be counted. */
export type BarRefusal =
  | 'no_price_yet'
  | 'quantity_too_large'
  | 'would_trigger_immediately'
  | 'would_match_immediately';

/** Why an order left without having been filled or canceled by its owner. */
export type BarOrderEnd = ExpiryReason | 'INSUFFICIENT_BALANCE' | 'BELOW_ONE_STEP' | 'END_OF_DATA';

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
  private readonly tick: number;
  private readonly step: number;
  private readonly assumptions: FillAssumptions;
  private readonly portfolio: Portfolio;
  private readonly listener: BarMarketListener;
  private readonly discount: FeeDiscount | undefined;
  private readonly decimals: number;
  private readonly orders: BarOrder[] = [];
  private readonly quantity = new Tally();
  private readonly quote = new Tally();
  private readonly fee = new Tally();
  private readonly feeValue = new Tally();
  private readonly missing = new Tally();

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
    this.symbol = symbol;
    this.grid = grid;
    this.tick = increments.tick;
    this.step = increments.step;
    this.accounts = accounts;
    this.portfolio = portfolio;
    this.assumptions = assumptions;
    this.listener = listener;
    this.discount = discount;
    this.decimals = grid.priceDecimals + grid.quantityDecimals;
  }

  get openOrders(): readonly BarOrder[] {
    return this.orders;
  }

  get hasOrders(): boolean {
    return this.orders.length > 0;
  }

  /** What the exchange itself would refuse at the last price; undefined when it would take the order. */
  refusalOf(intent: OrderIntent): BarRefusal | undefined {
    const { terms, side } = intent;
    if (this.last === 0) return 'no_price_yet';
    if (terms.quantity !== undefined && this.grid.lotsOf(terms.quantity) === undefined)
      return 'quantity_too_large';
    if (
      'trigger' in terms &&
      terms.trigger.stopPrice !== undefined &&
      terms.trigger.trailingDeltaBps === undefined
    ) {
      const stop = this.grid.ticksOf(terms.trigger.stopPrice)!;
      if (isReached(waitsAbove(terms.type, side), stop, this.last)) return 'would_trigger_immediately';
    }
    if (terms.type === 'LIMIT_MAKER') {
      const limit = this.grid.ticksOf(terms.price)!;
      if (side === 'BUY' ? limit >= this.last : limit <= this.last) return 'would_match_immediately';
    }
    return undefined;
  }

  /** Takes an order that passed every check and locks what it needs; undefined when the free balance does not cover it. */
  place(intent: OrderIntent): BarOrder | undefined {
    const order = this.count(intent);
    const lock = new Lock(this.lockBook(order));
    this.needInto(lock.amount, order);
    if (!this.take(lock)) return undefined;
    order.lock = lock;
    this.orders.push(order);
    return order;
  }

  /**
   * Takes the legs of an order list, working first. Alternatives lock once, the larger need; what waits for a working
   * order locks when that is filled. undefined when the free balance does not cover it: then no leg was taken.
   */
  placeList(intent: OrderListIntent): readonly BarOrder[] | undefined {
    const legs = legsOf(intent).map((leg) => this.count(leg));
    const list: BarOrderList = {
      clientOrderId: intent.listClientOrderId,
      phase: FIRST_PHASE[intent.kind],
      legs,
    };
    const hasWorking = list.phase !== 'alternatives';
    const first = hasWorking ? legs.slice(0, 1) : legs;
    const lock = this.sharedLock(first);
    if (!this.take(lock)) return undefined;
    for (const leg of legs) {
      leg.list = list;
      leg.state = 'pending';
    }
    if (hasWorking) legs[0]!.role = 'working';
    for (const leg of first) this.open(leg, lock);
    return legs;
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
    return this.floorToStep(quantity.affordable(1, this.grid.quantityDecimals)) === 0;
  }

  /** Takes note of the last price of a bar in which no order of ours could trade. */
  trade(close: number): void {
    this.last = close as Ticks;
  }

  /**
   * Matches all open orders that were there when the bar opened; prices in ticks of the grid. An order decided while a
   * longer bar was under way cannot have been in its earlier part, and waits for the next one.
   */
  match(openTimeMs: number, open: number, high: number, low: number, close: number): void {
    const { orders } = this;
    this.openTimeMs = openTimeMs;
    // A working order that is filled appends what waited for it, hence the length is read anew.
    for (let i = 0; i < orders.length; i += 1)
      if (this.takesPart(orders[i]!)) this.matchOpen(orders[i]!, open);
    for (let i = 0; i < orders.length; i += 1)
      if (this.takesPart(orders[i]!)) this.matchWorse(orders[i]!, high, low);
    const alreadyThere = orders.length;
    for (let i = 0; i < alreadyThere; i += 1) {
      if (this.takesPart(orders[i]!)) this.matchBetter(orders[i]!, high, low, close);
    }
    // What was filled by a limit inside the bar got there on the way to its far end: its stop has seen that end too.
    for (let i = alreadyThere; i < orders.length; i += 1) {
      if (this.takesPart(orders[i]!)) this.matchWorse(orders[i]!, high, low);
    }
    this.last = close as Ticks;
    this.dropEnded();
    for (const order of this.orders) if (this.takesPart(order)) order.isArriving = false;
  }

  private takesPart(order: BarOrder): boolean {
    return order.state === 'open' && order.intent.decidedAtMs <= this.openTimeMs;
  }

  private matchOpen(order: BarOrder, open: number): void {
    const { type } = order.intent.terms;
    if (order.trailing !== undefined && !order.isTriggered) {
      if (order.trailing.observe(open)) this.trigger(order, open);
      return;
    }
    if (type === 'MARKET') {
      this.fillMoved(order, open);
    } else if (isStop(order)) {
      if (isReached(waitsAbove(order.stopType!, order.intent.side), order.stop, open))
        this.trigger(order, open);
    } else {
      this.matchLimitAtOpen(order, open);
    }
  }

  private matchLimitAtOpen(order: BarOrder, open: number): void {
    const { terms } = order.intent;
    const isBeyond = order.isBuy ? open < order.limit : open > order.limit;
    if ('timeInForce' in terms && terms.timeInForce !== 'GTC' && order.isArriving) {
      if (isBeyond || open === order.limit) this.fill(order, open as Ticks, 'TAKER');
      else this.end(order, 'expired', unfilled(terms.timeInForce));
    } else if (isBeyond) {
      // Post-only never takes: the market came to it, so it trades at its own price.
      if (terms.type === 'LIMIT_MAKER') this.fill(order, order.limit, 'MAKER');
      else this.fill(order, open as Ticks, order.isArriving ? 'TAKER' : 'MAKER');
    }
  }

  private matchWorse(order: BarOrder, high: number, low: number): void {
    const { trailing } = order;
    const worst = order.isBuy ? high : low;
    if (order.isTriggered) return;
    if (trailing !== undefined) {
      const firesAt = trailing.firesAt;
      if (trailing.observe(worst)) this.trigger(order, this.againstUs(order, firesAt as number));
    } else if (isStopLoss(order) && (order.isBuy ? high >= order.stop : low <= order.stop)) {
      this.trigger(order, order.stop);
    }
  }

  private matchBetter(order: BarOrder, high: number, low: number, close: number): void {
    const { trailing } = order;
    if (trailing !== undefined && !order.isTriggered) {
      trailing.observe(order.isBuy ? low : high);
      const firesAt = trailing.firesAt;
      if (trailing.observe(close)) this.trigger(order, this.againstUs(order, firesAt as number));
    } else if (isStop(order)) {
      if (!isStopLoss(order) && (order.isBuy ? low <= order.stop : high >= order.stop))
        this.trigger(order, order.stop);
    } else if (!order.isTriggered || !order.isArriving) {
      const isThrough = order.isBuy ? low < order.limit : high > order.limit;
      const isTouched = this.assumptions.limitFill === 'touch' && (order.isBuy ? low : high) === order.limit;
      if (isThrough || isTouched) this.fill(order, order.limit, 'MAKER');
    }
  }

  /** A stop fires at a price: as a market order it trades there, as a limit order it trades there if its limit allows. */
  private trigger(order: BarOrder, price: number): void {
    order.isTriggered = true;
    this.react(order, 'triggered');
    if (order.limit === 0) {
      this.fillMoved(order, price);
      return;
    }
    const { terms } = order.intent;
    const isMarketable = order.isBuy ? price <= order.limit : price >= order.limit;
    if (isMarketable) {
      const moved = this.assumptions.slippage.move(price, order.intent.side, this.tick);
      const capped = order.isBuy ? Math.min(moved, order.limit) : Math.max(moved, order.limit);
      this.fill(order, capped as Ticks, 'TAKER');
    } else if ('timeInForce' in terms && terms.timeInForce !== 'GTC') {
      this.end(order, 'expired', unfilled(terms.timeInForce));
    } else {
      // It rests from here; what the bar did after this moment is unknown, so it can trade from the next bar on.
      order.isArriving = true;
    }
  }

  private fillMoved(order: BarOrder, price: number): void {
    this.fill(order, this.assumptions.slippage.move(price, order.intent.side, this.tick) as Ticks, 'TAKER');
  }

  private fill(order: BarOrder, price: Ticks, liquidity: Liquidity): void {
    const { quantity, quote, fee, feeValue, accounts, portfolio } = this;
    const lock = order.lock!;
    const rates = this.assumptions.fees;
    const lots = order.lots === 0 ? this.lotsForQuoteAmount(order, price) : order.lots;
    if (lots === 0) {
      this.end(order, 'expired', 'BELOW_ONE_STEP');
      return;
    }
    quantity.setProduct(lots, 1, this.grid.quantityDecimals, false);
    quote.setProduct(price, lots, this.decimals, order.isBuy);
    const needed = order.isBuy ? quote : quantity;
    if (!this.cover(lock, needed)) {
      this.end(order, 'expired', 'INSUFFICIENT_BALANCE');
      return;
    }
    let feeBook = order.isBuy ? accounts.base : accounts.quote;
    if (this.discount?.charge(fee, feeValue, quote, rates, liquidity)) feeBook = this.discount.book;
    else chargeFee(fee, order.isBuy ? quantity : quote, rates, liquidity);
    lock.amount.subtract(needed);
    portfolio.bookTrade(accounts, order.intent.side, quantity, quote, fee, feeBook, feeValue);
    order.state = 'filled';
    // What it brings into the market is judged by this price.
    if (order.role === 'working') this.last = price;
    this.listener.filled(order, lots, price, quote, fee, feeBook, liquidity);
    this.react(order, 'filled');
    this.release(order);
  }

  private lotsForQuoteAmount(order: BarOrder, price: Ticks): Lots {
    if (order.isBuy) return this.floorToStep(order.lock!.amount.affordable(price, this.decimals));
    this.quote.setAmount((order.intent.terms as MarketTerms).quoteAmount!);
    return this.floorToStep(this.quote.affordable(price, this.decimals));
  }

  private floorToStep(lots: number): Lots {
    return (Number.isSafeInteger(lots) ? Math.floor(lots / this.step) * this.step : 0) as Lots;
  }

  /** The tick at or beyond a price that lies between ticks, on the side that is worse for us. */
  private againstUs(order: BarOrder, price: number): number {
    const { tick } = this;
    return (order.isBuy ? Math.ceil(price / tick) : Math.floor(price / tick)) * tick;
  }

  /** Makes sure that a lock holds `needed`, from the free balance if it must. */
  private cover(lock: Lock, needed: Tally): boolean {
    if (!lock.amount.isLessThan(needed)) return true;
    const { missing } = this;
    missing.set(needed);
    missing.subtract(lock.amount);
    if (lock.book.balance(Account.free).isLessThan(missing)) return false;
    this.portfolio.lock(lock.book, missing);
    lock.amount.add(missing);
    return true;
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
    const lock = this.sharedLock(legs);
    const isTaken = legs.every(({ intent }) => this.refusalOf(intent) === undefined) && this.take(lock);
    for (const leg of legs) {
      if (!isTaken) this.close(leg, 'expired', 'REJECTED');
      else {
        leg.trailing?.observe(this.last);
        this.open(leg, lock);
      }
    }
  }

  private open(leg: BarOrder, lock: Lock): void {
    leg.state = 'open';
    leg.lock = lock;
    this.orders.push(leg);
  }

  /** Gives back what an ended order had locked, unless an open leg of its list still stands on it. */
  private release(order: BarOrder): void {
    const { lock, list } = order;
    if (lock === undefined || lock.amount.isZero) return;
    if (list?.legs.some((leg) => leg.state === 'open' && leg.lock === lock)) return;
    this.portfolio.unlock(lock.book, lock.amount);
    lock.amount.clear();
  }

  private take(lock: Lock): boolean {
    if (lock.book.balance(Account.free).isLessThan(lock.amount)) return false;
    this.portfolio.lock(lock.book, lock.amount);
    return true;
  }

  private sharedLock(legs: readonly BarOrder[]): Lock {
    const lock = new Lock(this.lockBook(legs[0]!));
    for (const leg of legs) {
      this.needInto(this.quote, leg);
      if (lock.amount.isLessThan(this.quote)) lock.amount.set(this.quote);
    }
    return lock;
  }

  private lockBook(order: BarOrder): AssetBook {
    return order.isBuy ? this.accounts.quote : this.accounts.base;
  }

  /** What an order must lock: its quote amount, its quantity, or its cost at the limit, else the stop, else the last price. */
  private needInto(target: Tally, order: BarOrder): void {
    const { terms } = order.intent;
    if (terms.type === 'MARKET' && terms.quoteAmount !== undefined) {
      if (order.isBuy) target.setAmount(terms.quoteAmount);
      else {
        this.quote.setAmount(terms.quoteAmount);
        const lots = this.floorToStep(this.quote.affordable(this.last, this.decimals));
        target.setProduct(lots, 1, this.grid.quantityDecimals, false);
      }
    } else if (order.isBuy) {
      target.setProduct(order.limit || order.stop || this.last, order.lots, this.decimals, true);
    } else {
      target.setProduct(order.lots, 1, this.grid.quantityDecimals, false);
    }
  }

  private count(intent: OrderIntent): BarOrder {
    const { terms, side } = intent;
    const lots = terms.quantity === undefined ? 0 : (this.grid.lotsOf(terms.quantity) ?? Number.NaN);
    const limit = 'price' in terms ? this.grid.ticksOf(terms.price) : 0;
    const stopType = 'trigger' in terms ? terms.type : undefined;
    const trigger = 'trigger' in terms ? terms.trigger : undefined;
    const stop = trigger?.stopPrice === undefined ? 0 : this.grid.ticksOf(trigger.stopPrice);
    const trailing =
      trigger?.trailingDeltaBps === undefined
        ? undefined
        : new TrailingStop(stopType!, side, trigger.trailingDeltaBps, stop || undefined);
    return new BarOrder(intent, lots as Lots, limit as Ticks, stopType, stop as Ticks, trailing);
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

const unfilled = (timeInForce: 'IOC' | 'FOK'): ExpiryReason =>
  timeInForce === 'IOC' ? 'UNFILLED_IOC_QUANTITY_EXPIRED' : 'UNFILLED_FOK_ORDER_EXPIRED';

const isStop = (order: BarOrder): boolean => order.stop !== 0 && !order.isTriggered;

const isStopLoss = (order: BarOrder): boolean =>
  isStop(order) && (order.stopType === 'STOP_LOSS' || order.stopType === 'STOP_LOSS_LIMIT');
