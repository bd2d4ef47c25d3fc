import { expect, test } from 'vitest';
import { randomOfFault, Selection } from './selection.ts';

/** Which of so many matches are struck, from 1. */
function struck(when: ConstructorParameters<typeof Selection>[0], matches: number, seed = 1): number[] {
  const selection = new Selection(when, randomOfFault(seed, 0), 0);
  return Array.from({ length: matches }, (_, index) => index + 1).filter(
    () => selection.isDue(0) && selection.strikes(),
  );
}

test('a fault strikes always, at given places, at every n-th, or at most so often', () => {
  expect(struck(undefined, 3)).toEqual([1, 2, 3]);
  expect(struck({ nth: 2 }, 4)).toEqual([2]);
  expect(struck({ nth: [1, 4] }, 5)).toEqual([1, 4]);
  expect(struck({ every: 2 }, 5)).toEqual([2, 4]);
  expect(struck({ every: 2, count: 1 }, 5)).toEqual([2]);
});

test('a rate is kept over many matches, and equal seeds choose the same ones', () => {
  const chosen = struck({ rate: 0.25 }, 10_000);
  // 2500 expected, five deviations of sqrt(10000 * 0.25 * 0.75) = 43 on either side.
  expect(chosen.length).toBeGreaterThan(2283);
  expect(chosen.length).toBeLessThan(2717);
  expect(struck({ rate: 0.25 }, 10_000)).toEqual(chosen);
  expect(struck({ rate: 0.25 }, 10_000, 2)).not.toEqual(chosen);
  expect(struck({ rate: 0 }, 100)).toEqual([]);
  expect(struck({ rate: 1 }, 3)).toEqual([1, 2, 3]);
});

test('a fault has its time, from its beginning up to, but not, its end', () => {
  const selection = new Selection({ from_ms: 100, for_ms: 50 }, randomOfFault(1, 0), 1000);
  expect([1099, 1100, 1149, 1150].map((elapsedMs) => selection.isDue(elapsedMs))).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

test('a span is drawn from its whole width', () => {
  const selection = new Selection(undefined, randomOfFault(3, 0), 0);
  const drawn = new Set(Array.from({ length: 200 }, () => selection.draw([5, 8])));
  expect([...drawn].sort()).toEqual([5, 6, 7, 8]);
  expect(selection.draw(60_000)).toBe(60_000);
});
