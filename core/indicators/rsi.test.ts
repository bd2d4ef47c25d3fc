import fc from 'fast-check';
import { RSI } from 'trading-signals';
import { expect, test } from 'vitest';
import { Rsi } from './rsi.ts';

const prices = fc.array(fc.double({ min: 1e-7, max: 1e5, noNaN: true }), { maxLength: 120 });

/** Wilder's own procedure over the whole series: (average x (n - 1) + change) / n. */
function batchRsi(series: readonly number[], period: number): number {
  const changes = series.slice(1).map((price, index) => price - (series[index] as number));
  const smooth = (amounts: readonly number[]): number =>
    amounts
      .slice(period)
      .reduce(
        (average, amount) => (average * (period - 1) + amount) / period,
        amounts.slice(0, period).reduce((sum, amount) => sum + amount, 0) / period,
      );
  const gain = smooth(changes.map((change) => Math.max(change, 0)));
  const loss = smooth(changes.map((change) => Math.max(-change, 0)));
  if (gain === 0 && loss === 0) return 50;
  return loss === 0 ? 100 : 100 - 100 / (1 + gain / loss);
}

test('it is the share of gains in all movement', () => {
  const rsi = new Rsi(2);
  // Changes +3, -1: gain 1.5, loss 0.5, 100 x 1.5 / 2 = 75. Then -1: gain 0.75, loss 0.75, which is 50.
  expect([10, 13, 12, 11].map((value) => rsi.update(value))).toEqual([Number.NaN, Number.NaN, 75, 50]);
});

test.each([
  { when: 'the price only rises', series: [1, 2, 3, 4], value: 100 },
  { when: 'the price only falls', series: [4, 3, 2, 1], value: 0 },
  { when: 'the price has never moved', series: [4, 4, 4, 4], value: 50 },
])('it is $value when $when', ({ series, value }) => {
  const rsi = new Rsi(3);
  for (const price of series) rsi.update(price);
  expect(rsi.value).toBe(value);
});

test("the incremental value equals Wilder's procedure over the whole series, and stays from 0 to 100", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), prices, (period, series) => {
      const rsi = new Rsi(period);
      for (const [index, price] of series.entries()) {
        const value = rsi.update(price);
        if (index < period) continue;
        expect(Math.abs(value - batchRsi(series.slice(0, index + 1), period))).toBeLessThanOrEqual(1e-9);
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(100);
      }
    }),
  );
});

test('trading-signals finds the same values wherever the price moves', () => {
  const rsi = new Rsi(14);
  const other = new RSI(14);
  for (let index = 0; index < 2000; index++) {
    const price = 100 + ((index * 7919) % 1013) / 10;
    const value = rsi.update(price);
    const theirs = other.update(price, false);
    if (theirs === null) expect(value).toBeNaN();
    else expect(Math.abs(value - theirs)).toBeLessThanOrEqual(1e-9 * theirs);
  }
});
