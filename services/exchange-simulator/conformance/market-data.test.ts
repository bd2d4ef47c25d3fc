import type { Clock } from '@tradewind/utils';
import type { MainClient } from 'binance';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restClient } from './binance-client.test-support.ts';
import { type CcxtClient, ccxtClient } from './ccxt-client.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * Public market data through both clients. Nothing is signed, so the exchange can live at a time of its own: 12:00 UTC on a day in
 * 2025, when the trades of `BOOK` happen; one minute later carol sells 0.1 at 59990, another 10 s later she buys 0.2 at 60010.
 */

const NOON_MS = Date.UTC(2025, 5, 2, 12);
const MINUTE_MS = 60_000;

let venue: Venue;
let binance: MainClient;
let ccxt: CcxtClient;
beforeEach(async () => {
  let nowMs = NOON_MS;
  const clock: Clock = { nowMs: () => nowMs, elapsedMs: () => nowMs - NOON_MS };
  venue = await startVenue(clock);
  nowMs += MINUTE_MS;
  venue.house.sell('BTCUSDT', '59990.00', '0.1');
  nowMs += 10_000;
  venue.house.buy('BTCUSDT', '60010.00', '0.2');
  nowMs += 5000;
  binance = restClient(venue);
  ccxt = await ccxtClient(venue, undefined);
});
afterEach(async () => {
  await ccxt.close();
  await venue.stop();
});

const symbol = 'BTCUSDT';
const NOW_MS = NOON_MS + MINUTE_MS + 15_000;
// 0.01 at 60000, 0.1 at 59990 and 0.2 at 60010.
const VOLUME = '0.31000000';
const QUOTE_VOLUME = '18601.00000000';

test('ccxt makes its markets of the exchange info', async () => {
  const markets = await ccxt.loadMarkets();
  expect(Object.keys(markets)).toEqual(['BTC/USDT', 'ETH/USDT']);
  expect(markets['BTC/USDT']).toMatchObject({
    id: 'BTCUSDT',
    spot: true,
    active: true,
    precision: { amount: 0.00001, price: 0.01 },
    limits: { amount: { min: 0.00001, max: 9000 }, cost: { min: 5, max: 9_000_000 } },
  });
  expect(await ccxt.fetchTime()).toBe(NOW_MS);
});

test('the exchange info has all symbols or those asked for', async () => {
  const all = await binance.getExchangeInfo();
  expect(all).toMatchObject({ timezone: 'UTC', serverTime: NOW_MS, exchangeFilters: [] });
  expect(all.symbols.map((one) => one.symbol)).toEqual(['BTCUSDT', 'ETHUSDT']);
  const some = await binance.getExchangeInfo({ symbols: ['ETHUSDT'] });
  expect(some.symbols.map((one) => one.symbol)).toEqual(['ETHUSDT']);
  await expect(binance.getExchangeInfo({ symbol: 'NOPE' })).rejects.toMatchObject({ code: -1121 });
  // Its own `getServerTime` asks the real exchange, whatever address it was given.
  expect(await binance.get('api/v3/time')).toEqual({ serverTime: NOW_MS });
  expect(await binance.testConnectivity()).toEqual({});
});

test('the book has the levels asked for, best first', async () => {
  const book = await binance.getOrderBook({ symbol, limit: 5 });
  expect(book).toEqual({
    lastUpdateId: venue.house.exchange.lastUpdateId(symbol),
    bids: [
      ['59990.00000000', '0.90000000'],
      ['59980.00000000', '2.00000000'],
    ],
    asks: [
      ['60010.00000000', '0.80000000'],
      ['60020.00000000', '2.00000000'],
    ],
  });
  expect(await ccxt.fetchOrderBook('BTC/USDT', 1)).toMatchObject({
    bids: [[59_990, 0.9]],
    asks: [[60_010, 0.8]],
    nonce: book.lastUpdateId,
  });
});

test('trades say who was the maker, singly and aggregated', async () => {
  const trades = await binance.getRecentTrades({ symbol });
  expect(trades).toMatchObject([
    {
      price: '60000.00000000',
      qty: '0.01000000',
      quoteQty: '600.00000000',
      time: NOON_MS,
      isBuyerMaker: false,
    },
    { price: '59990.00000000', qty: '0.10000000', time: NOON_MS + MINUTE_MS, isBuyerMaker: true },
    {
      price: '60010.00000000',
      qty: '0.20000000',
      quoteQty: '12002.00000000',
      isBuyerMaker: false,
      isBestMatch: true,
    },
  ]);
  expect(await binance.getHistoricalTrades({ symbol, fromId: trades[1]!.id, limit: 1 })).toEqual([trades[1]]);
  expect(await binance.getAggregateTrades({ symbol, startTime: NOON_MS + 1, endTime: NOW_MS })).toMatchObject(
    [
      { p: '59990.00000000', q: '0.10000000', T: NOON_MS + MINUTE_MS, m: true, M: true },
      { p: '60010.00000000', q: '0.20000000', T: NOON_MS + MINUTE_MS + 10_000, m: false },
    ],
  );
  expect(await ccxt.fetchTrades('BTC/USDT')).toMatchObject([
    { side: 'buy' },
    { side: 'sell' },
    { side: 'buy' },
  ]);
});

test('bars are cut at full minutes and days', async () => {
  const minutes = await binance.getKlines({ symbol, interval: '1m' });
  expect(minutes).toEqual([
    [
      NOON_MS,
      '60000.00000000',
      '60000.00000000',
      '60000.00000000',
      '60000.00000000',
      '0.01000000',
      NOON_MS + MINUTE_MS - 1,
      '600.00000000',
      1,
      '0.01000000',
      '600.00000000',
      '0',
    ],
    [
      NOON_MS + MINUTE_MS,
      '59990.00000000',
      '60010.00000000',
      '59990.00000000',
      '60010.00000000',
      '0.30000000',
      NOON_MS + 2 * MINUTE_MS - 1,
      '18001.00000000',
      2,
      '0.20000000',
      '12002.00000000',
      '0',
    ],
  ]);
  expect(await binance.getUIKlines({ symbol, interval: '1m', limit: 1 })).toEqual([minutes[1]]);
  const [day] = await binance.getKlines({ symbol, interval: '1d' });
  expect(day?.slice(0, 6)).toEqual([
    Date.UTC(2025, 5, 2),
    '60000.00000000',
    '60010.00000000',
    '59990.00000000',
    '60010.00000000',
    VOLUME,
  ]);
  expect(await ccxt.fetchOHLCV('BTC/USDT', '1m')).toEqual([
    [NOON_MS, 60_000, 60_000, 60_000, 60_000, 0.01],
    [NOON_MS + MINUTE_MS, 59_990, 60_010, 59_990, 60_010, 0.3],
  ]);
});

test('tickers add up the trades of their window', async () => {
  expect(await binance.get24hrChangeStatistics({ symbol })).toMatchObject({
    symbol,
    priceChange: '10.00000000',
    priceChangePercent: '0.017',
    // 18601 / 0.31
    weightedAvgPrice: '60003.22580645',
    lastPrice: '60010.00000000',
    lastQty: '0.20000000',
    bidPrice: '59990.00000000',
    bidQty: '0.90000000',
    askPrice: '60010.00000000',
    askQty: '0.80000000',
    openPrice: '60000.00000000',
    highPrice: '60010.00000000',
    lowPrice: '59990.00000000',
    volume: VOLUME,
    quoteVolume: QUOTE_VOLUME,
    count: 3,
  });
  expect(await binance.getTradingDayTicker({ symbol })).toMatchObject({
    volume: VOLUME,
    openTime: Date.UTC(2025, 5, 2),
    closeTime: Date.UTC(2025, 5, 3) - 1,
  });
  // Of the last minute: the window begins at a full minute, 12:00.
  expect(await binance.getRollingWindowTicker({ symbol, windowSize: '1m' })).toMatchObject({
    openTime: NOON_MS,
  });
  expect(await ccxt.fetchTicker('BTC/USDT')).toMatchObject({
    open: 60_000,
    high: 60_010,
    low: 59_990,
    last: 60_010,
    change: 10,
    baseVolume: 0.31,
    quoteVolume: 18_601,
  });
  const tickers = await ccxt.fetchTickers(['BTC/USDT', 'ETH/USDT']);
  expect(tickers['ETH/USDT']).toMatchObject({ last: 3000, bid: 2999, ask: 3001 });
});

test('prices and best prices come for one symbol, some or all', async () => {
  expect(await binance.getSymbolPriceTicker({ symbol })).toEqual({ symbol, price: '60010.00000000' });
  expect(await binance.getSymbolPriceTicker()).toEqual([
    { symbol, price: '60010.00000000' },
    { symbol: 'ETHUSDT', price: '3000.00000000' },
  ]);
  expect(await binance.getSymbolOrderBookTicker({ symbol: 'ETHUSDT' })).toEqual({
    symbol: 'ETHUSDT',
    bidPrice: '2999.00000000',
    bidQty: '10.00000000',
    askPrice: '3001.00000000',
    askQty: '10.00000000',
  });
  // Of the last five minutes: 18601 / 0.31.
  expect(await binance.getAvgPrice({ symbol })).toMatchObject({ mins: 5, price: '60003.22580645' });
  const best = await ccxt.fetchBidsAsks(['BTC/USDT']);
  expect(best['BTC/USDT']).toMatchObject({ bid: 59_990, ask: 60_010 });
});
