import { formatAmount } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { limit, market } from '../../core/orders/terms.test-support.ts';
import { EVERYTHING, holding } from './commands.test-support.ts';

test('what its strategy sells while a flatten waits for the risk manager is not sold a second time', async () => {
  const on = await holding();
  await on.perform(on.submit('BUY', limit('0.1', '50000')));
  // It does not say that it has heard of the cancel.
  on.risk.record = () => new Promise(() => undefined);
  const flattened = on.service.flatten(EVERYTHING);
  await on.time.advance(200);
  await on.perform(on.submit('SELL', market('0.04')));
  expect(await on.perform(flattened)).toMatchObject({ kept: [] });
  await on.time.advance(1_000);
  const sold = on.trueFills().filter(({ isBuyer }) => !isBuyer);
  expect(sold.map((fill) => formatAmount(fill.quantity))).toEqual(['0.04', '0.0599']);
});
