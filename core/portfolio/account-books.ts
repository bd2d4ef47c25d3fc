import { type Instrument, stepOf } from '../market/index.ts';
import {
  type Amount,
  add,
  asAsset,
  isZero,
  type Quantity,
  type QuoteAmount,
  subtract,
  Tally,
  toMultiple,
  zero,
} from '../money/index.ts';
import type { Fill } from '../orders/index.ts';
import { invariant } from '../result.ts';
import type { Account } from './asset-book.ts';
import { type MarketAccounts, Portfolio } from './portfolio.ts';

/** The owner's coins are held under this name: no strategy may sell them. */
export const OWNER = 'owner';

/** One half of a movement: the sum over the postings of one event is zero for every asset. */
export interface Posting {
  /** A strategy, or `OWNER`. */
  readonly subAccount: string;
  readonly account: Account;
  readonly asset: string;
  /** Signed. */
  readonly amount: Amount;
}

/** A strategy's position in a symbol, as it is kept. */
export interface PositionState {
  readonly strategy: string;
  readonly symbol: string;
  readonly quantity: Quantity;
  readonly cost: QuoteAmount;
  readonly realizedPnl: QuoteAmount;
  /** What of `realizedPnl` was made before the round trip that is running. */
  readonly realizedBefore: QuoteAmount;
}

/** What booking one fill has done. */
export interface BookedFill {
  readonly postings: readonly Posting[];
  readonly position: PositionState;
  /** Where the fee was paid out of another position of the strategy: that one after it. */
  readonly feePosition?: PositionState;
  /** Of this fill, after fees. */
  readonly realizedPnl: QuoteAmount;
  /** Of the round trip that it closed: less than one step is left, which is dust and no holding. */
  readonly roundTripPnl?: QuoteAmount;
}

/** A fill as it is booked. */
export interface FillToBook {
  readonly fill: Fill;
  /** Price x quantity as the exchange has it, fees apart. */
  readonly quoteAmount: QuoteAmount;
  readonly instrument: Instrument;
  /** In quote; needed when a fee above zero was paid in a third asset. */
  readonly feeValue?: QuoteAmount;
}

/**
 * The books of the whole account: a sub-account for each strategy and one for the owner. One of them books (order execution); the
 * others follow what it has booked (`apply`), and so are equal to it.
 *
 * Orders lock nothing here: what they hold back is the risk desk's to know.
 */
export class AccountBooks {
  private readonly portfolios = new Map<string, Portfolio>();
  private readonly realizedBefore = new Map<string, QuoteAmount>();
  private movements: Posting[] = [];

  subAccount(name: string): Portfolio {
    let portfolio = this.portfolios.get(name);
    if (portfolio === undefined) {
      portfolio = new Portfolio({
        posted: (asset, from, to, amount) => {
          const moved = amount.toAmount();
          this.movements.push({ subAccount: name, account: from, asset, amount: subtract(zero(), moved) });
          this.movements.push({ subAccount: name, account: to, asset, amount: moved });
        },
      });
      this.portfolios.set(name, portfolio);
    }
    return portfolio;
  }

  /** All that were ever named, in the order of their first use. */
  get subAccounts(): readonly string[] {
    return [...this.portfolios.keys()];
  }

  /** What all sub-accounts own of an asset: what the exchange must have. */
  total(asset: string): Amount {
    let total: Amount = zero();
    for (const portfolio of this.portfolios.values()) total = add(total, portfolio.asset(asset).total());
    return total;
  }

  /** Every asset that any of them ever touched. */
  assets(): ReadonlySet<string> {
    const assets = new Set<string>();
    for (const portfolio of this.portfolios.values())
      for (const { asset } of portfolio.assets()) assets.add(asset);
    return assets;
  }

  /**
   * Books a fill in the sub-account of its strategy. A fee in a third asset that the strategy does not own is paid by the owner,
   * whom the strategy pays its value.
   */
  bookFill({ fill, quoteAmount, instrument, feeValue }: FillToBook): BookedFill {
    const { strategy, symbol, side, quantity, fee } = fill;
    const portfolio = this.subAccount(strategy);
    const market = portfolio.market(instrument);
    const isThirdAsset = fee.asset !== instrument.baseAsset && fee.asset !== instrument.quoteAsset;
    invariant(
      !isThirdAsset || isZero(fee.amount) || feeValue !== undefined,
      'a fee in a third asset states its value in quote',
    );
    const realizedBefore = market.position.realized.toAmount<QuoteAmount>();
    const wasOpen = isOpen(market, instrument);
    const feeMarket = isThirdAsset ? portfolio.largestPositionIn(portfolio.asset(fee.asset)) : undefined;
    const feeQuantityBefore = feeMarket?.position.quantity.toAmount<Quantity>();
    this.movements = [];
    if (isThirdAsset && portfolio.asset(fee.asset).total() < fee.amount) {
      this.borrowFee(portfolio, market, fee.asset, fee.amount, asAsset(feeValue as QuoteAmount));
    }
    const spent = side === 'BUY' ? market.quote : market.base;
    const quantityTally = Tally.of(quantity);
    const quoteTally = Tally.of(asAsset(quoteAmount));
    portfolio.lock(spent, side === 'BUY' ? quoteTally : quantityTally);
    portfolio.bookTrade(
      market,
      side,
      quantityTally,
      quoteTally,
      Tally.of(fee.amount),
      portfolio.asset(fee.asset),
      feeValue === undefined ? new Tally() : Tally.of(asAsset(feeValue)),
    );
    const realizedPnl = subtract(market.position.realized.toAmount<QuoteAmount>(), realizedBefore);
    const roundTripPnl =
      wasOpen && !isOpen(market, instrument) ? this.closeRoundTrip(strategy, market) : undefined;
    const hasPaidFee =
      feeMarket !== undefined && feeMarket.position.quantity.toAmount<Quantity>() !== feeQuantityBefore;
    return {
      postings: netted(this.movements),
      position: this.positionOf(strategy, symbol, market),
      ...(hasPaidFee ? { feePosition: this.positionOf(strategy, feeMarket.symbol, feeMarket) } : {}),
      realizedPnl,
      ...(roundTripPnl === undefined ? {} : { roundTripPnl }),
    };
  }

  /** Moves money without a fill: deposits, withdrawals, allocations, corrections. `move` calls methods of the portfolios. */
  book(move: () => void): readonly Posting[] {
    this.movements = [];
    move();
    return netted(this.movements);
  }

  /** Of the position its quantity alone. */
  held(strategy: string, instrument: MarketName): Quantity {
    return this.subAccount(strategy).market(instrument).position.quantity.toAmount<Quantity>();
  }

  position(strategy: string, instrument: MarketName): PositionState {
    return this.positionOf(strategy, instrument.symbol, this.subAccount(strategy).market(instrument));
  }

  /**
   * Takes over what another has booked.
   * @param instrument  of the position, and needed with it
   */
  apply(postings: readonly Posting[], position?: PositionState, instrument?: MarketName): void {
    for (const posting of postings) this.restoreBalance(posting);
    if (position === undefined) return;
    invariant(instrument !== undefined, 'a position that is taken over comes with its market');
    this.restorePosition(position, instrument);
  }

  /** Brings a balance as it was kept into empty books; into others it is added. */
  restoreBalance({ subAccount, account, asset, amount }: Posting): void {
    this.subAccount(subAccount).asset(asset).post(account, Tally.of(amount));
  }

  restorePosition(state: PositionState, instrument: MarketName): void {
    this.subAccount(state.strategy).market(instrument).position.restore(state);
    this.realizedBefore.set(keyOf(state.strategy, state.symbol), state.realizedBefore);
  }

  private borrowFee(
    portfolio: Portfolio,
    market: MarketAccounts,
    asset: string,
    fee: Amount,
    feeValue: Amount,
  ): void {
    const owner = this.subAccount(OWNER);
    // Between sub-accounts money goes over `funding`, whose two sides cancel out in the account.
    owner.withdraw(asset, fee);
    portfolio.deposit(asset, fee);
    portfolio.withdraw(market.quote.asset, feeValue);
    owner.deposit(market.quote.asset, feeValue);
  }

  private closeRoundTrip(strategy: string, market: MarketAccounts): QuoteAmount {
    const key = keyOf(strategy, market.symbol);
    const realized = market.position.realized.toAmount<QuoteAmount>();
    const profit = subtract(realized, this.realizedBefore.get(key) ?? zero());
    this.realizedBefore.set(key, realized);
    return profit;
  }

  private positionOf(strategy: string, symbol: string, { position }: MarketAccounts): PositionState {
    return {
      strategy,
      symbol,
      quantity: position.quantity.toAmount<Quantity>(),
      cost: position.cost.toAmount<QuoteAmount>(),
      realizedPnl: position.realized.toAmount<QuoteAmount>(),
      realizedBefore: this.realizedBefore.get(keyOf(strategy, symbol)) ?? zero(),
    };
  }
}

/** What must be known of a market to keep a position in it. */
export type MarketName = Pick<Instrument, 'symbol' | 'baseAsset' | 'quoteAsset'>;

/** Less than a step is dust and no holding: what sells beside it closes no round trip. */
const isOpen = ({ position }: MarketAccounts, instrument: Instrument): boolean =>
  !isZero(toMultiple(position.quantity.toAmount<Quantity>(), stepOf(instrument), 'floor'));

const keyOf = (strategy: string, symbol: string): string => `${symbol} ${strategy}`;

/** One posting for each sub-account, account and asset; what cancels out is left away. */
function netted(movements: readonly Posting[]): readonly Posting[] {
  const sums = new Map<string, Posting>();
  for (const posting of movements) {
    const key = `${posting.asset} ${posting.account} ${posting.subAccount}`;
    const before = sums.get(key);
    sums.set(key, { ...posting, amount: add(before?.amount ?? zero(), posting.amount) });
  }
  return [...sums.values()].filter(({ amount }) => !isZero(amount));
}
