import { defined } from './defined.ts';

// All take the realised PnL of each closed round trip in quote, fees taken off, in any order.

/**
 * Gross gain / gross loss of closed round trips, 0 when all lost.
 * @returns undefined when none lost, or there are none
 */
export function profitFactor(pnls: ArrayLike<number>): number | undefined {
  let gain = 0;
  let loss = 0;
  for (let k = 0; k < pnls.length; k++) {
    const pnl = pnls[k] as number;
    if (pnl < 0) loss -= pnl;
    else gain += pnl;
  }
  return defined(gain / loss);
}

/**
 * The share of closed round trips that gained, 0 to 1; one that came out even did not gain.
 * @returns undefined when there are none
 */
export function winRate(pnls: ArrayLike<number>): number | undefined {
  let winners = 0;
  for (let k = 0; k < pnls.length; k++) {
    if ((pnls[k] as number) > 0) winners += 1;
  }
  return defined(winners / pnls.length);
}

/**
 * What a round trip brought on average, in quote: the mean PnL.
 * @returns undefined when there are none
 */
export function expectancy(pnls: ArrayLike<number>): number | undefined {
  let sum = 0;
  for (let k = 0; k < pnls.length; k++) sum += pnls[k] as number;
  return defined(sum / pnls.length);
}
