import { price, quantity } from '@tradewind/core/money';
import type { FeedStatus, MarketUpdate } from '@tradewind/proto';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { UpdateQueue } from './update-queue.ts';

const trade = (id: number): MarketUpdate => ({
  kind: 'trade',
  trade: { symbol: 'BTCUSDT', id, price: price('1'), quantity: quantity('1'), timeMs: 0, buyerIsMaker: true },
  receivedAtMs: 0,
});
const feed = (sinceMs: number, symbol = 'BTCUSDT', state: FeedStatus['state'] = 'live'): MarketUpdate => ({
  kind: 'feed',
  feed: { symbol, state, sinceMs, detail: '' },
});
const all = (queue: UpdateQueue): MarketUpdate[] => {
  const taken: MarketUpdate[] = [];
  for (let update = queue.take(); update !== undefined; update = queue.take()) taken.push(update);
  return taken;
};

test('X2: a full queue drops the oldest prices and counts them, and no feed state', () => {
  const queue = new UpdateQueue(3);
  for (const update of [trade(1), feed(1), trade(2), trade(3), feed(2), trade(4), trade(5)])
    queue.put(update);
  expect([queue.size, queue.dropped]).toEqual([5, 2]);
  expect(all(queue)).toEqual([feed(1), trade(3), feed(2), trade(4), trade(5)]);
  expect(queue.size).toBe(0);
});

test('X2: of a reader that never comes only the last states of each symbol are kept beyond the capacity', () => {
  const queue = new UpdateQueue(4);
  for (let at = 0; at < 1000; at += 1) queue.put(feed(at, at % 2 === 0 ? 'BTCUSDT' : 'ETHUSDT'));
  expect(queue.size).toBeLessThanOrEqual(4);
  expect(all(queue).slice(-2)).toEqual([feed(998), feed(999, 'ETHUSDT')]);
  expect(queue.dropped).toBe(0);
});

test('whatever is put and taken, it comes out in its order, as from an array that is cut at its beginning', () => {
  const random = new SeededRandom(5);
  const queue = new UpdateQueue(10);
  const model: MarketUpdate[] = [];
  for (let step = 0; step < 5000; step += 1) {
    if (random.nextFraction() < 0.55) {
      const update = random.nextFraction() < 0.1 && model.length < 15 ? feed(step) : trade(step);
      if (update.kind === 'trade' && model.filter(({ kind }) => kind === 'trade').length === 10)
        model.splice(
          model.findIndex(({ kind }) => kind === 'trade'),
          1,
        );
      model.push(update);
      queue.put(update);
    } else expect(queue.take()).toEqual(model.shift());
    expect(queue.size).toBe(model.length);
  }
});
