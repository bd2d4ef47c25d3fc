/** core/money/exact.ts on doubles: an amount is the plain number of its units. */
import type { Exact, Notional, Price, Quantity } from '../../core/money/exact.ts';

type AnyExact = Exact<string, number>;

export const numberOf = (amount: AnyExact): number => amount as unknown as number;
export const fromNumber = <E extends AnyExact>(value: number): E => value as unknown as E;

/** For the text of a refusal, whose amounts all have 8 decimals. */
export const fromUnits = <E extends AnyExact>(units: bigint): E => fromNumber(Number(units) / 1e8);

export const AMOUNT_SCALE = 8;

export const zero = <E extends AnyExact>(): E => fromNumber(0);

export const add = <E extends AnyExact>(a: E, b: E): E => fromNumber(numberOf(a) + numberOf(b));
export const subtract = <E extends AnyExact>(a: E, b: E): E => fromNumber(numberOf(a) - numberOf(b));
export const negate = <E extends AnyExact>(a: E): E => fromNumber(-numberOf(a));
export const absolute = <E extends AnyExact>(a: E): E => fromNumber(Math.abs(numberOf(a)));
export const times = <E extends AnyExact>(a: E, count: bigint): E => fromNumber(numberOf(a) * Number(count));
export const minimum = <E extends AnyExact>(a: E, b: E): E => fromNumber(Math.min(numberOf(a), numberOf(b)));
export const maximum = <E extends AnyExact>(a: E, b: E): E => fromNumber(Math.max(numberOf(a), numberOf(b)));

export const isZero = (a: AnyExact): boolean => numberOf(a) === 0;
export const isPositive = (a: AnyExact): boolean => numberOf(a) > 0;
export const isNegative = (a: AnyExact): boolean => numberOf(a) < 0;

export const notional = (price: Price, quantity: Quantity): Notional =>
  fromNumber(numberOf(price) * numberOf(quantity));
