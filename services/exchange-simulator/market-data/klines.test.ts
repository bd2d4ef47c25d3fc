import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Interval } from '@tradewind/core/market';
import { VirtualTime } from '@tradewind/utils';
import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../../tools/shared-data.ts';
import { MarketData } from './market-data.ts';
import { RecordedExchange } from './recorded-exchange.test-support.ts';
import {
  chanceTrades,
  DAY,
  HOUR,
  MINUTE,
  played,
  START,
  SYMBOL,
  slowKlines,
} from './slow-statistics.test-support.ts';

describe('klines', () => {
  const trades = chanceTrades(7, 2500);
  const whole = { trades, world: played(trades) };
  // Short bars make many: a day or two of them is enough.
  const begin = { trades: trades.slice(0, 400), world: played(trades.slice(0, 400)) };
  for (const name of Interval.names.filter((interval) => interval !== '1s')) {
    for (const zone of [0, 480, -210]) {
      test(`of ${name} in zone ${zone} min are those that a look at all trades gives`, async () => {
        const part = name === '1m' || name === '3m' || name === '5m' ? begin : whole;
        const { symbol, time } = await part.world;
        const expected = slowKlines(part.trades, name, zone, time.nowMs());
        const newest = symbol.klines({ interval: name, timeZoneMinutes: zone, limit: 1000 });
        expect(newest).toEqual(expected.slice(-1000));
        const from = expected[Math.floor(expected.length / 3)]![0];
        const oldest = symbol.klines({
          interval: name,
          timeZoneMinutes: zone,
          limit: 17,
          startTime: from - 1,
        });
        expect(oldest).toEqual(expected.filter((row) => row[0] >= from - 1).slice(0, 17));
        const until = symbol.klines({ interval: name, timeZoneMinutes: zone, limit: 5, endTime: from });
        expect(until).toEqual(expected.filter((row) => row[0] <= from).slice(-5));
      });
    }
  }

  test('of one second follow one another without a gap', async () => {
    const few = chanceTrades(3, 60).filter((trade) => trade.time < START + HOUR);
    const { symbol, time } = await played(few);
    const expected = slowKlines(few, '1s', 0, time.nowMs());
    expect(symbol.klines({ interval: '1s', limit: 1000 })).toEqual(expected.slice(-1000));
  });

  test('between a start and an end are those that open there, both included', async () => {
    const { symbol } = await played(trades);
    const first = Math.ceil(START / HOUR) * HOUR;
    const rows = symbol.klines({ interval: '1h', limit: 1000, startTime: first, endTime: first + 3 * HOUR });
    expect(rows.map((row) => row[0])).toEqual([0, 1, 2, 3].map((hours) => first + hours * HOUR));
  });

  test('without any trade there are none', () => {
    const exchange = new RecordedExchange([SYMBOL]);
    const data = new MarketData(exchange, new VirtualTime(START));
    expect(data.symbol(SYMBOL)!.klines({ interval: '1m', limit: 10 })).toEqual([]);
  });

  test('of a break are missing, and those of a halt are not (binance-spot.md section 4.1)', async () => {
    const time = new VirtualTime(10 * HOUR);
    const exchange = new RecordedExchange([SYMBOL]);
    const symbol = new MarketData(exchange, time).symbol(SYMBOL)!;
    exchange.trade(SYMBOL, time.nowMs(), '100.00', '1');
    await time.advance(90_000);
    exchange.setStatus(SYMBOL, 'BREAK');
    await time.advance(5 * MINUTE);
    exchange.setStatus(SYMBOL, 'TRADING');
    await time.advance(MINUTE);
    exchange.setStatus(SYMBOL, 'HALT');
    await time.advance(MINUTE);
    const opened = (limit: number): number[] =>
      symbol.klines({ interval: '1m', limit }).map((row) => (row[0] - 10 * HOUR) / MINUTE);
    expect(opened(1000)).toEqual([0, 1, 6, 7, 8]);
    expect(opened(4)).toEqual([1, 6, 7, 8]);
    expect(opened(2)).toEqual([7, 8]);
    const from = symbol.klines({ interval: '1m', limit: 2, startTime: 10 * HOUR + MINUTE });
    expect(from.map((row) => (row[0] - 10 * HOUR) / MINUTE)).toEqual([1, 6]);
  });

  test('times are answered in microseconds where that was asked', async () => {
    const { symbol } = await played(trades.slice(0, 1));
    const [row] = symbol.klines({ interval: '1m', limit: 1 }, 'MICROSECOND');
    expect([row![0], row![6]]).toEqual([
      Date.UTC(2026, 0, 30, 22, 59) * 1000,
      Date.UTC(2026, 0, 30, 23) * 1000 - 1,
    ]);
  });
});

const linesOf = (path: string): string[][] =>
  gunzipSync(readFileSync(sharedData(path)))
    .toString()
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','));

testWithSharedData('the minutes of recorded trades are the recorded minutes', async () => {
  const trades = linesOf('trades/XRPETH-aggTrades-2019-10-11_2019-10-13.csv.gz');
  const time = new VirtualTime(Number(trades[0]![5]));
  const exchange = new RecordedExchange(['XRPETH']);
  const symbol = new MarketData(exchange, time).symbol('XRPETH')!;
  for (const [, at, amount, , , timeMs] of trades) exchange.trade('XRPETH', Number(timeMs), at!, amount!);
  await time.advance(3 * DAY);
  const minutes = new Map<number, readonly string[]>();
  for (let startTime = 0; ; ) {
    const rows = symbol.klines({ interval: '1m', startTime, limit: 1000 });
    if (rows.length === 0) break;
    for (const row of rows) if (row[8] > 0) minutes.set(row[0], row.slice(1, 6).map(String));
    startTime = rows.at(-1)![0] + 1;
  }
  const recorded = linesOf('klines/1m/XRPETH-1m-2019-10-11_2019-10-13.csv.gz');
  expect(recorded.length).toBe(2469);
  for (const [openTime, ...values] of recorded)
    expect(minutes.get(Number(openTime))).toEqual(values.map((value) => new Big(value).toFixed(8)));
  expect(minutes.size).toBe(2469);
});
