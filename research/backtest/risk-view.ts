import type { ExchangeFilters, Instrument } from '@tradewind/core/market';
import {
  type Amount,
  add,
  formatPrice,
  maximum,
  notional,
  type Price,
  parseRatio,
  type Quantity,
  type Ratio,
  settle,
  Tally,
  zero,
} from '@tradewind/core/money';
import type { AssetBook, Portfolio } from '@tradewind/core/portfolio';
import type { EquityAmount, OpenCounts, RiskView, SymbolLoad } from '@tradewind/core/risk';
import type { MarketRun } from './market-run.ts';

const DAY_MS = 86_400_000;
const NO_COUNTS: OpenCounts = { orders: 0, algoOrders: 0, icebergOrders: 0, orderLists: 0 };

/**
 * The world of a backtest as the risk desk asks for it: one strategy, whose account is the whole account, valued in the
 * asset that its markets are priced in. Days begin at 00:00 UTC.
 */
export class BacktestRiskView implements RiskView {
  readonly equityAsset: string;
  readonly exchangeFilters: ExchangeFilters;
  nowMs = Number.NaN;
  private readonly markets: ReadonlyMap<string, MarketRun>;
  private readonly portfolio: Portfolio;
  private readonly total = new Tally();
  private latest: EquityAmount;
  private dayStart: EquityAmount;
  private peak: EquityAmount;
  private dayEndMs: number;

  constructor(
    startMs: number,
    markets: readonly MarketRun[],
    portfolio: Portfolio,
    exchangeFilters: ExchangeFilters,
  ) {
    this.markets = new Map(markets.map((market) => [market.instrument.symbol, market]));
    this.portfolio = portfolio;
    this.equityAsset = markets[0]!.instrument.quoteAsset;
    this.exchangeFilters = exchangeFilters;
    this.nowMs = startMs;
    this.dayEndMs = (Math.floor(startMs / DAY_MS) + 1) * DAY_MS;
    this.latest = this.equity();
    this.dayStart = this.latest;
    this.peak = this.latest;
  }

  /**
   * Bars have closed at `timeMs`, and fills are booked.
   * @returns equity, and what it was when the day began in which these bars were
   */
  mark(timeMs: number): { readonly equity: EquityAmount; readonly dayStartEquity: EquityAmount } {
    this.nowMs = timeMs;
    const before = this.latest;
    const equity = this.equity();
    this.latest = equity;
    this.peak = maximum(this.peak, equity);
    if (timeMs > this.dayEndMs) this.beginDay(before, timeMs - 1);
    const day = { equity, dayStartEquity: this.dayStart };
    // What is decided at midnight belongs to the new day, what the bar that ends there lost to the old one.
    if (timeMs === this.dayEndMs) this.beginDay(equity, timeMs);
    return day;
  }

  instrument(symbol: string): Instrument | undefined {
    return this.markets.get(symbol)?.instrument;
  }

  referencePrice(symbol: string): Price | undefined {
    return this.markets.get(symbol)?.lastPrice;
  }

  referencePriceAgeMs(symbol: string): number | undefined {
    const market = this.markets.get(symbol);
    return market === undefined ? undefined : this.nowMs - market.cursor.closeTimeMs;
  }

  equityRate(asset: string): Ratio | undefined {
    const price = this.marketOf(asset)?.lastPrice;
    const rate = price === undefined ? undefined : parseRatio(formatPrice(price));
    return rate?.ok ? rate.value : undefined;
  }

  balance(_strategy: string, asset: string): Amount {
    return this.owned(this.portfolio.asset(asset));
  }

  position(_strategy: string, symbol: string): Quantity | undefined {
    return this.markets.get(symbol)?.exchange.accounts.position.quantity.toAmount<Quantity>();
  }

  symbolPosition(symbol: string): Quantity | undefined {
    return this.position('', symbol);
  }

  assetExposure(asset: string): EquityAmount | undefined {
    if (asset === this.equityAsset) return this.owned(this.portfolio.asset(asset));
    const market = this.marketOf(asset);
    return market === undefined ? undefined : this.valueOf(market, 'pay');
  }

  strategyExposure(): EquityAmount | undefined {
    return this.accountExposure();
  }

  accountExposure(): EquityAmount {
    let exposure: EquityAmount = zero();
    for (const market of this.markets.values()) exposure = add(exposure, this.valueOf(market, 'pay'));
    return exposure;
  }

  equity(): EquityAmount {
    let equity: EquityAmount = this.owned(this.portfolio.asset(this.equityAsset));
    for (const market of this.markets.values()) equity = add(equity, this.valueOf(market, 'receive'));
    return equity;
  }

  dayStartEquity(): EquityAmount {
    return this.dayStart;
  }

  peakEquity(): EquityAmount {
    return this.peak;
  }

  /** Nobody else trades in a backtest. */
  outsideLoad(symbol: string): SymbolLoad | undefined {
    const market = this.markets.get(symbol);
    if (market === undefined) return undefined;
    return { ...NO_COUNTS, held: this.owned<Quantity>(market.exchange.accounts.base) };
  }

  outsideCounts(): OpenCounts {
    return NO_COUNTS;
  }

  private beginDay(equity: EquityAmount, timeMs: number): void {
    this.dayStart = equity;
    this.dayEndMs = (Math.floor(timeMs / DAY_MS) + 1) * DAY_MS;
  }

  private marketOf(base: string): MarketRun | undefined {
    for (const market of this.markets.values()) if (market.instrument.baseAsset === base) return market;
    return undefined;
  }

  /** What is owned of a market's base at its last price; before any price there is nothing to value it by. */
  private valueOf({ lastPrice, exchange }: MarketRun, direction: 'pay' | 'receive'): EquityAmount {
    if (lastPrice === undefined) return zero();
    // Every market of the run is priced in the equity asset, so its quote amounts are amounts of equity.
    this.total.setAmount(
      settle(notional(lastPrice, this.owned<Quantity>(exchange.accounts.base)), direction),
    );
    return this.total.toAmount<EquityAmount>();
  }

  private owned<A extends Amount>(book: AssetBook): A {
    book.totalInto(this.total);
    return this.total.toAmount<A>();
  }
}
