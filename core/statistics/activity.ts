import { defined } from './defined.ts';

/**
 * The average share of equity that was in positions: the mean of gross position value / equity over all periods.
 * 1 is always fully invested, on spot also the most.
 * @param shares.sum  of the positions' value / equity at each period's end
 * @returns undefined when there were no periods, or a share had no value
 */
export const meanExposure = (shares: {
  readonly sum: number;
  readonly periods: number;
}): number | undefined => defined(shares.sum / shares.periods);

/**
 * The share of periods in which a position was held, 0 to 1.
 * @returns undefined when there were no periods
 */
export const timeInMarket = (counts: {
  readonly held: number;
  readonly periods: number;
}): number | undefined => defined(counts.held / counts.periods);

/**
 * How many times the average equity was traded over the whole window, not annualised: buying and selling all of it
 * once is 2.
 * @param tradedNotional  in quote, the sum of the notionals of all fills, buys and sells
 * @param equity  in quote, at each period's end
 * @returns undefined when there is no equity or its mean is not above zero
 */
export function turnover(tradedNotional: number, equity: ArrayLike<number>): number | undefined {
  let sum = 0;
  for (let t = 0; t < equity.length; t++) sum += equity[t] as number;
  return sum > 0 ? defined(tradedNotional / (sum / equity.length)) : undefined;
}
