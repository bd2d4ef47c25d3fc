import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Atr } from './atr.ts';

interface Bar {
  readonly high: number;
  readonly low: number;
  readonly close: number;
}

const price = fc.double({ min: 1e-7, max: 1e5, noNaN: true });
const bars = fc.array(
  fc.tuple(price, price, price).map((three): Bar => {
    const [low, close, high] = three.sort((a, b) => a - b) as [number, number, number];
    return { high, low, close };
  }),
  { maxLength: 80 },
);

/** Wilder's own words: the greatest of three distances, then (average x (n - 1) + range) / n. */
function batchAtr(series: readonly Bar[], period: number): number {
  const ranges = series.slice(1).map(({ high, low }, index) => {
    const { close } = series[index] as Bar;
    return Math.max(high - low, Math.abs(high - close), Math.abs(low - close));
  });
  const seed = ranges.slice(0, period).reduce((sum, range) => sum + range, 0) / period;
  return ranges.slice(period).reduce((average, range) => (average * (period - 1) + range) / period, seed);
}

test('a gap to the close before belongs to the range, and the first bar has none', () => {
  const atr = new Atr(2);
  expect(atr.update(9, 1, 5)).toBeNaN();
  expect(atr.update(8, 7, 8)).toBeNaN(); // 8 - 5 = 3
  expect(atr.update(9, 8, 9)).toBe(2); // (3 + 1) / 2
  expect(atr.update(4, 3, 3)).toBe(4); // range 9 - 3 = 6, and (2 + 6) / 2
});

test("the incremental value equals Wilder's procedure over the whole series", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), bars, (period, series) => {
      const atr = new Atr(period);
      for (const [index, { high, low, close }] of series.entries()) {
        const value = atr.update(high, low, close);
        if (index < period) continue;
        const expected = batchAtr(series.slice(0, index + 1), period);
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-11 * expected);
      }
    }),
  );
});
