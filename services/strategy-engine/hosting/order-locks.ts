import type { Instrument } from '@tradewind/core/market';
import {
  type Amount,
  add,
  asAsset,
  isPositive,
  maximum,
  minimum,
  notional,
  type Price,
  type QuoteAmount,
  quantityFor,
  settle,
  subtract,
  Tally,
  zero,
} from '@tradewind/core/money';
import { limitPriceOf, triggerOf } from '@tradewind/core/orders';
import { Account, type Portfolio } from '@tradewind/core/portfolio';
import type { TrackedOrder, TrackedOrders } from './tracked-orders.ts';

type LastPriceOf = (symbol: string) => Price | undefined;

interface Need {
  readonly asset: string;
  readonly amount: Amount;
  /** Whether another last price would change it. */
  readonly isPriced: boolean;
}

/**
 * What a strategy's open orders hold back, locked in its portfolio as the exchange locks it. While there is enough for all of them a
 * lock changes with its own orders alone; when there is not, the older orders have theirs first, and all are locked anew.
 */
export class OrderLocks {
  private readonly portfolio: Portfolio;
  private readonly instruments: ReadonlyMap<string, Instrument>;
  private readonly locks = new Map<string, { readonly asset: string; readonly amount: Tally }>();
  private readonly pricedGroups = new Set<string>();
  /** Whether some group has less than it needs. */
  private isShort = false;

  constructor(portfolio: Portfolio, instruments: ReadonlyMap<string, Instrument>) {
    this.portfolio = portfolio;
    this.instruments = instruments;
  }

  update(orders: TrackedOrders, lastPriceOf: LastPriceOf): void {
    const changed = orders.takeChangedGroups();
    if (!this.isShort) {
      for (const group of changed) this.lock(group, orders, lastPriceOf);
      for (const group of [...this.pricedGroups]) this.lock(group, orders, lastPriceOf);
    }
    if (this.isShort || this.isOverdrawn()) this.lockAll(orders, lastPriceOf);
  }

  private lock(group: string, orders: TrackedOrders, lastPriceOf: LastPriceOf): void {
    this.unlock(group);
    const need = this.needOf(orders.openOf(group), lastPriceOf);
    if (need !== undefined) this.put(group, need, need.amount);
  }

  private lockAll(orders: TrackedOrders, lastPriceOf: LastPriceOf): void {
    for (const group of [...this.locks.keys()]) this.unlock(group);
    this.isShort = false;
    for (const { group } of orders.open) {
      if (this.locks.has(group)) continue;
      const need = this.needOf(orders.openOf(group), lastPriceOf);
      if (need === undefined) continue;
      // More than there is nobody can lock: the checks of such an order are still to come, and will refuse it.
      const free = this.portfolio.asset(need.asset).balance(Account.free).toAmount();
      const amount = minimum(need.amount, maximum(free, zero()));
      this.put(group, need, amount);
      if (amount < need.amount) this.isShort = true;
    }
  }

  private put(group: string, { asset, isPriced }: Need, needed: Amount): void {
    const amount = Tally.of(needed);
    this.portfolio.lock(this.portfolio.asset(asset), amount);
    this.locks.set(group, { asset, amount });
    if (isPriced) this.pricedGroups.add(group);
  }

  private unlock(group: string): void {
    const lock = this.locks.get(group);
    if (lock === undefined) return;
    this.portfolio.unlock(this.portfolio.asset(lock.asset), lock.amount);
    this.locks.delete(group);
    this.pricedGroups.delete(group);
  }

  /** Whether more is locked of an asset than there is. */
  private isOverdrawn(): boolean {
    for (const book of this.portfolio.assets())
      if (book.balance(Account.free).isLessThan(NOTHING) && !book.balance(Account.locked).isZero) return true;
    return false;
  }

  /** Of orders that stand for one another only the dearest is locked, and one that waits for another needs nothing. */
  private needOf(orders: readonly TrackedOrder[], lastPriceOf: LastPriceOf): Need | undefined {
    let dearest: Need | undefined;
    for (const order of orders) {
      if (order.isPending) continue;
      const { symbol } = order.intent;
      const need = needOf(order, this.instruments.get(symbol)!, lastPriceOf(symbol));
      // A leg that waits for the order before it, while nobody knows yet that it does.
      if (dearest !== undefined && need.asset !== dearest.asset) continue;
      if (dearest === undefined) dearest = need;
      else {
        const amount = maximum(dearest.amount, need.amount);
        dearest = { ...need, amount, isPriced: need.isPriced || dearest.isPriced };
      }
    }
    return dearest;
  }
}

const NOTHING = new Tally();

/** What the rest of an order can still spend: at its limit, else at its stop, else at the last price. */
function needOf(
  { intent: { side, terms }, filled, filledQuote, record }: TrackedOrder,
  { baseAsset, quoteAsset }: Instrument,
  lastPrice: Price | undefined,
): Need {
  if (terms.quantity === undefined) {
    const left = maximum(subtract(terms.quoteAmount, filledQuote), zero<QuoteAmount>());
    if (side === 'BUY') return { asset: quoteAsset, amount: asAsset(left), isPriced: false };
    const amount = lastPrice === undefined ? zero<Amount>() : asAsset(quantityFor(left, lastPrice));
    return { asset: baseAsset, amount, isPriced: true };
  }
  const prevented = record?.preventedQuantity ?? zero();
  const left = maximum(subtract(record?.quantity ?? terms.quantity, add(filled, prevented)), zero());
  if (side === 'SELL') return { asset: baseAsset, amount: asAsset(left), isPriced: false };
  const ownPrice = limitPriceOf(terms) ?? triggerOf(terms)?.stopPrice;
  const price = ownPrice ?? lastPrice;
  return {
    asset: quoteAsset,
    amount: price === undefined || !isPositive(left) ? zero() : asAsset(settle(notional(price, left), 'pay')),
    isPriced: ownPrice === undefined,
  };
}
