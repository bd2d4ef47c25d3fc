import { defined } from './defined.ts';
import { maxDrawdown } from './drawdown.ts';

/**
 * The simple return of each period: r(t) = (E(t) - flow(t)) / E(t-1) - 1.
 * @param equity  in quote, E0 first, oldest first: N + 1 values
 * @param flows  in quote, one for each of the N periods: deposits above zero, withdrawals below, booked at the end of
 *   the period, so that new money earns nothing in the period it arrives in. Without it there were none.
 * @returns N fractions (0.01 = 1 %); undefined when flows do not match the periods, an equity that a return divides by
 *   is not above zero, or a value is no number
 */
export function periodReturns(equity: ArrayLike<number>, flows?: ArrayLike<number>): number[] | undefined {
  const count = Math.max(0, equity.length - 1);
  if (flows !== undefined && flows.length !== count) return undefined;
  const returns: number[] = [];
  for (let t = 1; t <= count; t++) {
    const before = equity[t - 1] as number;
    const flow = flows === undefined ? 0 : (flows[t - 1] as number);
    const value = ((equity[t] as number) - flow) / before - 1;
    if (!(before > 0 && before < Number.POSITIVE_INFINITY && Number.isFinite(value))) return undefined;
    returns.push(value);
  }
  return returns;
}

/**
 * The equity that E0 alone would have grown to, with the same returns: what CAGR, drawdown and Calmar are taken from.
 * Parameters and failure are those of `periodReturns`; N + 1 values.
 */
export function equityWithoutFlows(
  equity: ArrayLike<number>,
  flows: ArrayLike<number>,
): number[] | undefined {
  const returns = periodReturns(equity, flows);
  if (returns === undefined || equity.length === 0) return undefined;
  let grown = equity[0] as number;
  const curve = [grown];
  for (const value of returns) {
    grown *= 1 + value;
    curve.push(grown);
  }
  return curve;
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
 * CAGR / maximum drawdown, both over the whole of `equity`. (Young's own, 1991, takes the last 36 months: cut first.)
 * Parameters are those of `cagr`.
 * @returns undefined when the CAGR is, or when equity never fell
 */
export function calmar(equity: ArrayLike<number>, periodsPerYear: number): number | undefined {
  const growth = cagr(equity, periodsPerYear);
  const fall = maxDrawdown(equity);
  return growth === undefined || fall === undefined ? undefined : defined(growth / fall);
}

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
