import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromUnits, type Ratio, ratio, toFraction } from './index.ts';

test.each([
  ['0.00075', 3, 4000],
  ['0.001', 1, 1000],
  ['0.5', 1, 2],
  ['2.5', 5, 2],
  ['1', 1, 1],
  ['0', 0, 1],
  ['9007199254740991', 9_007_199_254_740_991, 1],
  ['0.0000000000000002', 1, 5_000_000_000_000_000],
])('%s is %i / %i in lowest terms', (text, numerator, denominator) => {
  expect(toFraction(ratio(text))).toEqual({ numerator, denominator });
});

test.each([
  ['a numerator beyond 2^53', '9007199254740992'],
  ['a denominator beyond 2^53', '0.000000000000000001'],
  ['a ratio below zero', '-0.001'],
])('%s has no fraction', (_case, text) => {
  expect(toFraction(ratio(text))).toBeUndefined();
});

test('a fraction names exactly the ratio it came from', () => {
  const units = fc.oneof(
    fc.bigInt(0n, 10n ** 20n),
    fc.bigInt(0n, 10n ** 6n).map((millionths) => millionths * 10n ** 12n),
  );
  fc.assert(
    fc.property(units, (value) => {
      const fraction = toFraction(fromUnits<Ratio>(value));
      if (fraction === undefined) return;
      expect(BigInt(fraction.numerator) * 10n ** 18n).toBe(value * BigInt(fraction.denominator));
    }),
  );
});
