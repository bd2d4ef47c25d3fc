import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Amount, amount, fromUnits, Tally, unitsOf } from './index.ts';
import { divide } from './rounding.ts';

const WHOLE = 10n ** 8n;
const LIMIT = 2n ** 53n;
/** The largest amount a tally holds, in units of 10^-8. */
const LARGEST = (LIMIT - 1n) * WHOLE + (WHOLE - 1n);

/** Around zero, around 2^53 units (where the doubles hand over to bigint), and up to an end of the range. */
const unitsUpTo = (most: bigint) =>
  fc.oneof(
    fc.bigInt(0n, 1000n),
    fc.bigInt(LIMIT - 1000n, LIMIT + 1000n),
    fc.bigInt(0n, LIMIT),
    fc.bigInt(0n, most),
    fc.bigInt(most - 1000n, most),
  );
const units = unitsUpTo(LARGEST);
const signedUnits = fc
  .tuple(unitsUpTo(LARGEST / 2n), fc.boolean())
  .map(([value, isBelow]) => (isBelow ? -value : value));
const counts = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.integer({ min: 0, max: 2 ** 32 }),
  fc.maxSafeNat(),
  fc.integer({ min: 2 ** 26 - 100, max: 2 ** 27 + 100 }),
  fc.integer({ min: Number.MAX_SAFE_INTEGER - 100, max: Number.MAX_SAFE_INTEGER }),
);

const tallyOf = (value: bigint): Tally => Tally.of(fromUnits<Amount>(value));
const unitsIn = (tally: Tally): bigint => unitsOf(tally.toAmount());
const roundedBy = (isUp: boolean) => (isUp ? 'ceiling' : 'floor');

test('starts at zero and holds any amount of its range unchanged', () => {
  expect(unitsIn(new Tally())).toBe(0n);
  fc.assert(
    fc.property(fc.oneof(units, signedUnits), (value) => {
      expect(unitsIn(tallyOf(value))).toBe(value);
    }),
  );
  expect(unitsIn(tallyOf(LARGEST))).toBe(LARGEST);
  expect(unitsIn(tallyOf(-(LIMIT - 1n) * WHOLE))).toBe(-(LIMIT - 1n) * WHOLE);
});

test('refuses to hold an amount beyond 2^53 whole units', () => {
  expect(() => tallyOf(LARGEST + 1n)).toThrow(
    new RangeError('amount beyond 2^53 whole units: 9007199254740992'),
  );
  expect(() => tallyOf(-LARGEST)).toThrow(
    new RangeError('amount beyond 2^53 whole units: -9007199254740992'),
  );
});

test('copies, and is cleared', () => {
  const tally = new Tally();
  tally.set(tallyOf(-150_000_001n));
  expect(unitsIn(tally)).toBe(-150_000_001n);
  tally.clear();
  expect(unitsIn(tally)).toBe(0n);
  expect(tally.isZero).toBe(true);
});

test.each([5n, LIMIT * 1000n + 5n])('a copy of %s does not follow its original', (value) => {
  const original = tallyOf(value);
  const copy = new Tally();
  copy.set(original);
  original.add(original);
  expect([unitsIn(original), unitsIn(copy)]).toEqual([2n * value, value]);
});

test('is kept in two columns and read back', () => {
  const counts = new Float64Array(4);
  const rests = new Uint32Array(4);
  const lowest = -(LIMIT - 1n) * WHOLE + 1n;
  const kept = [tallyOf(LARGEST), tallyOf(-1n), tallyOf(150_000_000n), tallyOf(lowest)];
  kept.forEach((tally, index) => {
    tally.storeAt(counts, rests, index);
  });
  const read = kept.map((_tally, index) => {
    const tally = new Tally();
    tally.loadFrom(counts, rests, index);
    return unitsIn(tally);
  });
  expect(read).toEqual([LARGEST, -1n, 150_000_000n, lowest]);
});

test('adds and subtracts as bigint does', () => {
  fc.assert(
    fc.property(signedUnits, signedUnits, (a, b) => {
      const sum = tallyOf(a);
      sum.add(tallyOf(b));
      expect(unitsIn(sum)).toBe(a + b);
      const difference = tallyOf(a);
      difference.subtract(tallyOf(b));
      expect(unitsIn(difference)).toBe(a - b);
    }),
  );
});

test.each([
  { a: 99_999_999n, b: 1n, sum: 100_000_000n, difference: 99_999_998n },
  { a: 100_000_000n, b: 1n, sum: 100_000_001n, difference: 99_999_999n },
  { a: 99_999_999n, b: 99_999_999n, sum: 199_999_998n, difference: 0n },
  { a: 0n, b: 1n, sum: 1n, difference: -1n },
  { a: 0n, b: 100_000_000n, sum: 100_000_000n, difference: -100_000_000n },
])('carries between whole units and atoms: $a and $b', ({ a, b, sum, difference }) => {
  const added = tallyOf(a);
  added.add(tallyOf(b));
  const subtracted = tallyOf(a);
  subtracted.subtract(tallyOf(b));
  expect([unitsIn(added), unitsIn(subtracted)]).toEqual([sum, difference]);
  // Equal amounts have one form only, whichever way they came about.
  expect([added, subtracted]).toEqual([tallyOf(sum), tallyOf(difference)]);
});

test('adds itself to itself and takes itself away', () => {
  const tally = tallyOf(160_000_000n);
  tally.add(tally);
  expect(unitsIn(tally)).toBe(320_000_000n);
  tally.subtract(tally);
  expect(tally.isZero).toBe(true);
});

test('a product equals bigint arithmetic on either path and to either side', () => {
  fc.assert(
    fc.property(counts, counts, fc.integer({ min: 0, max: 16 }), fc.boolean(), (a, b, decimals, isUp) => {
      const expected = divide(BigInt(a) * BigInt(b) * WHOLE, 10n ** BigInt(decimals), roundedBy(isUp));
      fc.pre(expected <= LARGEST);
      const tally = new Tally();
      tally.setProduct(a, b, decimals, isUp);
      expect(unitsIn(tally)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  // 9007199254740991 = 6361 x 69431 x 20394401 is the last product that doubles carry.
  { a: 20_394_401, b: 441_650_591, decimals: 8, down: 9_007_199_254_740_991n, up: 9_007_199_254_740_991n },
  { a: 2 ** 27, b: 2 ** 26, decimals: 8, down: 2n ** 53n, up: 2n ** 53n },
  { a: 2 ** 27 + 1, b: 2 ** 26 + 1, decimals: 8, down: 9_007_199_456_067_585n, up: 9_007_199_456_067_585n },
  { a: 2 ** 27 + 1, b: 2 ** 26 + 1, decimals: 9, down: 900_719_945_606_758n, up: 900_719_945_606_759n },
  { a: 6_183_763, b: 12_345_678, decimals: 10, down: 763_427_468_263n, up: 763_427_468_264n },
  { a: 3, b: 5, decimals: 0, down: 1_500_000_000n, up: 1_500_000_000n },
  { a: 1, b: 1, decimals: 16, down: 0n, up: 1n },
  { a: 1, b: 100_000_000, decimals: 16, down: 1n, up: 1n },
  { a: 0, b: 7, decimals: 16, down: 0n, up: 0n },
  { a: 90_071_993, b: 1, decimals: 0, down: 9_007_199_300_000_000n, up: 9_007_199_300_000_000n },
])('$a x $b x 10^-$decimals is $down or $up units', ({ a, b, decimals, down, up }) => {
  const tally = new Tally();
  tally.setProduct(a, b, decimals, false);
  expect(unitsIn(tally)).toBe(down);
  tally.setProduct(a, b, decimals, true);
  expect(unitsIn(tally)).toBe(up);
});

test('a share equals bigint arithmetic on either path and to either side', () => {
  const denominators = counts.filter((count) => count > 0);
  fc.assert(
    fc.property(units, counts, denominators, fc.boolean(), (value, numerator, denominator, isUp) => {
      const expected = divide(value * BigInt(numerator), BigInt(denominator), roundedBy(isUp));
      fc.pre(expected <= LARGEST);
      const tally = new Tally();
      tally.setShare(tallyOf(value), numerator, denominator, isUp);
      expect(unitsIn(tally)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  { value: 12_345n, numerator: 1, denominator: 1000, down: 12n, up: 13n },
  { value: 100_000_000_000n, numerator: 1, denominator: 1000, down: 100_000_000n, up: 100_000_000n },
  { value: LIMIT - 1n, numerator: 1, denominator: 2, down: 2n ** 52n - 1n, up: 2n ** 52n },
  { value: LIMIT + 1n, numerator: 1, denominator: 2, down: 2n ** 52n, up: 2n ** 52n + 1n },
  { value: LIMIT + 2n, numerator: 1, denominator: 2, down: 2n ** 52n + 1n, up: 2n ** 52n + 1n },
  { value: LARGEST, numerator: 0, denominator: 7, down: 0n, up: 0n },
  // 333 / 1000 of a million: products beyond 2^53, which lie clearly between two whole numbers or on one.
  {
    value: 10n ** 14n + 1n,
    numerator: 333,
    denominator: 1000,
    down: 33_300_000_000_000n,
    up: 33_300_000_000_001n,
  },
  {
    value: 10n ** 14n,
    numerator: 333,
    denominator: 1000,
    down: 33_300_000_000_000n,
    up: 33_300_000_000_000n,
  },
  {
    value: 10n ** 14n - 1n,
    numerator: 333,
    denominator: 1000,
    down: 33_299_999_999_999n,
    up: 33_300_000_000_000n,
  },
])(
  '$value units x $numerator / $denominator are $down or $up',
  ({ value, numerator, denominator, down, up }) => {
    const tally = tallyOf(value);
    tally.setShare(tally, numerator, denominator, false);
    expect(unitsIn(tally)).toBe(down);
    tally.setShare(tallyOf(value), numerator, denominator, true);
    expect(unitsIn(tally)).toBe(up);
  },
);

test('a proportion equals bigint arithmetic on either path and to either side', () => {
  const divisors = units.filter((value) => value > 0n);
  fc.assert(
    fc.property(units, units, divisors, fc.boolean(), (value, part, whole, isUp) => {
      const expected = divide(value * part, whole, roundedBy(isUp));
      fc.pre(expected <= LARGEST);
      const tally = new Tally();
      tally.setProportion(tallyOf(value), tallyOf(part), tallyOf(whole), isUp);
      expect(unitsIn(tally)).toBe(expected);
    }),
    { numRuns: 2000 },
  );
});

test.each([
  { value: 100n, part: 1n, whole: 3n, down: 33n, up: 34n },
  { value: 99n, part: 1n, whole: 3n, down: 33n, up: 33n },
  { value: 10n ** 12n, part: 10n ** 8n, whole: 3n * 10n ** 8n, down: 333_333_333_333n, up: 333_333_333_334n },
  { value: 10n ** 12n, part: 3n * 10n ** 8n, whole: 10n ** 8n, down: 3n * 10n ** 12n, up: 3n * 10n ** 12n },
  {
    value: 10n ** 12n,
    part: 2n * 10n ** 8n,
    whole: 3n * 10n ** 8n,
    down: 666_666_666_666n,
    up: 666_666_666_667n,
  },
  { value: 1n, part: 1n, whole: LARGEST, down: 0n, up: 1n },
  { value: 0n, part: LARGEST, whole: LARGEST, down: 0n, up: 0n },
  { value: LARGEST, part: LARGEST, whole: LARGEST, down: LARGEST, up: LARGEST },
])('$value units x $part / $whole are $down or $up', ({ value, part, whole, down, up }) => {
  const tally = tallyOf(value);
  tally.setProportion(tally, tallyOf(part), tallyOf(whole), false);
  expect(unitsIn(tally)).toBe(down);
  tally.setProportion(tallyOf(value), tallyOf(part), tallyOf(whole), true);
  expect(unitsIn(tally)).toBe(up);
});

const prices = counts.filter((count) => count > 0);
const decimals = fc.integer({ min: 0, max: 16 });

test('a quotient equals bigint arithmetic and rounds to either side', () => {
  fc.assert(
    fc.property(units, prices, decimals, fc.boolean(), (value, price, places, isUp) => {
      const expected = divide(value * 10n ** BigInt(places), BigInt(price), roundedBy(isUp));
      fc.pre(expected <= LARGEST);
      const tally = new Tally();
      tally.setQuotient(tallyOf(value), price, places, isUp);
      expect(unitsIn(tally)).toBe(expected);
    }),
  );
});

test('a value in another asset is the amount divided by the price', () => {
  const tally = new Tally();
  tally.setQuotient(Tally.of(amount('USDT', '100')), 30_000, 2, false);
  expect(tally.toAmount()).toBe(amount('BNB', '0.33333333'));
  tally.setQuotient(Tally.of(amount('USDT', '100')), 30_000, 2, true);
  expect(tally.toAmount()).toBe(amount('BNB', '0.33333334'));
});

test('counts the units that an amount pays for as bigint does', () => {
  fc.assert(
    fc.property(units, prices, decimals, (value, price, places) => {
      const expected = (value * 10n ** BigInt(places)) / (BigInt(price) * WHOLE);
      expect(tallyOf(value).affordable(price, places)).toBe(
        expected < LIMIT ? Number(expected) : Number.POSITIVE_INFINITY,
      );
    }),
    { numRuns: 2000 },
  );
});

test.each([
  // 10000 USDT at 61837.63 in steps of 0.00001 BTC: 10000 / 0.6183763 = 16171.38.
  { value: '10000', price: 6_183_763, decimals: 7, count: 16_171 },
  { value: '6.183763', price: 6_183_763, decimals: 7, count: 10 },
  { value: '6.18376299', price: 6_183_763, decimals: 7, count: 9 },
  { value: '12.5', price: 25, decimals: 1, count: 5 },
  { value: '12.5', price: 25, decimals: 9, count: 500_000_000 },
  { value: '12.5', price: 26, decimals: 9, count: 480_769_230 },
  { value: '0', price: 7, decimals: 16, count: 0 },
  { value: '90071992.54740991', price: 1, decimals: 8, count: 9_007_199_254_740_991 },
  { value: '90071992.54740992', price: 1, decimals: 8, count: Number.POSITIVE_INFINITY },
  { value: '90071992.54740993', price: 2, decimals: 8, count: 4_503_599_627_370_496 },
  { value: '9007199.25474099', price: 2, decimals: 9, count: 4_503_599_627_370_495 },
  { value: '9007199.254741', price: 2, decimals: 9, count: 4_503_599_627_370_500 },
  { value: '90071992', price: 90_071_992, decimals: 0, count: 1 },
  { value: '90071993', price: 90_071_993, decimals: 0, count: 1 },
])('$value pays for $count units at $price x 10^-$decimals', ({ value, price, decimals: places, count }) => {
  expect(Tally.of(amount('USDT', value)).affordable(price, places)).toBe(count);
});

test('compares as bigint does', () => {
  const near = fc
    .tuple(signedUnits, fc.bigInt(-2n, 2n))
    .map(([value, step]) => [value, value + step] as const);
  fc.assert(
    fc.property(fc.oneof(near, fc.tuple(signedUnits, signedUnits)), ([a, b]) => {
      expect(tallyOf(a).isLessThan(tallyOf(b))).toBe(a < b);
      expect(tallyOf(a).isZero).toBe(a === 0n);
    }),
  );
});

test.each([
  [0n, 1n, true],
  [1n, 0n, false],
  [5n, 5n, false],
  [WHOLE, 5n, false],
  [5n, WHOLE, true],
  [WHOLE + 7n, 2n * WHOLE + 3n, true],
  [2n * WHOLE + 3n, WHOLE + 7n, false],
  [WHOLE + 3n, 2n * WHOLE + 3n, true],
  [-WHOLE, -WHOLE - 1n, false],
])('%s units are less than %s: %s', (a, b, isLess) => {
  expect(tallyOf(a).isLessThan(tallyOf(b))).toBe(isLess);
});

test.each([
  [0n, true],
  [1n, false],
  [WHOLE, false],
  [-1n, false],
  [-WHOLE, false],
])('%s units: zero %s', (value, isZero) => {
  expect(tallyOf(value).isZero).toBe(isZero);
});

test('as a number it is the nearest double, or beyond 90 million the one beside it', () => {
  expect(tallyOf(-1n).toNumber()).toBe(-1e-8);
  expect(tallyOf(1n - LIMIT).toNumber()).toBe(-90_071_992.547_409_91);
  expect(tallyOf(150_000_000n).toNumber()).toBe(1.5);
  expect(tallyOf(-150_000_000n).toNumber()).toBe(-1.5);
  expect(tallyOf(LIMIT).toNumber()).toBe(90_071_992.547_409_92);
  fc.assert(
    fc.property(signedUnits, (value) => {
      const nearest = Number(`${value}e-8`);
      expect(Math.abs(tallyOf(value).toNumber() - nearest)).toBeLessThanOrEqual(
        value > -LIMIT && value < LIMIT ? 0 : Math.abs(nearest) * 2 ** -52,
      );
    }),
  );
});

test('an amount of up to 2^53 whole units can be held, and what is far beyond cannot', () => {
  expect(Tally.holds(fromUnits(9_007_199_254_740_991n * 100_000_000n))).toBe(true);
  expect(Tally.holds(fromUnits(-9_007_199_254_740_991n * 100_000_000n))).toBe(true);
  expect(Tally.holds(fromUnits(9_007_199_254_740_993n * 100_000_000n))).toBe(false);
  expect(Tally.holds(fromUnits(-(10n ** 24n)))).toBe(false);
});
