import {
  type Amount,
  add,
  maximum,
  type Quantity,
  type QuoteAmount,
  subtract,
  zero,
} from '../money/index.ts';
import type { OpenCounts } from './filter-refusal.ts';
import type { EquityAmount } from './limits.ts';
import type { Leg, Part, Reservation } from './reservation.ts';

/** Running totals of what is held for a symbol, a strategy or the account. */
export class Totals implements OpenCounts {
  orders = 0;
  algoOrders = 0;
  icebergOrders = 0;
  orderLists = 0;
  /** Kept for symbols alone: base of different symbols has no sum. */
  buyQuantity: Quantity = zero();
  buyWorth: EquityAmount = zero();
}

/**
 * The reservations of every order that was approved and is not proven to have ended. Orders in doubt stay in full.
 * Grows with the open orders, and by one entry for each symbol, strategy and asset ever traded.
 */
export class ReservationBooks {
  readonly account = new Totals();
  private readonly symbols = new Map<string, Totals>();
  private readonly strategies = new Map<string, Totals>();
  private readonly gaining = new Map<string, EquityAmount>();
  private readonly reserved = new Map<string, Map<string, Amount>>();
  private readonly legs = new Map<string, { readonly leg: Leg; readonly reservation: Reservation }>();

  has(clientOrderId: string): boolean {
    return this.legs.has(clientOrderId);
  }

  symbol(name: string): Totals {
    return totalsOf(this.symbols, name);
  }

  strategy(name: string): Totals {
    return totalsOf(this.strategies, name);
  }

  /** What orders hold back of a strategy's asset. */
  reservedOf(strategy: string, asset: string): Amount {
    return this.reserved.get(strategy)?.get(asset) ?? zero();
  }

  /** The value of an asset that orders may still bring. */
  gainingOf(asset: string): EquityAmount {
    return this.gaining.get(asset) ?? zero();
  }

  hold(reservation: Reservation): void {
    for (const part of reservation.parts) this.post(part, add);
    for (const leg of reservation.legs) {
      this.legs.set(leg.clientOrderId, { leg, reservation });
      this.countLeg(reservation, leg, 1);
    }
    this.countList(reservation, 1);
  }

  /**
   * Releases what has filled. Takes the venue's cumulative figures, so a repetition or an older figure releases nothing.
   * @returns false when no reservation has this order
   */
  executed(clientOrderId: string, quantity: Quantity, quoteAmount: QuoteAmount): boolean {
    const found = this.legs.get(clientOrderId);
    if (found === undefined) return false;
    const { leg, reservation } = found;
    leg.executedQuantity = maximum(leg.executedQuantity, quantity);
    leg.executedQuoteAmount = maximum(leg.executedQuoteAmount, quoteAmount);
    this.takeOff(reservation);
    shareExecuted(reservation, leg.part);
    this.putBack(reservation);
    return true;
  }

  /** Releases what an amendment took off an order; only downward. Both legs of an OCO share the new quantity. */
  amended(clientOrderId: string, quantity: Quantity): boolean {
    const found = this.legs.get(clientOrderId);
    if (found === undefined) return false;
    this.takeOff(found.reservation);
    found.leg.part.lowerOrdered(quantity);
    this.putBack(found.reservation);
    return true;
  }

  /** Releases an order that is proven to have ended. What legs share stays held until the last of them has ended. */
  ended(clientOrderId: string): boolean {
    const found = this.legs.get(clientOrderId);
    if (found === undefined) return false;
    const { leg, reservation } = found;
    this.takeOff(reservation);
    leg.part.liveLegs -= 1;
    this.putBack(reservation);
    this.legs.delete(clientOrderId);
    this.countLeg(reservation, leg, -1);
    if (reservation.parts.every((each) => each.liveLegs === 0)) this.countList(reservation, -1);
    return true;
  }

  /** Parts depend on one another (a pending one on what its working one still brings), so all are taken off to be put back. */
  private takeOff(reservation: Reservation): void {
    for (const part of reservation.parts) if (part.liveLegs > 0) this.post(part, subtract);
  }

  private putBack(reservation: Reservation): void {
    for (const part of reservation.parts) {
      if (part.liveLegs === 0) continue;
      part.recount();
      this.post(part, add);
    }
  }

  /** Adds a part to every total it belongs to, or takes it off. */
  private post(part: Part, combine: typeof add): void {
    let ofStrategy = this.reserved.get(part.strategy);
    if (ofStrategy === undefined) {
      ofStrategy = new Map();
      this.reserved.set(part.strategy, ofStrategy);
    }
    ofStrategy.set(part.spentAsset, combine(ofStrategy.get(part.spentAsset) ?? zero(), part.reserved));
    if (part.gainsExposure) {
      this.gaining.set(part.gainedAsset, combine(this.gainingOf(part.gainedAsset), part.worth));
    }
    if (part.side === 'SELL') return;
    const ofSymbol = this.symbol(part.symbol);
    ofSymbol.buyQuantity = combine(ofSymbol.buyQuantity, part.remaining);
    ofSymbol.buyWorth = combine(ofSymbol.buyWorth, part.worth);
    const strategyTotals = this.strategy(part.strategy);
    strategyTotals.buyWorth = combine(strategyTotals.buyWorth, part.worth);
    this.account.buyWorth = combine(this.account.buyWorth, part.worth);
  }

  private countLeg(reservation: Reservation, leg: Leg, step: 1 | -1): void {
    countIn(this.account, leg, step);
    countIn(this.symbol(reservation.symbol), leg, step);
    countIn(this.strategy(reservation.strategy), leg, step);
  }

  private countList(reservation: Reservation, step: 1 | -1): void {
    const lists = step * reservation.counts.orderLists;
    this.account.orderLists += lists;
    this.symbol(reservation.symbol).orderLists += lists;
    this.strategy(reservation.strategy).orderLists += lists;
  }
}

function countIn(totals: Totals, leg: Leg, step: 1 | -1): void {
  totals.orders += step;
  if (leg.isAlgo) totals.algoOrders += step;
  if (leg.isIceberg) totals.icebergOrders += step;
}

/** What the legs of a part have executed together: they share one quantity. */
function shareExecuted(reservation: Reservation, part: Part): void {
  let quantity = zero<Quantity>();
  let quoteAmount = zero<QuoteAmount>();
  for (const leg of reservation.legs) {
    if (leg.part !== part) continue;
    quantity = add(quantity, leg.executedQuantity);
    quoteAmount = add(quoteAmount, leg.executedQuoteAmount);
  }
  part.setExecuted(quantity, quoteAmount);
}

function totalsOf(map: Map<string, Totals>, name: string): Totals {
  let totals = map.get(name);
  if (totals === undefined) {
    totals = new Totals();
    map.set(name, totals);
  }
  return totals;
}
