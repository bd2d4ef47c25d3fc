import type { Limit, RiskLimits } from '@tradewind/core/risk';
import type { BackoffTimes } from '@tradewind/utils';

/** So many of one kind within a window that slides. */
export interface Repetition {
  readonly maximum: number;
  readonly windowMs: number;
}

export interface RiskManagerSettings {
  readonly limits: RiskLimits;
  readonly equityAsset: string;
  /** Followed by market data: those that are traded, and those that other assets are valued by. */
  readonly symbols: readonly string[];
  /** An older price values nothing. Limits of single symbols may be tighter. */
  readonly priceAgeMsMaximum: number;
  /** How often everything is valued, and the breakers of the account judge it. */
  readonly valueEveryMs: number;
  /** How often a valuation is written to the ledger. */
  readonly recordValueEveryMs: number;
  /** How often the halt file is looked at. */
  readonly haltFileEveryMs: number;
  /** How often the ledger is asked whether it has more than we were told. */
  readonly ledgerCheckEveryMs: number;
  /** How often the exchange is asked for orders that are not ours (weight 80). */
  readonly outsideOrdersEveryMs: number;
  /** No sign of life of order execution for so long, while orders are open, halts the account and cancels everything. */
  readonly heartbeatMsMaximum: number;
  /** How long a verdict waits for the books to catch up, or for a price, before it is given without. */
  readonly verdictWaitMs: number;
  /** How long the answer to a halt waits for stores and exchange; trading has stopped before. */
  readonly haltAnswerMs: number;
  /** Of one strategy, orders of the same symbol, side and type that are approved; more are refused (faults.md K10). */
  readonly repeats: Limit<Repetition>;
  /** Of one strategy, verdicts of one kind, refusals included, that halt it until a person lets it on (faults.md K10). */
  readonly runaway: Limit<Repetition>;
  /** Of the cancel-all, for each symbol. */
  readonly sweepAttemptsMaximum: number;
  readonly sweepRetry: BackoffTimes;
  readonly storeRetry: BackoffTimes;
}

export const DEFAULT_RISK_MANAGER_SETTINGS = {
  priceAgeMsMaximum: 60_000,
  valueEveryMs: 1_000,
  recordValueEveryMs: 60_000,
  haltFileEveryMs: 200,
  ledgerCheckEveryMs: 1_000,
  outsideOrdersEveryMs: 60_000,
  heartbeatMsMaximum: 10_000,
  verdictWaitMs: 500,
  haltAnswerMs: 1_000,
  repeats: { maximum: 50, windowMs: 1_000 },
  runaway: { maximum: 1_000, windowMs: 60_000 },
  sweepAttemptsMaximum: 10,
  sweepRetry: { firstDelayMs: 200, longestDelayMs: 5_000 },
  storeRetry: { firstDelayMs: 100, longestDelayMs: 5_000 },
} as const satisfies Partial<RiskManagerSettings>;
