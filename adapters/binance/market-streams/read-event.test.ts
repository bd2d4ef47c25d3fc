import { formatAmount, formatPrice, price, quantity, quoteAmount } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { readTestLines } from '../../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../../tools/shared-data.ts';
import { aggregateTradeOf, quoteOf, tradeOf } from './domain.ts';
import { MessageScanner } from './message-scanner.ts';
import { market } from './plain-reading.test-support.ts';
import { type ColdStream, readEvent } from './read-event.ts';
import { nameOf, type Stream } from './stream.ts';
import examples from './stream-examples.json' with { type: 'json' };

const one = (stream: ColdStream, data: unknown) => {
  const events = readEvent(stream, data);
  expect(events.ok).toBe(true);
  return events.ok ? events.value[0] : undefined;
};
const BNBBTC = { symbol: 'BNBBTC' } as const;

test.each<[Stream, string]>([
  [{ kind: 'trade', symbol: 'BTCUSDT' }, 'btcusdt@trade'],
  [{ kind: 'aggTrade', symbol: 'BTCUSDT' }, 'btcusdt@aggTrade'],
  [{ kind: 'bookTicker', symbol: '这是测试币456' }, '这是测试币456@bookTicker'],
  [{ kind: 'kline', symbol: 'BTCUSDT', interval: '1m' }, 'btcusdt@kline_1m'],
  [{ kind: 'kline', symbol: 'BTCUSDT', interval: '1M', fromHour8: true }, 'btcusdt@kline_1M@+08:00'],
  [{ kind: 'depth', symbol: 'BTCUSDT', speed: '1000ms' }, 'btcusdt@depth'],
  [{ kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' }, 'btcusdt@depth@100ms'],
  [{ kind: 'partialDepth', symbol: 'BTCUSDT', levels: 20, speed: '100ms' }, 'btcusdt@depth20@100ms'],
  [{ kind: 'rollingTicker', symbol: 'BTCUSDT', window: '4h' }, 'btcusdt@ticker_4h'],
  [{ kind: 'referencePrice', symbol: 'BTCUSDT' }, 'btcusdt@referencePrice'],
  [{ kind: 'allMiniTickers' }, '!miniTicker@arr'],
  [{ kind: 'allRollingTickers', window: '1d' }, '!ticker_1d@arr'],
])('%o is subscribed to as %s', (stream, name) => {
  expect(nameOf(stream)).toBe(name);
});

test('a kline of the reference', () => {
  expect(one({ kind: 'kline', ...BNBBTC, interval: '1m' }, examples.kline)).toEqual({
    kind: 'kline',
    symbol: 'BNBBTC',
    eventTimeMs: 1672515782136,
    interval: '1m',
    bar: {
      openTimeMs: 1672515780000,
      closeTimeMs: 1672515839999,
      open: price('0.0010'),
      high: price('0.0025'),
      low: price('0.0015'),
      close: price('0.0020'),
      volume: quantity('1000'),
      quoteVolume: quoteAmount('1.0000'),
      trades: 100,
      takerBuyVolume: quantity('500'),
      takerBuyQuoteVolume: quoteAmount('0.500'),
    },
    isClosed: false,
    firstTradeId: 100,
    lastTradeId: 200,
  });
});

test('a partial book of the reference takes its symbol from its stream', () => {
  expect(one({ kind: 'partialDepth', ...BNBBTC, levels: 5, speed: '100ms' }, examples.partialDepth)).toEqual({
    kind: 'partialDepth',
    symbol: 'BNBBTC',
    depth: {
      lastUpdateId: 160,
      bids: [{ price: price('0.0024'), quantity: quantity('10') }],
      asks: [{ price: price('0.0026'), quantity: quantity('100') }],
    },
  });
});

test('tickers of the reference', () => {
  const mini = {
    symbol: 'BNBBTC',
    eventTimeMs: 1672515782136,
    last: price('0.0025'),
    open: price('0.0010'),
    high: price('0.0025'),
    low: price('0.0010'),
    volume: quantity('10000'),
    quoteVolume: quoteAmount('18'),
  };
  const window = {
    ...mini,
    priceChange: price('0.0015'),
    priceChangePercent: '250.00',
    averagePrice: price('0.0018'),
    openTimeMs: 0,
    firstTradeId: 0,
    lastTradeId: 18150,
    trades: 18151,
  };
  expect(one({ kind: 'miniTicker', ...BNBBTC }, examples.miniTicker)).toEqual({
    kind: 'miniTicker',
    ...mini,
  });
  expect(one({ kind: 'ticker', ...BNBBTC }, examples.ticker)).toEqual({
    kind: 'ticker',
    ...window,
    closeTimeMs: 86400000,
    previousClose: price('0.0009'),
    lastQuantity: quantity('10'),
    bid: { price: price('0.0024'), quantity: quantity('10') },
    ask: { price: price('0.0026'), quantity: quantity('100') },
  });
  const rolling = { kind: 'rollingTicker', window: '1h', ...window, closeTimeMs: 1675216573749 };
  expect(one({ kind: 'rollingTicker', ...BNBBTC, window: '1h' }, examples.rollingTicker)).toEqual(rolling);
  const all = readEvent({ kind: 'allRollingTickers', window: '1h' }, [
    examples.rollingTicker,
    examples.rollingTicker,
  ]);
  expect(all).toEqual({ ok: true, value: [rolling, rolling] });
  expect(readEvent({ kind: 'allMiniTickers' }, [examples.miniTicker])).toMatchObject({
    ok: true,
    value: [mini],
  });
});

test('M11: a ticker of an empty market has no best prices, and no trades', () => {
  const empty = {
    ...examples.ticker,
    b: '0.0000',
    B: '0.0',
    a: '0',
    A: '0',
    F: -1,
    L: -1,
    n: 0,
    p: '-0.0015',
  };
  expect(one({ kind: 'ticker', ...BNBBTC }, empty)).toMatchObject({
    bid: undefined,
    ask: undefined,
    firstTradeId: undefined,
    lastTradeId: undefined,
    priceChange: price('-0.0015'),
  });
});

test('average, reference and block prices of the reference', () => {
  expect(one({ kind: 'avgPrice', symbol: 'BTCUSDT' }, examples.avgPrice)).toEqual({
    kind: 'avgPrice',
    symbol: 'BTCUSDT',
    eventTimeMs: 1693907033000,
    over: '5m',
    price: price('25776.86'),
    lastTradeTimeMs: 1693907032213,
  });
  const reference = { kind: 'referencePrice', symbol: 'BAZUSD', price: price('1'), timeMs: 1770313263917 };
  expect(one({ kind: 'referencePrice', symbol: 'BAZUSD' }, examples.referencePrice)).toEqual(reference);
  expect(one({ kind: 'referencePrice', symbol: 'BAZUSD' }, { ...examples.referencePrice, r: null })).toEqual({
    ...reference,
    price: undefined,
  });
  expect(one({ kind: 'blockTrade', ...BNBBTC }, examples.blockTrade)).toEqual({
    kind: 'blockTrade',
    eventTimeMs: 1772506983582,
    trade: {
      symbol: 'BNBBTC',
      id: 582,
      price: price('0.052'),
      quantity: quantity('5838'),
      timeMs: 1772506983321,
      buyerIsMaker: true,
    },
  });
});

test.each<[string, ColdStream, unknown, string]>([
  ['another symbol than its stream', { kind: 'ticker', symbol: 'BTCUSDT' }, examples.ticker, 's'],
  ['another interval than its stream', { kind: 'kline', ...BNBBTC, interval: '5m' }, examples.kline, 'i'],
  ['a number for a price', { kind: 'avgPrice', symbol: 'BTCUSDT' }, { ...examples.avgPrice, w: 1 }, 'w'],
  ['a negative quantity', { kind: 'miniTicker', ...BNBBTC }, { ...examples.miniTicker, v: '-1' }, 'v'],
  ['half of an empty side', { kind: 'ticker', ...BNBBTC }, { ...examples.ticker, b: '0' }, 'B'],
  ['an object for a list', { kind: 'allMiniTickers' }, examples.miniTicker, 'data'],
  ['nothing', { kind: 'ticker', ...BNBBTC }, null, 'data'],
  [
    'a level of zero',
    { kind: 'partialDepth', ...BNBBTC, levels: 5, speed: '100ms' },
    { ...examples.partialDepth, bids: [['1', '0']] },
    'bids',
  ],
])('an event with %s is refused as a whole, and its field is named', (_, stream, data, field) => {
  expect(readEvent(stream, data)).toEqual({
    ok: false,
    error: { reason: 'bad_field', message: stream.kind, field },
  });
});

test('what was scanned becomes values that can be kept, exact to the last digit', () => {
  const scanner = new MessageScanner([market('BNBBTC', 8, 3), market('BNBUSDT', 2, 8)]);
  const scan = (event: object) => scanner.scan(new TextEncoder().encode(JSON.stringify(event)));
  scan(examples.trade);
  const trade = tradeOf(scanner.trade);
  expect(trade).toEqual({
    symbol: 'BNBBTC',
    id: 12345,
    price: price('0.001'),
    quantity: quantity('100'),
    timeMs: 1672515782136,
    buyerIsMaker: true,
  });
  scan(examples.aggTrade);
  expect(aggregateTradeOf(scanner.trade)).toEqual({ ...trade, firstTradeId: 100, lastTradeId: 105 });
  scan({ ...examples.bookTicker, b: '25.35000000', a: '0.00000000', A: '0.00000000' });
  const quote = quoteOf(scanner.quote, 7);
  expect(quote).toMatchObject({ symbol: 'BNBUSDT', updateId: 400900217, ask: undefined, timeMs: 7 });
  expect([formatPrice(quote.bid!.price), formatAmount(quote.bid!.quantity)]).toEqual(['25.35', '31.21']);
});

testWithSharedData('klines of a real recording are read', () => {
  const file = 'ws/binance-4-symbols-depth-aggTrade-kline-bookTicker-2021-10-12.txt.gz';
  const lines = readTestLines(file).filter((line) => line.includes('@kline_1m'));
  const closes = lines.map((line) => {
    const { data } = JSON.parse(line.slice(line.indexOf(' ') + 1)) as { data: { s: string } };
    const event = one({ kind: 'kline', symbol: data.s, interval: '1m' }, data);
    return event?.kind === 'kline'
      ? `${event.symbol} ${formatPrice(event.bar.close)} ${event.bar.trades}`
      : '';
  });
  expect(closes).toEqual(['NKNUSDT 0.3528 30', expect.stringMatching(/^LRCBTC 0\.0000\d+ \d+$/)]);
});
