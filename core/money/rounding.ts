import {
  AMOUNT_SCALE,
  type Amount,
  type Exact,
  fromUnits,
  NOTIONAL_SCALE,
  type Notional,
  notional,
  PRICE_SCALE,
  type Price,
  type Quantity,
  type QuoteAmount,
  RATIO_SCALE,
  type Ratio,
  unitsOf,
} from './exact.ts';
import { toBig, toDouble } from './whole.ts';

/** Toward minus infinity, toward plus infinity. Nothing here rounds to nearest: a rounding has a side, and it is not ours. */
export type Rounding = 'floor' | 'ceiling';

/** What we pay rounds up, what we receive rounds down. */
export type Direction = 'pay' | 'receive';

/** numerator / denominator as a whole number; the denominator is above zero. bigint `/` truncates toward zero, hence the care. */
export function divide(numerator: bigint, denominator: bigint, rounding: Rounding): bigint {
  const quotient = numerator / denominator;
  if (rounding === 'floor' && numerator >= 0n) return quotient;
  const isExact = quotient * denominator === numerator;
  if (isExact) return quotient;
  if (rounding === 'floor') return quotient - 1n;
  return numerator < 0n ? quotient : quotient + 1n;
}

/**
 * The whole number beside a quotient that is known but for a relative error of less than 2^-50: more than what six roundings of
 * doubles make. undefined where a whole number lies so near that the error leaves the side open, and below zero.
 */
export function roundNear(near: number, rounding: Rounding): number | undefined {
  const whole = Math.floor(near);
  const margin = near * 2 ** -50;
  const isCertain = near >= 0 && near - whole > margin && whole + 1 - near > margin;
  if (!isCertain) return undefined;
  return rounding === 'floor' ? whole : whole + 1;
}

const roundingOf = (direction: Direction): Rounding => (direction === 'pay' ? 'ceiling' : 'floor');

// What doubles are scaled by, once: a power of what another file exports is computed anew whenever it is asked for.
const RATIO_SCALED = 10 ** RATIO_SCALE;
const PRICE_SCALED = 10 ** PRICE_SCALE;
const AMOUNT_SCALED = 10 ** AMOUNT_SCALE;
const NOTIONAL_PER_AMOUNT = 10n ** BigInt(NOTIONAL_SCALE - AMOUNT_SCALE);
const RATIO_ONE = 10n ** BigInt(RATIO_SCALE);
const RATIO_PER_PRICE = 10n ** BigInt(RATIO_SCALE - PRICE_SCALE);
const PRICE_ONE = 10n ** BigInt(PRICE_SCALE);

/** A notional in the 8 decimals that balances have: up when we pay it, down when we receive it. */
export const settle = (exact: Notional, direction: Direction): QuoteAmount =>
  fromUnits(divide(unitsOf(exact), NOTIONAL_PER_AMOUNT, roundingOf(direction)));

/** amount x ratio, rounded at the amount's own scale: fees with 'pay', budgets with 'receive'. */
export const share = <U extends string, S extends number>(
  amount: Exact<U, S>,
  ratio: Ratio,
  direction: Direction,
): Exact<U, S> => {
  const rounding = roundingOf(direction);
  const [units, rate] = [unitsOf(amount), unitsOf(ratio)];
  const near = roundNear((toDouble(units) * toDouble(rate)) / RATIO_SCALED, rounding);
  return fromUnits(near === undefined ? divide(units * rate, RATIO_ONE, rounding) : toBig(near));
};

/** price x ratio, rounded at 8 decimals: price bounds such as PERCENT_PRICE and collars. */
export const scalePrice = (price: Price, ratio: Ratio, rounding: Rounding): Price =>
  fromUnits(divide(unitsOf(price) * unitsOf(ratio), RATIO_ONE, rounding));

/** The quantity whose notional at `price` does not pass `budget`: floored to a multiple of `step`, or without one at 8 decimals. */
export const quantityFor = (budget: QuoteAmount, price: Price, step?: Quantity): Quantity => {
  const [spend, each] = [unitsOf(budget), unitsOf(price)];
  const lot = step === undefined ? 1n : unitsOf(step);
  const near = roundNear((toDouble(spend) * PRICE_SCALED) / (toDouble(each) * toDouble(lot)), 'floor');
  const lots = near === undefined ? divide(spend * PRICE_ONE, each * lot, 'floor') : toBig(near);
  return fromUnits(lots * lot);
};

/** For bounds alone: the count of 10^-8 behind a price or an amount as the nearest double, exact below 2^53. */
export const nearestUnits = (value: Price | Amount): number => toDouble(unitsOf(value));

/** price x quantity against an amount, with every digit: below zero, zero or above zero as the product is less, equal or more. */
export const compareNotional = (price: Price, quantity: Quantity, amount: QuoteAmount): number => {
  const product = toDouble(unitsOf(price)) * toDouble(unitsOf(quantity));
  const bound = toDouble(unitsOf(amount)) * AMOUNT_SCALED;
  const difference = product - bound;
  if (Math.abs(difference) > (Math.abs(product) + Math.abs(bound)) * 2 ** -50) return difference;
  const exact = unitsOf(notional(price, quantity)) - unitsOf(amount) * NOTIONAL_PER_AMOUNT;
  return Number(exact);
};

/** cost / quantity as a price with 8 decimals; the quantity is above zero. */
export const averagePrice = (cost: QuoteAmount, quantity: Quantity, rounding: Rounding): Price =>
  fromUnits(divide(unitsOf(cost) * PRICE_ONE, unitsOf(quantity), rounding));

/** The nearest whole multiple of `increment` (above zero) on the named side: ticks for prices, steps for quantities. */
export const toMultiple = <U extends string, S extends number>(
  value: Exact<U, S>,
  increment: NoInfer<Exact<U, S>>,
  rounding: Rounding,
): Exact<U, S> => {
  const [units, step] = [unitsOf(value), unitsOf(increment)];
  const [count, each] = [toDouble(units), toDouble(step)];
  // A quotient of integers below 2^53 never rounds across a whole number.
  const near = (rounding === 'floor' ? Math.floor(count / each) : Math.ceil(count / each)) * each;
  const isExact = Math.max(Math.abs(count), each, Math.abs(near)) <= Number.MAX_SAFE_INTEGER;
  return fromUnits(isExact ? toBig(near) : divide(units, step, rounding) * step);
};

/** Whether `value` is a whole multiple of `increment`, anchored at zero as the exchange anchors it. */
export const isMultiple = <U extends string, S extends number>(
  value: Exact<U, S>,
  increment: NoInfer<Exact<U, S>>,
): boolean => unitsOf(value) % unitsOf(increment) === 0n;

/** A price as the rate that turns an amount of base into one of quote; exact. */
export const rateOf = (price: Price): Ratio => fromUnits(unitsOf(price) * RATIO_PER_PRICE);

/** 1 / price (above zero) as the rate that turns an amount of quote into one of base; 18 decimals. */
export const inverseRateOf = (price: Price, rounding: Rounding): Ratio =>
  fromUnits(divide(RATIO_ONE * PRICE_ONE, unitsOf(price), rounding));

/** An amount of base or quote as an amount of the asset that plays that part. The caller names the asset beside it. */
export const asAsset = (amount: Quantity | QuoteAmount): Amount => amount;
