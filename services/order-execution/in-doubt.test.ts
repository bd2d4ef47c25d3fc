import { formatAmount, quantity } from '@tradewind/core/money';
import { afterEach, describe, expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { canceling } from './commands.test-support.ts';
import { ExecutionWorld, strategyWith, type WorldOptions } from './world.test-support.ts';

let on: ExecutionWorld;
async function world(options: WorldOptions = {}): Promise<void> {
  on = new ExecutionWorld(options);
  await on.begin();
}
const PLACE = { endpoint: 'POST /api/v3/order' };
const CANCEL = { endpoint: 'DELETE /api/v3/order' };
const cancel = (clientOrderId: string) => canceling(on, clientOrderId);
const stateOf = async (id: string) => (await on.ledgerOrder(id))?.record.state;

afterEach(async () => {
  const { venue, ledger } = await on.balances();
  expect(ledger).toEqual(venue);
});

/** Who sends a name twice has sent an intent twice. */
const expectOneOrderEach = (): void => {
  const names = on.trueOrders().map(({ placedClientOrderId }) => placedClientOrderId);
  expect(new Set(names).size).toBe(names.length);
};

describe('placements in doubt', () => {
  afterEach(expectOneOrderEach);

  test('O1: accepted, answer lost: the order is found, filled once, and never sent again', async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.5');
    on.install({ faults: [{ fault: 'lose_answer', where: PLACE }, { fault: 'drop_event' }] });
    const result = await on.perform(on.submit('BUY', market('0.1')));
    expect(result).toMatchObject({ kind: 'submitted', state: 'unknown' });
    expect((await on.service.state()).inDoubt).toBe(1);
    await on.time.advance(60_000);
    expect(on.trueOrders()).toHaveLength(1);
    expect(on.events('fill')).toHaveLength(1);
    expect(await stateOf('order-1')).toBe('filled');
    expect((await on.service.state()).inDoubt).toBe(0);
  });

  test('O2: -1007 without an order: only proof ends the doubt, and the signal is not sent again', async () => {
    await world();
    const began = on.time.nowMs();
    on.install({ faults: [{ fault: 'fail_request', error: 'timeout', executed: 0, where: PLACE }] });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.install({ faults: [] });
    await on.time.advance(14_000);
    expect(await stateOf('order-1')).toBe('unknown');
    await on.time.advance(30_000);
    expect(await stateOf('order-1')).toBe('absent');
    const proof = on.events('order').find(({ event }) => event === 'absence_proven');
    // recvWindow 5 s, processing limit 10 s, then three answers 3 s apart.
    expect(proof!.atMs - began).toBeGreaterThanOrEqual(5_000 + 10_000 + 6_000);
    expect(on.trueOrders()).toEqual([]);
  });

  test.each([300, 1_000, 7_000])(
    'O1, O10: an order that never arrived is proven absent though it is canceled every %i ms',
    async (everyMs) => {
      await world();
      on.install({ faults: [{ fault: 'lose_request', where: PLACE }] });
      await on.perform(on.submit('BUY', limit('0.1', '50000')));
      on.install({ faults: [] });
      const began = on.time.nowMs();
      while (on.time.nowMs() - began < 60_000) {
        void cancel('order-1');
        await on.time.advance(everyMs);
      }
      const proof = on.events('order').find(({ event }) => event === 'absence_proven');
      expect(proof!.atMs - began).toBeGreaterThanOrEqual(5_000 + 10_000 + 6_000);
      expect(await stateOf('order-1')).toBe('absent');
      expect((await on.service.state()).inDoubt).toBe(0);
    },
  );

  test('O2: the event of the acceptance ends the doubt before any question', async () => {
    await world();
    on.install({ faults: [{ fault: 'fail_request', error: 'timeout', executed: 1, where: PLACE }] });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(100);
    expect(await stateOf('order-1')).toBe('working');
  });

  test('O3: an order that queries do not show for 15 s is not taken for absent', async () => {
    await world();
    on.install({
      faults: [
        { fault: 'lose_answer', where: PLACE },
        { fault: 'drop_event' },
        { fault: 'lag_queries', ms: 15_000 },
      ],
    });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(40_000);
    on.install({ faults: [] });
    await on.time.advance(40_000);
    expect(on.events('order').map(({ event }) => event)).not.toContain('absence_proven');
    expect(await stateOf('order-1')).toBe('working');
  });

  test('O5: a duplicate rejection means that the order exists: it is asked for', async () => {
    await world();
    on.install({
      faults: [
        {
          fault: 'fail_request',
          error: { status: 400, code: -2010, msg: 'Duplicate order sent.' },
          executed: 1,
          where: PLACE,
        },
        { fault: 'drop_event' },
      ],
    });
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ state: 'unknown' });
    await on.time.advance(5_000);
    expect(await stateOf('order-1')).toBe('working');
  });

  test('O6: a hard refusal is final, is never sent again, and too many of them stop the strategy', async () => {
    await world();
    on.houseOrder('BUY', '59000', '0.1');
    for (let i = 0; i < 6; i += 1) {
      await on.perform(on.submit('BUY', limit('0.1', '50000.001')));
      await on.time.advance(100);
    }
    expect(on.trueOrders()).toEqual([]);
    expect(await stateOf('order-1')).toBe('rejected');
    expect(on.events('verdict').at(-1)?.refusal).toMatchObject({ reason: 'reject_budget_spent', maximum: 5 });
    expect(on.risk.halts).toMatchObject([{ scope: { kind: 'strategy', name: 'test' }, state: 'reducing' }]);
    expect(on.events('alert').map(({ name }) => name)).toEqual([
      ...Array(5).fill('order_rejected'),
      'reject_budget_spent',
    ]);
  });

  test('O6: a code that is in no document is a doubt and no refusal', async () => {
    await world();
    on.install({
      faults: [
        { fault: 'fail_request', error: { status: 400, code: -1999, msg: 'new' }, executed: 1, where: PLACE },
      ],
    });
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    await on.time.advance(2_000);
    expect(await stateOf('order-1')).toBe('working');
  });

  test('C1: a refused timestamp is measured anew, and the same intent goes again', async () => {
    await world();
    on.install({ faults: [{ fault: 'shift_clock', ms: -3_000 }] });
    await on.time.advance(10);
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ state: 'working' });
    expect(on.trueOrders()).toHaveLength(1);
  });

  test('O8: an IOC order that expires with fills is booked by what was executed', async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.04');
    await on.perform(on.submit('BUY', limit('0.1', '60000', 'IOC')));
    await on.time.advance(1_000);
    expect(await stateOf('order-1')).toBe('expired');
    expect(on.events('fill').map(({ fill }) => formatAmount(fill.quantity))).toEqual(['0.04']);
  });
});

describe('cancels in doubt', () => {
  test('O9: a cancel that loses to a fill asks what became of the order', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.install({
      faults: [
        { fault: 'fill_before_cancel', where: CANCEL },
        { fault: 'delay_event', ms: 5_000 },
      ],
    });
    expect(await on.perform(cancel('order-1'))).toMatchObject({ kind: 'unknown' });
    on.install({ faults: [] });
    await on.time.advance(10_000);
    expect(await stateOf('order-1')).toBe('filled');
    expect(on.events('fill')).toHaveLength(1);
    expect(on.events('answer').filter(({ call }) => call === 'cancel')).toHaveLength(1);
  });

  test('O10: an unanswered cancel leaves the order open until there is proof', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.install({ faults: [{ fault: 'lose_request', where: CANCEL }] });
    expect(await on.perform(cancel('order-1'))).toMatchObject({ kind: 'unknown' });
    expect((await on.service.openOrders()).map(({ record }) => record.state)).toEqual(['cancel_unknown']);
    on.install({ faults: [] });
    await on.time.advance(5_000);
    expect(await stateOf('order-1')).toBe('working');
    expect(await on.perform(cancel('order-1'))).toEqual({ kind: 'done' });
    await on.time.advance(100);
    expect(await stateOf('order-1')).toBe('canceled');
  });

  test('O11: a cancel of which only the event is heard is known by the original id', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.install({ faults: [{ fault: 'lose_answer', where: CANCEL }] });
    await on.perform(cancel('order-1'));
    await on.time.advance(100);
    expect(await stateOf('order-1')).toBe('canceled');
    expect((await on.service.openOrders()).length).toBe(0);
  });
});

describe('two orders for one intent', () => {
  test('O4: the symbol is halted and a person is told', async () => {
    await world();
    on.houseOrder('SELL', '60000', '0.5');
    await on.perform(on.submit('BUY', limit('0.1', '60000')));
    await on.time.advance(100);
    // The same id is free again once the first order has filled: somebody uses it.
    const placed = on.simulator.exchange.placeOrder(on.ours, 'BTCUSDT', {
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      price: on.trueOrders()[0]!.price,
      quantity: quantity('0.1'),
      clientOrderId: 'order-1',
    } as never);
    expect(placed.ok).toBe(true);
    await on.time.advance(5_000);
    expect(on.risk.halts).toMatchObject([{ scope: { kind: 'symbol', name: 'BTCUSDT' }, state: 'halted' }]);
    expect(on.events('alert').map(({ name }) => name)).toContain('order_conflict');
  });
});

describe('what ends before it is sent', () => {
  test('X3: a signal that expires while the ledger is slow is recorded and not sent', async () => {
    await world();
    on.ledger.mood = 'unknown_written';
    const intent = on.intent('BUY', limit('0.1', '50000'));
    const submitted = on.service.submit(on.signal(intent, 1_000), 'c');
    await on.time.advance(3_000);
    on.ledger.mood = 'works';
    expect(await on.perform(submitted)).toMatchObject({ refusal: { reason: 'signal_expired' } });
    await on.time.advance(1_000);
    expect(on.trueOrders()).toEqual([]);
    expect(await stateOf('order-1')).toBe('absent');
  });

  test('P4: without a commit there is no order, and what was reserved is given back; cancels go out', async () => {
    await world();
    await on.perform(on.submit('BUY', limit('0.1', '50000')));
    on.ledger.mood = 'fails';
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'ledger_unavailable' },
    });
    expect(on.risk.withdrawn).toEqual(['order-2']);
    expect(await on.perform(cancel('order-1'))).toEqual({ kind: 'done' });
    expect(on.trueOrders()).toMatchObject([{ status: 'CANCELED' }]);
    expect((await on.service.state()).state).toBe('degraded');
    on.ledger.mood = 'works';
    await on.time.advance(10_000);
    expect(await stateOf('order-1')).toBe('canceled');
  });

  test('P4: a ledger that works again is noticed though nothing is written, and trading goes on', async () => {
    await world();
    on.ledger.mood = 'fails';
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({
      refusal: { reason: 'ledger_unavailable' },
    });
    on.ledger.mood = 'works';
    await on.time.advance(3_000);
    expect(await on.service.state()).toMatchObject({ state: 'ready' });
    expect(await on.perform(on.submit('BUY', limit('0.1', '50000')))).toMatchObject({ kind: 'submitted' });
  });

  test('the same signal twice is one order', async () => {
    await world({ strategies: new Map([['test', strategyWith({ USDT: '1000' })]]) });
    const intent = on.intent('BUY', limit('0.001', '50000'));
    const signal = on.signal(intent);
    const both = await on.perform(
      Promise.all([on.service.submit(signal, 'c'), on.service.submit(signal, 'c')]),
    );
    expect(both.map(({ kind }) => kind)).toEqual(['submitted', 'submitted']);
    expect(await on.perform(on.service.submit(signal, 'c'))).toMatchObject({ state: 'working' });
    expect(on.trueOrders()).toHaveLength(1);
  });
});
