import { type ExchangeFilters, type Instrument, Interval } from '@tradewind/core/market';
import {
  type Amount,
  add,
  maximum,
  notional,
  type Price,
  type Quantity,
  type Ratio,
  rateOf,
  ratio,
  settle,
  zero,
} from '@tradewind/core/money';
import { equityOf, type Portfolio } from '@tradewind/core/portfolio';
import { invariant } from '@tradewind/core/result';
import {
  type EquityAmount,
  equityValueOf,
  type OpenCounts,
  type RiskView,
  type SymbolLoad,
} from '@tradewind/core/risk';
import type { MarketRun } from './market-run.ts';

const DAY = Interval.parse('1d')!;
/** Every market of a run is priced in the equity asset. */
const QUOTE_RATE = ratio('1');
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
    this.dayEndMs = DAY.endOf(DAY.startOf(startMs));
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
    return price === undefined ? undefined : rateOf(price);
  }

  balance(_strategy: string, asset: string): Amount {
    return this.portfolio.asset(asset).total();
  }

  position(_strategy: string, symbol: string): Quantity | undefined {
    return this.markets.get(symbol)?.exchange.accounts.position.quantity.toAmount<Quantity>();
  }

  symbolPosition(symbol: string): Quantity | undefined {
    return this.position('', symbol);
  }

  assetExposure(asset: string): EquityAmount | undefined {
    if (asset === this.equityAsset) return this.portfolio.asset(asset).total();
    const market = this.marketOf(asset);
    return market === undefined ? undefined : this.exposureOf(market);
  }

  strategyExposure(): EquityAmount | undefined {
    return this.accountExposure();
  }

  accountExposure(): EquityAmount {
    let exposure: EquityAmount = zero();
    for (const market of this.markets.values()) exposure = add(exposure, this.exposureOf(market));
    return exposure;
  }

  /** A coin that the account begins with counts at its first open until it has a price, as in the equity curve. */
  equity(): EquityAmount {
    const markets = [...this.markets.values()].map(({ instrument, lastPrice, openingPrice }) => ({
      instrument,
      lastPrice: lastPrice ?? openingPrice,
    }));
    const equity = equityOf(this.portfolio, this.equityAsset, markets);
    invariant(equity !== undefined, 'every market of a run has a price or a first open');
    return equityValueOf(equity, QUOTE_RATE);
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
    return { ...NO_COUNTS, held: market.exchange.accounts.base.total<Quantity>() };
  }

  outsideCounts(): OpenCounts {
    return NO_COUNTS;
  }

  private beginDay(equity: EquityAmount, timeMs: number): void {
    this.dayStart = equity;
    this.dayEndMs = DAY.endOf(DAY.startOf(timeMs));
  }

  private marketOf(base: string): MarketRun | undefined {
    for (const market of this.markets.values()) if (market.instrument.baseAsset === base) return market;
    return undefined;
  }

  /** What is owned of a market's base at its last price; before any price there is nothing to value it by. */
  private exposureOf({ lastPrice, exchange }: MarketRun): EquityAmount {
    if (lastPrice === undefined) return zero();
    const value = settle(notional(lastPrice, exchange.accounts.base.total<Quantity>()), 'pay');
    return equityValueOf(value, QUOTE_RATE);
  }
}
