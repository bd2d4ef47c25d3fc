import type { MarketSnapshot } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { limit, maker, stop } from '../../core/orders/terms.test-support.ts';
import {
  BY,
  buy,
  cancel,
  commitsTake,
  hasIntent,
  holding,
  openIds,
  repricing,
  resting,
  trading,
  tradingInScarceRoom,
  verdictsTake,
} from './commands.test-support.ts';

describe('one order that is priced anew is canceled by its id', () => {
  test.each([0, 2, 5, 8, 10, 11, 12, 15, 18, 20, 21, 25, 50])(
    '%i ms after that has begun, and nothing rests any more',
    async (ms) => {
      const on = await repricing();
      await on.time.advance(ms);
      await cancel(on, 'order-1');
      await on.time.advance(1_000);
      expect(await openIds(on)).toEqual([]);
      expect(on.trueOrders().length).toBeLessThanOrEqual(2);
    },
  );

  test('while the new one has no verdict, and it never leaves', async () => {
    const on = await resting();
    verdictsTake(on, 100);
    while ((await on.service.order('order-1'))?.record.state !== 'canceled') await on.time.advance(1);
    await on.time.advance(50);
    expect(await cancel(on, 'order-1')).toEqual({ kind: 'done' });
    await on.time.advance(1_000);
    expect(on.trueOrders()).toHaveLength(1);
  });

  test('while the intent of the new one is written, and it never leaves', async () => {
    const on = await resting();
    while ((await on.service.order('order-1'))?.record.state !== 'cancel_in_flight') await on.time.advance(1);
    commitsTake(on, 500, hasIntent);
    await on.time.advance(100);
    expect(await cancel(on, 'order-1')).toEqual({ kind: 'done' });
    await on.time.advance(2_000);
    expect(on.trueOrders()).toHaveLength(1);
    expect((await on.ledger.inner.load()).orders.map(({ record }) => record.state)).toEqual([
      'canceled',
      'absent',
    ]);
  });

  test('while the price of the new one is asked for, and there is none', async () => {
    const on = await resting();
    while ((await on.service.order('order-1'))?.record.state !== 'cancel_in_flight') await on.time.advance(1);
    const snapshot = on.snapshots.get('BTCUSDT')!;
    on.snapshots.get = () =>
      new Promise((resolve) => on.time.after(100, () => resolve(snapshot))) as unknown as MarketSnapshot;
    await on.time.advance(50);
    expect(await cancel(on, 'order-1')).toMatchObject({ reason: 'order_final', detail: 'canceled' });
    await on.time.advance(1_000);
    expect(on.events('intent')).toHaveLength(1);
  });

  test('long after, and the last one in its place is canceled', async () => {
    const on = await repricing(2);
    await on.time.advance(7_000);
    const [, , last] = on.trueOrders().map(({ clientOrderId }) => clientOrderId);
    expect(await openIds(on)).toEqual([last]);
    expect(await cancel(on, 'order-1')).toEqual({ kind: 'done' });
    await on.time.advance(1_000);
    expect(await openIds(on)).toEqual([]);
    expect(await cancel(on, 'order-1')).toMatchObject({ reason: 'order_final' });
  });

  test('and is final when nothing was approved in its place', async () => {
    const on = await resting();
    on.risk.answer = () => ({ kind: 'refused', refusal: { reason: 'not_warm' }, checks: [] });
    await on.time.advance(10_000);
    expect(await cancel(on, 'order-1')).toMatchObject({ reason: 'order_final', detail: 'canceled' });
  });
});

test('an order that is replaced while its cancel is in doubt is not priced anew, too', async () => {
  const on = await resting();
  on.install({ faults: [{ fault: 'lose_request', where: { endpoint: ['DELETE /api/v3/order'] } }] });
  while ((await on.service.order('order-1'))?.record.state === 'working') await on.time.advance(1);
  await on.time.advance(100);
  on.simulator.faults.clear();
  const replacement = on.intent('BUY', limit('0.1', '58500'));
  const expiresAtMs = on.time.nowMs() + 5_000;
  const ids = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
  await on.perform(on.service.replace({ ...BY, ...ids, replacement, expiresAtMs }));
  await on.time.advance(1_000);
  expect(await openIds(on)).toEqual(['order-2']);
  expect(on.trueOrders().map(({ status }) => status)).toEqual(['CANCELED', 'NEW']);
});

describe('what is canceled by its id before it is an order does not leave', () => {
  const isRefused = { kind: 'refused', refusal: { reason: 'canceled_by_command' } };

  test('while its verdict is awaited', async () => {
    const on = await trading();
    verdictsTake(on, 100);
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    const another = on.submit('BUY', limit('0.1', '49000'));
    await on.time.advance(50);
    expect(await cancel(on, 'order-1')).toEqual({ kind: 'done' });
    expect(await on.perform(submitted)).toEqual(isRefused);
    expect(await on.perform(another)).toMatchObject({ state: 'working' });
    expect(on.trueOrders()).toHaveLength(1);
  });

  test.each(['list-1', 'order-2'])('of a list, named %s, while its intent is written', async (name) => {
    const on = await trading();
    const above = on.intent('SELL', maker('0.1', '70000'));
    const below = on.intent('SELL', stop('0.1', '50000'));
    on.ledger.slowness = new Promise((resolve) => on.time.after(500, resolve));
    const submitted = on.submitList({ kind: 'OCO', listClientOrderId: 'list-1', above, below });
    await on.time.advance(100);
    expect(await cancel(on, name)).toEqual({ kind: 'done' });
    expect(await on.perform(submitted)).toEqual(isRefused);
    await on.time.advance(1_000);
    expect(on.trueOrders()).toEqual([]);
  });

  test('and a stop gets given back then as one that was canceled when it rested', async () => {
    const on = await holding();
    on.ledger.slowness = new Promise((resolve) => on.time.after(500, resolve));
    const submitted = on.submit('SELL', stop('0.0999', '58000'));
    await on.time.advance(100);
    expect(await cancel(on, 'order-2')).toEqual({ kind: 'done' });
    expect(await on.perform(submitted)).toEqual(isRefused);
    await on.time.advance(10_000);
    expect(await openIds(on)).toHaveLength(1);
  });

  describe('while it waits for room under a limit', () => {
    test.each([52, 300])('of %i ms', async (ms) => {
      const { on, room } = await tradingInScarceRoom();
      room.inMs = ms;
      const submitted = on.submit('BUY', limit('0.1', '50000'));
      await on.time.advance(50);
      await cancel(on, 'order-1');
      expect(await on.perform(submitted)).toEqual(isRefused);
      await on.time.advance(1_000);
      expect(on.trueOrders()).toEqual([]);
      expect((await on.ledgerOrder('order-1'))?.record.state).toBe('absent');
    });

    test('and what a stop was to protect is not sold for it', async () => {
      const { on, room } = await tradingInScarceRoom({ keepsProtection: true });
      await buy(on);
      await on.perform(on.submit('SELL', stop('0.0999', '58000')));
      room.inMs = 300;
      await cancel(on, 'order-2');
      while ((await openIds(on)).length === 0) await on.time.advance(10);
      const [id = ''] = await openIds(on);
      await cancel(on, id);
      room.inMs = 0;
      await on.time.advance(10_000);
      expect(on.trueFills()).toHaveLength(1);
      expect(await openIds(on)).toHaveLength(1);
    });
  });
});
