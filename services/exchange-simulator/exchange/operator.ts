import { type Amount, fromUnits, Tally, unitsOf } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import { err, invariant, ok, type Result } from '@tradewind/core/result';
import type {
  AccountSwitches,
  ApiKey,
  Canceled,
  CommissionRates,
  NewAccount,
  PriceRangeRule,
} from './commands.ts';
import type { Refusal } from './model.ts';
import { AMOUNT_OVERFLOW, INSUFFICIENT_BALANCE, UNKNOWN_ORDER, UNKNOWN_SYMBOL } from './refusals.ts';
import type { CommandScope } from './scope.ts';
import type { Entry } from './symbol-market.ts';
import { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

type Judged<T> = Result<T, Refusal>;

/** What only the operator can do with accounts, money and symbols. */
export class Operator {
  private readonly venue: Venue;
  private readonly scope: CommandScope;

  constructor(venue: Venue, scope: CommandScope) {
    this.venue = venue;
    this.scope = scope;
  }

  openAccount(given: NewAccount): number {
    const { venue } = this;
    venue.lastAccount += 1;
    const account = new TradingAccount(
      venue.lastAccount,
      {
        permissions: given.permissions ?? ['SPOT'],
        balances: given.balances ?? [],
        standardCommission: given.standardCommission ?? venue.settings.standardCommission,
        isDiscountEnabled: given.isDiscountEnabled ?? false,
        tradeGroup: given.tradeGroup ?? 0,
      },
      venue.limiters,
      venue.settings.recordsKept,
      venue.changedAccounts,
    );
    venue.accounts.set(account.number, account);
    this.fund(account);
    return account.number;
  }

  /** What an account begins with; nobody is told. */
  fund(account: TradingAccount): void {
    for (const [asset, amount] of account.openingBalances) {
      account.wallet(asset).move(Account.funding, Account.free, Tally.of(amount));
    }
    account.updatedAtMs = this.venue.nowMs;
    this.venue.forgetChanges();
  }

  switchAccount(number: number, switches: AccountSwitches): void {
    this.venue.account(number).switch(switches);
  }

  addKey(key: Omit<ApiKey, 'createdAtMs'>): ApiKey {
    this.venue.account(key.account);
    const whole = { ...key, createdAtMs: this.venue.nowMs };
    this.venue.keys.set(key.apiKey, whole);
    return whole;
  }

  transfer(number: number, asset: string, delta: Amount): Judged<null> {
    const { venue } = this;
    const account = venue.account(number);
    const wallet = account.wallet(asset);
    if (!wallet.holds(delta)) return err(AMOUNT_OVERFLOW);
    const amount = absolute(delta);
    if (unitsOf(delta) < 0n) {
      if (!wallet.has(amount)) return err(INSUFFICIENT_BALANCE);
      wallet.move(Account.free, Account.funding, amount);
    } else wallet.move(Account.funding, Account.free, amount);
    account.transfers.add(asset, delta, venue.nowMs);
    venue.journal.note('balanceUpdate', {
      account: number,
      asset,
      delta: fromUnits(unitsOf(delta)),
      timeMs: venue.nowMs,
    });
    return ok(null);
  }

  lockExternally(number: number, asset: string, delta: Amount): Judged<null> {
    const { venue } = this;
    const wallet = venue.account(number).wallet(asset);
    if (!Tally.holds(delta)) return err(AMOUNT_OVERFLOW);
    const amount = absolute(delta);
    if (unitsOf(delta) < 0n) {
      if (wallet.heldOutside.isLessThan(amount)) return err(INSUFFICIENT_BALANCE);
      wallet.move(Account.locked, Account.free, amount);
      wallet.heldOutside.subtract(amount);
    } else {
      if (!wallet.has(amount)) return err(INSUFFICIENT_BALANCE);
      wallet.move(Account.free, Account.locked, amount);
      wallet.heldOutside.add(amount);
    }
    venue.journal.note('externalLock', {
      account: number,
      asset,
      delta: fromUnits(unitsOf(delta)),
      timeMs: venue.nowMs,
    });
    return ok(null);
  }

  expireOrder(symbol: string, orderId: number): Judged<Canceled> {
    const market = this.venue.markets.get(symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    const record = market.open.get(orderId);
    if (record === undefined) return err(UNKNOWN_ORDER);
    this.scope.startCanceling(record.clientOrderId);
    const refusal = market.engine.expire(orderId);
    invariant(refusal === undefined, 'an open order can be expired');
    return ok({
      order: record.view(),
      timeMs: this.venue.nowMs,
      originalClientOrderId: record.clientOrderId,
    });
  }

  setSymbolStatus(symbol: string, status: string): void {
    const market = this.venue.market(symbol);
    market.change({ ...market.entry, status });
    this.venue.journal.note('symbolChanged', symbol);
  }

  setFilter(symbol: string, filter: Entry & { readonly filterType: string }): void {
    const market = this.venue.market(symbol);
    const filters = filtersOf(market.entry);
    const at = filters.findIndex(({ filterType }) => filterType === filter.filterType);
    const changed = at === -1 ? [...filters, filter] : filters.with(at, filter);
    market.change({ ...market.entry, filters: changed });
    this.venue.journal.note('symbolChanged', symbol);
  }

  removeFilter(symbol: string, filterType: string): void {
    const market = this.venue.market(symbol);
    const filters = filtersOf(market.entry).filter((filter) => filter.filterType !== filterType);
    market.change({ ...market.entry, filters });
    this.venue.journal.note('symbolChanged', symbol);
  }

  setPriceRangeRule(symbol: string, rule: PriceRangeRule | undefined): void {
    const market = this.venue.market(symbol);
    market.rule = rule;
    market.applyPriceRange();
    this.venue.journal.note('symbolChanged', symbol);
  }

  setReferencePrice(symbol: string, price: Parameters<typeof unitsOf>[0] | null): void {
    const market = this.venue.market(symbol);
    market.referencePrice = {
      price: price === null ? null : fromUnits(unitsOf(price)),
      timeMs: this.venue.nowMs,
    };
    market.applyPriceRange();
    this.venue.journal.note('symbolChanged', symbol);
  }

  setStandardCommission(number: number, symbol: string, rates: CommissionRates | undefined): void {
    const account = this.venue.account(number);
    setOrDelete(account.standardBySymbol, this.venue.market(symbol).symbol, rates);
    account.tradeRates.clear();
  }

  setSpecialCommission(number: number, symbol: string, rates: CommissionRates | undefined): void {
    const account = this.venue.account(number);
    setOrDelete(account.specialBySymbol, this.venue.market(symbol).symbol, rates);
    account.tradeRates.clear();
  }

  setTaxCommission(symbol: string, rates: CommissionRates | undefined): void {
    this.venue.market(symbol).tax = rates;
    for (const account of this.venue.accounts.values()) account.tradeRates.delete(symbol);
  }

  setAssetLimit(number: number, asset: string, limit: Amount | undefined): void {
    setOrDelete(this.venue.account(number).assetLimits, asset, limit);
  }
}

const absolute = (delta: Amount): Tally => {
  const units = unitsOf(delta);
  return Tally.of(fromUnits(units < 0n ? -units : units));
};

const filtersOf = (entry: Entry): readonly Entry[] =>
  Array.isArray(entry.filters) ? (entry.filters as readonly Entry[]) : [];

function setOrDelete<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
}
