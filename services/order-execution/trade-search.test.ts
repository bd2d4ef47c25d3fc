import type { Call, Outcome, UserStream } from '@tradewind/binance';
import { expect, test } from 'vitest';
import { TradeSearch, type TradeSearchParts } from './trade-search.ts';

/** A venue with so many trades of ours, of one order each, a second apart from 0 on; an order has the id of its trade. */
function search(trades: number, known: (orderId: number) => boolean) {
  const asked: string[] = [];
  const parts = {
    caller: {
      async perform({ parameters }: Call<unknown>): Promise<Outcome<unknown>> {
        const given = new Map(parameters);
        const fromId = given.get('fromId');
        const since = given.get('startTime');
        asked.push(fromId === undefined ? `since ${since}` : `from ${fromId}`);
        const first = fromId === undefined ? Math.ceil(Number(since) / 1000) : Number(fromId);
        const count = Math.max(0, Math.min(trades - first, Number(given.get('limit'))));
        const value = Array.from({ length: count }, (_, index) => ({
          symbol: 'BTCUSDT',
          tradeId: first + index,
          orderId: first + index,
        }));
        return { kind: 'done', value } as Outcome<unknown>;
      },
    },
    entry: { query: async () => ({ kind: 'unknown', cause: { reason: 'timeout' } }) },
    stream: { account: { orders: { byOrderId: () => undefined } } } as unknown as UserStream,
    fills: { isBooked: ({ orderId }: { orderId: number }) => known(orderId) },
  } as unknown as TradeSearchParts;
  return { asked, search: new TradeSearch(parts) };
}

test('O3: a list of trades that is longer than one look goes on where the look has ended', async () => {
  const { asked, search: trades } = search(12_000, () => true);
  const looks = [1, 2, 3, 4].map(() => 'BTCUSDT');
  const answers: boolean[] = [];
  for (const symbol of looks) answers.push(await trades.areKnown(symbol, 500_000));
  // 11 500 trades in pages of a thousand: five, five, two; then anew from the beginning.
  expect(answers).toEqual([false, false, true, false]);
  expect(asked.map((each) => each.split(' ')[1])).toEqual(
    [
      '500000',
      '1500',
      '2500',
      '3500',
      '4500',
      '5500',
      '6500',
      '7500',
      '8500',
      '9500',
      '10500',
      '11500',
    ].concat(['500000', '1500', '2500', '3500', '4500']),
  );
});

test('O3: what was looked at for a younger order is no proof for an older one', async () => {
  const { asked, search: trades } = search(12_000, () => true);
  await trades.areKnown('BTCUSDT', 500_000);
  asked.length = 0;
  await trades.areKnown('BTCUSDT', 400_000);
  expect(asked[0]).toBe('since 400000');
});

test('O3: one trade of an order that nobody knows, and of which the venue does not tell, is no proof', async () => {
  const { search: trades } = search(10, (orderId) => orderId !== 7);
  expect(await trades.areKnown('BTCUSDT', 0)).toBe(false);
});
