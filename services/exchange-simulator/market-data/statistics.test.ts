import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { Interval } from '@tradewind/core/market';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import Big from 'big.js';
import { describe, expect, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../../tools/shared-data.ts';
import type { PublicTrade } from '../exchange/index.ts';
import { divideHalfEven, formatFixed } from './fixed-point.ts';
import { MarketData } from './market-data.ts';
import { RecordedExchange } from './recorded-exchange.test-support.ts';
import type { KlineRow } from './shapes.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const START = Date.UTC(2026, 0, 30, 22, 59, 58, 400);
const SYMBOL = 'BTCUSDT';

interface Told {
  readonly time: number;
  readonly price: string;
  readonly quantity: string;
  readonly buyerIsMaker: boolean;
}

/** Bursts, quiet minutes and quiet days. */
function chanceTrades(seed: number, count: number): Told[] {
  const random = new SeededRandom(seed);
  let time = START;
  let cents = 5_000_000;
  return Array.from({ length: count }, () => {
    const pause = random.nextFraction();
    if (pause > 0.995) time += Math.floor(random.nextFraction() * 3 * DAY);
    else if (pause > 0.9) time += Math.floor(random.nextFraction() * HOUR);
    else if (pause > 0.5) time += Math.floor(random.nextFraction() * 5000);
    cents += Math.floor(random.nextNormal() * 500);
    return {
      time,
      price: (cents / 100).toFixed(2),
      quantity: (1 + Math.floor(random.nextFraction() * 200_000))
        .toString()
        .padStart(6, '0')
        .replace(/(.{5})$/, '.$1'),
      buyerIsMaker: random.nextFraction() < 0.5,
    };
  });
}

/** The start of the bar that holds an instant, by the calendar of the language. */
function startOf(name: string, time: number, zoneMinutes: number): number {
  const zone = zoneMinutes * MINUTE;
  const local = new Date(time + zone);
  if (name === '1M') return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), 1) - zone;
  if (name === '1w') {
    const sinceMonday = (local.getUTCDay() + 6) % 7;
    return Date.UTC(local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate() - sinceMonday) - zone;
  }
  if (name === '3d') {
    const epochDay = Math.floor((time + zone) / DAY);
    return (epochDay - ((epochDay + 2) % 3)) * DAY - zone;
  }
  const length = Number(name.slice(0, -1)) * { s: 1000, m: MINUTE, h: HOUR, d: DAY }[name.at(-1) as 's']!;
  return Math.floor((time + zone) / length) * length - zone;
}

/** All bars from the first trade to the last, by looking at all trades for each. */
function slowKlines(trades: readonly Told[], name: string, zoneMinutes: number, now: number): KlineRow[] {
  const groups = new Map<number, Told[]>();
  for (const trade of trades) {
    const start = startOf(name, trade.time, zoneMinutes);
    const inside = groups.get(start);
    if (inside === undefined) groups.set(start, [trade]);
    else inside.push(trade);
  }
  const rows: KlineRow[] = [];
  let close = '';
  let open = startOf(name, trades[0]!.time, zoneMinutes);
  while (open <= now) {
    let end = open + 1000;
    // Every bar begins at a multiple of a second, and the next one is the first instant that is in another bar.
    if (name === '1M') {
      const local = new Date(open + zoneMinutes * MINUTE);
      end = Date.UTC(local.getUTCFullYear(), local.getUTCMonth() + 1, 1) - zoneMinutes * MINUTE;
    } else if (name !== '1s') end = open + Interval.parse(name)!.lengthMs!;
    const inside = groups.get(open) ?? [];
    close = inside.at(-1)?.price ?? close;
    rows.push(slowRow(open, end, inside, close));
    open = end;
  }
  return rows;
}

const sum = (values: readonly Big[]): string => values.reduce((a, b) => a.plus(b), new Big(0)).toFixed(8);
const quoteOf = (trade: Told): Big => new Big(trade.price).times(trade.quantity);

function slowRow(open: number, end: number, inside: readonly Told[], close: string): KlineRow {
  const prices = inside.length === 0 ? [new Big(close)] : inside.map((trade) => new Big(trade.price));
  const bought = inside.filter((trade) => !trade.buyerIsMaker);
  const high = prices.reduce((a, b) => (a.gt(b) ? a : b));
  const low = prices.reduce((a, b) => (a.lt(b) ? a : b));
  return [
    open,
    prices[0]!.toFixed(8),
    high.toFixed(8),
    low.toFixed(8),
    prices.at(-1)!.toFixed(8),
    sum(inside.map((trade) => new Big(trade.quantity))),
    end - 1,
    sum(inside.map(quoteOf)),
    inside.length,
    sum(bought.map((trade) => new Big(trade.quantity))),
    sum(bought.map(quoteOf)),
    '0',
  ];
}

async function played(trades: readonly Told[]) {
  const time = new VirtualTime(trades[0]!.time);
  const exchange = new RecordedExchange([SYMBOL]);
  const data = new MarketData(exchange, time);
  for (const trade of trades)
    exchange.trade(SYMBOL, trade.time, trade.price, trade.quantity, trade.buyerIsMaker);
  await time.advance(trades.at(-1)!.time - trades[0]!.time + 1500);
  return { time, exchange, data, symbol: data.symbol(SYMBOL)! };
}

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
  expect(formatFixed(9_223_372_036_854_775_807n, 8, 8)).toBe('92233720368.54775807');
  expect(formatFixed(-5, 8, 8)).toBe('-0.00000005');
  expect(formatFixed(123_456_789, 8, 2)).toBe('1.23');
  expect(formatFixed(7, 0, 0)).toBe('7');
  const exchange = new RecordedExchange([SYMBOL]);
  const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
  for (let i = 0; i < 3; i += 1) exchange.trade(SYMBOL, START, '0.01', '90071992547.40993001');
  expect(symbol.dayMiniTicker().volume).toBe('270215977642.22979003');
});

test('halves are rounded to the even neighbour, of negative numbers too', () => {
  const halves = [5n, 15n, 25n, -5n, -15n, 14n, 16n, -16n].map((numerator) => divideHalfEven(numerator, 10n));
  expect(halves).toEqual([0n, 2n, 2n, 0n, -2n, 1n, 2n, -2n]);
});

describe('trades', () => {
  test('are answered newest, or from an id on, with the fields of the reference', () => {
    const exchange = new RecordedExchange([SYMBOL]);
    const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
    exchange.trade(SYMBOL, START, '4.000001', '12', true);
    exchange.trade(SYMBOL, START + 1, '4', '1', false);
    const rows = [
      {
        id: 1,
        price: '4.00000100',
        qty: '12.00000000',
        quoteQty: '48.00001200',
        time: START,
        isBuyerMaker: true,
        isBestMatch: true,
      },
      {
        id: 2,
        price: '4.00000000',
        qty: '1.00000000',
        quoteQty: '4.00000000',
        time: START + 1,
        isBuyerMaker: false,
        isBestMatch: true,
      },
    ];
    expect(symbol.recentTrades(5)).toEqual(rows);
    expect(symbol.recentTrades(1)).toEqual(rows.slice(1));
    expect(symbol.historicalTrades(1, 1)).toEqual(rows.slice(0, 1));
    expect(symbol.historicalTrades(2, 10)).toEqual(rows.slice(1));
    expect(symbol.historicalTrades(3, 10)).toEqual([]);
  });

  test('that are aggregated are found by id and by time, both ends included', () => {
    const exchange = new RecordedExchange([SYMBOL]);
    const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
    for (let id = 1; id <= 5; id += 1) {
      const { price, quantity }: PublicTrade = exchange.trade(
        SYMBOL,
        START + 10 * id,
        '0.01633102',
        '4.70443515',
        true,
      );
      exchange.aggregate({
        symbol: SYMBOL,
        id,
        price,
        quantity,
        firstTradeId: id,
        lastTradeId: id,
        timeMs: START + 10 * id,
        isBuyerMaker: true,
      });
    }
    expect(symbol.aggregateTrades({ limit: 1 })).toEqual([
      { a: 5, p: '0.01633102', q: '4.70443515', f: 5, l: 5, T: START + 50, m: true, M: true },
    ]);
    const ids = (query: { fromId?: number; startTime?: number; endTime?: number; limit: number }) =>
      symbol.aggregateTrades(query).map((row) => row.a);
    expect(ids({ fromId: 2, limit: 2 })).toEqual([2, 3]);
    expect(ids({ startTime: START + 20, endTime: START + 40, limit: 10 })).toEqual([2, 3, 4]);
    expect(ids({ startTime: START + 21, limit: 2 })).toEqual([3, 4]);
    expect(ids({ endTime: START + 30, limit: 2 })).toEqual([2, 3]);
    expect(ids({ startTime: START + 60, limit: 2 })).toEqual([]);
  });
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
