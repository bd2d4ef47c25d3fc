import type { Filters } from '@tradewind/core/market';
import { type Exact, formatAmount, fromUnits, unitsOf } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import { knownInstrument } from '@tradewind/research/instruments';
import { type FilterEntry, symbolEntry } from './symbol-entry.ts';

/** What is listed when nobody says which symbols. */
export const DEFAULT_SYMBOLS: readonly string[] = [
  'BTCUSDT',
  'ETHUSDT',
  'BNBUSDT',
  'SOLUSDT',
  'XRPUSDT',
  'ETHBTC',
  'BNBBTC',
  'LTCBTC',
];

/**
 * The body of GET exchangeInfo for well-known symbols. Ticks, lots and least notionals are those of the exchange; what follows
 * its market (PERCENT_PRICE_BY_SIDE, MARKET_LOT_SIZE) is as wide as on BTCUSDT, limits are those of production
 * (binance-spot.md sections 3.1 and 6).
 * @returns the first symbol that is not known, when there is one
 */
export function builtInExchangeInfo(symbols: readonly string[]): Result<object, string> {
  const entries: object[] = [];
  for (const symbol of symbols) {
    const instrument = knownInstrument(symbol);
    if (instrument === undefined) return err(symbol);
    entries.push(symbolEntry(instrument, filtersOf(instrument.filters)));
  }
  return ok({
    timezone: 'UTC',
    serverTime: 0,
    rateLimits: RATE_LIMITS,
    exchangeFilters: [],
    symbols: entries,
  });
}

const rateLimit = (rateLimitType: string, interval: string, intervalNum: number, limit: number): object => ({
  rateLimitType,
  interval,
  intervalNum,
  limit,
});
const RATE_LIMITS: readonly object[] = [
  rateLimit('REQUEST_WEIGHT', 'MINUTE', 1, 6000),
  rateLimit('ORDERS', 'SECOND', 10, 100),
  rateLimit('ORDERS', 'DAY', 1, 200_000),
  rateLimit('RAW_REQUESTS', 'MINUTE', 5, 300_000),
];

const filtersOf = ({ price, lot, notional }: Filters): FilterEntry[] => [
  {
    filterType: 'PRICE_FILTER',
    minPrice: text(price.minimum),
    maxPrice: '1000000.00000000',
    tickSize: text(price.tick),
  },
  {
    filterType: 'LOT_SIZE',
    minQty: text(lot.minimum),
    maxQty: text(lot.maximum),
    stepSize: text(lot.step),
  },
  { filterType: 'ICEBERG_PARTS', limit: 100 },
  { filterType: 'MARKET_LOT_SIZE', minQty: '0.00000000', maxQty: text(lot.maximum), stepSize: '0.00000000' },
  {
    filterType: 'TRAILING_DELTA',
    minTrailingAboveDelta: 10,
    maxTrailingAboveDelta: 2000,
    minTrailingBelowDelta: 10,
    maxTrailingBelowDelta: 2000,
  },
  {
    filterType: 'PERCENT_PRICE_BY_SIDE',
    bidMultiplierUp: '2',
    bidMultiplierDown: '0.5',
    askMultiplierUp: '2',
    askMultiplierDown: '0.5',
    avgPriceMins: 5,
  },
  {
    filterType: 'NOTIONAL',
    minNotional: text(notional?.minimum),
    applyMinToMarket: true,
    maxNotional: text(notional?.maximum),
    applyMaxToMarket: false,
    avgPriceMins: 5,
  },
  { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
  { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
  { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
  { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 10 },
];

/** With all its decimals, as the exchange writes filters; a bound that is not there is 0, which disables it. */
function text(bound: Exact<string, 8> | undefined): string {
  const [whole, decimals = ''] = formatAmount(fromUnits(bound === undefined ? 0n : unitsOf(bound))).split(
    '.',
  );
  return `${whole}.${decimals.padEnd(8, '0')}`;
}
