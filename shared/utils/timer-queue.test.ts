import { expect, test } from 'vitest';
import type { Timer } from './clock.ts';
import { SeededRandom } from './random.ts';
import { TimerQueue } from './timer-queue.ts';

test('timers come in the order of their instants, those of one instant in the order in which they were set', () => {
  const queue = new TimerQueue();
  const fired: string[] = [];
  for (const [name, atMs] of [
    ['c', 20],
    ['a', 10],
    ['d', 20],
    ['b', 10],
    ['e', 30],
  ] as const) {
    queue.add(atMs, () => fired.push(name));
  }
  expect(queue.first()?.atMs).toBe(10);
  for (const timer of queue.dueAt(20)) queue.fire(timer);
  expect(fired).toEqual(['a', 'b', 'c', 'd']);
  expect(queue.size).toBe(1);
  expect(queue.first()?.atMs).toBe(30);
});

test('a timer fires once, and not when it was canceled, though it was due', () => {
  const queue = new TimerQueue();
  const fired: string[] = [];
  const canceled = queue.add(1, () => fired.push('canceled'));
  queue.add(1, () => fired.push('kept'));
  const due = queue.dueAt(1);
  canceled.cancel();
  canceled.cancel();
  for (const timer of [...due, ...due]) queue.fire(timer);
  expect(fired).toEqual(['kept']);
  expect([queue.size, queue.first()]).toEqual([0, undefined]);
});

test('in any order of setting, canceling and firing the first is the one that a look at all would find', () => {
  const random = new SeededRandom(5);
  const queue = new TimerQueue();
  const model = new Map<Timer, number>();
  const fired: Timer[] = [];
  for (let step = 0; step < 5_000; step += 1) {
    const choice = random.nextUint32() % 4;
    if (choice < 2) {
      const atMs = random.nextUint32() % 50;
      const timer = queue.add(atMs, () => fired.push(timer));
      model.set(timer, atMs);
    } else if (choice === 2) {
      const timer = [...model.keys()][random.nextUint32() % Math.max(1, model.size)];
      timer?.cancel();
      if (timer !== undefined) model.delete(timer);
    } else {
      const first = queue.first();
      // A Map keeps its keys in the order in which they were set, and a sort of equals changes nothing.
      const expected = [...model].sort(([, one], [, other]) => one - other)[0]?.[0];
      if (first !== undefined) queue.fire(first);
      expect(fired.at(-1)).toBe(expected ?? fired.at(-1));
      if (expected !== undefined) model.delete(expected);
    }
    expect(queue.size).toBe(model.size);
  }
});
