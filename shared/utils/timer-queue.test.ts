import { expect, test } from 'vitest';
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
