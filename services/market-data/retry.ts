import type { BackoffTimes } from '@tradewind/utils';

/** Between attempts at a call that only asks. */
export const RETRY: BackoffTimes = { firstDelayMs: 1_000, longestDelayMs: 60_000 };
