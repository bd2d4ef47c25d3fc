import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { Lifeline, MachineClock } from './lifeline.ts';

const START_MS = 1_767_225_600_000;

test('X1: timers of a process that was killed do not fire, and answers to it do not come', async () => {
  const time = new VirtualTime(START_MS);
  const lifeline = new Lifeline(time);
  const heard: string[] = [];
  lifeline.after(10, () => heard.push('timer'));
  const answer = new Promise<void>((resolve) => time.after(10, () => resolve()));
  void lifeline.hear(answer).then(() => heard.push('answer'));
  await time.advance(5);
  lifeline.kill();
  await time.advance(100);
  expect(heard).toEqual([]);
});

test('X3: what comes for a process that is paused comes when it goes on, in the same order', async () => {
  const time = new VirtualTime(START_MS);
  const lifeline = new Lifeline(time);
  const heard: string[] = [];
  const note = (name: string) => () => heard.push(`${name} at ${time.elapsedMs()}`);
  lifeline.after(10, note('first'));
  lifeline.after(20, note('second'));
  const canceled = lifeline.after(15, note('canceled'));
  lifeline.pause();
  await time.advance(50);
  canceled.cancel();
  expect(heard).toEqual([]);
  lifeline.resume();
  await time.advance(1);
  expect(heard).toEqual(['first at 50', 'second at 50']);
});

test('a process that is killed while it is paused never goes on', async () => {
  const time = new VirtualTime(START_MS);
  const lifeline = new Lifeline(time);
  const heard: string[] = [];
  lifeline.after(10, () => heard.push('timer'));
  lifeline.pause();
  await time.advance(50);
  lifeline.kill();
  lifeline.resume();
  await time.advance(50);
  expect(heard).toEqual([]);
});

test('C1, C5: the wall of a machine can be set; what it slept through has not elapsed', async () => {
  const time = new VirtualTime(START_MS);
  const clock = new MachineClock(time);
  clock.shift(-5_000);
  await time.advance(5_000);
  clock.fallAsleep();
  await time.advance(5_000);
  // For another reason as well: it sleeps until neither is left.
  clock.fallAsleep();
  await time.advance(5_000);
  expect(clock.wakeUp()).toBe(false);
  await time.advance(5_000);
  expect(clock.elapsedMs()).toBe(5_000);
  expect(clock.wakeUp()).toBe(true);
  expect(clock.elapsedMs()).toBe(5_000);
  expect(clock.nowMs()).toBe(START_MS + 15_000);
});
