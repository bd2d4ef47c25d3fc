import { expect, test } from 'vitest';
import { ratios, spreadOf, summarize } from './summary.ts';

test('the median is the middle value, or lies between the two middle ones', () => {
  expect(summarize([3, 1, 2])).toEqual({ median: 2, minimum: 1, maximum: 3 });
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, minimum: 1, maximum: 4 });
});

test('a ratio compares the two numbers of one round, so that a slow minute cancels out', () => {
  expect(ratios([30, 300, 40], [10, 100, 10])).toEqual({ median: 3, minimum: 3, maximum: 4 });
});

test('a spread has half of the values between its quartiles, whatever the wildest of them are', () => {
  expect(spreadOf([5, 1, 900, 3, 4])).toEqual({ median: 4, lowerQuartile: 3, upperQuartile: 5 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lowerQuartile: 1.75, upperQuartile: 3.25 });
});
