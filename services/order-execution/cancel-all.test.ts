import { describe, expect, test } from 'vitest';
import { limit, stop } from '../../core/orders/terms.test-support.ts';
import { CanceledScopes } from './canceled-scopes.ts';
import {
  BY,
  cancel,
  cancelAll,
  EVERYTHING,
  holding,
  openIds,
  repricing,
  restart,
  trading,
  tradingInScarceRoom,
  verdictsTake,
  withStop,
} from './commands.test-support.ts';
import type { ExecutionWorld } from './world.test-support.ts';

describe('what is on its way when everything is canceled', () => {
  test('an order whose verdict is still awaited does not leave any more, and says why', async () => {
    const on = await trading();
    verdictsTake(on, 100);
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(50);
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: [] });
    expect(await on.perform(submitted)).toEqual({
      kind: 'refused',
      refusal: { reason: 'canceled_by_command' },
    });
    expect(on.trueOrders()).toEqual([]);
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ kind: 'submitted' });
  });

  test('an order whose intent is being written does not leave any more, unless it is out of the scope', async () => {
    const on = await trading();
    const { promise, resolve } = Promise.withResolvers<void>();
    on.ledger.slowness = promise;
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(50);
    await on.perform(on.service.cancelAll({ ...BY, why: 'by hand', strategy: 'other' }));
    const another = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(50);
    await on.perform(on.service.cancelAll({ ...BY, why: 'by hand', symbol: 'ETHUSDT', strategy: 'test' }));
    on.ledger.slowness = undefined;
    resolve();
    expect(await on.perform(submitted)).toMatchObject({ kind: 'submitted' });
    expect(await on.perform(another)).toMatchObject({ kind: 'submitted' });

    const slow = Promise.withResolvers<void>();
    on.ledger.slowness = slow.promise;
    const third = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(50);
    expect(await cancelAll(on)).toEqual({ canceled: ['order-1', 'order-2'], unproven: [] });
    on.ledger.slowness = undefined;
    slow.resolve();
    expect(await on.perform(third)).toMatchObject({ refusal: { reason: 'canceled_by_command' } });
    await on.time.advance(1_000);
    expect((await on.ledgerOrder('order-3'))?.record.state).toBe('absent');
    expect(on.trueOrders()).toHaveLength(2);
  });

  test('an order that waits for room under a limit does not leave any more, whatever became of its cancel', async () => {
    const { on, room } = await tradingInScarceRoom();
    for (room.inMs of [52, 300]) {
      const submitted = on.submit('BUY', limit('0.1', '50000'));
      await on.time.advance(50);
      const [id] = await openIds(on);
      expect(await cancelAll(on)).toEqual({ canceled: [id], unproven: [] });
      expect(await on.perform(submitted)).toMatchObject({ state: 'absent' });
    }
    await on.time.advance(1_000);
    expect(on.trueOrders()).toEqual([]);
    expect(on.events('alert').filter(({ name }) => name === 'order_conflict')).toEqual([]);
  });

  test('more commands than are remembered are taken to have canceled what was begun before them', () => {
    const scopes = new CanceledScopes();
    const placed = { symbol: 'BTCUSDT', strategy: 'test' };
    const begun = scopes.moment;
    for (let commands = 0; commands < 1_000; commands += 1) scopes.add({ symbol: 'ETHUSDT' });
    expect(scopes.hasCanceled(placed, begun)).toBe(false);
    scopes.add({ symbol: 'ETHUSDT' });
    expect(scopes.hasCanceled(placed, begun)).toBe(true);
    expect(scopes.hasCanceled(placed, scopes.moment)).toBe(false);
  });
});

describe('an order that is being priced anew', () => {
  test.each([0, 2, 5, 8, 11, 20])(
    'is not ordered again when everything is canceled %i ms after that has begun',
    async (ms) => {
      const on = await repricing();
      await on.time.advance(ms);
      await cancelAll(on);
      await on.time.advance(1_000);
      expect(await openIds(on)).toEqual([]);
    },
  );

  test('is not ordered again when it is canceled by hand', async () => {
    const on = await repricing();
    await cancel(on, 'order-1');
    await on.time.advance(1_000);
    expect(await openIds(on)).toEqual([]);
    expect(on.trueOrders()).toHaveLength(1);
  });
});

describe('a stop that is to be given back', () => {
  async function withoutStop(): Promise<ExecutionWorld> {
    const on = await withStop();
    await cancel(on, 'order-2');
    return on;
  }

  /** Waits until the verdict of the first order that follows is awaited, which takes so long. */
  async function untilItsTurn(on: ExecutionWorld, ms: number): Promise<readonly string[]> {
    const asked = verdictsTake(on, ms, 'first');
    while (asked.length === 0) await on.time.advance(5);
    return asked;
  }

  test('is not given back, sold or tried again when everything is canceled in its turn, also after a restart', async () => {
    const on = await withoutStop();
    const asked = await untilItsTurn(on, 200);
    await cancelAll(on);
    await on.time.advance(30_000);
    expect(await openIds(on)).toEqual([]);
    expect(asked).toHaveLength(1);
    expect(on.events('alert').filter(({ name }) => name === 'position_unprotected')).toEqual([]);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
    expect(on.trueFills()).toHaveLength(1);
  });

  test.each([
    { writing: 'a moment', ms: 100, unproven: [] },
    { writing: 'longer than a new stop is worth sending', ms: 6_000, unproven: ['order-2'] },
  ])(
    'is not given back when everything is canceled while its intent is written for $writing',
    async (given) => {
      const on = await withoutStop();
      await on.time.advance(4_900);
      const { promise, resolve } = Promise.withResolvers<void>();
      on.ledger.slowness = promise;
      await on.time.advance(500);
      const canceling = on.service.cancelAll(EVERYTHING);
      await on.time.advance(given.ms);
      on.ledger.slowness = undefined;
      resolve();
      expect(await on.perform(canceling)).toEqual({ canceled: [], unproven: given.unproven });
      await on.time.advance(30_000);
      expect(on.events('intent')).toHaveLength(3);
      expect(await openIds(on)).toEqual([]);
      await restart(on);
      expect(await openIds(on)).toEqual([]);
    },
  );

  test('does not rest beside what is sold when its position is flattened in its turn', async () => {
    const on = await withoutStop();
    await untilItsTurn(on, 20);
    const { orders } = await on.perform(on.service.flatten(EVERYTHING));
    expect(orders).toHaveLength(1);
    await on.time.advance(10_000);
    expect(await openIds(on)).toEqual([]);
    expect(on.trueOrders().map(({ status }) => status)).toEqual(['FILLED', 'CANCELED', 'FILLED']);
  });

  test('is not given back when everything is canceled before the session that follows a crash trades', async () => {
    const on = await withoutStop();
    await on.time.advance(1_000);
    on.crash();
    let isTaken = false;
    while (!isTaken) {
      await on.time.advance(1);
      isTaken = on.events('leader').length === 2;
    }
    expect((await on.service.state()).state).toBe('reconciling');
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: [] });
    await on.until('ready');
    await on.time.advance(10_000);
    expect(await openIds(on)).toEqual([]);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test('is named as unproven when nobody leads who could leave it away', async () => {
    const on = await withoutStop();
    await on.time.advance(1_000);
    on.crash();
    await on.time.advance(100);
    expect((await on.service.state()).state).toBe('standby');
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: ['order-2'] });
  });

  test('is not given back after a restart when of two stops the older one ended last', async () => {
    const on = await holding();
    await on.perform(on.submit('SELL', stop('0.05', '58000')));
    await on.perform(on.submit('SELL', stop('0.0499', '57000')));
    await cancel(on, 'order-3');
    await on.time.advance(500);
    await cancel(on, 'order-2');
    await on.time.advance(1_000);
    await cancelAll(on);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });

  test.each([
    { ledger: 'takes 50 ms', ms: 50, unproven: [] },
    { ledger: 'takes a minute', ms: 60_000, unproven: ['order-2'] },
  ])('is answered for when that is written, or named as unproven: the ledger $ledger', async (given) => {
    const on = await withoutStop();
    await on.time.advance(1_000);
    on.ledger.slowness = new Promise((resolve) => on.time.after(given.ms, resolve));
    expect(await cancelAll(on)).toEqual({ canceled: [], unproven: given.unproven });
    expect(on.events('order').some(({ isGivenUp }) => isGivenUp === true)).toBe(given.unproven.length === 0);
  });
});

test('an open stop is named as unproven while it is not written that it stays away', async () => {
  const on = await withStop();
  on.ledger.slowness = new Promise((resolve) => on.time.after(60_000, resolve));
  expect(await cancelAll(on)).toEqual({ canceled: [], unproven: ['order-2'] });
  expect(on.trueOrders().map(({ status }) => status)).toEqual(['FILLED', 'CANCELED']);
});
