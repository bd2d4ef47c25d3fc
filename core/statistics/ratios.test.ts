import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharpe, sortino, volatility } from './ratios.ts';

const nan = Number.NaN;
const returns = fc.array(
  fc.integer({ min: -9_000, max: 9_000 }).map((bps) => bps / 10_000),
  { maxLength: 40 },
);

// Golden: returns 0.1, -0.1, 0.1 and P = 4, so sqrt(P) = 2.
// Mean 1/30. Deviations 2/30, -4/30, 2/30: squares (4 + 16 + 4)/900 = 24/900, over N - 1 = 2: 12/900 = 1/75.
const golden = [0.1, -0.1, 0.1];

describe('volatility', () => {
  test('is the sample deviation, annualised', () => {
    expect(volatility(golden, 4)).toBeCloseTo(2 * Math.sqrt(1 / 75), 12);
  });

  test('is exactly 0 when the returns are equal, though their mean is rounded', () => {
    expect(volatility([0.1, 0.1, 0.1], 365)).toBe(0);
  });

  test.each([{ few: [] }, { few: [0.1] }])('has no value for $few', ({ few }) => {
    expect(volatility(few, 365)).toBeUndefined();
  });

  test('has no value when a return has none', () => {
    expect(volatility([0.1, nan, 0.2], 365)).toBeUndefined();
  });
});

describe('Sharpe', () => {
  test('is mean over deviation, annualised', () => {
    // (1/30) / sqrt(1/75) x 2 = sqrt(75) / 15 = 1 / sqrt(3)
    expect(sharpe(golden, 4)).toBeCloseTo(1 / Math.sqrt(3), 12);
  });

  test('takes the risk-free return of each period off', () => {
    // Mean 1/30 - 1/60 = 1/60, half of the golden one; the deviation is the same.
    expect(sharpe(golden, 4, 1 / 60)).toBeCloseTo(0.5 / Math.sqrt(3), 12);
  });

  test.each([
    { when: 'there are no returns', series: [] },
    { when: 'there is one return', series: [0.1] },
    { when: 'the returns do not vary', series: [0.1, 0.1, 0.1] },
    { when: 'they are all 0', series: [0, 0] },
    { when: 'a return has none', series: [0.1, nan] },
    { when: 'they vary by less than a square can hold', series: [1e-170, 2e-170] },
  ])('has no value when $when', ({ series }) => {
    expect(sharpe(series, 365)).toBeUndefined();
  });

  test('mirrored returns have the mirrored ratio', () => {
    fc.assert(
      fc.property(returns, (series) => {
        const ratio = sharpe(series, 365);
        const mirrored = sharpe(
          series.map((value) => -value),
          365,
        );
        if (ratio === undefined) expect(mirrored).toBeUndefined();
        else expect(mirrored).toBeCloseTo(-ratio, 9);
      }),
    );
  });
});

describe('Sortino', () => {
  test('is mean over the downside of all periods, annualised', () => {
    // DD = sqrt(0.01 / 3) over all three; (1/30) / DD x 2 = 2 / sqrt(3)
    expect(sortino(golden, 4)).toBeCloseTo(2 / Math.sqrt(3), 12);
  });

  test('measures from the minimum acceptable return', () => {
    // r - MAR: 0, -0.2, 0. Mean -0.2 / 3, DD = 0.2 / sqrt(3), ratio -1 / sqrt(3).
    expect(sortino(golden, 1, 0.1)).toBeCloseTo(-1 / Math.sqrt(3), 12);
  });

  test('one losing return is enough', () => {
    expect(sortino([-0.5], 4)).toBe(-2);
  });

  test.each([
    { when: 'there are no returns', series: [] },
    { when: 'none is below the acceptable return', series: [0.1, 0, 0.2] },
    { when: 'a return has none', series: [-0.1, nan] },
  ])('has no value when $when', ({ series }) => {
    expect(sortino(series, 365)).toBeUndefined();
  });
});

test('ratios of lists and of typed arrays are the same, and no figure is ever NaN or infinite', () => {
  fc.assert(
    fc.property(returns, (series) => {
      const typed = Float64Array.from(series);
      for (const figure of [volatility, sharpe, sortino]) {
        const value = figure(series, 365);
        expect(value === undefined || Number.isFinite(value)).toBe(true);
        expect(figure(typed, 365)).toBe(value);
      }
    }),
  );
});

test('Sharpe has a value exactly when two returns differ, Sortino exactly when one is below 0', () => {
  fc.assert(
    fc.property(returns, (series) => {
      expect(sharpe(series, 365) !== undefined).toBe(new Set(series).size > 1);
      expect(sortino(series, 365) !== undefined).toBe(series.some((value) => value < 0));
    }),
  );
});

test('returns twice as large are twice as volatile and no better by their ratios', () => {
  fc.assert(
    fc.property(returns, (series) => {
      const doubled = series.map((value) => value * 2);
      const spread = volatility(series, 365);
      expect(volatility(doubled, 365)).toBe(spread === undefined ? undefined : spread * 2);
      expect(sharpe(doubled, 365)).toBe(sharpe(series, 365));
      expect(sortino(doubled, 365)).toBe(sortino(series, 365));
    }),
  );
});
