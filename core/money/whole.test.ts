import fc from 'fast-check';
import { expect, test } from 'vitest';
import { toBig, toDouble } from './whole.ts';

/** Of every size, and beside the ends of what goes the short way. */
const wholes = fc.oneof(
  fc.maxSafeInteger(),
  fc.integer({ min: -1000, max: 1000 }),
  fc
    .tuple(fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 51, 2 ** 52), fc.integer({ min: -3, max: 3 }), fc.boolean())
    .map(([power, beside, isBelowZero]) => (isBelowZero ? -power : power) + beside),
);

test('a whole double becomes the bigint that BigInt makes of it, and comes back', () => {
  fc.assert(
    fc.property(wholes, (whole) => {
      expect(toBig(whole)).toBe(BigInt(whole));
      expect(toDouble(BigInt(whole))).toBe(Number(BigInt(whole)));
    }),
    { numRuns: 2000 },
  );
});

test('a bigint of any size becomes the double that Number makes of it', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 40n), 10n ** 40n), (whole) => {
      expect(toDouble(whole)).toBe(Number(whole));
    }),
  );
});

test.each([2n ** 63n, 2n ** 64n + 5n, 5n - 2n ** 64n, 2n ** 64n - 5n, 2n ** 128n + 2n ** 51n])(
  '%s, whose lowest 64 bits are a small number, becomes the double that Number makes of it',
  (whole) => {
    expect(toDouble(whole)).toBe(Number(whole));
    expect(toDouble(-whole)).toBe(Number(-whole));
  },
);

test('minus zero is zero', () => {
  expect(toBig(-0)).toBe(0n);
  expect(toDouble(0n)).toBe(0);
});

test.each([0.5, -1.5, 2 ** 50 + 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
  '%f is not whole and is refused',
  (value) => {
    expect(() => toBig(value)).toThrow(RangeError);
  },
);
