import { price, quantity } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import type { DepthSnapshot } from '../shapes.ts';
import examples from './stream-examples.json' with { type: 'json' };
import { START, type StreamWorld, streamWorld } from './streams.test-support.ts';

interface KlineEvent {
  readonly k: Readonly<Record<'t' | 'T' | 'f' | 'L' | 'n', number>> & {
    readonly x: boolean;
    readonly c: string;
    readonly v: string;
  };
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A market in which every stream has something to tell. */
async function livelyWorld(): Promise<StreamWorld> {
  const world = streamWorld();
  const { exchange, time } = world;
  exchange.trade('BTCUSDT', START, '99', '2');
  exchange.setAverage('BTCUSDT', { minutes: 5, price: price('99.5'), closeTimeMs: START });
  exchange.setReference('BTCUSDT', { price: price('99.25'), timeMs: START + 1 });
  await time.advance(10);
  return world;
}

function tell({ exchange, time }: StreamWorld): void {
  const now = time.nowMs();
  const trade = exchange.trade('BTCUSDT', now, '100', '1.5', true);
  exchange.aggregate({
    symbol: 'BTCUSDT',
    id: 7,
    price: price('100'),
    quantity: quantity('1.5'),
    firstTradeId: trade.id,
    lastTradeId: trade.id,
    timeMs: now,
    isBuyerMaker: true,
  });
  exchange.change('BTCUSDT', now, [
    ['BUY', '99.5', '3'],
    ['SELL', '100.5', '4'],
  ]);
}

const STREAM_OF: Readonly<Record<string, string>> = {
  '<symbol>@aggTrade': 'btcusdt@aggTrade',
  '<symbol>@trade': 'btcusdt@trade',
  '<symbol>@referencePrice': 'btcusdt@referencePrice',
  '<symbol>@kline_<interval>': 'btcusdt@kline_1m',
  '<symbol>@miniTicker': 'btcusdt@miniTicker',
  '<symbol>@ticker': 'btcusdt@ticker',
  '<symbol>@ticker_<window> / !ticker_<window>@arr': 'btcusdt@ticker_1h',
  '<symbol>@bookTicker': 'btcusdt@bookTicker',
  '<symbol>@avgPrice': 'btcusdt@avgPrice',
  '<symbol>@depth<5|10|20>[@100ms]': 'btcusdt@depth5@100ms',
  '<symbol>@depth[@100ms]': 'btcusdt@depth',
};

/** Names and kinds of values, at every depth; of a list its first item. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, shapeOf(inner)]));
}

describe('every stream has exactly the fields of the reference, in their order:', () => {
  for (const { name, example } of examples.streams) {
    const stream = STREAM_OF[name];
    if (stream === undefined) continue;
    test(stream, async () => {
      const world = await livelyWorld();
      const socket = world.open(`/ws/${stream}`);
      tell(world);
      await world.time.advance(2 * SECOND);
      // As text: whoever scans bytes relies on the order of the fields.
      expect(JSON.stringify(shapeOf(socket.take()[0]))).toBe(JSON.stringify(shapeOf(example)));
    });
  }

  test('and those that this exchange has nothing to tell of are the ones left out', () => {
    const left = examples.streams.filter(({ name }) => STREAM_OF[name] === undefined).map(({ name }) => name);
    expect(left).toEqual(['<symbol>@blockTrade', 'serverShutdown (unsolicited)']);
  });
});

describe('the values of', () => {
  test('trades, aggregates and the book ticker come at once', async () => {
    const world = await livelyWorld();
    const { time, open } = world;
    const socket = open('/ws/btcusdt@trade/btcusdt@aggTrade/btcusdt@bookTicker');
    tell(world);
    const now = time.nowMs();
    expect(socket.take()).toEqual([
      {
        e: 'trade',
        E: now,
        s: 'BTCUSDT',
        t: 2,
        p: '100.00000000',
        q: '1.50000000',
        T: now,
        m: true,
        M: true,
      },
      {
        e: 'aggTrade',
        E: now,
        s: 'BTCUSDT',
        a: 7,
        p: '100.00000000',
        q: '1.50000000',
        f: 2,
        l: 2,
        T: now,
        m: true,
        M: true,
      },
      { u: 2, s: 'BTCUSDT', b: '99.50000000', B: '3.00000000', a: '100.50000000', A: '4.00000000' },
    ]);
    world.exchange.change('BTCUSDT', now, [['BUY', '98', '1']]);
    expect(socket.take()).toEqual([]);
  });

  test('klines: the open bar when it changed, each bar once as closed, also without a trade', async () => {
    const { open, time, exchange } = await livelyWorld();
    const socket = open('/ws/btcusdt@kline_1m');
    const bars = (): unknown[] =>
      socket.take<KlineEvent>().map(({ k }) => [(k.t - START) / MINUTE, k.x, k.n, k.c, k.v, k.f, k.L]);
    await time.advance(4 * SECOND);
    expect(bars()).toEqual([[0, false, 1, '99.00000000', '2.00000000', 1, 1]]);
    exchange.trade('BTCUSDT', time.nowMs(), '101', '1');
    await time.advance(2 * SECOND);
    await time.advance(2 * SECOND);
    expect(bars()).toEqual([[0, false, 2, '101.00000000', '3.00000000', 1, 2]]);
    await time.advance(2 * MINUTE);
    expect(bars()).toEqual([
      [0, true, 2, '101.00000000', '3.00000000', 1, 2],
      [1, true, 0, '101.00000000', '0.00000000', -1, -1],
    ]);
  });

  test('klines moved by eight hours keep times in UTC', async () => {
    const { open, time } = await livelyWorld();
    const socket = open('/stream', 'streams=btcusdt@kline_1d@+08:00/btcusdt@kline_1d@%2B08:00');
    await time.advance(2 * SECOND);
    const [event, ...others] = socket.take<{ data: KlineEvent }>();
    expect(others).toEqual([]);
    expect(event!.data.k).toMatchObject({
      t: Date.UTC(2026, 4, 31, 16),
      T: Date.UTC(2026, 5, 1, 16) - 1,
      i: '1d',
    });
  });

  test('one-second klines come every second, others every two', async () => {
    const { open, time, exchange } = await livelyWorld();
    const fast = open('/ws/btcusdt@kline_1s');
    const slow = open('/ws/btcusdt@kline_1h');
    for (let i = 0; i < 8; i += 1) {
      exchange.trade('BTCUSDT', time.nowMs(), '100', '1');
      await time.advance(SECOND);
    }
    expect(fast.take<KlineEvent>().filter(({ k }) => k.x).length).toBe(8);
    expect(slow.take().length).toBe(4);
  });

  test('the tickers of all symbols hold only those that changed', async () => {
    const { open, time, exchange } = await livelyWorld();
    const socket = open('/ws/!miniTicker@arr/!ticker_4h@arr');
    const symbols = (): unknown[] =>
      socket.take<{ e: string; s: string }[]>().map((list) => list.map(({ e, s }) => [e, s]));
    await time.advance(SECOND);
    expect(symbols()).toEqual([[['24hrMiniTicker', 'BTCUSDT']], [['4hTicker', 'BTCUSDT']]]);
    await time.advance(3 * SECOND);
    expect(symbols()).toEqual([]);
    exchange.trade('ETHUSDT', time.nowMs(), '5', '1');
    await time.advance(SECOND);
    expect(symbols()).toEqual([[['24hrMiniTicker', 'ETHUSDT']], [['4hTicker', 'ETHUSDT']]]);
  });

  test('the reference price come every second, null while it is withdrawn', async () => {
    const { open, time, exchange } = await livelyWorld();
    const socket = open('/ws/btcusdt@referencePrice');
    await time.advance(SECOND);
    exchange.setReference('BTCUSDT', { price: null, timeMs: START + 5 });
    await time.advance(SECOND);
    expect(socket.take()).toEqual([
      { e: 'referencePrice', s: 'BTCUSDT', r: '99.25000000', t: START + 1 },
      { e: 'referencePrice', s: 'BTCUSDT', r: null, t: START + 5 },
    ]);
  });

  test('partial depth are the best levels, once for each tick in which the book changed', async () => {
    const { open, time, exchange } = await livelyWorld();
    const socket = open('/ws/btcusdt@depth5@100ms');
    const levels = Array.from({ length: 8 }, (_, index) => ['BUY', String(90 - index), '1'] as const);
    exchange.change('BTCUSDT', time.nowMs(), levels);
    await time.advance(300);
    const [depth, ...others] = socket.take<DepthSnapshot>();
    expect(others).toEqual([]);
    expect(depth!.lastUpdateId).toBe(8);
    expect(depth!.bids.map(([at]) => Number(at))).toEqual([90, 89, 88, 87, 86]);
    expect(depth!.asks).toEqual([]);
  });
});

test('a symbol in a break is silent, and in its depth stream nothing is missing afterwards', async () => {
  const { open, time, exchange } = await livelyWorld();
  const socket = open('/ws/btcusdt@depth@100ms/btcusdt@bookTicker/btcusdt@kline_1s/btcusdt@ticker');
  await time.advance(2 * SECOND);
  socket.take();
  exchange.setStatus('BTCUSDT', 'BREAK');
  exchange.change('BTCUSDT', time.nowMs(), [['BUY', '90', '1']]);
  await time.advance(2 * SECOND);
  expect(socket.take()).toEqual([]);
  exchange.setStatus('BTCUSDT', 'TRADING');
  exchange.change('BTCUSDT', time.nowMs(), [['BUY', '91', '1']]);
  await time.advance(100);
  expect(socket.take()).toMatchObject([
    { u: 2, b: '91.00000000' },
    { e: 'depthUpdate', U: 1, u: 2 },
  ]);
});

test('after a wipe streams go on with what is new', async () => {
  const { open, time, exchange } = await livelyWorld();
  const socket = open('/ws/btcusdt@depth@100ms/btcusdt@trade');
  exchange.change('BTCUSDT', time.nowMs(), [['BUY', '90', '1']]);
  exchange.wipe();
  exchange.change('BTCUSDT', time.nowMs(), [['BUY', '80', '1']]);
  exchange.trade('BTCUSDT', time.nowMs(), '80', '1');
  await time.advance(100);
  expect(socket.take()).toMatchObject([
    { e: 'trade', t: 1, p: '80.00000000' },
    { e: 'depthUpdate', U: 1, u: 1, b: [['80.00000000', '1.00000000']] },
  ]);
});
