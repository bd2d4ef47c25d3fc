import { instrumentWith } from '../market/market.test-support.ts';
import { amount, type Price, price, priceToNumber, quantity, ratio } from '../money/index.ts';
import type { OrderIntent, OrderTerms, Side } from '../orders/index.ts';
import type { SymbolLoad } from './filter-refusal.ts';
import type { LastPrice } from './filters.ts';
import type { EquityAmount, RiskLimits, StrategyLimits, SymbolLimits } from './limits.ts';
import type { RiskView } from './view.ts';

export const NOTHING_OPEN: SymbolLoad = {
  orders: 0,
  algoOrders: 0,
  icebergOrders: 0,
  orderLists: 0,
  held: quantity('0'),
};

/** A market that last traded at this price, or has not traded. */
export const marketAt = (last: Price | undefined): LastPrice => ({
  lastPrice: last,
  lastPriceNumber: last === undefined ? Number.NaN : priceToNumber(last),
});

export const equityAmount = (text: string): EquityAmount => amount('equity', text);

let made = 0;
/** An order with an id of its own. */
export function intentOf(side: Side, terms: OrderTerms, change: Partial<OrderIntent> = {}): OrderIntent {
  made += 1;
  return {
    clientOrderId: `test-${made}`,
    strategy: 'alpha',
    symbol: 'BTCUSDT',
    side,
    terms,
    tag: '',
    decidedAtMs: 0,
    ...change,
  };
}

const NO_STRATEGY_LIMITS: StrategyLimits = {
  exposureMaximum: 'none',
  openOrdersMaximum: 'none',
  orderRate: 'none',
  consecutiveLossesMaximum: 'none',
};
export const NO_SYMBOL_LIMITS: SymbolLimits = {
  positionMaximum: 'none',
  exposureMaximum: 'none',
  openOrdersMaximum: 'none',
  priceCollar: 'none',
  priceAgeMsMaximum: 'none',
};
/** Limits that name strategy alpha, BTCUSDT, BTC and ETHBTC's assets, and bind nothing but what is given. */
export function limitsWith(
  change: {
    readonly account?: Partial<RiskLimits['account']>;
    readonly strategy?: Partial<StrategyLimits>;
    readonly symbol?: Partial<SymbolLimits>;
    readonly asset?: Partial<{
      exposureMaximum: EquityAmount;
      shareOfEquityMaximum: ReturnType<typeof ratio>;
    }>;
  } = {},
): RiskLimits {
  const asset = { exposureMaximum: 'none', shareOfEquityMaximum: 'none', ...change.asset } as const;
  const symbol = { ...NO_SYMBOL_LIMITS, ...change.symbol };
  const strategy = { ...NO_STRATEGY_LIMITS, ...change.strategy };
  return {
    account: {
      orderNotionalMaximum: 'none',
      orderShareOfEquityMaximum: 'none',
      exposureMaximum: 'none',
      openOrdersMaximum: 'none',
      orderRate: 'none',
      dailyLossMaximum: 'none',
      drawdownMaximum: 'none',
      ...change.account,
    },
    strategies: new Map([
      ['alpha', strategy],
      ['beta', strategy],
    ]),
    symbols: new Map([
      ['BTCUSDT', symbol],
      ['ETHBTC', symbol],
    ]),
    assets: new Map([
      ['BTC', asset],
      ['ETH', asset],
    ]),
  };
}

/** A world of one price (100 USDT a BTC), 1000 USDT of equity and nothing held, where every answer can be changed or taken away. */
export class TestView implements RiskView {
  readonly equityAsset = 'USDT';
  nowMs = 1000;
  exchangeFilters: RiskView['exchangeFilters'] = {};
  instruments = new Map([
    ['BTCUSDT', instrumentWith()],
    ['ETHBTC', instrumentWith({ symbol: 'ETHBTC', baseAsset: 'ETH', quoteAsset: 'BTC' })],
  ]);
  price: ReturnType<RiskView['referencePrice']> = price('100');
  priceAgeMs: number | undefined = 0;
  rate: ReturnType<RiskView['equityRate']> = ratio('100');
  balances = new Map([
    ['USDT', amount('USDT', '1000')],
    ['BTC', amount('BTC', '0')],
  ] as [string, ReturnType<typeof amount>][]);
  held: ReturnType<RiskView['position']> = quantity('0');
  symbolHeld: ReturnType<RiskView['symbolPosition']> = quantity('0');
  ofAsset: EquityAmount | undefined = equityAmount('0');
  ofStrategy: EquityAmount | undefined = equityAmount('0');
  ofAccount: EquityAmount | undefined = equityAmount('0');
  equityNow: EquityAmount | undefined = equityAmount('1000');
  dayStart: EquityAmount | undefined = equityAmount('1000');
  peak: EquityAmount | undefined = equityAmount('1000');
  load: SymbolLoad | undefined = NOTHING_OPEN;
  counts: ReturnType<RiskView['outsideCounts']> = NOTHING_OPEN;

  /** Gives strategy alpha a position with the coins to go with it. */
  hold(size: string): void {
    this.held = quantity(size);
    this.symbolHeld = quantity(size);
    this.balances.set('BTC', amount('BTC', size));
  }

  instrument(symbol: string) {
    return this.instruments.get(symbol);
  }
  referencePrice() {
    return this.price;
  }
  referencePriceAgeMs() {
    return this.priceAgeMs;
  }
  equityRate() {
    return this.rate;
  }
  balance(_strategy: string, asset: string) {
    return this.balances.get(asset);
  }
  position() {
    return this.held;
  }
  symbolPosition() {
    return this.symbolHeld;
  }
  assetExposure() {
    return this.ofAsset;
  }
  strategyExposure() {
    return this.ofStrategy;
  }
  accountExposure() {
    return this.ofAccount;
  }
  equity() {
    return this.equityNow;
  }
  dayStartEquity() {
    return this.dayStart;
  }
  peakEquity() {
    return this.peak;
  }
  outsideLoad() {
    return this.load;
  }
  outsideCounts() {
    return this.counts;
  }
}
