import { type Amount, fromUnits, type Ratio } from '@tradewind/core/money';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedPoint, fixedRatio, formatFixed } from './fixed-point.ts';

const amount = (units: bigint): Amount => fromUnits<Amount>(units);

test.each([
  { units: 0n, text: '0.00000000' },
  { units: 1n, text: '0.00000001' },
  { units: 10_000n, text: '0.00010000' },
  { units: 99_999_999n, text: '0.99999999' },
  { units: 100_000_000n, text: '1.00000000' },
  { units: -150_000_000n, text: '-1.50000000' },
  { units: -1n, text: '-0.00000001' },
  { units: 9_007_199_254_740_991n, text: '90071992.54740991' },
  { units: 9_007_199_254_740_993n, text: '90071992.54740993' },
  { units: -9_223_372_036_854_775_807n, text: '-92233720368.54775807' },
])('$units units of 10^-8 are written $text', ({ units, text }) => {
  expect(fixedPoint(amount(units))).toBe(text);
});

test('an amount of any size has eight decimals, and is the count that was given', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }), (units) => {
      const text = fixedPoint(amount(units));
      expect(text).toMatch(/^-?\d+\.\d{8}$/);
      expect(BigInt(text.replace('.', ''))).toBe(units);
    }),
  );
});

test('of a rate what is finer than eight decimals is cut off', () => {
  expect(fixedRatio(fromUnits<Ratio>(1_009_999_999_999_999n))).toBe('0.00100999');
});

test('a count is written with the decimals that are asked for, cut off toward zero', () => {
  expect(formatFixed(9_223_372_036_854_775_807n, 8, 8)).toBe('92233720368.54775807');
  expect(formatFixed(-5, 8, 8)).toBe('-0.00000005');
  expect(formatFixed(123_456_789, 8, 2)).toBe('1.23');
  expect(formatFixed(-199, 2, 1)).toBe('-1.9');
  expect(formatFixed(7, 0, 0)).toBe('7');
});
