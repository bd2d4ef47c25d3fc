import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Macd } from './macd.ts';

const prices = fc.array(fc.double({ min: 1e-7, max: 1e5, noNaN: true }), { maxLength: 120 });

/** All EMAs of a series, one for each value from the seed on. */
function batchEmas(series: readonly number[], period: number): readonly number[] {
  if (series.length < period) return [];
  const averages = [series.slice(0, period).reduce((sum, each) => sum + each, 0) / period];
  for (const value of series.slice(period)) {
    averages.push((value * 2 + (averages.at(-1) as number) * (period - 1)) / (period + 1));
  }
  return averages;
}

test('macd speaks before its signal does, and the histogram is their difference', () => {
  const macd = new Macd({ fast: 1, slow: 2, signal: 2 });
  macd.update(4);
  expect([macd.macd, macd.signal, macd.histogram, macd.isReady]).toEqual([
    Number.NaN,
    Number.NaN,
    Number.NaN,
    false,
  ]);
  macd.update(8); // 8 - (4 + 8) / 2 = 2
  expect([macd.macd, macd.signal, macd.histogram, macd.isReady]).toEqual([2, Number.NaN, Number.NaN, false]);
  macd.update(12); // slow 6 + 2/3 x 6 = 10, macd 2; signal (2 + 2) / 2 = 2
  expect([macd.macd, macd.signal, macd.histogram, macd.isReady]).toEqual([2, 2, 0, true]);
});

test('the incremental lines equal those of whole series', () => {
  const fast = fc.integer({ min: 1, max: 12 });
  fc.assert(
    fc.property(
      fast,
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 9 }),
      prices,
      (quick, more, signal, series) => {
        const slow = quick + more;
        const lines = new Macd({ fast: quick, slow, signal });
        for (const price of series) lines.update(price);
        const fastEmas = batchEmas(series, quick).slice(more);
        const difference = batchEmas(series, slow).map((each, index) => (fastEmas[index] as number) - each);
        const macd = difference.at(-1) ?? Number.NaN;
        const smoothed = batchEmas(difference, signal).at(-1) ?? Number.NaN;
        // The lines are differences of prices: their error is relative to the largest price.
        const tolerance = 1e-11 * Math.max(1e-7, ...series);
        expectNear(lines.macd, macd, tolerance);
        expectNear(lines.signal, smoothed, tolerance);
        expectNear(lines.histogram, macd - smoothed, tolerance);
      },
    ),
  );
});

function expectNear(value: number, expected: number, tolerance: number): void {
  if (Number.isNaN(expected)) expect(value).toBeNaN();
  else expect(Math.abs(value - expected)).toBeLessThanOrEqual(tolerance);
}

test.each([
  { periods: { fast: 26, slow: 12, signal: 9 }, message: 'fast must be below slow, not 26 against 12' },
  { periods: { fast: 12, slow: 12, signal: 9 }, message: 'fast must be below slow, not 12 against 12' },
  { periods: { fast: 0, slow: 12, signal: 9 }, message: 'fast must be a whole number of 1 or more, not 0' },
  {
    periods: { fast: 12, slow: 2.5, signal: 9 },
    message: 'slow must be a whole number of 1 or more, not 2.5',
  },
  {
    periods: { fast: 12, slow: 26, signal: -1 },
    message: 'signal must be a whole number of 1 or more, not -1',
  },
])('$periods are refused', ({ periods, message }) => {
  expect(() => new Macd(periods)).toThrow(new RangeError(message));
});
