import { invariant } from '@tradewind/core/result';
import { beforeEach, expect, test } from 'vitest';
import { limit } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld } from './world.test-support.ts';

const OLD_ENOUGH_MS = 120_000;
let on: ExecutionWorld;
const forget = (clientOrderId = 'order-1') =>
  on.perform(
    on.service.forget({
      symbol: 'BTCUSDT',
      clientOrderId,
      by: 'ann',
      why: 'testnet was reset',
      correlationId: 'c',
    }),
  );
/** The exchange answers as if it had never had the order, and tells nobody. */
const wipe = (): void => {
  on.install({
    faults: [
      { fault: 'drop_event' },
      {
        fault: 'fail_request',
        where: { endpoint: 'GET /api/v3/order' },
        error: { status: 400, code: -2013, msg: 'Order does not exist.' },
      },
    ],
  });
  const [order] = on.trueOrders();
  invariant(order !== undefined, 'there is an order');
  const canceled = on.simulator.exchange.cancelByHand(on.ours, { symbol: 'BTCUSDT', orderId: order.orderId });
  invariant(canceled.ok, 'it is open');
};

beforeEach(async () => {
  on = new ExecutionWorld();
  await on.begin();
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  await on.time.advance(OLD_ENOUGH_MS);
});

test('I4: an order that the exchange has lost stays open until a person says so, and then ends with the proof', async () => {
  wipe();
  await on.time.advance(120_000);
  expect(await on.service.openOrders()).toHaveLength(1);
  expect(await forget()).toEqual({ kind: 'done' });
  await on.time.advance(1_000);
  expect((await on.ledgerOrder('order-1'))?.record.state).toBe('expired');
  expect(on.events('order').at(-1)).toMatchObject({
    event: 'expired',
    reason:
      'order query, open orders and trades of the exchange do not know it, asked 3 times; ann: testnet was reset',
  });
  expect(await on.service.openOrders()).toEqual([]);
  on.crash();
  await on.until('ready');
  expect(await on.service.openOrders()).toEqual([]);
  expect(await forget()).toMatchObject({ kind: 'refused', reason: 'order_final' });
});

test('I4: what the exchange still has is not forgotten', async () => {
  expect(await forget()).toEqual({
    kind: 'refused',
    reason: 'order_known',
    detail: 'the exchange knows it: "NEW"',
  });
  expect((await on.ledgerOrder('order-1'))?.record.state).toBe('working');
});

test('O3: a single denial is no proof: an order that shows up again stays', async () => {
  wipe();
  const answer = forget();
  await on.time.advance(1_000);
  on.install({ faults: [] });
  expect(await answer).toMatchObject({ reason: 'order_known' });
});

test('O3: a young order may only not be shown yet', async () => {
  await on.perform(on.submit('BUY', limit('0.1', '50001')));
  wipe();
  expect(await forget('order-2')).toMatchObject({ reason: 'order_too_young' });
});

test('I4: an exchange that does not answer proves nothing', async () => {
  on.install({ faults: [{ fault: 'lose_request', where: { endpoint: 'GET /api/v3/order' } }] });
  expect(await forget()).toMatchObject({ reason: 'exchange_unavailable' });
});

test('an order that nobody knows is not forgotten either', async () => {
  expect(await forget('nobody')).toMatchObject({ reason: 'order_unknown' });
});

test('C5: a command that is interrupted by the end of its session does not say that it is done', async () => {
  wipe();
  const command = {
    symbol: 'BTCUSDT',
    clientOrderId: 'order-1',
    by: 'ann',
    why: 'reset',
    correlationId: 'c',
  };
  const answer = on.service.forget(command);
  await on.time.advance(1_000);
  // The machine has slept: everything is read anew.
  const { nowMs } = on.time;
  on.time.nowMs = () => nowMs.call(on.time) + 8_000;
  expect(await on.perform(answer)).toMatchObject({ kind: 'unknown' });
  await on.until('ready');
  expect(await on.service.openOrders()).toHaveLength(1);
  expect(await forget()).toEqual({ kind: 'done' });
});
