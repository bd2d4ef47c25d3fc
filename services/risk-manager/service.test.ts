import { quantity } from '@tradewind/core/money';
import type { OrderTerms } from '@tradewind/core/orders';
import { expect, test } from 'vitest';
import { equity, RiskWorld, reasonOf } from './risk-world.test-support.ts';

const market = (size: string): OrderTerms => ({ type: 'MARKET', quantity: quantity(size) });

test('K1: of ten orders asked for at once, room for two lets two pass', async () => {
  const world = await RiskWorld.started({ limits: { account: { exposureMaximum: equity('200') } } });
  const asked = Array.from({ length: 10 }, () =>
    world.risk.validate(world.intent('BUY', market('1')), 'tick'),
  );
  await world.time.advance(0);
  const verdicts = await Promise.all(asked);
  expect(verdicts.map(reasonOf).filter((reason) => reason === 'approved')).toHaveLength(2);
  expect(verdicts.map(reasonOf).filter((reason) => reason === 'exposure_over_limit')).toHaveLength(8);
});
