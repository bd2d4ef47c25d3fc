import fc from 'fast-check';
import { BollingerBands as OtherBands } from 'trading-signals';
import { expect, test } from 'vitest';
import { BollingerBands } from './bollinger-bands.ts';
import { Sma } from './sma.ts';

const prices = fc.array(fc.double({ min: 1e-7, max: 1e5, noNaN: true }), { maxLength: 120 });

test('the bands lie so many population deviations from the average', () => {
  const bands = new BollingerBands(4, 2);
  for (const price of [100, 1, 3, 5, 7]) bands.update(price);
  // 1, 3, 5, 7: average 4, squared deviations 9 + 1 + 1 + 9 = 20, 20 / 4 = 5.
  expect(bands.middle).toBe(4);
  expect(bands.upper).toBeCloseTo(4 + 2 * Math.sqrt(5), 14);
  expect(bands.lower).toBeCloseTo(4 - 2 * Math.sqrt(5), 14);
});

test('the incremental bands equal those of each window taken anew, and the middle is the simple average', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), prices, (period, series) => {
      const bands = new BollingerBands(period, 2);
      const sma = new Sma(period);
      for (const [index, price] of series.entries()) {
        bands.update(price);
        expect(bands.middle).toBe(sma.update(price));
        if (index + 1 < period) continue;
        const window = series.slice(index + 1 - period, index + 1);
        const mean = window.reduce((sum, each) => sum + each, 0) / period;
        const variance = window.reduce((sum, each) => sum + (each - mean) ** 2, 0) / period;
        const tolerance = 1e-11 * mean;
        expect(Math.abs(bands.upper - (mean + 2 * Math.sqrt(variance)))).toBeLessThanOrEqual(tolerance);
        expect(Math.abs(bands.lower - (mean - 2 * Math.sqrt(variance)))).toBeLessThanOrEqual(tolerance);
      }
    }),
  );
});

test('trading-signals finds the same bands', () => {
  const bands = new BollingerBands(20, 2);
  const others = new OtherBands(20, 2);
  for (let index = 0; index < 2000; index++) {
    const price = 100 + ((index * 7919) % 1013) / 10;
    bands.update(price);
    const theirs = others.update(price, false);
    if (theirs === null) {
      expect(bands.isReady).toBe(false);
      continue;
    }
    expect(Math.abs(bands.middle - theirs.middle)).toBeLessThanOrEqual(1e-9 * theirs.middle);
    expect(Math.abs(bands.upper - theirs.upper)).toBeLessThanOrEqual(1e-9 * theirs.upper);
    expect(Math.abs(bands.lower - theirs.lower)).toBeLessThanOrEqual(1e-9 * theirs.lower);
  }
});

test.each([0, -2, Number.NaN, Number.POSITIVE_INFINITY])('a width of %d is refused', (width) => {
  expect(() => new BollingerBands(20, width)).toThrow(
    new RangeError(`width must be a number above 0, not ${width}`),
  );
});

test('a state of another width is refused', () => {
  expect(() => new BollingerBands(20, 2).restore(new BollingerBands(20, 3).save())).toThrow(
    new RangeError('the saved state has width 3, this indicator has 2'),
  );
});
