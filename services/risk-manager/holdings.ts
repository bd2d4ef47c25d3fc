import {
  type Amount,
  add,
  asAsset,
  isPositive,
  isZero,
  notional,
  type Quantity,
  settle,
  share,
  subtract,
  zero,
} from '@tradewind/core/money';
import {
  Account,
  type AccountBooks,
  OWNER,
  type PositionState,
  type Posting,
} from '@tradewind/core/portfolio';
import type { EquityAmount } from '@tradewind/core/risk';
import type { Prices } from './prices.ts';

/**
 * What the sub-accounts of strategies hold is worth, in the equity asset. The owner's coins are no capital of the system: they are
 * in no limit and no loss, and a coin of his that nobody prices stops nothing.
 */
export class Holdings {
  private readonly books: AccountBooks;
  private readonly prices: Prices;
  private readonly equityAsset: string;
  private valued: Valuation | undefined;
  private pricesVersion = -1;
  // Added up for the first order that asks; the same for all until the books change.
  private strategyNames: readonly string[] | undefined;
  /** By sub-account. */
  private readonly assetsOf = new Map<string, readonly HeldAsset[]>();
  /** Of all strategies, by asset. */
  private readonly heldOf = new Map<string, Amount>();
  /** Its worth at the prices of `pricesVersion`. */
  private readonly exposureOf = new Map<string, EquityAmount | undefined>();
  /** Of the account, by asset. */
  private readonly totalOf = new Map<string, Amount>();
  /** Of all strategies, by symbol. */
  private readonly positionOf = new Map<string, Quantity>();

  constructor(books: AccountBooks, prices: Prices, equityAsset: string) {
    this.books = books;
    this.prices = prices;
    this.equityAsset = equityAsset;
  }

  /** The books have changed, or time has passed: everything is valued anew when somebody asks. */
  changed(): void {
    this.valued = undefined;
    this.strategyNames = undefined;
    for (const sums of [this.assetsOf, this.heldOf, this.exposureOf, this.totalOf, this.positionOf])
      sums.clear();
    this.prices.forgetRates();
  }

  equity(): EquityAmount | undefined {
    return this.valuation().equity;
  }

  accountExposure(): EquityAmount | undefined {
    return this.valuation().exposure;
  }

  strategyExposure(strategy: string): EquityAmount | undefined {
    const { exposures } = this.valuation();
    return exposures.has(strategy) ? exposures.get(strategy) : zero();
  }

  /** Of all strategies together; of the equity asset its amount. */
  assetExposure(asset: string): EquityAmount | undefined {
    this.noticePrices();
    if (!this.exposureOf.has(asset))
      this.exposureOf.set(asset, this.worth(asset, this.heldByStrategies(asset), 'pay'));
    return this.exposureOf.get(asset);
  }

  balance(strategy: string, asset: string): Amount {
    return this.books.subAccount(strategy).asset(asset).total();
  }

  /** undefined while the rules of the symbol are not known. */
  position(strategy: string, symbol: string): PositionState | undefined {
    const instrument = this.prices.instrument(symbol);
    return instrument === undefined ? undefined : this.books.position(strategy, instrument);
  }

  held(strategy: string, symbol: string): Quantity | undefined {
    const instrument = this.prices.instrument(symbol);
    return instrument === undefined ? undefined : this.books.held(strategy, instrument);
  }

  symbolPosition(symbol: string): Quantity | undefined {
    const instrument = this.prices.instrument(symbol);
    if (instrument === undefined) return undefined;
    let total = this.positionOf.get(symbol);
    if (total === undefined) {
      total = zero<Quantity>();
      for (const strategy of this.strategies()) total = add(total, this.books.held(strategy, instrument));
      this.positionOf.set(symbol, total);
    }
    return total;
  }

  /** Everything that the account has of an asset, the owner's, too. */
  accountTotal(asset: string): Amount {
    let total = this.totalOf.get(asset);
    if (total === undefined) {
      total = this.books.total(asset);
      this.totalOf.set(asset, total);
    }
    return total;
  }

  assets(): ReadonlySet<string> {
    return this.books.assets();
  }

  /** undefined while something it holds has no price. */
  subAccountEquity(subAccount: string): EquityAmount | undefined {
    return this.valueOf(subAccount).equity;
  }

  /** What open positions would bring beyond their cost. */
  unrealized(strategy: string, symbols: readonly string[]): EquityAmount | undefined {
    let total = zero<EquityAmount>();
    for (const symbol of symbols) {
      const position = this.position(strategy, symbol);
      if (position === undefined || isZero(position.quantity)) continue;
      const price = this.prices.valuationPrice(symbol);
      const quoteAsset = this.prices.instrument(symbol)!.quoteAsset;
      if (price === undefined) return undefined;
      const gain = subtract(settle(notional(price, position.quantity), 'receive'), position.cost);
      const worth = this.worth(quoteAsset, asAsset(gain), 'receive');
      if (worth === undefined) return undefined;
      total = add(total, worth);
    }
    return total;
  }

  /** By how much postings change the equity, at the prices of now; undefined where a price is missing. */
  worthOf(postings: readonly Posting[]): EquityAmount | undefined {
    let total = zero<EquityAmount>();
    for (const { subAccount, account, asset, amount } of postings) {
      if (subAccount === OWNER || (account !== Account.free && account !== Account.locked)) continue;
      const worth = this.worth(asset, amount, 'receive');
      if (worth === undefined) return undefined;
      total = add(total, worth);
    }
    return total;
  }

  worth(asset: string, amount: Amount, direction: 'pay' | 'receive'): EquityAmount | undefined {
    if (asset === this.equityAsset || isZero(amount)) return amount as EquityAmount;
    const rate = this.prices.equityRate(asset);
    return rate === undefined ? undefined : (share(amount, rate, direction) as EquityAmount);
  }

  strategies(): readonly string[] {
    this.strategyNames ??= this.books.subAccounts.filter((name) => name !== OWNER);
    return this.strategyNames;
  }

  private heldByStrategies(asset: string): Amount {
    let held = this.heldOf.get(asset);
    if (held === undefined) {
      held = zero<Amount>();
      for (const strategy of this.strategies()) held = add(held, this.balance(strategy, asset));
      this.heldOf.set(asset, held);
    }
    return held;
  }

  private heldAssetsOf(subAccount: string): readonly HeldAsset[] {
    let assets = this.assetsOf.get(subAccount);
    if (assets === undefined) {
      assets = [...this.books.subAccount(subAccount).assets()].map((book) => ({
        asset: book.asset,
        held: book.total(),
      }));
      this.assetsOf.set(subAccount, assets);
    }
    return assets;
  }

  private valuation(): Valuation {
    this.noticePrices();
    if (this.valued !== undefined) return this.valued;
    let equity: EquityAmount | undefined = zero();
    let exposure: EquityAmount | undefined = zero();
    const exposures = new Map<string, EquityAmount | undefined>();
    for (const strategy of this.strategies()) {
      const value = this.valueOf(strategy);
      exposures.set(strategy, value.exposure);
      exposure = sum(exposure, value.exposure);
      equity = sum(equity, value.equity);
    }
    this.valued = { equity, exposure, exposures };
    return this.valued;
  }

  /** What was valued at other prices is valued anew. */
  private noticePrices(): void {
    if (this.pricesVersion === this.prices.version) return;
    this.pricesVersion = this.prices.version;
    this.valued = undefined;
    this.exposureOf.clear();
  }

  /** What a sub-account has of each asset, valued against us both ways. */
  private valueOf(subAccount: string): Omit<Valuation, 'exposures'> {
    let equity: EquityAmount | undefined = zero();
    let exposure: EquityAmount | undefined = zero();
    for (const { asset, held } of this.heldAssetsOf(subAccount)) {
      equity = sum(equity, this.worth(asset, held, 'receive'));
      if (asset !== this.equityAsset && isPositive(held))
        exposure = sum(exposure, this.worth(asset, held, 'pay'));
    }
    return { equity, exposure };
  }
}

interface HeldAsset {
  readonly asset: string;
  readonly held: Amount;
}

interface Valuation {
  readonly equity: EquityAmount | undefined;
  readonly exposure: EquityAmount | undefined;
  readonly exposures: ReadonlyMap<string, EquityAmount | undefined>;
}

const sum = (a: EquityAmount | undefined, b: EquityAmount | undefined): EquityAmount | undefined =>
  a === undefined || b === undefined ? undefined : add(a, b);
