import { type Price, price } from '@tradewind/core/money';
import type { MarketData, MarketSnapshot, MarketUpdate } from '@tradewind/proto';
import { marketDataMethods } from '@tradewind/proto/codec';
import type { FollowPricesResponse } from '@tradewind/proto/generated/market_data_pb.js';
import { SeededRandom, silentTelemetry, VirtualTime } from '@tradewind/utils';
import { afterEach, expect, test } from 'vitest';
import { testInstrument } from '../../core/market/market.test-support.ts';
import { MarketDataClient } from './market-data-client.ts';
import { PriceStream } from './price-stream.ts';
import { feed, marketOf, only, optionsFor, serve, trade, until } from './rpc.test-support.ts';
import { type PricesTold, toldPrices } from './told-prices.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

const snapshotOf = (symbol: 'BTC/USDT' | 'ETH/USDT', referencePrice: Price, ageMs = 0): MarketSnapshot => ({
  instrument: testInstrument(symbol),
  status: 'TRADING',
  feed: { symbol: symbol.replace('/', ''), state: 'live', sinceMs: 1, detail: '' },
  referencePrice,
  referencePriceAgeMs: ageMs,
  lastTrade: undefined,
  quote: undefined,
});

/** Market data of two symbols, of which the test says what they are worth and when something comes. */
function market() {
  const listeners = new Set<(update: MarketUpdate) => void>();
  const worth = new Map([
    ['BTCUSDT', snapshotOf('BTC/USDT', price('100'))],
    ['ETHUSDT', snapshotOf('ETH/USDT', price('5'))],
  ]);
  let asked = 0;
  const part: Partial<MarketData> = {
    snapshot: (symbol) => {
      asked += 1;
      return worth.get(symbol);
    },
    subscribe: (_request, listener) => {
      listeners.add(listener);
      listener(feed('live'));
      return { end: () => void listeners.delete(listener) };
    },
  };
  return {
    part,
    listeners,
    worth,
    asked: () => asked,
    tell: (update: MarketUpdate) => {
      for (const listener of listeners) listener(update);
    },
  };
}

test('all prices are told at once, one that may have changed 20 ms later, and all of them four times a second', async () => {
  const time = new VirtualTime(1_000_000);
  const source = market();
  const told: (readonly [atMs: number, ...symbols: string[]])[] = [];
  const abort = new AbortController();
  const read = async (): Promise<void> => {
    const outside = { clock: time, timers: time };
    const symbols = ['BTCUSDT', 'ETHUSDT', 'GONEUSDT'];
    for await (const { toldAtMs, snapshots } of toldPrices(only(source.part), symbols, abort.signal, outside))
      told.push([toldAtMs - 1_000_000, ...snapshots.map(({ instrument }) => instrument.symbol)]);
  };
  const reading = read();
  // The state of its feed is an update, too.
  await time.advance(100);
  source.tell(trade(1));
  await time.advance(10);
  source.tell(trade(2));
  await time.advance(500);
  expect(told).toEqual([
    [0, 'BTCUSDT', 'ETHUSDT'],
    [120, 'BTCUSDT'],
    [250, 'BTCUSDT', 'ETHUSDT'],
    [500, 'BTCUSDT', 'ETHUSDT'],
  ]);
  abort.abort();
  await time.advance(1);
  await reading;
  expect(source.listeners.size).toBe(0);
});

/** A stream of prices to a client, into which the test puts what the service would say. */
function following(time: VirtualTime) {
  const waiting: FollowPricesResponse[] = [];
  let wake = (): void => undefined;
  const prices = new PriceStream({
    connection: {
      health: { service: 'market-data', state: 'up', sinceMs: 0, detail: '' },
      onHealth: () => () => undefined,
    },
    open: async function* () {
      for (;;) {
        for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) yield next;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    outside: { clock: time, timers: time, random: new SeededRandom(1), telemetry: silentTelemetry },
    silenceMsMaximum: 3_000,
  });
  ends.push(() => prices.end());
  return {
    prices,
    say: (prices: PricesTold) => {
      waiting.push(marketDataMethods.followPrices.response.encode({ correlationId: 'c', ...prices }));
      wake();
    },
  };
}

test('K6: a price that was told gets older, by the way that it took and by the time since; what was told too long ago is not known', async () => {
  const time = new VirtualTime(1_000_000);
  const { prices, say } = following(time);
  await time.advance(1_000);
  expect(prices.latest('BTCUSDT')).toBeUndefined();
  // It left 40 ms ago, and was 7 ms old by then.
  say({ toldAtMs: 1_000_960, snapshots: [snapshotOf('BTC/USDT', price('100'), 7)] });
  await time.advance(0);
  expect(prices.latest('BTCUSDT')).toMatchObject({ referencePrice: price('100'), referencePriceAgeMs: 47 });
  await time.advance(500);
  expect(prices.latest('BTCUSDT')?.referencePriceAgeMs).toBe(547);
  await time.advance(100);
  expect(prices.latest('BTCUSDT')).toBeUndefined();
});

test('C5: what was told before a sleep is not known after it', async () => {
  const time = new VirtualTime(1_000_000);
  const { prices, say } = following(time);
  say({ toldAtMs: 1_000_000, snapshots: [snapshotOf('BTC/USDT', price('100'))] });
  await time.advance(100);
  expect(prices.latest('BTCUSDT')?.referencePriceAgeMs).toBe(100);
  const { nowMs } = time;
  time.nowMs = () => nowMs.call(time) + 20_000;
  expect(prices.latest('BTCUSDT')).toBeUndefined();
});

test('an age below zero, of a clock that runs wrong, does not pass with time', async () => {
  const time = new VirtualTime(1_000_000);
  const { prices, say } = following(time);
  say({ toldAtMs: 1_000_000, snapshots: [snapshotOf('BTC/USDT', price('100'), -2_000)] });
  await time.advance(500);
  expect(prices.latest('BTCUSDT')?.referencePriceAgeMs).toBe(-2_000);
});

test('K6: what was told late, because nobody read, counts as that late', async () => {
  const time = new VirtualTime(1_000_000);
  const { prices, say } = following(time);
  await time.advance(5_000);
  say({ toldAtMs: 1_000_000, snapshots: [snapshotOf('BTC/USDT', price('100'))] });
  await time.advance(0);
  expect(prices.latest('BTCUSDT')).toBeUndefined();
});

test('a price that was asked for is older by the time that the answer took, on the clock that says more', async () => {
  const at = { elapsedMs: 0, wallMs: 1_000_000 };
  const takes = { elapsedMs: 1_500, wallMs: 1_500 };
  let ageMs = 7;
  const server = await serve(
    marketOf({
      snapshot: () => {
        at.elapsedMs += takes.elapsedMs;
        at.wallMs += takes.wallMs;
        return snapshotOf('BTC/USDT', price('100'), ageMs);
      },
    }),
  );
  ends.push(() => server.close());
  const clock = { nowMs: () => at.wallMs, elapsedMs: () => at.elapsedMs };
  const client = new MarketDataClient(optionsFor(server.port, { clock }));
  ends.push(() => client.close());
  await until(() => client.health.state === 'up');
  const age = async (): Promise<number | undefined> =>
    (await client.snapshot('BTCUSDT'))?.referencePriceAgeMs;
  expect(await age()).toBe(1_507);
  // The machine sleeps meanwhile.
  takes.wallMs = 20_000;
  expect(await age()).toBe(20_007);
  // Of a clock that runs wrong.
  ageMs = -2_000;
  expect(await age()).toBe(-2_000);
});

test('a client that follows prices has them at hand, asks for others, and asks again when it is told nothing any more', async () => {
  const source = market();
  const server = await serve(marketOf(source.part));
  const client = new MarketDataClient({ ...optionsFor(server.port), followed: ['BTCUSDT'] });
  ends.push(() => client.close());
  /** Of what would have to be asked for: undefined. */
  const atHand = (): MarketSnapshot | undefined => {
    const said = client.snapshot('BTCUSDT');
    if (!(said instanceof Promise)) return said;
    said.catch(() => undefined);
    return undefined;
  };
  await expect(client.snapshot('BTCUSDT')).rejects.toThrow('cannot be reached');
  await until(() => atHand()?.referencePrice === price('100'));
  source.worth.set('BTCUSDT', snapshotOf('BTC/USDT', price('101')));
  source.tell(trade(1));
  await until(() => atHand()?.referencePrice === price('101'));
  expect(await client.snapshot('ETHUSDT')).toMatchObject({ referencePrice: price('5') });
  await server.close();
  await until(() => atHand() === undefined);
});
