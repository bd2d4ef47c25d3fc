import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { MachineClock } from './lifeline.ts';

test('a clock that was set back and forth remembers the latest that it has shown', async () => {
  const time = new VirtualTime(10_000);
  const clock = new MachineClock(time);
  expect(clock.latestMs()).toBe(10_000);
  clock.shift(-4_000);
  await time.advance(1_000);
  expect([clock.nowMs(), clock.latestMs()]).toEqual([7_000, 10_000]);
  clock.shift(9_000);
  expect([clock.nowMs(), clock.latestMs()]).toEqual([16_000, 16_000]);
  clock.shift(-5_000);
  expect([clock.nowMs(), clock.latestMs()]).toEqual([11_000, 16_000]);
});
