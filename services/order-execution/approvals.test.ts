import type { BreakerScope, Trip } from '@tradewind/core/risk';
import type { RiskEpoch } from '@tradewind/proto';
import { expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld } from './world.test-support.ts';

const tripped = (scope: BreakerScope, state: Trip['state'] = 'halted'): RiskEpoch => ({
  run: 'scripted',
  changes: 1,
  letOn: 0,
  trips: [{ scope, state, cause: { kind: 'person', by: 'ann', why: 'drill' }, atMs: 0 }],
});
/** 0.1 BTC is held, and of what is written now nobody knows for a while whether it is. */
async function holdingWithSlowLedger(): Promise<ExecutionWorld> {
  const on = new ExecutionWorld();
  await on.begin();
  on.houseOrder('SELL', '60000', '0.1');
  await on.perform(on.submit('BUY', market('0.1')));
  await on.time.advance(1_000);
  on.ledger.mood = 'unknown';
  return on;
}

const HALTED = tripped({ kind: 'system' });

test.each([
  ['everything is stopped', HALTED],
  ['its strategy is stopped', tripped({ kind: 'strategy', name: 'test' })],
  ['its symbol is stopped', tripped({ kind: 'symbol', name: 'BTCUSDT' })],
  ['the account only reduces', tripped({ kind: 'account' }, 'reducing')],
  ['another run of the risk manager judges', { run: 'restarted', changes: 0, letOn: 0, trips: [] }],
  ['something was stopped and let on again', { run: 'scripted', changes: 2, letOn: 1, trips: [] }],
])('K7: an approval is not sent any more when %s while its intent is written', async (_what, epoch) => {
  const on = new ExecutionWorld();
  await on.begin();
  on.ledger.mood = 'unknown';
  const submitted = on.submit('BUY', limit('0.1', '60000'));
  await on.time.advance(200);
  on.risk.now = epoch;
  on.ledger.mood = 'works';
  expect(await on.perform(submitted)).toEqual({
    kind: 'refused',
    refusal: {
      reason: 'approval_outdated',
      detail: `approved in scripted 0, now ${epoch.run} ${epoch.changes}`,
    },
  });
  await on.time.advance(1_000);
  // What it had reserved is given back by the end of the order.
  expect((await on.ledgerOrder('order-1'))?.record.state).toBe('absent');
  expect(on.trueOrders()).toEqual([]);
  expect(await on.perform(on.submit('BUY', limit('0.1', '60000')))).toMatchObject({ kind: 'submitted' });
});

test.each([
  ['another strategy is stopped', 'BUY', tripped({ kind: 'strategy', name: 'other' })],
  ['another symbol is stopped', 'BUY', tripped({ kind: 'symbol', name: 'ETHUSDT' })],
  ['something else is let on', 'BUY', { run: 'scripted', changes: 1, letOn: 1, trips: [] }],
  ['the account only reduces, as it does', 'SELL', tripped({ kind: 'account' }, 'reducing')],
] as const)(
  'I8, K7: an approval stays good when %s while its intent is written',
  async (_what, side, epoch) => {
    const on = await holdingWithSlowLedger();
    const submitted = on.submit(side, limit('0.05', side === 'BUY' ? '60000' : '80000'));
    await on.time.advance(200);
    on.risk.now = epoch;
    on.ledger.mood = 'works';
    expect(await on.perform(submitted)).toMatchObject({ kind: 'submitted' });
    expect(on.trueOrders()).toHaveLength(2);
  },
);

test('an order that cannot be made once its intent is written ends as never sent', async () => {
  let isBroken = true;
  const on = new ExecutionWorld({
    entryOver: (entry) => ({
      ...entry,
      prepare: (order, priority) => {
        if (isBroken) throw new Error('a broken assumption');
        return entry.prepare(order, priority);
      },
    }),
  });
  await on.begin();
  await expect(on.perform(on.submit('BUY', limit('0.1', '60000')))).rejects.toThrow('a broken assumption');
  await on.time.advance(1_000);
  expect((await on.ledgerOrder('order-1'))?.record.state).toBe('absent');
  expect(on.trueOrders()).toEqual([]);
  isBroken = false;
  expect(await on.perform(on.submit('BUY', limit('0.1', '60000')))).toMatchObject({ kind: 'submitted' });
});

test('I8: an exit does not leave any more when its own strategy is stopped while its intent is written', async () => {
  const on = await holdingWithSlowLedger();
  const submitted = on.submit('SELL', market('0.05'));
  await on.time.advance(200);
  on.risk.now = tripped({ kind: 'strategy', name: 'test' });
  on.ledger.mood = 'works';
  expect(await on.perform(submitted)).toMatchObject({ refusal: { reason: 'approval_outdated' } });
  expect(on.trueOrders()).toHaveLength(1);
});

test('K7, R4: an approval that waits for room under a limit is not sent after a halt', async () => {
  const on = new ExecutionWorld();
  await on.begin();
  // The limit of 100 orders in 10 s, less the tenth that is kept for exits.
  const many = Array.from({ length: 95 }, () => on.submit('BUY', limit('0.001', '30000')));
  await on.time.advance(500);
  expect(on.trueOrders().length).toBeLessThan(95);
  const before = on.trueOrders().length;
  on.risk.now = HALTED;
  await on.time.advance(20_000);
  await on.perform(Promise.all(many));
  expect(on.trueOrders()).toHaveLength(before);
  expect(await on.perform(on.submit('SELL', market('0.001')))).toMatchObject({ kind: 'submitted' });
});
