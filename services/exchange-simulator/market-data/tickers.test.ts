import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { VirtualTime } from '@tradewind/utils';
import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../../tools/shared-data.ts';
import { formatFixed } from '../notation/fixed-point.ts';
import { divideHalfEven } from './divide-half-even.ts';
import { MarketData } from './market-data.ts';
import { RecordedExchange } from './recorded-exchange.test-support.ts';
import {
  chanceTrades,
  DAY,
  HOUR,
  MINUTE,
  played,
  quoteOf,
  START,
  SYMBOL,
  slowRow,
  startOf,
  type Told,
} from './slow-statistics.test-support.ts';

describe('tickers', () => {
  const trades = chanceTrades(11, 3000);

  function slowTicker(inside: readonly Told[], all: readonly Told[]) {
    const row = slowRow(0, 1, inside, '');
    const open = new Big(inside[0]!.price);
    const change = new Big(inside.at(-1)!.price).minus(open);
    const volume = inside.reduce((total, trade) => total.plus(trade.quantity), new Big(0));
    const quote = inside.reduce((total, trade) => total.plus(quoteOf(trade)), new Big(0));
    Big.DP = 40;
    return {
      symbol: SYMBOL,
      priceChange: change.toFixed(8),
      priceChangePercent: change.times(100).div(open).toFixed(3, Big.roundHalfEven),
      weightedAvgPrice: quote.div(volume).toFixed(8, Big.roundHalfEven),
      openPrice: row[1],
      highPrice: row[2],
      lowPrice: row[3],
      lastPrice: row[4],
      volume: row[5],
      quoteVolume: row[7],
      firstId: all.indexOf(inside[0]!) + 1,
      lastId: all.indexOf(inside.at(-1)!) + 1,
      count: inside.length,
    };
  }

  test('of 24 h, of the trading day and of every kind of window are those that a look at all trades gives', async () => {
    const { symbol, time } = await played(trades);
    for (let step = 0; step < 40; step += 1) {
      const now = time.nowMs();
      const day = trades.filter((trade) => trade.time >= Math.floor((now - DAY) / 1000) * 1000);
      if (day.length > 0)
        expect(symbol.dayTicker()).toMatchObject({
          ...slowTicker(day, trades),
          openTime: now - DAY,
          closeTime: now,
          prevClosePrice: new Big(trades[trades.indexOf(day[0]!) - 1]?.price ?? 0).toFixed(8),
        });
      for (const windowMs of [MINUTE, 59 * MINUTE, HOUR, 4 * HOUR, DAY, 7 * DAY]) {
        const openTime = Math.floor((now - windowMs) / MINUTE) * MINUTE;
        const inside = trades.filter((trade) => trade.time >= openTime);
        if (inside.length > 0)
          expect(symbol.rollingTicker(windowMs)).toEqual({
            ...slowTicker(inside, trades),
            openTime,
            closeTime: now,
          });
      }
      const midnight = startOf('1d', now, -300);
      const today = trades.filter((trade) => trade.time >= midnight);
      if (today.length > 0)
        expect(symbol.tradingDayTicker(-300)).toEqual({
          ...slowTicker(today, trades),
          openTime: midnight,
          closeTime: midnight + DAY - 1,
        });
      await time.advance(37 * MINUTE + 12_345);
    }
  });

  test('of a window without trades are zeros, with the price before it', async () => {
    const { symbol, time } = await played([
      { time: START, price: '100.50', quantity: '2', buyerIsMaker: true },
    ]);
    await time.advance(2 * DAY);
    expect(symbol.dayTicker()).toEqual({
      symbol: SYMBOL,
      priceChange: '0.00000000',
      priceChangePercent: '0',
      weightedAvgPrice: '0',
      prevClosePrice: '100.50000000',
      lastPrice: '0.00000000',
      lastQty: '0.00000000',
      bidPrice: '0.00000000',
      bidQty: '0.00000000',
      askPrice: '0.00000000',
      askQty: '0.00000000',
      openPrice: '0.00000000',
      highPrice: '0.00000000',
      lowPrice: '0.00000000',
      volume: '0.00000000',
      quoteVolume: '0.00000000',
      openTime: time.nowMs() - DAY,
      closeTime: time.nowMs(),
      firstId: -1,
      lastId: -1,
      count: 0,
    });
    expect(symbol.priceTicker()).toEqual({ symbol: SYMBOL, price: '100.50000000' });
  });
});

test('amounts beyond 2^53 are summed and written exactly', () => {
  const exchange = new RecordedExchange([SYMBOL]);
  const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
  for (let i = 0; i < 3; i += 1) exchange.trade(SYMBOL, START, '0.01', '90071992547.40993001');
  expect(symbol.dayMiniTicker().volume).toBe('270215977642.22979003');
});

test('halves are rounded to the even neighbour, of negative numbers too', () => {
  const halves = [5n, 15n, 25n, -5n, -15n, 14n, 16n, -16n].map((numerator) => divideHalfEven(numerator, 10n));
  expect(halves).toEqual([0n, 2n, 2n, 0n, -2n, 1n, 2n, -2n]);
});

test('what the exchange remembers when market data begins is counted in, and a wipe begins anew', () => {
  const exchange = new RecordedExchange([SYMBOL]);
  exchange.trade(SYMBOL, START, '10', '1');
  const data = new MarketData(exchange, new VirtualTime(START));
  expect(data.symbol(SYMBOL)!.dayMiniTicker().count).toBe(1);
  exchange.wipe();
  expect(data.symbol(SYMBOL)!.dayMiniTicker().count).toBe(0);
});

interface RecordedTicker {
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
  readonly openPrice: string;
  readonly lastPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly count: number;
}

testWithSharedData('percentages and averages are rounded as in recorded tickers', () => {
  const body = gunzipSync(readFileSync(sharedData('rest/ticker-24hr-all-2020-10-07.json.gz'))).toString();
  const tickers = (JSON.parse(body) as RecordedTicker[]).filter((ticker) => ticker.count > 0);
  const units = (text: string): bigint => BigInt(new Big(text).times(1e8).toFixed(0));
  const percents = tickers.filter(
    ({ priceChange, openPrice, priceChangePercent }) =>
      formatFixed(divideHalfEven(units(priceChange) * 100_000n, units(openPrice)), 3, 3) ===
      priceChangePercent,
  );
  // Counted with Python's decimal module beforehand: what is left hides digits that the record does not show.
  expect([tickers.length, percents.length]).toEqual([816, 814]);
});
