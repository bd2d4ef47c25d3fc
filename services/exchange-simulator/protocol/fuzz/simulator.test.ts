import { expect, test } from 'vitest';
import { shortRun } from '../../../../tools/fuzz/short-run.ts';
import { simulatorTarget } from './simulator.test-support.ts';

test('S8, S11: spoilt requests and frames are all answered, and leave the exchange in no wrong state', async () => {
  const { found, outcomes } = await shortRun(simulatorTarget, 2000);
  expect(found).toEqual([]);
  // In most sessions some requests are accepted: a refusal tests little of an exchange.
  expect(outcomes['requests: 25 % and more accepted']).toBeGreaterThanOrEqual(50);
});
