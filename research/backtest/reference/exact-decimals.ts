import Big from 'big.js';

/**
 * Decimal arithmetic that cannot round by accident. Big's plus, minus, times and round are exact; its division is
 * not (it stops at 20 decimals), so every quotient here is taken between whole numbers as BigInt.
 */

const QUOTE_AND_FEE_DECIMALS = 8;

/** Everything is counted in 10^-60 before a division: far finer than any product the backtest can form. */
const DIVISION_SCALE = Big(10).pow(60);

/** floor(numerator / denominator) for a numerator >= 0 and a denominator > 0. */
function floorQuotient(numerator: Big, denominator: Big): Big {
  if (numerator.lt(0) || denominator.lte(0)) throw new Error(`cannot floor ${numerator} / ${denominator}`);
  return Big(wholeNumber(numerator) / wholeNumber(denominator));
}

function wholeNumber(value: Big): bigint {
  const scaled = value.times(DIVISION_SCALE);
  if (!scaled.round(0, Big.roundDown).eq(scaled)) throw new Error(`${value} has too many decimals`);
  return BigInt(scaled.toFixed(0));
}

/** The largest multiple of `increment` that is not above `value`. */
export const floorToMultiple = (value: Big, increment: Big): Big =>
  increment.times(floorQuotient(value, increment));

/** The smallest multiple of `increment` that is not below `value`. */
export function ceilToMultiple(value: Big, increment: Big): Big {
  const below = floorToMultiple(value, increment);
  return below.eq(value) ? below : below.plus(increment);
}

export const isMultiple = (value: Big, increment: Big): boolean =>
  floorToMultiple(value, increment).eq(value);

/** floor_to_step(amount / price): (amount / price) / step is the same as amount / (price x step). */
export const floorQuotientToStep = (amount: Big, price: Big, step: Big): Big =>
  step.times(floorQuotient(amount, price.times(step)));

/** What we receive: anything past the eighth decimal is lost. For values >= 0. */
export const floorTo8Decimals = (value: Big): Big => value.round(QUOTE_AND_FEE_DECIMALS, Big.roundDown);

/** What we pay: anything past the eighth decimal costs a whole unit of it. For values >= 0. */
export const ceilTo8Decimals = (value: Big): Big => value.round(QUOTE_AND_FEE_DECIMALS, Big.roundUp);

/** Takes the float noise out of recorded values such as 24.299999999999997. */
export const halfUpTo8Decimals = (value: Big): Big => value.round(QUOTE_AND_FEE_DECIMALS, Big.roundHalfUp);

/** A plain decimal: no exponent, no trailing zeros. */
export const plain = (value: Big): string => value.toFixed();
