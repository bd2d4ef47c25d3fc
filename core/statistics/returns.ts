import { defined } from './defined.ts';

/**
 * The simple return of each period: r(t) = E(t) / E(t-1) - 1.
 * @param equity  in quote, E0 first, oldest first: N + 1 values, deposits and withdrawals removed
 * @returns N fractions (0.01 = 1 %); undefined when an equity that a return divides by is not above zero, or a value is
 *   no number
 */
export function periodReturns(equity: ArrayLike<number>): number[] | undefined {
  const returns: number[] = [];
  for (let t = 1; t < equity.length; t++) {
    const before = equity[t - 1] as number;
    const value = (equity[t] as number) / before - 1;
    if (!(before > 0 && before < Number.POSITIVE_INFINITY && Number.isFinite(value))) return undefined;
    returns.push(value);
  }
  return returns;
}

/**
 * Compound annual growth rate, (E(N) / E0)^(P / N) - 1, a fraction.
 * @param equity  in quote, E0 first, deposits and withdrawals removed
 * @param periodsPerYear  365 for daily equity, 8760 for hourly: the market never closes
 * @returns undefined when there is no period, E0 is not above zero, E(N) is below it, or the rate is beyond every number
 *   (a doubling in one hour)
 */
export function cagr(equity: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const periods = equity.length - 1;
  if (periods < 1) return undefined;
  const start = equity[0] as number;
  const end = equity[periods] as number;
  if (!(start > 0 && end >= 0)) return undefined;
  // The one operation here whose last bit the standard leaves to the engine; + - x / and sqrt are the same everywhere.
  return defined((end / start) ** (periodsPerYear / periods) - 1);
}

/**
 * CAGR / maximum drawdown, both over the same whole window. (Young's own, 1991, takes the last 36 months.)
 * @param growth  what `cagr` says
 * @param deepestDrawdown  what `Drawdown` says, which may have followed equity more often than once a period
 * @returns undefined when either is, or when equity never fell
 */
export const calmar = (
  growth: number | undefined,
  deepestDrawdown: number | undefined,
): number | undefined =>
  growth === undefined || deepestDrawdown === undefined ? undefined : defined(growth / deepestDrawdown);

/**
 * What buying at the first close and holding to the last would have returned, a fraction, before fees.
 * @param closes  of one symbol, oldest first, in any one unit
 * @returns undefined when there are fewer than two closes or the first is not above zero
 */
export function buyAndHoldReturn(closes: ArrayLike<number>): number | undefined {
  if (closes.length < 2) return undefined;
  const first = closes[0] as number;
  return first > 0 ? defined((closes[closes.length - 1] as number) / first - 1) : undefined;
}
