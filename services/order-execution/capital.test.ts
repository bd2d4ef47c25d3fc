import { formatAmount } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { ExecutionWorld, strategyWith } from './world.test-support.ts';

const strategies = new Map([['test', strategyWith({ USDT: '50000', BTC: '1' })]]);
let on: ExecutionWorld;

async function world(): Promise<void> {
  strategies.set('test', strategyWith({ USDT: '50000', BTC: '1' }));
  on = new ExecutionWorld({ strategies });
  await on.begin();
}
async function restartWith(capital: Readonly<Record<string, string>>): Promise<void> {
  strategies.set('test', strategyWith(capital));
  on.crash();
  await on.until('ready');
}
/** What the strategy and the owner have of an asset, after all that was booked. */
async function held(asset: string): Promise<Record<string, string>> {
  const { balances } = await on.ledger.inner.load();
  return Object.fromEntries(
    balances
      .filter((posting) => posting.account === 0 && posting.asset === asset)
      .map(({ subAccount, amount }) => [subAccount, formatAmount(amount)]),
  );
}
const refusals = () => on.events('alert').filter(({ name }) => name === 'allocation_refused');

test('more capital in the configuration is a transfer from the owner at the next start, once', async () => {
  await world();
  await restartWith({ USDT: '60000', BTC: '1' });
  expect(await held('USDT')).toEqual({ owner: '40000', test: '60000' });
  expect(on.events('balance').at(-1)).toMatchObject({
    cause: 'allocation',
    key: 'allocation test 2',
    detail: 'capital of test: 60000 USDT instead of 50000',
  });
  await restartWith({ USDT: '60000', BTC: '1' });
  expect(on.events('balance')).toHaveLength(3);
  expect(await on.perform(on.service.reconcile())).toMatchObject({ kind: 'agreed' });
});

test('less capital goes back to the owner; what was won or lost stays with the strategy', async () => {
  await world();
  on.houseOrder('SELL', '60000', '0.1');
  await on.perform(on.submit('BUY', market('0.1')));
  await on.time.advance(100);
  const { test: before } = await held('USDT');
  await restartWith({ USDT: '30000', BTC: '0.25' });
  const { test: after, owner } = await held('USDT');
  expect(Number(before) - Number(after)).toBe(20_000);
  expect(owner).toBe('70000');
  expect(await held('BTC')).toMatchObject({ owner: '1.75' });
  await restartWith({ USDT: '50000', BTC: '1' });
  expect(await held('USDT')).toEqual({ owner: '50000', test: before });
  expect(refusals()).toEqual([]);
});

test('an asset that is configured no more goes back', async () => {
  await world();
  await restartWith({ USDT: '50000' });
  expect(await held('BTC')).toEqual({ owner: '2' });
});

test('K9: more than the owner has is refused with its numbers, and none of the change is made', async () => {
  await world();
  await restartWith({ USDT: '100000.01', BTC: '0.5' });
  expect(refusals()).toMatchObject([
    { fields: { asset: 'USDT', wanted: '100000.01', given: '50000', available: '50000' } },
  ]);
  expect(await held('BTC')).toEqual({ owner: '1', test: '1' });
});

test('money that an open order needs is not taken from it', async () => {
  await world();
  await on.perform(on.submit('BUY', limit('0.5', '60000')));
  await restartWith({ USDT: '29999', BTC: '1' });
  expect(refusals()).toMatchObject([
    { fields: { asset: 'USDT', wanted: '29999', given: '50000', available: '20000' } },
  ]);
  await restartWith({ USDT: '30000', BTC: '1' });
  expect(await held('USDT')).toEqual({ owner: '70000', test: '30000' });
});

test('coins that are a position or are being sold are not taken', async () => {
  await world();
  on.houseOrder('SELL', '60000', '0.5');
  await on.perform(on.submit('BUY', market('0.5')));
  await on.perform(on.submit('SELL', limit('0.25', '70000')));
  await on.time.advance(100);
  const { test: has } = await held('BTC');
  // Fees are taken in the coin that was bought: 0.1 % of 0.5.
  expect(has).toBe('1.4995');
  await restartWith({ USDT: '50000' });
  expect(await held('BTC')).toEqual({ owner: '2', test: '0.4995' });
  await restartWith({ USDT: '50000', BTC: '1' });
  await on.perform(on.submit('SELL', limit('0.75', '80000')));
  await restartWith({ USDT: '50000', BTC: '0.49' });
  expect(refusals()).toMatchObject([{ fields: { asset: 'BTC', wanted: '0.49', available: '0.4995' } }]);
});
