import { type Exact, type Ratio, toDouble, unitsOf } from '@tradewind/core/money';

const UNIT = 100_000_000;
/** Ratios have 18 decimals, the wire has 8. */
const RATIO_EXCESS = 10_000_000_000n;

/** Eight decimals and never an exponent, as the exchange writes amounts: '0.00010000', '-1.50000000'. */
export const fixedPoint = (amount: Exact<string, 8>): string => ofUnits(unitsOf(amount));

/** A rate with eight decimals; what is finer is cut off. */
export const fixedRatio = (ratio: Ratio): string => ofUnits(unitsOf(ratio) / RATIO_EXCESS);

function ofUnits(units: bigint): string {
  // Most amounts of most answers are nothing.
  if (units === 0n) return '0.00000000';
  const small = toDouble(units);
  if (!Number.isSafeInteger(small)) return ofLargeUnits(units);
  return small < 0 ? `-${ofCount(-small)}` : ofCount(small);
}

function ofCount(units: number): string {
  const whole = Math.floor(units / UNIT);
  // The leading one keeps the zeros behind the point, and is cut off.
  return `${whole}.${String(units - whole * UNIT + UNIT).slice(1)}`;
}

function ofLargeUnits(units: bigint): string {
  const digits = (units < 0n ? -units : units).toString();
  const point = digits.length - 8;
  return `${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/**
 * A count of 10^-decimals with `digits` decimals, as the exchange writes amounts: fixed point, trailing zeros, never an exponent
 * (binance-spot.md section 15). Digits that do not fit are cut off, toward zero.
 */
export function formatFixed(count: number | bigint, decimals: number, digits: number): string {
  const isBelowZero = count < 0;
  const text = count.toString();
  const counted = (isBelowZero ? text.slice(1) : text).padStart(decimals + 1, '0');
  const point = counted.length - decimals;
  const sign = isBelowZero ? '-' : '';
  if (digits === 0) return sign + counted.slice(0, point);
  const fraction = counted.slice(point, point + digits).padEnd(digits, '0');
  return `${sign}${counted.slice(0, point)}.${fraction}`;
}
