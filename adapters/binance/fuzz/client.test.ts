import { expect, test } from 'vitest';
import { shortRun } from '../../../tools/fuzz/short-run.ts';
import { clientTarget } from './client.test-support.ts';

test('U11, S7: spoilt answers, events and market messages leave the client in no wrong state', async () => {
  const { found, outcomes } = await shortRun(clientTarget, 4000);
  expect(found).toEqual([]);
  // Neither is everything refused nor everything believed.
  for (const name of [
    'answers: done',
    'answers: failed',
    'answers: unknown',
    'messages: read',
    'messages: refused',
  ])
    expect(outcomes[name], name).toBeGreaterThan(50);
  for (const name of ['done', 'failed', 'unknown'])
    expect(outcomes[`events: live, placement ${name}`], name).toBeGreaterThan(50);
});
