import { entry } from '../exchange/exchange.test-support.ts';

/** One spot symbol that allows everything there is; the filters are those of BTCUSDT in binance-spot.md section 6. */
const symbolEntry = (symbol: string, tickSize: string, stepSize: string): object =>
  entry(symbol, {
    isMarginTradingAllowed: false,
    defaultSelfTradePreventionMode: 'EXPIRE_MAKER',
    filters: [
      { filterType: 'PRICE_FILTER', minPrice: tickSize, maxPrice: '1000000.00000000', tickSize },
      { filterType: 'LOT_SIZE', minQty: stepSize, maxQty: '9000.00000000', stepSize },
      { filterType: 'ICEBERG_PARTS', limit: 100 },
      {
        filterType: 'MARKET_LOT_SIZE',
        minQty: '0.00000000',
        maxQty: '141.67845966',
        stepSize: '0.00000000',
      },
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
        minNotional: '5.00000000',
        applyMinToMarket: true,
        maxNotional: '9000000.00000000',
        applyMaxToMarket: false,
        avgPriceMins: 5,
      },
      { filterType: 'MAX_NUM_ORDERS', maxNumOrders: 200 },
      { filterType: 'MAX_NUM_ORDER_LISTS', maxNumOrderLists: 20 },
      { filterType: 'MAX_NUM_ALGO_ORDERS', maxNumAlgoOrders: 5 },
      { filterType: 'MAX_NUM_ORDER_AMENDS', maxNumOrderAmends: 10 },
    ],
  });

/** The body of GET exchangeInfo that the clients trade on; the limits are today's (binance-spot.md section 3.1). */
export const EXCHANGE_INFO: object = {
  timezone: 'UTC',
  serverTime: 0,
  rateLimits: [
    { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
    { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
    { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000 },
    { rateLimitType: 'RAW_REQUESTS', interval: 'MINUTE', intervalNum: 5, limit: 300_000 },
  ],
  exchangeFilters: [],
  symbols: [
    symbolEntry('BTCUSDT', '0.01000000', '0.00001000'),
    symbolEntry('ETHUSDT', '0.01000000', '0.00010000'),
  ],
};
