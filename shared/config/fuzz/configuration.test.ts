import { expect, test } from 'vitest';
import { shortRun } from '../../../tools/fuzz/short-run.ts';
import { configurationTarget } from './configuration.test-support.ts';

test('G5, I11: a spoilt configuration is refused with line and field, or held to the last digit; secrets stay secret', async () => {
  const { found, outcomes } = await shortRun(configurationTarget, 3000);
  expect(found).toEqual([]);
  for (const name of ['file: refused', 'file: accepted', 'limits: refused', 'limits: accepted'])
    expect(outcomes[name], name).toBeGreaterThan(50);
});
