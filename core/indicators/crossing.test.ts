import { expect, test } from 'vitest';
import { crossesAbove, crossesBelow } from './crossing.ts';

const nan = Number.NaN;

test.each([
  { before: [1, 2], now: [3, 2], above: true, below: false },
  { before: [2, 2], now: [3, 2], above: true, below: false },
  { before: [3, 2], now: [1, 2], above: false, below: true },
  { before: [2, 2], now: [1, 2], above: false, below: true },
  { before: [1, 2], now: [2, 2], above: false, below: false },
  { before: [3, 2], now: [2, 2], above: false, below: false },
  { before: [3, 2], now: [4, 2], above: false, below: false },
  { before: [1, 2], now: [0, 2], above: false, below: false },
  { before: [nan, 2], now: [3, 2], above: false, below: false },
  { before: [2, nan], now: [1, 2], above: false, below: false },
])('from $before to $now crosses above: $above, below: $below', ({ before, now, above, below }) => {
  const [lineBefore = nan, otherBefore = nan] = before;
  const [line = nan, other = nan] = now;
  expect(crossesAbove(lineBefore, otherBefore, line, other)).toBe(above);
  expect(crossesBelow(lineBefore, otherBefore, line, other)).toBe(below);
});
