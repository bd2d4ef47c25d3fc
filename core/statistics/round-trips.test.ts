import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectancy, profitFactor, winRate } from './round-trips.ts';

test.each([
  // Gains 30 + 20 = 50, losses 10 + 15 = 25, one even: 50 / 25, 2 of 5, 25 / 5.
  { when: 'some won and some lost', pnls: [30, -10, 0, 20, -15], factor: 2, rate: 0.4, mean: 5 },
  { when: 'all won', pnls: [1, 3], factor: undefined, rate: 1, mean: 2 },
  { when: 'all lost', pnls: [-1, -3], factor: 0, rate: 0, mean: -2 },
  { when: 'all came out even', pnls: [0, 0], factor: undefined, rate: 0, mean: 0 },
  { when: 'there are none', pnls: [], factor: undefined, rate: undefined, mean: undefined },
])('round trips of which $when', ({ pnls, factor, rate, mean }) => {
  for (const series of [pnls, Float64Array.from(pnls)]) {
    expect(profitFactor(series)).toBe(factor);
    expect(winRate(series)).toBe(rate);
    expect(expectancy(series)).toBe(mean);
  }
});

test('a PnL that is no number leaves sums without a value', () => {
  expect(profitFactor([1, Number.NaN, -1])).toBeUndefined();
  expect(expectancy([1, Number.NaN, -1])).toBeUndefined();
});

test('the unit does not matter to ratios, and expectancy has it', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1 }), (pnls) => {
      const scaled = pnls.map((pnl) => pnl * 1024);
      expect(profitFactor(scaled)).toBe(profitFactor(pnls));
      expect(winRate(scaled)).toBe(winRate(pnls));
      expect(expectancy(scaled)).toBe((expectancy(pnls) as number) * 1024);
    }),
  );
});

test('a profit factor above 1 goes with an expectancy above 0', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (pnls) => {
      const factor = profitFactor(pnls);
      if (factor !== undefined) expect(factor > 1).toBe((expectancy(pnls) as number) > 0);
    }),
  );
});
