import fc from 'fast-check';
import { SMA } from 'trading-signals';
import { expect, test } from 'vitest';
import { Sma } from './sma.ts';

const prices = fc.array(fc.double({ min: 1e-7, max: 1e5, noNaN: true }), { maxLength: 120 });

test('the average of 1, 2, 3 is 2, and the window then moves on', () => {
  const sma = new Sma(3);
  expect([1, 2, 3, 7, 8].map((value) => sma.update(value))).toEqual([Number.NaN, Number.NaN, 2, 4, 6]);
});

test('the incremental average equals the mean of each window taken anew', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), prices, (period, series) => {
      const sma = new Sma(period);
      for (const [index, price] of series.entries()) {
        const value = sma.update(price);
        if (index + 1 < period) continue;
        const window = series.slice(index + 1 - period, index + 1);
        const mean = window.reduce((sum, each) => sum + each, 0) / period;
        expect(Math.abs(value - mean)).toBeLessThanOrEqual(1e-12 * mean);
      }
    }),
  );
});

test('trading-signals finds the same averages', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), prices, (period, series) => {
      const sma = new Sma(period);
      const other = new SMA(period);
      for (const price of series) {
        const value = sma.update(price);
        const theirs = other.update(price, false);
        if (theirs === null) expect(value).toBeNaN();
        else expect(Math.abs(value - theirs)).toBeLessThanOrEqual(1e-9 * theirs);
      }
    }),
  );
});
