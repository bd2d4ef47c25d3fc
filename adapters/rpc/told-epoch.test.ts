import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { EPOCH_LASTS_MS, ToldEpoch } from './told-epoch.ts';

const epochOf = (changes: number, run = 'risk-1') => ({ run, changes, letOn: 0, trips: [] });

test('I8, K7: what was told is believed for a stated time from when it was asked, not from when it came', async () => {
  const time = new VirtualTime(0);
  const told = new ToldEpoch(time);
  expect(told.now).toBeUndefined();
  const askedAtMs = time.elapsedMs();
  await time.advance(400);
  told.hear(epochOf(1), askedAtMs);
  await time.advance(EPOCH_LASTS_MS - 401);
  expect(told.now).toEqual(epochOf(1));
  await time.advance(1);
  expect(told.now).toBeUndefined();
});

test('K7: answers that overtake one another take nothing back, neither what is stopped nor how long it is known', async () => {
  const time = new VirtualTime(0);
  const told = new ToldEpoch(time);
  told.hear(epochOf(2), 500);
  told.hear(epochOf(1), 900);
  told.hear(epochOf(2), 100);
  expect(told.now).toEqual(epochOf(2));
  await time.advance(500 + EPOCH_LASTS_MS - 1);
  expect(told.now).toEqual(epochOf(2));
  await time.advance(1);
  expect(told.now).toBeUndefined();
  told.hear(epochOf(0, 'risk-2'), time.elapsedMs());
  expect(told.now).toEqual(epochOf(0, 'risk-2'));
});
