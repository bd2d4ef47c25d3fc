import type { IntervalName } from '@tradewind/core/market';

export interface MarketDataSettings {
  /** As payloads spell them: upper case. */
  readonly symbols: readonly string[];
  /** The bars that are made of the trades of every symbol. */
  readonly intervals: readonly IntervalName[];
  /** How many levels of each side a book update carries. */
  readonly bookLevels: number;
  /** A symbol of which nothing was heard for so long is stale (faults.md M4); whoever follows quiet symbols allows more. */
  readonly staleAfterMs: number;
  /** What arrives later than this after the venue's own time of it is stale (faults.md M8). */
  readonly lateAfterMs: number;
  /** An event time so far beyond the venue's clock is wrong, or the clock is. */
  readonly aheadAfterMs: number;
  /** How long after its end a bar waits for its last trades, unless a later trade has come. */
  readonly barGraceMs: number;
  /** How long after its end a bar waits for any later event, before the venue is asked for it. */
  readonly barProofMs: number;
  /** How often the venue's rules and statuses are asked for (weight 20). */
  readonly refreshRulesEveryMs: number;
  /** How far a price may lie from its neighbours to be a reference, in hundredths of a percent (faults.md M15). */
  readonly collarBps: number;
}

export const DEFAULT_MARKET_DATA_SETTINGS: Omit<MarketDataSettings, 'symbols' | 'intervals'> = {
  bookLevels: 20,
  staleAfterMs: 15_000,
  lateAfterMs: 5_000,
  aheadAfterMs: 1_000,
  barGraceMs: 500,
  barProofMs: 3_000,
  refreshRulesEveryMs: 60_000,
  collarBps: 500,
};
