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
  recordEquity,
  recordRoundTrip,
  tripFor,
} from './breakers.ts';
import {
  type Check,
  limitsStated,
  type NewRiskCheck,
  onlyReduces,
  openOrders,
  orderNotional,
  orderRate,
  orderShareOfEquity,
  priceCollar,
  sufficientBalance,
  venueFilters,
  venueOpenCounts,
} from './checks.ts';
import type { RiskContext } from './context.ts';
import {
  accountExposure,
  assetExposure,
  concentration,
  dailyLoss,
  drawdown,
  position,
  strategyExposure,
  symbolExposure,
} from './exposure-checks.ts';
import { missing } from './filter-refusal.ts';
import type { OrderRate, RiskLimits } from './limits.ts';
import { OrderTimes } from './order-times.ts';
import type { Refusal } from './refusal.ts';
import type { NewRisk, Reservation } from './reservation.ts';
import { intentsOf, sizeUp, type Wanted } from './sizing.ts';
import { checkListSupport } from './stated-filters.ts';
import type { RiskView } from './view.ts';

/**
 * The order of checks is contract; the first refusal wins. Before these lists: a halt, the terms and ids, the instrument,
 * and sizing (a fresh reference price for new risk).
 */
const EVERY_ORDER: readonly Check[] = [
  onlyReduces,
  venueFilters,
  venueOpenCounts,
  priceCollar,
  sufficientBalance,
  orderRate,
];
/**
 * After `limitsStated`. Not asked of an order that only reduces a position: getting out stays possible when a limit is
 * reached or a value missing.
 */
const NEW_RISK: readonly NewRiskCheck[] = [
  orderNotional,
  orderShareOfEquity,
  openOrders,
  position,
  symbolExposure,
  assetExposure,
  strategyExposure,
  accountExposure,
  concentration,
  dailyLoss,
  drawdown,
];

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

  /** Approves one order and reserves what it needs, or says why not and reserves nothing. */
  review(intent: OrderIntent): Result<Approved<OrderIntent>, Refusal> {
    const refusal = this.admit(intent);
    return refusal === undefined ? ok(intent as Approved<OrderIntent>) : err(refusal);
  }

  /** Approves all legs of a list or none. */
  reviewList(list: OrderListIntent): Result<Approved<OrderListIntent>, Refusal> {
    const refusal = this.admit(list);
    return refusal === undefined ? ok(list as Approved<OrderListIntent>) : err(refusal);
  }

  /**
   * Reserves for an order that is at the venue already, found at start: counted in full, once, and not checked. A refusal
   * means that it is held already or could not be valued; in the second case take no new risk until it could.
   */
  adopt(wanted: Wanted): Refusal | undefined {
    const intents = intentsOf(wanted);
    const sized = this.sizeUp(wanted, intents);
    if (!sized.ok) return sized.error;
    const known = this.checkIds(intents);
    if (known === undefined) this.books.hold(sized.value);
    return known;
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
  get reservations(): Pick<ReservationBooks, 'has' | 'reservedOf' | 'gainingOf' | 'account'> {
    return this.books;
  }

  /** To be saved whenever it changes. */
  get breakers(): BreakerStates {
    return this.context.breakers;
  }

  /** Stops a scope at once. */
  halt(order: Parameters<typeof halt>[1]): void {
    this.context.breakers = halt(this.context.breakers, order);
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

  private admit(wanted: Wanted): Refusal | undefined {
    const intents = intentsOf(wanted);
    const unfit = this.checkHalt(intents) ?? checkForm(wanted) ?? this.checkIds(intents);
    if (unfit !== undefined) return unfit;
    const sized = this.sizeUp(wanted, intents);
    if (!sized.ok) return sized.error;
    const order = sized.value;
    const refusal =
      firstRefusal(EVERY_ORDER, order, this.context) ??
      (order.reduces ? undefined : refusalOfNewRisk(order, this.context));
    if (refusal !== undefined) return refusal;
    this.reserve(order);
    return undefined;
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

  private sizeUp(wanted: Wanted, intents: readonly OrderIntent[]): Result<Reservation, Refusal> {
    const { symbol } = intents[0] as OrderIntent;
    const instrument = this.context.view.instrument(symbol);
    if (instrument === undefined) return err(missing('instrument', symbol));
    const unsupported = checkLists(wanted, instrument);
    return unsupported === undefined ? sizeUp(wanted, intents, instrument, this.context) : err(unsupported);
  }

  private reserve(order: Reservation): void {
    this.books.hold(order);
    const { accountTimes, strategyTimes, view } = this.context;
    accountTimes?.record(order.legs.length, view.nowMs);
    strategyTimes.get(order.strategy)?.record(order.legs.length, view.nowMs);
  }
}

const timesOf = (rate: OrderRate | 'none'): OrderTimes | undefined =>
  rate === 'none' ? undefined : new OrderTimes(rate);

/** Sizing has found the reference price and `limitsStated` the limits, which is what makes it a `NewRisk`. */
const refusalOfNewRisk = (order: Reservation, context: RiskContext): Refusal | undefined =>
  limitsStated(order, context) ?? firstRefusal(NEW_RISK, order as NewRisk, context);

function firstRefusal<Order>(
  checks: readonly ((order: Order, context: RiskContext) => Refusal | undefined)[],
  order: Order,
  context: RiskContext,
): Refusal | undefined {
  for (const check of checks) {
    const refusal = check(order, context);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

const checkForm = (wanted: Wanted): Refusal | undefined =>
  'kind' in wanted ? checkOrderList(wanted) : checkTerms(wanted.terms);

const checkLists = (wanted: Wanted, instrument: Instrument): Refusal | undefined =>
  'kind' in wanted ? checkListSupport(wanted, instrument) : undefined;
