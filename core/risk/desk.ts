import type { Instrument } from '../market/index.ts';
import type { Quantity, QuoteAmount } from '../money/index.ts';
import {
  type Approved,
  CLIENT_ORDER_ID,
  checkOrderList,
  checkTerms,
  type OrderIntent,
  type OrderListIntent,
} from '../orders/index.ts';
import { err, ok, type Result } from '../result.ts';
import { ReservationBooks } from './books.ts';
import {
  type BreakerScope,
  type BreakerStates,
  halt,
  rearm,
  recordDrawdown,
  recordEquity,
  recordRoundTrip,
  tripFor,
  unionOf,
} from './breakers.ts';
import { checkAll, noted } from './check-list.ts';
import type { CheckLog } from './check-log.ts';
import type { RiskContext } from './context.ts';
import { missing } from './filter-refusal.ts';
import type { OrderRate, RiskLimits } from './limits.ts';
import { OrderTimes } from './order-times.ts';
import type { Refusal } from './refusal.ts';
import type { Reservation } from './reservation.ts';
import { intentsOf, sizeUp, type Wanted } from './sizing.ts';
import { checkListSupport } from './stated-filters.ts';
import type { RiskView } from './view.ts';

/**
 * The only source of approved orders. Checks and reserves in one step, so that orders decided in the same instant see one
 * another. Holds the breakers. Cancels need no approval and never come here.
 *
 * Reservations are released by evidence alone: `executed`, `amended`, `ended`. An order in doubt is told to nobody and so
 * stays held in full. Book a fill in the ledger first and tell the desk of it in the same step.
 */
export class RiskDesk {
  private readonly books = new ReservationBooks();
  private readonly limits: RiskLimits;
  private readonly context: RiskContext & { breakers: BreakerStates };

  /** @param breakers  as they were saved; `NOTHING_TRIPPED` on the very first start only */
  constructor(limits: RiskLimits, view: RiskView, breakers: BreakerStates) {
    this.limits = limits;
    const strategyTimes = new Map<string, OrderTimes>();
    for (const [name, { orderRate: rate }] of limits.strategies) {
      if (rate !== 'none') strategyTimes.set(name, new OrderTimes(rate));
    }
    const accountTimes = timesOf(limits.account.orderRate);
    this.context = { limits, view, books: this.books, breakers, accountTimes, strategyTimes };
  }

  /**
   * Approves one order and reserves what it needs, or says why not and reserves nothing.
   * @param log  takes down every check with its numbers, up to the refusal where there is one
   */
  review(intent: OrderIntent, log?: CheckLog): Result<Approved<OrderIntent>, Refusal> {
    const refusal = this.admit(intent, log);
    return refusal === undefined ? ok(intent as Approved<OrderIntent>) : err(refusal);
  }

  /** Approves all legs of a list or none. */
  reviewList(list: OrderListIntent, log?: CheckLog): Result<Approved<OrderListIntent>, Refusal> {
    const refusal = this.admit(list, log);
    return refusal === undefined ? ok(list as Approved<OrderListIntent>) : err(refusal);
  }

  /**
   * Reserves for an order that is at the venue already, found at start: counted in full, once, and not checked. A refusal
   * means that it is held already or could not be valued; in the second case take no new risk until it could.
   */
  adopt(wanted: Wanted): Refusal | undefined {
    const intents = intentsOf(wanted);
    const sized = this.sizeUp(wanted, intents, this.context);
    if (!sized.ok) return sized.error;
    const known = this.checkIds(intents);
    if (known === undefined) this.books.hold(sized.value);
    return known;
  }

  /** Counts against the rates what another desk has approved, such as that of the run before: to be told in the order of time. */
  approvedElsewhere({ strategy, orders, atMs }: ApprovedElsewhere): void {
    const { accountTimes, strategyTimes } = this.context;
    accountTimes?.record(orders, atMs);
    strategyTimes.get(strategy)?.record(orders, atMs);
  }

  /** Releases what filled, by the venue's cumulative figures. False when the desk holds nothing for this order. */
  executed(clientOrderId: string, quantity: Quantity, quoteAmount: QuoteAmount): boolean {
    return this.books.executed(clientOrderId, quantity, quoteAmount);
  }

  /** Releases what an amendment took off; only downward. False when the desk holds nothing for this order. */
  amended(clientOrderId: string, quantity: Quantity): boolean {
    return this.books.amended(clientOrderId, quantity);
  }

  /** Releases an order that is proven final, after its fills are booked. False when the desk holds nothing for it. */
  ended(clientOrderId: string): boolean {
    return this.books.ended(clientOrderId);
  }

  /** What is held back now, for reports and reconciliation. */
  get reservations(): Pick<
    ReservationBooks,
    'has' | 'reservedOf' | 'gainingOf' | 'account' | 'symbol' | 'strategy'
  > {
    return this.books;
  }

  /** How many orders of the window that ends at `nowMs` count against a rate; undefined where there is none. */
  ordersInWindow(nowMs: number, strategy?: string): number | undefined {
    const { accountTimes, strategyTimes } = this.context;
    return (strategy === undefined ? accountTimes : strategyTimes.get(strategy))?.used(nowMs);
  }

  /** To be saved whenever it changes. */
  get breakers(): BreakerStates {
    return this.context.breakers;
  }

  /** Stops a scope at once. */
  halt(order: Parameters<typeof halt>[1]): void {
    this.context.breakers = halt(this.context.breakers, order);
  }

  /** Takes over what another store of breakers has kept: what is stopped in either is stopped. */
  join(states: BreakerStates): void {
    this.context.breakers = unionOf(this.context.breakers, states);
  }

  /** Lets a scope trade again; for a person to call, never for a program. */
  rearm(scope: BreakerScope): void {
    this.context.breakers = rearm(this.context.breakers, scope);
  }

  /** Tells of a closed round trip, for the strategy's breaker. */
  roundTripClosed(trade: Parameters<typeof recordRoundTrip>[1]): void {
    this.context.breakers = recordRoundTrip(this.context.breakers, trade, this.limits);
  }

  /** Tells of changed equity, for the account's breaker. */
  equityChanged(day: Parameters<typeof recordEquity>[1]): void {
    this.context.breakers = recordEquity(this.context.breakers, day, this.limits);
  }

  /** Tells of changed equity and its peak, for the account's other breaker. */
  drawdownChanged(at: Parameters<typeof recordDrawdown>[1]): void {
    this.context.breakers = recordDrawdown(this.context.breakers, at, this.limits);
  }

  private admit(wanted: Wanted, log: CheckLog | undefined): Refusal | undefined {
    const intents = intentsOf(wanted);
    const unfit =
      noted('halt', this.checkHalt(intents), log) ??
      noted('terms', checkForm(wanted), log) ??
      noted('client_order_ids', this.checkIds(intents), log);
    if (unfit !== undefined) return unfit;
    const context: RiskContext = log === undefined ? this.context : { ...this.context, log };
    const sized = this.sizeUp(wanted, intents, context);
    if (!sized.ok) return noted('sizing', sized.error, log);
    const order = sized.value;
    noted('sizing', undefined, log);
    const refusal = checkAll(order, context);
    if (refusal === undefined) this.reserve(order);
    return refusal;
  }

  private checkHalt(intents: readonly OrderIntent[]): Refusal | undefined {
    const { strategy, symbol } = intents[0] as OrderIntent;
    const trip = tripFor(this.context.breakers, strategy, symbol);
    return trip?.state === 'halted' ? { reason: 'trading_halted', scope: trip.scope } : undefined;
  }

  private checkIds(intents: readonly OrderIntent[]): Refusal | undefined {
    for (const { clientOrderId } of intents) {
      if (!CLIENT_ORDER_ID.test(clientOrderId)) return { reason: 'client_order_id_malformed', clientOrderId };
      if (this.books.has(clientOrderId)) return { reason: 'client_order_id_used', clientOrderId };
    }
    return undefined;
  }

  private sizeUp(
    wanted: Wanted,
    intents: readonly OrderIntent[],
    context: RiskContext,
  ): Result<Reservation, Refusal> {
    const { symbol } = intents[0] as OrderIntent;
    const instrument = context.view.instrument(symbol);
    if (instrument === undefined) return err(missing('instrument', symbol));
    const unsupported = checkLists(wanted, instrument);
    return unsupported === undefined ? sizeUp(wanted, intents, instrument, context) : err(unsupported);
  }

  private reserve(order: Reservation): void {
    this.books.hold(order);
    const { strategy, legs } = order;
    this.approvedElsewhere({ strategy, orders: legs.length, atMs: this.context.view.nowMs });
  }
}

/** Orders that count against the rates though this desk was not asked. */
export interface ApprovedElsewhere {
  readonly strategy: string;
  /** How many; each leg of a list is one. */
  readonly orders: number;
  /** When, epoch ms. */
  readonly atMs: number;
}

const timesOf = (rate: OrderRate | 'none'): OrderTimes | undefined =>
  rate === 'none' ? undefined : new OrderTimes(rate);

const checkForm = (wanted: Wanted): Refusal | undefined =>
  'kind' in wanted ? checkOrderList(wanted) : checkTerms(wanted.terms);

const checkLists = (wanted: Wanted, instrument: Instrument): Refusal | undefined =>
  'kind' in wanted ? checkListSupport(wanted, instrument) : undefined;
