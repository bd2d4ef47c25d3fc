import { expect, test } from 'vitest';
import { exposure, timeInMarket, turnover } from './activity.ts';

const nan = Number.NaN;

test.each([
  // (0/100 + 50/100 + 200/200) / 3 = 1.5 / 3
  { when: 'half, then all was in positions', values: [0, 50, 200], equity: [100, 100, 200], value: 0.5 },
  { when: 'nothing ever was', values: [0, 0], equity: [1, 1], value: 0 },
  { when: 'there were no periods', values: [], equity: [], value: undefined },
  { when: 'a position is missing', values: [1], equity: [1, 1], value: undefined },
  { when: 'equity was gone', values: [1, 0], equity: [1, 0], value: undefined },
  { when: 'an equity is no number', values: [1, 1], equity: [1, nan], value: undefined },
  { when: 'a position is no number', values: [1, nan], equity: [1, 1], value: undefined },
])('exposure is $value when $when', ({ values, equity, value }) => {
  expect(exposure(values, equity)).toBe(value);
  expect(exposure(Float64Array.from(values), Float64Array.from(equity))).toBe(value);
});

test('time in the market is the share of periods with a position', () => {
  expect(timeInMarket({ held: 3, periods: 12 })).toBe(0.25);
  expect(timeInMarket({ held: 0, periods: 12 })).toBe(0);
  expect(timeInMarket({ held: 0, periods: 0 })).toBeUndefined();
});

test.each([
  // Mean equity (100 + 300) / 2 = 200; bought and sold 400 each.
  { when: 'four times the mean was traded', traded: 800, equity: [100, 300], value: 4 },
  { when: 'nothing was traded', traded: 0, equity: [100], value: 0 },
  { when: 'there is no equity', traded: 100, equity: [], value: undefined },
  { when: 'equity is zero', traded: 100, equity: [0, 0], value: undefined },
  { when: 'an equity is no number', traded: 100, equity: [1, nan], value: undefined },
  { when: 'the trades are no number', traded: nan, equity: [1], value: undefined },
])('turnover is $value when $when', ({ traded, equity, value }) => {
  expect(turnover(traded, equity)).toBe(value);
});
