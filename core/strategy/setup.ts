import type { IntervalName } from '../market/index.ts';

/** What the person who starts a strategy has chosen for it. */
export interface Setup {
  /** At least one; the first is the main one. */
  readonly symbols: readonly string[];
  readonly interval: IntervalName;
}
