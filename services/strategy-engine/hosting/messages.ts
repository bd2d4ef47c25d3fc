import type { Instrument, IntervalName } from '@tradewind/core/market';
import type { PositionState, Posting } from '@tradewind/core/portfolio';
import type { BarFigures, HostSnapshot } from '@tradewind/core/strategy';
import type {
  CommittedEvent,
  EvaluationBody,
  LedgerOrder,
  MarketUpdate,
  Signal,
  SignalRefusal,
} from '@tradewind/proto';

/** How a strategy is hosted: plain data, so that it can cross to another thread. */
export interface HostingSettings {
  /** The name of the instance: its sub-account, and part of every order's id. */
  readonly strategy: string;
  readonly symbols: readonly string[];
  readonly interval: IntervalName;
  readonly parameters: Readonly<Record<string, string>>;
  readonly instruments: readonly Instrument[];
  /** How long after its decision a signal may still be sent, ms. */
  readonly signalLifeMs: number;
  readonly signalsPerBarMaximum: number;
  readonly signalsPerSecondMaximum: number;
  /** How many bars can be looked back at. */
  readonly barsKept: number;
}

/** The bars of one input, oldest first. */
export interface InputHistory {
  readonly symbol: string;
  readonly interval: IntervalName;
  readonly bars: readonly BarFigures[];
  /** Whether the market has no older ones: then none can be missing before the first. */
  readonly isWhole: boolean;
}

/** A strategy as it was at one instant, and what it had seen by then. Plain JSON. */
export type StrategySnapshot = {
  readonly host: HostSnapshot;
  /** Of each bar input: the close of its last bar (null before the first), and how many have closed. */
  readonly inputs: readonly {
    readonly symbol: string;
    readonly interval: string;
    readonly closeTimeMs: number | null;
    readonly count: number;
  }[];
};

/** What a hosted strategy is told. `nowMs` of every message is the clock's. */
export type HostingInput =
  | {
      readonly kind: 'open';
      readonly nowMs: number;
      readonly balances: readonly Posting[];
      readonly positions: readonly PositionState[];
      readonly orders: readonly LedgerOrder[];
      readonly history: readonly InputHistory[];
      /** To go on from; without it the strategy begins with the history. */
      readonly snapshot?: StrategySnapshot;
      /** Events of its orders since the snapshot, which it has not heard of. */
      readonly missed: readonly CommittedEvent[];
      /** A trial: what is wanted at the last bar of the history is told, and nothing else. */
      readonly isTrial: boolean;
    }
  | { readonly kind: 'market'; readonly nowMs: number; readonly update: MarketUpdate }
  | { readonly kind: 'events'; readonly nowMs: number; readonly events: readonly CommittedEvent[] }
  | {
      readonly kind: 'refused';
      readonly nowMs: number;
      readonly signal: Signal;
      readonly refusal: SignalRefusal;
      readonly correlationId: string;
    }
  /** A timer is due. */
  | { readonly kind: 'time'; readonly nowMs: number }
  /** Nothing must be wanted that takes on risk, for a reason of the engine's own; undefined ends it. */
  | { readonly kind: 'hold'; readonly nowMs: number; readonly refusal: SignalRefusal | undefined }
  | { readonly kind: 'save'; readonly nowMs: number; readonly ticket: number }
  | { readonly kind: 'stop'; readonly nowMs: number };

/** What a hosted strategy tells. */
export type HostingOutput =
  | { readonly kind: 'opened'; readonly isRestored: boolean; readonly isWarm: boolean }
  /** The snapshot does not fit the strategy or the history; nothing else has happened, it must be opened anew without it. */
  | { readonly kind: 'unfit'; readonly why: string }
  | { readonly kind: 'signal'; readonly signal: Signal; readonly correlationId: string }
  /** Signals that must not be sent; the strategy has been told why. */
  | {
      readonly kind: 'refused';
      readonly signal: Signal;
      readonly refusal: SignalRefusal;
      readonly correlationId: string;
    }
  | { readonly kind: 'evaluated'; readonly body: EvaluationBody; readonly correlationId: string }
  /** When it wants to be called for a timer, epoch ms; Infinity for never. */
  | { readonly kind: 'timer'; readonly atMs: number }
  | { readonly kind: 'saved'; readonly ticket: number; readonly snapshot: StrategySnapshot | undefined }
  | { readonly kind: 'stopped'; readonly snapshot: StrategySnapshot | undefined }
  /** The strategy is not called any more. */
  | { readonly kind: 'failed'; readonly cause: 'threw' | 'flooded' | 'blocked'; readonly detail: string };
