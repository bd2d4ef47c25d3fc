import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buyAndHoldReturn, cagr, calmar, periodReturns } from './returns.ts';

const nan = Number.NaN;
const curve = fc.array(fc.double({ min: 1, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 40 });

function expectClose(values: readonly number[] | undefined, expected: readonly number[]): void {
  expect(values?.length).toBe(expected.length);
  for (const [t, value] of expected.entries()) expect(values?.[t]).toBeCloseTo(value, 12);
}

describe('period returns', () => {
  test('are what equity gained, as a fraction of what it was', () => {
    // 110 / 100 - 1, 99 / 110 - 1, 108.9 / 99 - 1
    expectClose(periodReturns([100, 110, 99, 108.9]), [0.1, -0.1, 0.1]);
  });

  test('may lose everything, and end there', () => {
    expect(periodReturns([100, 0])).toEqual([-1]);
    expect(periodReturns([100, 0, 50])).toBeUndefined();
  });

  test.each([
    { when: 'there is no equity', equity: [], value: [] },
    { when: 'there is no period', equity: [5], value: [] },
    { when: 'equity starts below zero', equity: [-1, 2], value: undefined },
    { when: 'an equity is no number', equity: [1, nan], value: undefined },
    { when: 'an equity is infinite', equity: [Number.POSITIVE_INFINITY, 2], value: undefined },
  ])('are $value when $when', ({ equity, value }) => {
    expect(periodReturns(equity)).toEqual(value);
  });
});

describe('CAGR', () => {
  test('is the yearly rate that leads from the first equity to the last', () => {
    // Two years of half-year periods: 1.21 = 1.1 x 1.1.
    expect(cagr([100, 90, 130, 125, 121], 2)).toBeCloseTo(0.1, 12);
    // A quarter of a year: 1.1^4 - 1 = 0.4641.
    expect(cagr([100, 110], 4)).toBeCloseTo(0.4641, 12);
  });

  test('is -1 when all is lost', () => {
    expect(cagr([100, 0], 365)).toBe(-1);
  });

  test.each([
    { when: 'there is no equity', equity: [] },
    { when: 'there is no period', equity: [100] },
    { when: 'it starts at zero', equity: [0, 100] },
    { when: 'it ends below zero', equity: [100, -1] },
    { when: 'it ends without a value', equity: [100, nan] },
    { when: 'an hour doubled it, which no number can hold over a year', equity: [1, 2] },
  ])('has no value when $when', ({ equity }) => {
    expect(cagr(equity, 8760)).toBeUndefined();
  });
});

describe('Calmar', () => {
  test('is CAGR over the deepest fall of the same window', () => {
    // From 100 by 110 and 99 to 108.9 in three periods, one year: CAGR 0.089; from 110 to 99 is 0.1.
    expect(calmar(cagr([100, 110, 99, 108.9], 3), 0.1)).toBeCloseTo(0.89, 12);
    expect(calmar(-0.2, 0.5)).toBe(-0.4);
  });

  test('has no value when equity never fell, or where CAGR or drawdown have none', () => {
    expect(calmar(0.21, 0)).toBeUndefined();
    expect(calmar(0, 0)).toBeUndefined();
    expect(calmar(undefined, 0.1)).toBeUndefined();
    expect(calmar(0.21, undefined)).toBeUndefined();
  });
});

test('the unit of equity does not matter', () => {
  fc.assert(
    fc.property(curve, (equity) => {
      const scaled = Float64Array.from(equity, (value) => value * 1024);
      expect(periodReturns(scaled)).toEqual(periodReturns(equity));
      expect(cagr(scaled, 12)).toBe(cagr(equity, 12));
    }),
  );
});

test.each([
  { closes: [100, 50, 150], value: 0.5 },
  { closes: [100, 25], value: -0.75 },
  { closes: [100], value: undefined },
  { closes: [], value: undefined },
  { closes: [0, 5], value: undefined },
  { closes: [5, nan], value: undefined },
])('buying and holding through $closes returns $value', ({ closes, value }) => {
  expect(buyAndHoldReturn(closes)).toBe(value);
});
