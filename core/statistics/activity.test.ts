import { expect, test } from 'vitest';
import { meanExposure, timeInMarket, turnover } from './activity.ts';

const nan = Number.NaN;

test('exposure is the mean share of equity that was in positions', () => {
  // (0/100 + 50/100 + 200/200) / 3 = 1.5 / 3
  expect(meanExposure({ sum: 0 / 100 + 50 / 100 + 200 / 200, periods: 3 })).toBe(0.5);
  expect(meanExposure({ sum: 0, periods: 12 })).toBe(0);
});

test.each([
  { when: 'there were no periods', sum: 0, periods: 0 },
  { when: 'equity was gone', sum: 1 / 0, periods: 2 },
  { when: 'a share is no number', sum: nan, periods: 2 },
])('exposure has no value when $when', ({ sum, periods }) => {
  expect(meanExposure({ sum, periods })).toBeUndefined();
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
