import { expect, test } from 'vitest';
import { agoMs } from './clock.ts';
import { ClockGap } from './clock-gap.ts';

/** Clocks that a test sets. */
const clocks = () => {
  const at = { wallMs: 1_000_000, elapsedMs: 0 };
  return { at, clock: { nowMs: () => at.wallMs, elapsedMs: () => at.elapsedMs } };
};

test('how long ago something was says the clock that says more', () => {
  const { at, clock } = clocks();
  const since = { ...at };
  at.elapsedMs += 250;
  at.wallMs += 250;
  expect(agoMs(clock, since)).toBe(250);
  // The machine slept.
  at.wallMs += 20_000;
  expect(agoMs(clock, since)).toBe(20_250);
  // Somebody has set its clock back.
  at.wallMs -= 60_000;
  expect(agoMs(clock, since)).toBe(250);
});

test('a sleep, and a clock that was set back, are seen once, however time passes before and after', () => {
  const { at, clock } = clocks();
  const gap = new ClockGap(clock);
  const passMs = (ms: number): void => {
    at.elapsedMs += ms;
    at.wallMs += ms;
  };
  passMs(5_000);
  expect(gap.sinceLastLook()).toBe(0);
  passMs(100);
  at.wallMs += 20_000;
  expect([gap.sinceLastLook(), gap.sinceLastLook()]).toEqual([20_000, 0]);
  at.wallMs -= 3_000;
  passMs(100);
  expect(gap.sinceLastLook()).toBe(-3_000);
});
