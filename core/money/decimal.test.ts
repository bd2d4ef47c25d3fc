import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUnits, parseUnits } from './decimal.ts';
import {
  amount,
  formatAmount,
  formatPrice,
  formatRatio,
  fromUnits,
  numberToMultiple,
  type Price,
  parseAmount,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  parseRatio,
  price,
  priceToNumber,
  quantity,
  quoteAmount,
  ratio,
  unitsOf,
} from './index.ts';

test.each([
  ['0', 0n],
  ['-0', 0n],
  ['0.000', 0n],
  ['0e999', 0n],
  ['1', 100_000_000n],
  ['007', 700_000_000n],
  ['-12.5', -1_250_000_000n],
  ['0.00000001', 1n],
  ['-0.00000001', -1n],
  ['0.000000010000', 1n],
  ['61837.63000000', 6_183_763_000_000n],
  ['92233720368.54775807', 9_223_372_036_854_775_807n],
  ['1e-7', 10n],
  ['1E-8', 1n],
  ['1.5e+3', 150_000_000_000n],
  ['1.5e3', 150_000_000_000n],
  ['12300e-10', 123n],
  ['100e-10', 1n],
  ['0.00000000001e3', 1n],
])('%s is %s units of 10^-8', (text, units) => {
  expect(parseUnits(text, 8)).toEqual({ ok: true, value: units });
});

test.each([
  '',
  ' ',
  '-',
  '+1',
  '.5',
  '5.',
  '1,000',
  '1 ',
  ' 1',
  '1\n',
  '0x10',
  '1e',
  '1e1.5',
  'e5',
  '1e1000',
  '--1',
  '1.2.3',
  'NaN',
  'Infinity',
  '١',
])('%j is not a decimal', (text) => {
  expect(parseUnits(text, 8)).toEqual({ ok: false, error: { reason: 'not_a_decimal', text } });
});

test.each([
  ['0.000000001', 8, 9],
  ['1.1', 0, 1],
  ['1e-9', 8, 9],
  ['-12.3456e-6', 8, 10],
  ['1e-999', 18, 999],
  ['120e-10', 8, 9],
])('%s has too many decimals for scale %i and says that it needs %i', (text, scale, decimals) => {
  expect(parseUnits(text, scale)).toEqual({
    ok: false,
    error: { reason: 'too_many_decimals', text, decimals, scale },
  });
});

test('sixty digits of units are read and sixty-one are too large', () => {
  expect(parseUnits(`1${'0'.repeat(51)}`, 8)).toEqual({ ok: true, value: 10n ** 59n });
  expect(parseUnits(`9${'1'.repeat(59)}`, 0)).toEqual({ ok: true, value: BigInt(`9${'1'.repeat(59)}`) });
  for (const text of ['1e52', `1${'0'.repeat(52)}`, '12e51', '1e999']) {
    expect(parseUnits(text, 8)).toEqual({ ok: false, error: { reason: 'too_large', text } });
  }
});

test('a text of thousands of characters is refused at once, and the refusal carries only its beginning', () => {
  const zeros = `1${'0'.repeat(100_000)}1`;
  expect(parseUnits(zeros, 8)).toEqual({
    ok: false,
    error: { reason: 'too_large', text: zeros.slice(0, 60) },
  });
  expect(parseUnits('x'.repeat(1000), 8)).toEqual({
    ok: false,
    error: { reason: 'not_a_decimal', text: 'x'.repeat(60) },
  });
  const tooFine = `0.${'0'.repeat(100)}1`;
  expect(parseUnits(tooFine, 8)).toEqual({
    ok: false,
    error: { reason: 'too_many_decimals', text: tooFine.slice(0, 60), decimals: 101, scale: 8 },
  });
  const tooLarge = `1${'0'.repeat(100)}`;
  expect(parseUnits(tooLarge, 8)).toEqual({
    ok: false,
    error: { reason: 'too_large', text: tooLarge.slice(0, 60) },
  });
});

test('two hundred characters are still read, one more is not', () => {
  expect(parseUnits(`${'0'.repeat(199)}7`, 0)).toEqual({ ok: true, value: 7n });
  expect(parseUnits(`${'0'.repeat(200)}7`, 0)).toMatchObject({ ok: false, error: { reason: 'too_large' } });
});

test.each([
  [0n, 8, '0'],
  [0n, 0, '0'],
  [1n, 8, '0.00000001'],
  [-1n, 8, '-0.00000001'],
  [100_000_000n, 8, '1'],
  [-1_000_000_000n, 8, '-10'],
  [1_230_000_000n, 8, '12.3'],
  [10n ** 33n, 18, '1000000000000000'],
  [1n, 18, '0.000000000000000001'],
  [120n, 0, '120'],
  [-5n, 0, '-5'],
])('%s units at scale %i are written %s, without trailing zeros or exponent', (units, scale, text) => {
  expect(formatUnits(units, scale)).toBe(text);
});

test('what a double could hold is written and read as what is longer, digit by digit', () =>
  fc.assert(
    fc.property(
      fc.bigInt(0n, 2n ** 54n),
      fc.integer({ min: 0, max: 12 }),
      fc.integer({ min: 0, max: 12 }),
      (significant, zeros, scale) => {
        const units = significant * 10n ** BigInt(zeros);
        const one = 10n ** BigInt(scale);
        const fraction = (units % one).toString().padStart(scale, '0').slice(0, scale);
        const text = scale === 0 ? String(units) : `${units / one}.${fraction}`;
        const shortest = text.includes('.') ? text.replace(/\.?0+$/, '') : text;
        expect(formatUnits(units, scale)).toBe(shortest);
        expect(formatUnits(-units, scale)).toBe(units === 0n ? '0' : `-${shortest}`);
        expect(parseUnits(text, scale)).toEqual({ ok: true, value: units });
        expect(parseUnits(shortest, scale)).toEqual({ ok: true, value: units });
      },
    ),
  ));

test('what is written reads back as the same amount', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 50n), 10n ** 50n), fc.integer({ min: 0, max: 18 }), (units, scale) => {
      const text = formatUnits(units, scale);
      expect(text).toMatch(/^-?(0|[1-9]\d*)(\.\d*[1-9])?$/);
      expect(parseUnits(text, scale)).toEqual({ ok: true, value: units });
    }),
  );
});

test('each kind of amount is read at its own scale', () => {
  expect(parsePrice('0.00000001')).toEqual({ ok: true, value: 1n });
  expect(parseQuantity('0.00000002')).toEqual({ ok: true, value: 2n });
  expect(parseQuoteAmount('0.00000003')).toEqual({ ok: true, value: 3n });
  expect(parseAmount('BNB', '0.00000004')).toEqual({ ok: true, value: 4n });
  expect(parseRatio('0.000000000000000005')).toEqual({ ok: true, value: 5n });
  for (const parse of [parsePrice, parseQuantity, parseQuoteAmount]) {
    expect(parse('0.000000001')).toMatchObject({
      ok: false,
      error: { reason: 'too_many_decimals', scale: 8 },
    });
  }
  expect(parseAmount('BNB', '1e-9')).toMatchObject({ ok: false, error: { scale: 8 } });
  expect(parseRatio('1e-19')).toMatchObject({ ok: false, error: { scale: 18 } });
});

test('a literal in our own source is exact, or throws', () => {
  expect(unitsOf(price('0.00000001'))).toBe(1n);
  expect(unitsOf(quantity('2'))).toBe(200_000_000n);
  expect(unitsOf(quoteAmount('-0.5'))).toBe(-50_000_000n);
  expect(unitsOf(amount('BTC', '21000000'))).toBe(2_100_000_000_000_000n);
  expect(unitsOf(ratio('0.001'))).toBe(10n ** 15n);
  expect(() => price('0.000000001')).toThrow(
    new RangeError('not an exact decimal with 8 decimals: 0.000000001'),
  );
  expect(() => ratio('half')).toThrow(new RangeError('not an exact decimal with 18 decimals: half'));
});

test('each kind of amount is written at its own scale', () => {
  expect(formatPrice(price('61837.6300'))).toBe('61837.63');
  expect(formatAmount(amount('BTC', '0.10'))).toBe('0.1');
  expect(formatRatio(ratio('0.000000000000000001'))).toBe('0.000000000000000001');
});

test.each(['0', '-1', '0.1', '0.00000001', '61837.63', '-92233720368.54775807', '123456789.12345678'])(
  'as a number, %s is the nearest double',
  (text) => {
    expect(priceToNumber(price(text))).toBe(Number(text));
  },
);

test('a price is the nearest double also where its units pass 2^53', () => {
  fc.assert(
    fc.property(fc.bigInt(-(10n ** 24n), 10n ** 24n), (units) => {
      const value = fromUnits<Price>(units);
      expect(priceToNumber(value)).toBe(Number(formatPrice(value)));
    }),
  );
});

test.each([
  { value: 100.017, increment: '0.01', floor: '100.01', ceiling: '100.02' },
  { value: 100.01, increment: '0.01', floor: '100.01', ceiling: '100.01' },
  { value: -100.017, increment: '0.01', floor: '-100.02', ceiling: '-100.01' },
  { value: 0.1 + 0.2, increment: '0.1', floor: '0.3', ceiling: '0.3' },
  { value: 1.1 * 3, increment: '0.00000001', floor: '3.3', ceiling: '3.3' },
  { value: 0, increment: '0.01', floor: '0', ceiling: '0' },
  { value: 7, increment: '5', floor: '5', ceiling: '10' },
  { value: 1e-20, increment: '0.00000001', floor: '0', ceiling: '0.00000001' },
  { value: -1e-300, increment: '0.5', floor: '-0.5', ceiling: '0' },
  { value: 123_456_789_012_345, increment: '1', floor: '123456789012345', ceiling: '123456789012345' },
  { value: 1e22, increment: '1', floor: '1e22', ceiling: '1e22' },
  { value: 1.234_567_891_234_56, increment: '0.00000001', floor: '1.23456789', ceiling: '1.2345679' },
])('$value becomes $floor or $ceiling in multiples of $increment', ({ value, increment, floor, ceiling }) => {
  expect(numberToMultiple(value, price(increment), 'floor')).toBe(price(floor));
  expect(numberToMultiple(value, price(increment), 'ceiling')).toBe(price(ceiling));
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
  '%s never becomes money',
  (value) => {
    expect(numberToMultiple(value, price('0.01'), 'floor')).toBeUndefined();
  },
);

test('a number that names an exact multiple becomes that multiple on either side', () => {
  const steps = fc.constantFrom('0.00000001', '0.00001', '0.01', '0.5', '1', '25');
  fc.assert(
    fc.property(fc.integer({ min: -1_000_000, max: 1_000_000 }), steps, (count, step) => {
      const exact = fromUnits<ReturnType<typeof price>>(BigInt(count) * unitsOf(price(step)));
      expect(numberToMultiple(count * Number(step), price(step), 'floor')).toBe(exact);
      expect(numberToMultiple(count * Number(step), price(step), 'ceiling')).toBe(exact);
    }),
  );
});

test.each([
  // The double nearest to 0.1 + 0.2 is 0.30000000000000004: noise.
  { value: 0.1 + 0.2, increment: '0.01', floor: '0.3', ceiling: '0.3' },
  { value: 0.7 - 0.1, increment: '0.1', floor: '0.6', ceiling: '0.6' },
  // 17 digits are needed to name these, and none of them is noise at such a tick.
  {
    value: 12345678.12345678,
    increment: '0.00000001',
    floor: '12345678.12345678',
    ceiling: '12345678.12345678',
  },
  {
    value: 12345678.123456784,
    increment: '0.00000001',
    floor: '12345678.12345678',
    ceiling: '12345678.12345679',
  },
])('$value at $increment is never rounded past itself', ({ value, increment, floor, ceiling }) => {
  expect(numberToMultiple(value, price(increment), 'floor')).toBe(price(floor));
  expect(numberToMultiple(value, price(increment), 'ceiling')).toBe(price(ceiling));
});
