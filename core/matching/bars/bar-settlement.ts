import type { Grid, Lots, Ticks } from '../../market/index.ts';
import { type Amount, type Quantity, type QuoteAmount, Tally } from '../../money/index.ts';
import type { Liquidity, MarketTerms } from '../../orders/index.ts';
import { Account, type AssetBook, type MarketAccounts, type Portfolio } from '../../portfolio/index.ts';
import { err, ok, type Result } from '../../result.ts';
import { type BarOrder, Lock } from './bar-order.ts';
import { chargeFee, type FeeDiscount, type FeeRates } from './fees.ts';

/** Why an order that came to trade could not. */
export type SettlementFailure = 'INSUFFICIENT_BALANCE' | 'BELOW_ONE_STEP';

/** Why what an order needs cannot be locked. */
export type LockRefusal = QuantityTooLarge | InsufficientBalance;

/** What an order is to buy, sell or spend is more than can be counted. */
export interface QuantityTooLarge {
  readonly reason: 'quantity_too_large';
  readonly was: Quantity | QuoteAmount;
}

/** The free balance does not cover what an order must lock. */
export interface InsufficientBalance {
  readonly reason: 'insufficient_balance';
  readonly asset: string;
  readonly needed: Amount;
  readonly available: Amount;
}

/**
 * The money of one bar market: what an order locks, what a fill moves, what is given back. After `settle` the figures of
 * that fill stand in `lots`, `quote`, `fee` and `feeBook` until the next one.
 */
export class BarSettlement {
  lots = 0 as Lots;
  readonly quote = new Tally();
  readonly fee = new Tally();
  feeBook: AssetBook;
  private readonly grid: Grid;
  private readonly step: number;
  private readonly decimals: number;
  private readonly accounts: MarketAccounts;
  private readonly portfolio: Portfolio;
  private readonly rates: FeeRates;
  private readonly discount: FeeDiscount | undefined;
  private readonly quantity = new Tally();
  private readonly feeValue = new Tally();
  private readonly need = new Tally();
  private readonly oneStep = new Tally();

  constructor(
    grid: Grid,
    step: number,
    accounts: MarketAccounts,
    portfolio: Portfolio,
    rates: FeeRates,
    discount: FeeDiscount | undefined,
  ) {
    this.grid = grid;
    this.step = step;
    this.decimals = grid.priceDecimals + grid.quantityDecimals;
    this.accounts = accounts;
    this.portfolio = portfolio;
    this.rates = rates;
    this.discount = discount;
    this.feeBook = accounts.base;
    this.oneStep.setProduct(step, 1, grid.quantityDecimals, false);
  }

  /** Whether a quantity is below one step: too little to sell. */
  isDust(quantity: Tally): boolean {
    return quantity.isLessThan(this.oneStep);
  }

  /**
   * Locks what orders of one side need that stand for one another: the largest need of them.
   * @param last  the last price, for orders that state none
   */
  lockFor(orders: readonly BarOrder[], last: Ticks): Result<Lock, LockRefusal> {
    const lock = new Lock(orders[0]!.isBuy ? this.accounts.quote : this.accounts.base);
    for (const order of orders) {
      const { terms } = order.intent;
      if (terms.quantity !== undefined) this.findNeed(order, last);
      else if (!this.findNeedByQuote(order, terms.quoteAmount, last))
        return err({ reason: 'quantity_too_large', was: terms.quoteAmount });
      if (lock.amount.isLessThan(this.need)) lock.amount.set(this.need);
    }
    const free = lock.book.balance(Account.free);
    if (free.isLessThan(lock.amount)) {
      const [needed, available] = [lock.amount.toAmount(), free.toAmount()];
      return err({ reason: 'insufficient_balance', asset: lock.book.asset, needed, available });
    }
    this.portfolio.lock(lock.book, lock.amount);
    return ok(lock);
  }

  release(lock: Lock): void {
    if (lock.amount.isZero) return;
    this.portfolio.unlock(lock.book, lock.amount);
    lock.amount.clear();
  }

  /** Books the fill of a whole order at a price, or says why it cannot be. */
  settle(order: BarOrder, price: Ticks, liquidity: Liquidity): SettlementFailure | undefined {
    const { quantity, quote, fee, feeValue, accounts, discount, rates } = this;
    const lock = order.lock!;
    const lots = order.lots === 0 ? this.lotsForQuoteAmount(order, price) : order.lots;
    if (lots === 0) return 'BELOW_ONE_STEP';
    this.lots = lots;
    quantity.setProduct(lots, 1, this.grid.quantityDecimals, false);
    quote.setProduct(price, lots, this.decimals, order.isBuy);
    const leaving = order.isBuy ? quote : quantity;
    if (!this.cover(lock, leaving)) return 'INSUFFICIENT_BALANCE';
    this.feeBook = order.isBuy ? accounts.base : accounts.quote;
    if (discount?.charge(fee, feeValue, quote, rates, liquidity)) this.feeBook = discount.book;
    else chargeFee(fee, order.isBuy ? quantity : quote, rates, liquidity);
    lock.amount.subtract(leaving);
    this.portfolio.bookTrade(accounts, order.intent.side, quantity, quote, fee, this.feeBook, feeValue);
    return undefined;
  }

  private lotsForQuoteAmount(order: BarOrder, price: Ticks): Lots {
    if (order.isBuy) return this.floorToStep(order.lock!.amount.affordable(price, this.decimals));
    this.need.setAmount((order.intent.terms as MarketTerms).quoteAmount!);
    return this.floorToStep(this.need.affordable(price, this.decimals));
  }

  private floorToStep(lots: number): Lots {
    return (Number.isSafeInteger(lots) ? Math.floor(lots / this.step) * this.step : 0) as Lots;
  }

  /** Makes sure that a lock holds `needed`, from the free balance if it must. */
  private cover(lock: Lock, needed: Tally): boolean {
    if (!lock.amount.isLessThan(needed)) return true;
    const missing = this.need;
    missing.set(needed);
    missing.subtract(lock.amount);
    if (lock.book.balance(Account.free).isLessThan(missing)) return false;
    this.portfolio.lock(lock.book, missing);
    lock.amount.add(missing);
    return true;
  }

  /** need := the quantity, or its cost at the limit, else at the stop, else at the last price. */
  private findNeed(order: BarOrder, last: Ticks): void {
    if (order.isBuy) this.need.setProduct(order.limit || order.stop || last, order.lots, this.decimals, true);
    else this.need.setProduct(order.lots, 1, this.grid.quantityDecimals, false);
  }

  /** need := the quote amount, or what sells for it; false where that, or what it buys, is too much to be counted. */
  private findNeedByQuote({ isBuy }: BarOrder, quoteAmount: QuoteAmount, last: Ticks): boolean {
    const { need } = this;
    if (!Tally.holds(quoteAmount)) return false;
    need.setAmount(quoteAmount);
    const lots = need.affordable(last, this.decimals);
    if (!isBuy) need.setProduct(this.floorToStep(lots), 1, this.grid.quantityDecimals, false);
    return Number.isFinite(lots);
  }
}
