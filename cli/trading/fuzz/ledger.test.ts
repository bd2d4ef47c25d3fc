import { expect, test } from 'vitest';
import { shortRun } from '../../../tools/fuzz/short-run.ts';
import { ledgerTarget } from './ledger.test-support.ts';

test('a spoilt export is whole only where it is what was written; else the first entry is named that is not', async () => {
  const { found, outcomes } = await shortRun(ledgerTarget, 3000);
  expect(found).toEqual([]);
  for (const name of ['ledger: whole', 'ledger: cut', 'ledger: broken'])
    expect(outcomes[name], name).toBeGreaterThan(3);
});
