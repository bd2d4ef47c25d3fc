import type { Amount } from '@tradewind/core/money';
import type { BackoffTimes } from '@tradewind/utils';

/** Durations in ms. */
export interface ExecutionSettings {
  /**
   * How long the lease of the only writer lasts; renewed at an eighth of it. After a kill the next instance waits for its end, and must
   * lead before the risk manager misses its sign of life.
   */
  readonly leaseMs: number;
  /** So long before its lease can be taken this instance sends nothing any more. */
  readonly leaseMarginMs: number;
  /** As the client signs with it: no request is admitted later than this after its timestamp. */
  readonly recvWindowMs: number;
  /** How often orders, trades and balances are asked for though nothing seems to be missing; 30 s at most (faults.md U1). */
  readonly sweepEveryMs: number;
  readonly heartbeatEveryMs: number;
  /** Wall clock and elapsed clock may differ by so much between two looks; more is a suspend or a step (faults.md C5). */
  readonly jumpMsMax: number;
  readonly inDoubt: InDoubtSettings;
  /** A difference of balances must be seen twice, this far apart, before it is believed (faults.md B7). */
  readonly confirmBreakAfterMs: number;
  /**
   * What waits to be booked; when more comes all is dropped and read from the venue again (faults.md P5). From half of it on nothing that
   * takes new risk is begun.
   */
  readonly bookingMax: number;
  /** Signals between check and answer. */
  readonly submitsMax: number;
  /** After so many hard refusals within the window a strategy stops (faults.md O6). */
  readonly rejectBudget: { readonly maximum: number; readonly windowMs: number };
  readonly retry: BackoffTimes;
  /** How long `cancelAll` and `flatten` wait for the proof of each cancel. */
  readonly cancelProofMs: number;
  /** A position may be without its protective order for so long (faults.md O14). */
  readonly unprotectedMs: number;
  /** How long `stop` waits for what is in flight. */
  readonly stopWithinMs: number;
  readonly crashLoop: CrashLoopSettings;
  /** By name. A strategy that is not here has no capital and no policies. */
  readonly strategies: ReadonlyMap<string, StrategyExecution>;
}

export interface InDoubtSettings {
  readonly firstAskMs: number;
  readonly longestAskMs: number;
  /** Between two negative answers of the three that prove an absence. */
  readonly negativesApartMs: number;
}

export interface CrashLoopSettings {
  readonly windowMs: number;
  /** More starts than this within the window: nothing is traded any more until a person has looked. */
  readonly startsMax: number;
  /** So many starts within the window are acted on at once: a person tries things out. */
  readonly startsAtOnce: number;
  /** Before the next one is acted on; doubles with every further one. */
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

export interface StrategyExecution {
  /** The strategy's, out of what the owner has; a change of it moves the difference at the next start. */
  readonly capital: readonly { readonly asset: string; readonly amount: Amount }[];
  readonly unfilled: UnfilledPolicy;
  /** Whether a position that loses its protective order gets it back, or is sold (faults.md O14). */
  readonly keepsProtection: boolean;
}

/** What becomes of a limit order that rests for too long. */
export type UnfilledPolicy =
  | { readonly kind: 'rest' }
  | { readonly kind: 'cancel'; readonly afterMs: number }
  /** Canceled, and what remains of it ordered at the best price of its side, so many times at most; then canceled. */
  | { readonly kind: 'reprice'; readonly afterMs: number; readonly times: number };

export const DEFAULT_EXECUTION_SETTINGS: Omit<ExecutionSettings, 'strategies'> = {
  leaseMs: 4_000,
  leaseMarginMs: 1_500,
  recvWindowMs: 5_000,
  sweepEveryMs: 30_000,
  heartbeatEveryMs: 250,
  jumpMsMax: 5_000,
  inDoubt: { firstAskMs: 500, longestAskMs: 15_000, negativesApartMs: 3_000 },
  confirmBreakAfterMs: 2_000,
  bookingMax: 10_000,
  submitsMax: 1_000,
  rejectBudget: { maximum: 5, windowMs: 60_000 },
  retry: { firstDelayMs: 50, longestDelayMs: 5_000 },
  cancelProofMs: 10_000,
  unprotectedMs: 5_000,
  stopWithinMs: 10_000,
  crashLoop: {
    windowMs: 600_000,
    startsMax: 10,
    startsAtOnce: 3,
    firstDelayMs: 1_000,
    longestDelayMs: 60_000,
  },
};
