import { expect, test } from 'vitest';
import { roundNear } from './rounding.ts';

const NEAR = 2 ** 40;

test.each([
  ['clearly between two whole numbers', 2.5, 2, 3],
  ['below one', 0.5, 0, 1],
  ['just above the margin of a large one', NEAR + 2 ** -9, NEAR, NEAR + 1],
  ['just below the next large one, beyond its margin', NEAR + 1 - 2 ** -9, NEAR, NEAR + 1],
])('a quotient that lies %s is rounded by doubles: %s', (_, near, down, up) => {
  expect(roundNear(near, 'floor')).toBe(down);
  expect(roundNear(near, 'ceiling')).toBe(up);
});

test.each([
  ['is whole', 3],
  ['is zero', 0],
  ['lies as far above a whole number as the error may be', NEAR + 2 ** -10],
  ['lies nearer to the next whole number than the error may be', NEAR + 1 - 2 ** -10],
  ['is too large for a fraction', 2 ** 51 + 0.5],
  ['is below zero', -0.5],
  ['is none', Number.NaN],
])('doubles leave open to which side a quotient rounds that %s: %s', (_, near) => {
  expect(roundNear(near, 'floor')).toBeUndefined();
  expect(roundNear(near, 'ceiling')).toBeUndefined();
});
