import { describe, expect, test } from 'vitest';
import { limit, maker, market, stop } from '../../core/orders/terms.test-support.ts';
import { cancel, holding, openIds, restart } from './commands.test-support.ts';
import type { ExecutionWorld } from './world.test-support.ts';

/** Of a pair of orders the profit was taken, so the stop expired after its position was closed; another position is bought then. */
async function reopened(afterMs: number): Promise<ExecutionWorld> {
  const on = await holding();
  const above = on.intent('SELL', maker('0.0999', '70000'));
  const below = on.intent('SELL', stop('0.0999', '50000'));
  await on.perform(on.submitList({ kind: 'OCO', listClientOrderId: 'list-1', above, below }));
  on.houseOrder('BUY', '70000', '0.0999');
  await on.time.advance(afterMs);
  on.houseOrder('SELL', '60000', '0.1');
  await on.perform(on.submit('BUY', market('0.1')));
  await on.time.advance(100);
  return on;
}

describe('O14: a position does not get the stop of the one before, whose profit was taken', () => {
  test('when a sale of it is canceled', async () => {
    const on = await reopened(20_000);
    await on.perform(on.submit('SELL', limit('0.0999', '75000')));
    const [id = ''] = await openIds(on);
    await cancel(on, id);
    await on.time.advance(20_000);
    expect(await openIds(on)).toEqual([]);
  });

  test('when it is bought before the stop would have been given back', async () => {
    const on = await reopened(100);
    await on.time.advance(20_000);
    expect(await openIds(on)).toEqual([]);
  });

  test('when the process dies', async () => {
    const on = await reopened(20_000);
    await restart(on);
    expect(await openIds(on)).toEqual([]);
  });
});
