import { expect, test } from 'vitest';
import {
  absolute,
  add,
  amount,
  isNegative,
  isPositive,
  isZero,
  maximum,
  minimum,
  negate,
  notional,
  price,
  quantity,
  quoteAmount,
  subtract,
  times,
  unitsOf,
  zero,
} from './index.ts';

const one = quoteAmount('1');
const two = quoteAmount('2');
const minusThree = quoteAmount('-3');

test('adds, subtracts and turns the sign', () => {
  expect(add(one, two)).toBe(quoteAmount('3'));
  expect(add(two, minusThree)).toBe(quoteAmount('-1'));
  expect(subtract(one, two)).toBe(quoteAmount('-1'));
  expect(subtract(one, minusThree)).toBe(quoteAmount('4'));
  expect(negate(minusThree)).toBe(quoteAmount('3'));
  expect(absolute(minusThree)).toBe(quoteAmount('3'));
  expect(absolute(two)).toBe(two);
  expect(absolute(zero())).toBe(zero());
});

test('keeps every unit of amounts far beyond 2^53', () => {
  const large = amount('SHIB', '999999999999999.99999999');
  expect(add(large, amount('SHIB', '0.00000001'))).toBe(amount('SHIB', '1000000000000000'));
  expect(times(large, 3n)).toBe(amount('SHIB', '2999999999999999.99999997'));
});

test('multiplies by a count of either sign', () => {
  expect(times(two, 3n)).toBe(quoteAmount('6'));
  expect(times(two, -1n)).toBe(quoteAmount('-2'));
  expect(times(two, 0n)).toBe(zero());
});

test('picks the smaller and the larger of two amounts', () => {
  expect(minimum(one, minusThree)).toBe(minusThree);
  expect(minimum(minusThree, one)).toBe(minusThree);
  expect(maximum(one, minusThree)).toBe(one);
  expect(maximum(minusThree, one)).toBe(one);
  expect(minimum(one, one)).toBe(one);
  expect(maximum(one, one)).toBe(one);
});

test('an amount is below, at or above zero', () => {
  for (const [value, claims] of [
    [minusThree, [true, false, false]],
    [zero(), [false, true, false]],
    [one, [false, false, true]],
  ] as const) {
    expect([isNegative(value), isZero(value), isPositive(value)]).toEqual(claims);
  }
});

test('a notional keeps all sixteen decimals of its product', () => {
  // 61837.63 x 0.12345678 = 7634.2746826314
  expect(unitsOf(notional(price('61837.63'), quantity('0.12345678')))).toBe(76_342_746_826_314_000_000n);
  expect(unitsOf(notional(price('0.00000001'), quantity('0.00000001')))).toBe(1n);
});
