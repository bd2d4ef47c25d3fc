import { expect, test } from 'vitest';
import { ageText, boundText, durationOf, moneyText, priceText } from './for-people.ts';

test.each([
  ['8000', '8000.00', '8000'],
  ['0', '0.00', '0'],
  ['10013.123456789012', '10013.12', '10013.12'],
  ['1.005', '1.01', '1.01'],
  ['-1.005', '-1.01', '-1.01'],
  ['9.999', '10.00', '10'],
  ['0.4', '0.400', '0.4'],
  ['0.00012345', '0.000123', '0.000123'],
  ['-0.0099951', '-0.01000', '-0.01'],
  ['not known', 'not known', 'not known'],
])('%s is shown as the amount %s and as the bound %s', (text, money, bound) => {
  expect([moneyText(text), boundText(text)]).toEqual([money, bound]);
});

test.each([
  ['59986.515', '59986.52'],
  ['3000.225', '3000.225'],
  ['0.00001234', '0.00001234'],
  ['123456789.5', '123456790'],
  ['60000', '60000'],
])('%s is shown as the price %s', (text, shown) => {
  expect(priceText(text)).toBe(shown);
});

test.each([
  [-5, '0 ms'],
  [58.4, '58 ms'],
  [1000, '1.0 s'],
  [2449, '2.4 s'],
  [59_999, '59.9 s'],
  [60_000, '1:00'],
])('%d ms of age are shown as %s', (ms, text) => {
  expect(ageText(ms)).toBe(text);
});

test.each([
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1:00'],
  [3_599_000, '59:59'],
  [3_601_000, '1:00:01'],
  [-5, '0 s'],
])('%i ms are shown as %s', (ms, text) => {
  expect(durationOf(ms)).toBe(text);
});
