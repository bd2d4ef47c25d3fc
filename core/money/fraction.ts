import { RATIO_SCALE, type Ratio, unitsOf } from './exact.ts';

/** A ratio as two small whole numbers, for exact arithmetic in doubles. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** The lowest terms of a ratio that is not negative: 0.00075 is 3 / 4000. undefined when a term passes 2^53. */
export function toFraction(ratio: Ratio): Fraction | undefined {
  const numerator = unitsOf(ratio);
  const denominator = 10n ** BigInt(RATIO_SCALE);
  const divisor = greatestCommonDivisor(numerator, denominator);
  const terms = { numerator: Number(numerator / divisor), denominator: Number(denominator / divisor) };
  const isSafe = Number.isSafeInteger(terms.numerator) && Number.isSafeInteger(terms.denominator);
  return isSafe && numerator >= 0n ? terms : undefined;
}

function greatestCommonDivisor(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, a % b];
  return a;
}
