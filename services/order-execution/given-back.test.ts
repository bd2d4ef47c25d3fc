import { expect, test } from 'vitest';
import { limit } from '../../core/orders/terms.test-support.ts';
import { hasIntent, verdictsTake } from './commands.test-support.ts';
import { ExecutionWorld } from './world.test-support.ts';

/** Of a session that ends when a symbol is listed; the same leader begins another one. */
async function ending(): Promise<{ readonly on: ExecutionWorld; readonly end: () => Promise<void> }> {
  const on = new ExecutionWorld({ symbols: ['BTCUSDT', 'ETHUSDT'] });
  await on.learnRules();
  const later = on.instruments.get('ETHUSDT')!;
  on.instruments.delete('ETHUSDT');
  void on.service.start();
  await on.until('ready');
  const end = async (): Promise<void> => {
    on.instruments.set('ETHUSDT', later);
    await on.time.advance(1_500);
    expect((await on.service.state()).epoch).toBe(1);
  };
  return { on, end };
}

const LOST = { kind: 'unknown', detail: 'the connection was lost' } as const;

test('what was approved for an order is given back when the verdict comes after the end of its session', async () => {
  const { on, end } = await ending();
  verdictsTake(on, 3_000);
  const submitted = on.submit('BUY', limit('0.1', '50000'));
  await on.time.advance(100);
  await end();
  expect(await on.perform(submitted)).toMatchObject({ refusal: { reason: 'ledger_unavailable' } });
  await on.time.advance(100);
  expect(on.risk.withdrawn).toEqual(['order-1']);
});

test.each([
  { written: 'is not', withdrawn: ['order-1'] },
  { written: 'is', withdrawn: [] },
])(
  'what an intent reserves is given back unless it is written: nobody says that it $written when its session ends',
  async (given) => {
    const { on, end } = await ending();
    const { inner } = on.ledger;
    const commit = inner.commit.bind(inner);
    inner.commit = async (...[events, claim]) => {
      if (!hasIntent(events)) return commit(events, claim);
      if (given.written === 'is') await commit(events, claim);
      return LOST;
    };
    const submitted = on.submit('BUY', limit('0.1', '50000'));
    await on.time.advance(100);
    await end();
    expect(await on.perform(submitted)).toMatchObject({ refusal: { reason: 'ledger_unavailable' } });
    await on.until('ready');
    await on.time.advance(60_000);
    expect(on.risk.withdrawn).toEqual(given.withdrawn);
    expect(on.trueOrders()).toEqual([]);
    expect((await on.ledgerOrder('order-1'))?.record.state).toBe(
      given.written === 'is' ? 'absent' : undefined,
    );
  },
);
