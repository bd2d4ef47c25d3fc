import { expect, test } from 'vitest';
import { ExecutionWorld, limit, market } from './world.test-support.ts';

const HALTED = { run: 'scripted', changes: 1 };

test.each([
  ['something is stopped', HALTED],
  ['another run of the risk manager judges', { run: 'restarted', changes: 0 }],
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
