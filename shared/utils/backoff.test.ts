import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.ts';
import { type Random, SeededRandom } from './random.ts';

const NO_OTHER_CHANCE = { nextUint32: () => 0, nextNormal: () => 0 };
const TIMES = { firstDelayMs: 500, longestDelayMs: 30_000 };

test.each([
  { doublings: 0, longest: 500 },
  { doublings: 1, longest: 1000 },
  { doublings: 5, longest: 16_000 },
  { doublings: 6, longest: 30_000 },
  { doublings: 10_000, longest: 30_000 },
])('after $doublings doublings the wait is from half of $longest ms up to it', ({ doublings, longest }) => {
  const drawing = (fraction: number): Random => ({ ...NO_OTHER_CHANCE, nextFraction: () => fraction });
  expect(backoffMs(TIMES, doublings, drawing(0))).toBe(longest / 2);
  expect(backoffMs(TIMES, doublings, drawing(0.5))).toBe(longest * 0.75);
  expect(backoffMs(TIMES, doublings, drawing(1 - 2 ** -32))).toBeCloseTo(longest, 4);
});

test('a first delay of nothing stays nothing, however often it doubles', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (doublings, seed) => {
      expect(backoffMs({ firstDelayMs: 0, longestDelayMs: 1000 }, doublings, new SeededRandom(seed))).toBe(0);
    }),
  );
});
