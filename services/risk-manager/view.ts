import type { ExchangeFilters, Instrument } from '@tradewind/core/market';
import type { Amount, Price, Quantity, Ratio } from '@tradewind/core/money';
import type { EquityAmount, OpenCounts, RiskView, SymbolLoad } from '@tradewind/core/risk';
import type { Clock } from '@tradewind/utils';
import type { EquityDay } from './equity-day.ts';
import type { Holdings } from './holdings.ts';
import type { OutsideOrders } from './outside-orders.ts';
import type { Prices } from './prices.ts';

export interface ViewParts {
  readonly equityAsset: string;
  readonly clock: Clock;
  readonly exchangeFilters: () => ExchangeFilters;
  readonly prices: Prices;
  readonly holdings: Holdings;
  readonly day: () => EquityDay;
  readonly outside: OutsideOrders;
}

/** The world as the desk asks for it: our books, market data's prices, and what the exchange said of other people's orders. */
export class ServiceRiskView implements RiskView {
  /** While the books are behind or uncertain no price is given: that stops new risk and lets out what only reduces. */
  withholdsPrices = false;
  private readonly parts: ViewParts;

  constructor(parts: ViewParts) {
    this.parts = parts;
  }

  get equityAsset(): string {
    return this.parts.equityAsset;
  }

  get nowMs(): number {
    return this.parts.clock.nowMs();
  }

  get exchangeFilters(): ExchangeFilters {
    return this.parts.exchangeFilters();
  }

  instrument(symbol: string): Instrument | undefined {
    return this.parts.prices.instrument(symbol);
  }

  referencePrice(symbol: string): Price | undefined {
    return this.withholdsPrices ? undefined : this.parts.prices.referencePrice(symbol);
  }

  referencePriceAgeMs(symbol: string): number | undefined {
    return this.parts.prices.ageMs(symbol);
  }

  equityRate(asset: string): Ratio | undefined {
    return this.parts.prices.equityRate(asset);
  }

  balance(strategy: string, asset: string): Amount {
    return this.parts.holdings.balance(strategy, asset);
  }

  position(strategy: string, symbol: string): Quantity | undefined {
    return this.parts.holdings.held(strategy, symbol);
  }

  symbolPosition(symbol: string): Quantity | undefined {
    return this.parts.holdings.symbolPosition(symbol);
  }

  assetExposure(asset: string): EquityAmount | undefined {
    return this.parts.holdings.assetExposure(asset);
  }

  strategyExposure(strategy: string): EquityAmount | undefined {
    return this.parts.holdings.strategyExposure(strategy);
  }

  accountExposure(): EquityAmount | undefined {
    return this.parts.holdings.accountExposure();
  }

  equity(): EquityAmount | undefined {
    return this.parts.holdings.equity();
  }

  dayStartEquity(): EquityAmount | undefined {
    return this.parts.day().dayStart;
  }

  peakEquity(): EquityAmount | undefined {
    return this.parts.day().peak;
  }

  outsideLoad(symbol: string): SymbolLoad | undefined {
    const instrument = this.instrument(symbol);
    if (instrument === undefined) return undefined;
    const held = this.parts.holdings.accountTotal(instrument.baseAsset) as Quantity;
    return this.parts.outside.load(symbol, held);
  }

  outsideCounts(): OpenCounts | undefined {
    return this.parts.outside.counts();
  }
}
