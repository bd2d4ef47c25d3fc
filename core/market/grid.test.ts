import fc from 'fast-check';
import { expect, test } from 'vitest';
import { price, quantity } from '../money/index.ts';
import { decimalsOf, Grid, type Lots, priceOfTicks, type Ticks } from './index.ts';

const grid = new Grid(2, 5);

test('counts prices and quantities in whole numbers of its decimals, and back', () => {
  expect(grid.ticksOf(price('61837.63'))).toBe(6_183_763);
  expect(grid.lotsOf(quantity('0.12345'))).toBe(12_345);
  expect(grid.priceOf(6_183_763 as Ticks)).toBe(price('61837.63'));
  expect(grid.quantityOf(12_345 as Lots)).toBe(quantity('0.12345'));
});

test('does not count what lies between two of its steps', () => {
  expect(grid.ticksOf(price('61837.635'))).toBeUndefined();
  expect(grid.lotsOf(quantity('0.000001'))).toBeUndefined();
});

test('does not count what passes 2^53', () => {
  const finest = new Grid(8, 8);
  expect(finest.lotsOf(quantity('90071992.54740991'))).toBe(Number.MAX_SAFE_INTEGER);
  expect(finest.lotsOf(quantity('90071992.54740992'))).toBeUndefined();
  expect(finest.lotsOf(quantity('-90071992.54740991'))).toBe(-Number.MAX_SAFE_INTEGER);
  expect(finest.lotsOf(quantity('-90071992.54740992'))).toBeUndefined();
});

test('what it counts comes back as the same amount, at any decimals', () => {
  const decimals = fc.integer({ min: 0, max: 8 });
  fc.assert(
    fc.property(decimals, decimals, fc.maxSafeNat(), (priceDecimals, quantityDecimals, count) => {
      const any = new Grid(priceDecimals, quantityDecimals);
      expect(any.ticksOf(any.priceOf(count as Ticks))).toBe(count);
      expect(any.lotsOf(any.quantityOf(count as Lots))).toBe(count);
    }),
  );
});

test.each([
  ['0', 0],
  ['100', 0],
  ['0.1', 1],
  ['61837.63', 2],
  ['-0.05', 2],
  ['0.00000001', 8],
  ['1.00000010', 7],
])('%s needs %i decimals', (text, decimals) => {
  expect(decimalsOf(price(text))).toBe(decimals);
});

test('a count of any decimals is an exact price', () => {
  expect(priceOfTicks(6_183_763, 2)).toBe(price('61837.63'));
  expect(priceOfTicks(7, 0)).toBe(price('7'));
  expect(priceOfTicks(1, 8)).toBe(price('0.00000001'));
});
