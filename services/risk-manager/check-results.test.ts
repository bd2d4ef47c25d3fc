import type { CheckMade } from '@tradewind/core/risk';
import { expect, test } from 'vitest';
import { resultsOf } from './check-results.ts';

const priceAge = (was: number): CheckMade => ({
  check: 'reference_price_age',
  isPassed: true,
  was,
  limit: 5000,
  unit: 'ms',
});

test.each([
  [52.81115899999713, '52.811159'],
  [0, '0'],
  [0.1 + 0.2, '0.3'],
  [5000.000001, '5000.000001'],
  [Number.NaN, 'NaN'],
])('a number that was measured, %s, is recorded as %s, without what only a float has', (was, text) => {
  expect(resultsOf([priceAge(was)])).toEqual([
    { check: 'reference_price_age', isPassed: true, was: text, limit: '5000', unit: 'ms' },
  ]);
});
