import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ema } from './ema.ts';

const prices = fc.array(fc.double({ min: 1e-7, max: 1e5, noNaN: true }), { maxLength: 120 });

/** The weights written out: the seed shrinks with every later value, each of which enters with weight 2 / (n + 1). */
function batchEma(series: readonly number[], period: number): number {
  const weight = 2 / (period + 1);
  const later = series.slice(period);
  const seed = series.slice(0, period).reduce((sum, each) => sum + each, 0) / period;
  return later.reduce(
    (sum, each, index) => sum + weight * (1 - weight) ** (later.length - 1 - index) * each,
    seed * (1 - weight) ** later.length,
  );
}

test('it begins with the plain average of the first values and then moves by 2 / (n + 1)', () => {
  const ema = new Ema(3);
  // (1 + 2 + 6) / 3 = 3; then 3 + (5 - 3) / 2 = 4 and 4 + (0 - 4) / 2 = 2.
  expect([1, 2, 6, 5, 0].map((value) => ema.update(value))).toEqual([Number.NaN, Number.NaN, 3, 4, 2]);
});

test('the incremental average equals the weighted sum over all values', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), prices, (period, series) => {
      const ema = new Ema(period);
      for (const [index, price] of series.entries()) {
        const value = ema.update(price);
        if (index + 1 < period) continue;
        const expected = batchEma(series.slice(0, index + 1), period);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-11 * expected);
      }
    }),
  );
});
