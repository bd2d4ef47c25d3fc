import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type {
  BreakerScope,
  BreakerStates,
  EquityAmount,
  RiskLimits,
  Trip,
  Wanted,
} from '@tradewind/core/risk';
import type { CheckResult, CommittedEvent, SignalRefusal } from './event.ts';
import type { CommandResult } from './order-execution.ts';

/** The only source of approved orders; holds breakers and halt. */
export interface RiskManager {
  /**
   * Checks and reserves in one step (faults.md K1). What is approved stays reserved until events say that it has ended. A client over
   * the network refuses as `risk_unavailable` when no answer comes, and withdraws what the lost one may have reserved. At once,
   * without a promise, where all that is needed for it is in this process.
   */
  validate(wanted: Wanted, correlationId: string): Verdict | Promise<Verdict>;
  /**
   * What approvals are bound to: one of another run must not be sent any more, nor one that a stop of a later epoch covers. At once, and
   * of a risk manager in another process as it last told it (with every verdict, and every sign of life of order execution); undefined
   * while nobody knows, and when that is so long ago that a halt may have been answered since.
   */
  epoch(): RiskEpoch | undefined;
  /** Releases what was approved and then surely never sent: its intent could not be written. Order ids, of a list those of its legs. */
  withdraw(clientOrderIds: readonly string[]): Promise<void>;
  /**
   * Tells what has been committed, in order and without holes. After a hole the risk manager reads the ledger itself, and refuses new
   * risk until it has.
   */
  record(events: readonly CommittedEvent[]): Promise<void>;
  limits(): Promise<RiskLimits>;
  state(): Promise<RiskState>;
  /**
   * Stops a scope at once, in memory first; stored by every way there is (faults.md K7). When it answers, no approval that it covers is
   * sent any more, in whatever process it waits (faults.md I8).
   */
  halt(order: HaltOrder): Promise<HaltResult>;
  /** Lets a scope trade again; for a person alone. Refused, and as stopped as before, unless every store has taken it. */
  resume(order: ResumeOrder): Promise<CommandResult>;
  /** A sign of life of the order execution. When none comes for the time in the settings while orders are open, everything is canceled and halted. */
  heartbeat(beat: Heartbeat): Promise<void>;
}

/** Another one with every run of the risk manager, and whenever something is stopped or let on. */
export interface RiskEpoch {
  /** Names the run; no two runs share it. */
  readonly run: string;
  /** How often something was stopped or let on in it; rises. */
  readonly changes: number;
  /** How many of these let something on. */
  readonly letOn: number;
  /** All that is stopped in it. */
  readonly trips: readonly Trip[];
}

export type Verdict =
  | {
      readonly kind: 'approved';
      readonly approved: Approved<OrderIntent> | Approved<OrderListIntent>;
      readonly checks: readonly CheckResult[];
      readonly epoch: RiskEpoch;
    }
  | { readonly kind: 'refused'; readonly refusal: SignalRefusal; readonly checks: readonly CheckResult[] };

export interface HaltOrder {
  readonly scope: BreakerScope;
  readonly state: 'reducing' | 'halted';
  /** Whether open orders of the scope are canceled, too: the kill switch. */
  readonly cancelsOrders: boolean;
  readonly by: string;
  readonly why: string;
}
export interface HaltResult {
  readonly breakers: BreakerStates;
  /** Where the halt is stored by now: 'ledger', 'file'. */
  readonly storedIn: readonly string[];
  /** Of the canceling: symbols of which it is proven that nothing is open any more, and those of which it is not. */
  readonly canceled: readonly string[];
  readonly unproven: readonly string[];
}
export interface ResumeOrder {
  readonly scope: BreakerScope;
  readonly by: string;
  readonly why: string;
}
export interface Heartbeat {
  readonly epoch: number;
  readonly openOrders: number;
}

export interface RiskState {
  /** ready: follows the ledger. catching_up: reads it. not_ready: cannot, and no new risk is taken (faults.md I7). */
  readonly state: 'ready' | 'catching_up' | 'not_ready';
  readonly detail: string;
  readonly seq: number;
  readonly breakers: BreakerStates;
  readonly equityAsset: string;
  /** undefined while something held has no price. */
  readonly equity: EquityAmount | undefined;
  readonly dayStartEquity: EquityAmount | undefined;
  readonly peakEquity: EquityAmount | undefined;
  /** Each limit that is not 'none', with how much of it is used. */
  readonly uses: readonly LimitUse[];
}
export interface LimitUse {
  /** 'account exposure', 'BTCUSDT position', 'ema-cross open orders'. */
  readonly name: string;
  readonly was: string;
  readonly limit: string;
  readonly unit: string;
  /** Used, as a share of the limit, for bars on screens: 0.35. */
  readonly share: number;
}
