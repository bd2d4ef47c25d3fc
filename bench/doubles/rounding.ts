/** core/money/rounding.ts on doubles: floor and ceiling of a scaled double, with the noise that the scaling brings. */
import type { Amount, Exact, Notional, Price, Quantity, QuoteAmount, Ratio } from '../../core/money/exact.ts';
import type { Direction, Rounding } from '../../core/money/rounding.ts';
import { fromNumber, numberOf } from './exact.ts';

/** How far from a whole number a quotient may lie and still count as whole: without it no double is on its step. */
const NOISE = 1e-6;

const roundWhole = (value: number, rounding: Rounding): number =>
  rounding === 'floor' ? Math.floor(value) : Math.ceil(value);

/** At the 8 decimals of prices and amounts. */
export const roundTo8 = (value: number, isUp: boolean): number =>
  (isUp ? Math.ceil(value * 1e8) : Math.floor(value * 1e8)) / 1e8;

export const settle = (exact: Notional, direction: Direction): QuoteAmount =>
  fromNumber(roundTo8(numberOf(exact), direction === 'pay'));

export const share = <E extends Exact<string, number>>(amount: E, ratio: Ratio, direction: Direction): E =>
  fromNumber(roundTo8(numberOf(amount) * numberOf(ratio), direction === 'pay'));

export const scalePrice = (price: Price, ratio: Ratio, rounding: Rounding): Price =>
  fromNumber(roundTo8(numberOf(price) * numberOf(ratio), rounding === 'ceiling'));

export const quantityFor = (budget: QuoteAmount, price: Price, step?: Quantity): Quantity =>
  step === undefined
    ? fromNumber(roundTo8(numberOf(budget) / numberOf(price), false))
    : fromNumber(Math.floor(numberOf(budget) / (numberOf(price) * numberOf(step))) * numberOf(step));

export const nearestUnits = (value: Price | Amount): number => Math.round(numberOf(value) * 1e8);

export const compareNotional = (price: Price, quantity: Quantity, amount: QuoteAmount): number =>
  numberOf(price) * numberOf(quantity) - numberOf(amount);

export const averagePrice = (cost: QuoteAmount, quantity: Quantity, rounding: Rounding): Price =>
  fromNumber(roundTo8(numberOf(cost) / numberOf(quantity), rounding === 'ceiling'));

export const toMultiple = <E extends Exact<string, number>>(value: E, increment: E, rounding: Rounding): E =>
  fromNumber(roundWhole(numberOf(value) / numberOf(increment), rounding) * numberOf(increment));

export function isMultiple<E extends Exact<string, number>>(value: E, increment: E): boolean {
  const multiples = numberOf(value) / numberOf(increment);
  return Math.abs(multiples - Math.round(multiples)) < NOISE;
}

export const rateOf = (price: Price): Ratio => fromNumber(numberOf(price));

export const asAsset = (amount: Quantity | QuoteAmount): Amount => amount;
