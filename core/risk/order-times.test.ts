import { expect, test } from 'vitest';
import { OrderTimes } from './order-times.ts';

const rate = { orders: 3, windowMs: 100, keptForReducing: 1 };

test('new risk may use what is not kept for reducing orders, reducing orders may use all', () => {
  const times = new OrderTimes(rate);
  expect([times.allowanceFor(false), times.allowanceFor(true)]).toEqual([2, 3]);
  times.record(1, 0);
  expect(times.hasRoom(1, 0, false)).toBe(true);
  times.record(1, 0);
  expect(times.hasRoom(1, 0, false)).toBe(false);
  expect(times.hasRoom(1, 0, true)).toBe(true);
  times.record(1, 0);
  expect(times.hasRoom(1, 0, true)).toBe(false);
});

test('an order has left the window when it is exactly as old as the window', () => {
  const times = new OrderTimes(rate);
  times.record(1, 10);
  times.record(1, 50);
  expect(times.hasRoom(1, 109, false)).toBe(false);
  expect(times.hasRoom(1, 110, false)).toBe(true);
  times.record(1, 110);
  expect(times.hasRoom(1, 149, false)).toBe(false);
  expect(times.hasRoom(1, 150, false)).toBe(true);
});

test('the ring keeps the newest orders however many came before', () => {
  const times = new OrderTimes(rate);
  for (let at = 0; at < 1000; at += 100) times.record(3, at);
  expect(times.hasRoom(3, 999, true)).toBe(false);
  expect(times.hasRoom(3, 1000, true)).toBe(true);
});

test('several orders at once need room for all', () => {
  const times = new OrderTimes(rate);
  expect(times.hasRoom(2, 0, false)).toBe(true);
  expect(times.hasRoom(3, 0, false)).toBe(false);
  expect(times.hasRoom(3, 0, true)).toBe(true);
  times.record(1, 0);
  expect(times.hasRoom(2, 99, false)).toBe(false);
  expect(times.hasRoom(2, 100, false)).toBe(true);
});

test('K4: a clock that ran back or is not a number gives no room', () => {
  const times = new OrderTimes(rate);
  expect(times.hasRoom(1, Number.NaN, true)).toBe(false);
  times.record(3, 1000);
  expect(times.hasRoom(1, 500, true)).toBe(false);
});

test('what counts in the window is what is younger than it, and never more than the ring remembers', () => {
  const times = new OrderTimes(rate);
  expect(times.used(0)).toBe(0);
  times.record(1, 10);
  times.record(1, 50);
  expect([times.used(50), times.used(109), times.used(110), times.used(150)]).toEqual([2, 2, 1, 0]);
  times.record(4, 60);
  expect(times.used(60)).toBe(3);
});
