import type { Random } from './random.ts';

export interface BackoffTimes {
  /** The longest wait before the second attempt; it doubles with every further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** Far beyond any longest delay, and still a number. */
const DOUBLINGS_MAX = 30;

/** How long to wait after so many doublings: 50-100 % of the delay, by chance, so that all who failed together do not come together. */
export function backoffMs(
  { firstDelayMs, longestDelayMs }: BackoffTimes,
  doublings: number,
  random: Random,
): number {
  const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(doublings, DOUBLINGS_MAX));
  return delayMs * (0.5 + random.nextFraction() / 2);
}
