import { defined } from './defined.ts';

/**
 * Annualised standard deviation of simple per-period returns: sd(r) x sqrt(P), sample deviation (N - 1).
 * @param returns  one number per period, oldest first, as fractions (0.01 = 1 %), gaps already filled
 * @param periodsPerYear  365 for daily crypto returns, which never close; 8760 for hourly ones
 * @returns 0 when the returns do not vary; undefined when there are fewer than two
 */
export function volatility(returns: ArrayLike<number>, periodsPerYear: number): number | undefined {
  if (returns.length < 2) return undefined;
  return defined(deviation(returns, 0) * Math.sqrt(periodsPerYear));
}

/**
 * Annualised Sharpe ratio of simple per-period returns: mean(r - rf) / sd(r - rf) x sqrt(P).
 * The step by sqrt(P) assumes returns independent over time (Lo 2002, Financial Analysts Journal 58(4)).
 * @param returns  one number per period, oldest first, as fractions (0.01 = 1 %), gaps already filled
 * @param periodsPerYear  365 for daily crypto returns, which never close; 8760 for hourly ones
 * @param riskFreeReturn  per period, as a fraction
 * @returns undefined when there are fewer than two returns or they do not vary
 * Source: Sharpe (1994), Journal of Portfolio Management 21(1); sample deviation (N - 1).
 */
export function sharpe(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  riskFreeReturn = 0,
): number | undefined {
  if (returns.length < 2) return undefined;
  const excess = mean(returns, riskFreeReturn);
  return defined((excess / deviation(returns, riskFreeReturn)) * Math.sqrt(periodsPerYear));
}

/**
 * Annualised Sortino ratio: mean(r - MAR) / DD x sqrt(P) with DD = sqrt(sum(min(r - MAR, 0)^2) / N), over all N returns
 * and not only the bad ones.
 * @param returns  one number per period, oldest first, as fractions (0.01 = 1 %), gaps already filled
 * @param periodsPerYear  365 for daily crypto returns, which never close; 8760 for hourly ones
 * @param acceptableReturn  the minimum acceptable return MAR per period, as a fraction
 * @returns undefined when there are no returns or none is below MAR
 * Source: Sortino and Price (1994), Journal of Investing 3(3).
 */
export function sortino(
  returns: ArrayLike<number>,
  periodsPerYear: number,
  acceptableReturn = 0,
): number | undefined {
  let squares = 0;
  for (let t = 0; t < returns.length; t++) {
    const shortfall = Math.min((returns[t] as number) - acceptableReturn, 0);
    squares += shortfall * shortfall;
  }
  const downside = Math.sqrt(squares / returns.length);
  return defined((mean(returns, acceptableReturn) / downside) * Math.sqrt(periodsPerYear));
}

function mean(returns: ArrayLike<number>, hurdle: number): number {
  let sum = 0;
  for (let t = 0; t < returns.length; t++) sum += (returns[t] as number) - hurdle;
  return sum / returns.length;
}

/** Exactly 0 when all are equal: the rounded mean of equal numbers may differ from them, and their deviation from 0. */
function deviation(returns: ArrayLike<number>, hurdle: number): number {
  const center = mean(returns, hurdle);
  let squares = 0;
  let lowest = Number.POSITIVE_INFINITY;
  let highest = Number.NEGATIVE_INFINITY;
  for (let t = 0; t < returns.length; t++) {
    const excess = (returns[t] as number) - hurdle;
    squares += (excess - center) * (excess - center);
    lowest = Math.min(lowest, excess);
    highest = Math.max(highest, excess);
  }
  return highest === lowest ? 0 : Math.sqrt(squares / (returns.length - 1));
}
