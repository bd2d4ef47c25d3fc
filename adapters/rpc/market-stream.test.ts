import { BarsBuilder, Interval } from '@tradewind/core/market';
import { ok } from '@tradewind/core/result';
import type { MarketRequest, MarketUpdate } from '@tradewind/proto';
import { afterEach, expect, test } from 'vitest';
import { MarketDataClient } from './market-data-client.ts';
import { feed, marketOf, optionsFor, serve, trade, until } from './rpc.test-support.ts';
import { UpdateQueue } from './update-queue.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Market data of which the test is the source. */
function source() {
  const listeners = new Set<(update: MarketUpdate) => void>();
  const requests: MarketRequest[] = [];
  const contracts = marketOf({
    subscribe: (request, listener) => {
      requests.push(request);
      listeners.add(listener);
      listener(feed('live'));
      return { end: () => void listeners.delete(listener) };
    },
    snapshot: async () => undefined,
    history: async () => {
      const builder = new BarsBuilder('BTCUSDT', Interval.parse('1m') as Interval);
      builder.append(1_700_000_040_000, 1, 3, 1, 2, 2, 5, 0);
      return ok(builder.build());
    },
  });
  const tell = (update: MarketUpdate): void => {
    for (const listener of listeners) listener(update);
  };
  return { contracts, listeners, requests, tell };
}

const namesOf = (updates: readonly MarketUpdate[]): string[] =>
  updates.map((update) => {
    if (update.kind === 'trade') return `trade ${update.trade.id}`;
    return update.kind === 'feed' ? update.feed.state : update.kind;
  });

function subscribed(port: number) {
  const client = new MarketDataClient(optionsFor(port));
  ends.push(() => client.close());
  const heard: MarketUpdate[] = [];
  const subscription = client.subscribe({ symbols: ['BTCUSDT'] }, (update) => heard.push(update));
  return { client, heard, subscription };
}

test('updates arrive in order, after the states of the feeds; an ended subscription ends at its source', async () => {
  const { contracts, listeners, requests, tell } = source();
  const server = await serve(contracts);
  ends.push(() => server.close());
  const { client, heard, subscription } = subscribed(server.port);
  await until(() => listeners.size === 1);
  for (let id = 1; id <= 100; id += 1) tell(trade(id));
  await until(() => heard.length === 102);
  const trades = Array.from({ length: 100 }, (_, index) => `trade ${index + 1}`);
  expect(namesOf(heard)).toEqual(['down', 'live', ...trades]);
  expect(heard.at(-1)).toEqual(trade(100));
  expect(requests).toEqual([{ symbols: ['BTCUSDT'] }]);
  subscription.end();
  await until(() => listeners.size === 0);
  expect(await client.snapshot('BTCUSDT')).toBeUndefined();
  const history = await client.history('BTCUSDT', '1m', 1);
  expect(history.ok && Array.from(history.value.close)).toEqual([2]);
});

test('M4: a stream that is lost is told as down, once, and begins anew when the service is back', async () => {
  const first = source();
  const server = await serve(first.contracts);
  const { heard } = subscribed(server.port);
  await until(() => first.listeners.size === 1 && heard.length === 2);
  await server.close();
  await until(() => heard.length === 3);
  const second = source();
  const again = await serve(second.contracts, { port: server.port });
  ends.push(() => again.close());
  await until(() => second.listeners.size === 1 && heard.length === 4);
  second.tell(trade(7));
  await until(() => heard.length === 5);
  expect(namesOf(heard)).toEqual(['down', 'live', 'down', 'live', 'trade 7']);
});

test('a stream without a sign of life is given up and told as down', async () => {
  const { contracts, listeners } = source();
  const server = await serve(contracts, { signOfLifeMs: 60_000 });
  ends.push(() => server.close());
  const client = new MarketDataClient({ ...optionsFor(server.port), silenceMsMaximum: 30 });
  ends.push(() => client.close());
  const heard: MarketUpdate[] = [];
  client.subscribe({ symbols: ['BTCUSDT'] }, (update) => heard.push(update));
  await until(() => heard.length >= 4);
  expect(namesOf(heard).slice(0, 4)).toEqual(['down', 'live', 'down', 'live']);
  expect(listeners.size).toBeLessThanOrEqual(2);
});

test('X2: a slow reader loses the oldest trades and is told of the gap; the states of feeds stay', async () => {
  const { contracts, listeners, tell } = source();
  const server = await serve(contracts, { updatesMaximum: 10 });
  ends.push(() => server.close());
  const { heard } = subscribed(server.port);
  await until(() => listeners.size === 1 && heard.length === 2);
  // All in one go: the stream takes none of them in between.
  tell(feed('stale', 2));
  for (let id = 1; id <= 35; id += 1) tell(trade(id));
  tell(feed('live', 3));
  await until(() => namesOf(heard).includes('trade 35') && heard.length === 16);
  const kept = Array.from({ length: 10 }, (_, index) => `trade ${26 + index}`);
  expect(namesOf(heard).slice(2)).toEqual(['gap', 'stale', ...kept, 'live', 'live']);
  expect(heard[2]).toMatchObject({ feed: { detail: '25 updates were dropped, this reader is too slow' } });
});

test('X2: what must not be dropped is bounded, too: the reader is given up', () => {
  const queue = new UpdateQueue(3);
  for (let count = 1; count <= 3; count += 1) queue.push(feed('live', count));
  expect(queue.isOverrun).toBe(false);
  queue.push(feed('live', 4));
  expect(queue.isOverrun).toBe(true);
  expect(queue.take().updates).toEqual([]);
});

test('the queue of a reader that never reads does not grow', () => {
  const queue = new UpdateQueue(5);
  for (let id = 1; id <= 10_000; id += 1) {
    queue.push(trade(id));
    if (id % 3000 === 0) queue.push(feed('live', id));
  }
  const { updates, dropped } = queue.take();
  expect(namesOf(updates)).toEqual([
    'live',
    'live',
    'live',
    ...[9996, 9997, 9998, 9999, 10_000].map((id) => `trade ${id}`),
  ]);
  expect(dropped).toEqual([{ symbol: 'BTCUSDT', count: 9995 }]);
});
