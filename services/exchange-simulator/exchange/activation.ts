import type { Lots } from '@tradewind/core/market';
import { fromUnits, isZero, type Quantity, Tally, toMultiple, unitsOf } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import { costOf, pegPriceOf, requestAgain } from './engine-request.ts';
import type { ListRecord } from './list-record.ts';
import { isMarketKind, isStopKind, type OrderRecord } from './order-record.ts';
import { pricedFilterFailure } from './price-filters.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { Venue } from './venue.ts';
import { Lock, type Wallet } from './wallet.ts';

/**
 * Whether an order that the engine starts by itself can be paid for and still passes its filters: a pending order whose
 * working order was filled, a stop that fired. Where it cannot, it expires as REJECTED (binance-spot.md sections 5.3, 6 and 15).
 */
export class Activation {
  private readonly venue: Venue;
  private market!: SymbolMarket;

  constructor(venue: Venue) {
    this.venue = venue;
  }

  attach(market: SymbolMarket): void {
    this.market = market;
  }

  /** Two alternatives are locked for together, when the first of them comes. */
  lockPending(record: OrderRecord, list: ListRecord | undefined): boolean {
    if (list !== undefined) this.releaseProceeds(list);
    if (!isStopKind(record.start.type) && !this.findPrice(record)) return false;
    const lock = record.lock!;
    for (const leg of lock.orders) leg.isReserved = true;
    if (lock.require()) return true;
    for (const leg of lock.orders) leg.isReserved = false;
    return false;
  }

  admitFired(record: OrderRecord): boolean {
    if (!this.findPrice(record)) return false;
    if (!record.lock!.require()) return false;
    record.lock!.release();
    return true;
  }

  /** What a list's pending orders sell: in whole steps, of what its working order brought. */
  proceedsOf(list: ListRecord): Lots {
    const pending = list.legs[1]!;
    const { lot, marketLot } = this.market.instrument.filters;
    // The second alternative comes when the first has taken over what is locked, and sells the same.
    const sized = list.legs.find((leg, at) => at > 0 && leg.quantity !== undefined);
    if (sized !== undefined) return this.market.lotsOf(sized.quantity!) ?? (0 as Lots);
    let quantity = list.proceeds?.amount.toAmount<Quantity>() ?? fromUnits<Quantity>(0n);
    if (lot.step !== undefined) quantity = toMultiple(quantity, lot.step, 'floor');
    const step = pending.start.type === 'MARKET' ? marketLot?.step : undefined;
    if (step !== undefined && !isZero(step)) quantity = toMultiple(quantity, step, 'floor');
    return this.market.lotsOf(quantity) ?? (0 as Lots);
  }

  /**
   * Locks what a fill of a working order brought. A fee in the same asset comes out of the free balance where that suffices,
   * else out of what was bought.
   * @param fee  has been charged to the free balance, to which `received` has been booked
   */
  keepProceeds(list: ListRecord, wallet: Wallet, received: Quantity, fee: Quantity): void {
    const proceeds = list.proceeds ?? new Lock(wallet, []);
    list.proceeds = proceeds;
    const free = unitsOf(wallet.book.balance(Account.free).toAmount());
    const suffices = free - unitsOf(received) >= 0n;
    const kept = Tally.of(fromUnits(unitsOf(received) - (suffices ? 0n : unitsOf(fee))));
    wallet.move(Account.free, Account.locked, kept);
    proceeds.amount.add(kept);
  }

  releaseProceeds(list: ListRecord): void {
    const { proceeds } = list;
    if (proceeds === undefined || proceeds.amount.isZero) return;
    proceeds.wallet.move(Account.locked, Account.free, proceeds.amount);
    proceeds.amount.clear();
  }

  /** The price of a peg, and what a market order may spend; false when there is none or a filter does not pass it. */
  private findPrice(record: OrderRecord): boolean {
    const { market, venue } = this;
    const { start } = record;
    const isMarketBuy = start.side === 'BUY' && isMarketKind(start.type);
    if (!isMarketBuy && start.pegPriceType === undefined) return true;
    const request = requestAgain(market, record);
    if (isMarketBuy) {
      record.reserve = costOf(market, request);
      return true;
    }
    record.peggedPrice = pegPriceOf(market, request);
    if (record.peggedPrice === undefined) return false;
    return (
      pricedFilterFailure(market, start, record.peggedPrice, record.openQuantity, venue.nowMs) === undefined
    );
  }
}
