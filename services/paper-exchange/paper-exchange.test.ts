import { calls, type Outcome, type PlacedOrder } from '@tradewind/binance';
import { formatAmount, formatPrice, price, quantity, ratio } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import { describe, expect, test } from 'vitest';
import { PaperWorld } from './paper-world.test-support.ts';

const limit = (size: string, at: string): OrderTerms => ({
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: quantity(size),
  price: price(at),
});
const market = (size: string): OrderTerms => ({ type: 'MARKET', quantity: quantity(size) });

async function trading(): Promise<PaperWorld> {
  const on = new PaperWorld();
  await on.open();
  on.market.book(['99 5', '98 5'], ['101 2', '102 3', '103 9']);
  on.market.become('live');
  return on;
}

const place = (on: PaperWorld, side: 'BUY' | 'SELL', terms: OrderTerms): Promise<Outcome<PlacedOrder>> =>
  on.after(on.rest.perform(calls.placeOrder(on.order(side, terms))));
const fillsOf = (outcome: Outcome<PlacedOrder>): string[] => {
  invariant(outcome.kind === 'done', 'the order was taken');
  return (outcome.value.order?.fills ?? []).map(
    (fill) => `${formatAmount(fill.quantity)} at ${formatPrice(fill.price)}`,
  );
};
const heard = (on: PaperWorld): string[] =>
  on.fills.map((fill) => `${fill.side} ${formatAmount(fill.quantity)} at ${formatPrice(fill.price)}`);

describe('fills', () => {
  test('a taker walks the levels that the followed market shows, and pays 0.1 % of what it gets', async () => {
    const on = await trading();
    expect(fillsOf(await place(on, 'BUY', market('4')))).toEqual(['2 at 101', '2 at 102']);
    // 100000 - 2 x 101 - 2 x 102; 1 + 4 - 0.004.
    expect(on.balances).toEqual({ USDT: '99594+0', BTC: '4.996+0' });
  });

  test('what was taken of a level is not to be had again before the market shows that level anew', async () => {
    const on = await trading();
    await place(on, 'BUY', market('2'));
    on.market.book(['99 4', '98 5'], ['101 2', '102 3', '103 9']);
    expect(fillsOf(await place(on, 'BUY', market('1')))).toEqual(['1 at 102']);
    on.market.book(['99 4', '98 5'], ['101 6', '102 3', '103 9']);
    expect(fillsOf(await place(on, 'BUY', market('1')))).toEqual(['1 at 101']);
  });

  test('a level where others have traded is new when it is shown again, though it shows the same', async () => {
    const on = await trading();
    on.market.trade('101', '2', 'BUY');
    expect(fillsOf(await place(on, 'BUY', market('1')))).toEqual(['1 at 102']);
    on.market.book(['99 5', '98 5'], ['101 2', '102 2', '103 9']);
    expect(fillsOf(await place(on, 'BUY', market('1')))).toEqual(['1 at 101']);
  });

  test('a maker waits behind what is shown at its price, and trades with what is left of a trade there', async () => {
    const on = await trading();
    await place(on, 'BUY', limit('2', '99'));
    on.market.trade('99', '4', 'SELL');
    on.market.trade('99', '2', 'SELL');
    await on.time.advance(100);
    expect(heard(on)).toEqual(['BUY 1 at 99']);
    on.market.trade('98', '5', 'SELL');
    await on.time.advance(100);
    expect(heard(on)).toEqual(['BUY 1 at 99', 'BUY 1 at 99']);
    expect(on.balances).toEqual({ USDT: '99802+0', BTC: '2.998+0' });
  });

  test('other fees are taken when they are configured', async () => {
    const on = new PaperWorld();
    await on.open({ commission: { maker: ratio('0'), taker: ratio('0.002') } });
    on.market.book(['99 5'], ['101 2']);
    on.market.become('live');
    await place(on, 'SELL', market('1'));
    expect(on.balances).toEqual({ USDT: '100098.802+0', BTC: '0+0' });
  });
});

describe('a market that is not known', () => {
  test.each(['stale', 'gap', 'down', 'paused'] as const)(
    'M4, M9: while its feed is %s nothing is matched, cancels pass, and that is said',
    async (state) => {
      const on = await trading();
      await place(on, 'BUY', limit('2', '99'));
      on.market.become(state, 'for a test');
      expect([...on.paper.halts]).toEqual([['BTCUSDT', `its feed is ${state}: for a test`]]);
      on.market.trade('98', '5', 'SELL');
      on.market.book(['97 5'], ['98 5']);
      await on.time.advance(100);
      expect(heard(on)).toEqual([]);
      expect(await place(on, 'BUY', market('1'))).toMatchObject({
        kind: 'failed',
        failure: { reason: 'refused', code: -2010, message: 'Market is closed.' },
      });
      const name = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
      const canceled = await on.after(on.rest.perform(calls.cancelOrder(name, 'cancel-1')));
      expect(canceled.kind).toBe('done');
    },
  );

  test('after a gap it is matched again from the first book on, and what lies beyond an order has met it', async () => {
    const on = await trading();
    await place(on, 'BUY', limit('2', '99'));
    on.market.become('gap');
    on.market.become('live');
    expect(on.paper.halts.size).toBe(1);
    on.market.book(['97 5'], ['98 1.5', '100 5']);
    expect(on.paper.halts.size).toBe(0);
    await on.time.advance(100);
    expect(heard(on)).toEqual(['BUY 1.5 at 99']);
  });

  test('a feed that was only stale goes on with the book of which nothing is missing', async () => {
    const on = await trading();
    on.market.become('stale');
    on.market.book(['99 5'], ['100 7']);
    on.market.become('live');
    expect(fillsOf(await place(on, 'BUY', market('1')))).toEqual(['1 at 100']);
  });

  test('M12: filters that change are those that orders are judged by', async () => {
    const on = await trading();
    const { instrument } = on.market;
    const filters = { ...instrument.filters, lot: { ...instrument.filters.lot, step: quantity('0.5') } };
    on.market.tell({ kind: 'instrument', instrument: { ...instrument, filters } });
    const refused = await place(on, 'BUY', limit('0.7', '99'));
    expect(refused).toMatchObject({ kind: 'failed', failure: { code: -1013 } });
    expect((await place(on, 'BUY', limit('1.5', '99'))).kind).toBe('done');
  });
});

describe('a crash', () => {
  /** What is in the store now is all that is left. */
  async function restarted(on: PaperWorld): Promise<PaperWorld> {
    const after = new PaperWorld(on.time);
    after.store.text = on.store.text;
    await after.open();
    return after;
  }

  test('X1: balances, open orders, ids, recent orders and trades are there again', async () => {
    const on = await trading();
    await place(on, 'BUY', market('1'));
    const resting = await place(on, 'BUY', limit('2', '99'));
    invariant(resting.kind === 'done', 'it rests');
    const after = await restarted(on);
    expect(after.balances).toEqual(on.balances);
    const open = await after.after(after.rest.perform(calls.openOrders('BTCUSDT')));
    expect(open).toMatchObject({ value: [{ orderId: resting.value.orderId, clientOrderId: 'order-2' }] });
    const trades = await after.after(after.rest.perform(calls.myTrades({ symbol: 'BTCUSDT' })));
    expect(trades).toMatchObject({ value: [{ price: price('101'), quantity: quantity('1') }] });
    after.market.book(['99 1', '98 5'], ['101 9']);
    after.market.become('live');
    const next = await after.after(
      after.rest.perform(calls.placeOrder({ ...after.order('BUY', market('1')), clientOrderId: 'order-3' })),
    );
    invariant(next.kind === 'done', 'it trades again');
    expect(next.value.orderId).toBeGreaterThan(resting.value.orderId);
    after.market.trade('98', '1', 'SELL');
    await after.time.advance(100);
    // The fill from before the crash is caught up with, the others are new.
    expect(heard(after)).toEqual(['BUY 1 at 101', 'BUY 1 at 101', 'BUY 1 at 99']);
  });

  test('X1: an answer or event is not told before it is saved, whatever the moment', async () => {
    const on = await trading();
    on.store.delayMs = 300;
    const told: string[] = [];
    const order = on.order('BUY', limit('2', '99'));
    void on.rest.perform(calls.placeOrder(order)).then(() => told.push('answer'));
    for (let step = 0; step < 100; step += 1) {
      await on.time.advance(10);
      if (step === 3) on.market.trade('98', '5', 'SELL');
      // A crash now: everything that was told is in the store.
      const text = on.store.text ?? '';
      if (told.length > 0 || on.fills.length > 0) expect(text).toContain('"order-1"');
      if (on.fills.length > 0) expect((await restartedText(text)).BTC).toBe('2.998+0');
    }
    expect(told).toEqual(['answer']);
    expect(heard(on)).toEqual(['BUY 2 at 99']);
  });

  async function restartedText(text: string): Promise<Record<string, string>> {
    const after = new PaperWorld();
    after.store.text = text;
    await after.open();
    return after.balances;
  }

  test('P8: while nothing can be saved nothing is told, and the outcome of an order is unknown to who asked', async () => {
    const on = await trading();
    on.store.isFull = true;
    const outcome = await place(on, 'BUY', market('1'));
    expect(outcome.kind).toBe('unknown');
    on.store.isFull = false;
    await on.time.advance(2000);
    const name = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    expect(await on.after(on.rest.perform(calls.queryOrder(name)))).toMatchObject({
      value: { status: 'FILLED' },
    });
  });

  test('what is no saved account is refused in one sentence', async () => {
    const on = new PaperWorld();
    on.store.text = '{"version":7}';
    await expect(on.open()).rejects.toThrow(/cannot be read: it is of another version/);
  });
});
