import type { Amount, QuoteAmount } from '@tradewind/core/money';
import type { OrderIntent, OrderRecord } from '@tradewind/core/orders';
import type { PositionState, Posting } from '@tradewind/core/portfolio';
import type { BreakerStates } from '@tradewind/core/risk';
import type {
  BreakBody,
  CommittedEvent,
  EventKind,
  StrategyBody,
  TradingEvent,
  ValuationBody,
} from './event.ts';

/**
 * The record of everything, append-only, hash-chained, double entry. PostgreSQL in life; in memory in simulations. Both keep one
 * contract, which one conformance suite checks.
 */
export interface Ledger {
  /**
   * Writes events in their order, with everything that is projected from them, in one transaction: all or nothing. Commits that
   * wait at the same time may share a transaction. An event whose id is there already is taken as written; so the same commit
   * may be tried again.
   */
  commit(events: readonly TradingEvent[], conditions?: CommitConditions): Promise<CommitResult>;
  /** All that a service needs to go on where the last one stopped; from projections, not from the whole journal. */
  load(): Promise<LedgerState>;
  /** Events in their order, after `afterSeq`, at most `limit` of them (10 000 at most). */
  read(query: JournalQuery): Promise<readonly CommittedEvent[]>;
  /** The last event. 0 in an empty ledger. */
  lastSeq(): Promise<number>;
  /**
   * Takes or renews the lease of the only writer of intents by compare-and-set in one statement (faults.md P12). The epoch rises by
   * one whenever the holder changes, and whenever the same holder lost it in between.
   */
  acquireLease(request: LeaseRequest): Promise<LeaseResult>;
  /** Gives the lease back, if this epoch still has it. */
  releaseLease(epoch: number): Promise<void>;
}

export interface CommitConditions {
  /** The commit is refused unless this is the epoch of the running lease. */
  readonly epoch?: number;
}

export type CommitResult =
  | { readonly kind: 'committed'; readonly events: readonly CommittedEvent[] }
  /** Nothing was written, and writing it again will not help. */
  | { readonly kind: 'refused'; readonly refusal: CommitRefusal }
  /** Surely nothing was written: the store is down, full or too busy. It may be tried again. */
  | { readonly kind: 'failed'; readonly detail: string }
  /** Nobody knows: the connection was lost during the commit (faults.md P6). To be tried again with the same events. */
  | { readonly kind: 'unknown'; readonly detail: string };

export type CommitRefusal =
  | { readonly reason: 'stale_epoch'; readonly epoch: number; readonly current: number }
  | { readonly reason: 'client_order_id_used'; readonly clientOrderId: string }
  | {
      readonly reason: 'fill_booked';
      readonly symbol: string;
      readonly tradeId: number;
      readonly venueOrderId: number;
    }
  /** A movement with this key (`BalanceBody.key`) is in the books. */
  | { readonly reason: 'key_booked'; readonly key: string }
  | {
      readonly reason: 'postings_unbalanced';
      readonly eventId: string;
      readonly asset: string;
      readonly sum: Amount;
    };

export interface JournalQuery {
  readonly afterSeq: number;
  readonly limit: number;
  readonly kinds?: readonly EventKind[];
  readonly correlationId?: string;
  readonly clientOrderId?: string;
  readonly symbol?: string;
  readonly strategy?: string;
  /** Epoch ms: events with fromMs <= atMs < toMs. */
  readonly fromMs?: number;
  readonly toMs?: number;
  /** Newest first: then `afterSeq` is an upper bound, 0 for none. */
  readonly isReversed?: boolean;
}

/** What the projections say, as of one event. */
export interface LedgerState {
  readonly seq: number;
  /** Sums; `amount` may be below zero for the other sides of movements. */
  readonly balances: readonly Posting[];
  readonly positions: readonly PositionState[];
  /** Every order of ours that is not final, and final ones of which fills may still come: those that ended in the last day. */
  readonly orders: readonly LedgerOrder[];
  /** By symbol: the last trade up to which all of ours are booked. */
  readonly bookedThrough: ReadonlyMap<string, number>;
  /** undefined on the very first start. */
  readonly breakers: BreakerStates | undefined;
  readonly valuation: (ValuationBody & { readonly atMs: number }) | undefined;
  /** Of the last 7 days of the ledger, oldest first. */
  readonly profits: readonly DailyProfit[];
  /** Open ones. */
  readonly breaks: readonly BreakBody[];
  /** The latest event of each strategy. */
  readonly strategies: readonly StrategyBody[];
  /** Of every external fill and movement booked in the last 7 days (`BalanceBody.key`). */
  readonly bookedKeys: readonly string[];
}

/** What the fills of one UTC day have realized, after fees. */
export interface DailyProfit {
  /** 00:00 UTC, epoch ms. */
  readonly dayMs: number;
  readonly strategy: string;
  readonly symbol: string;
  readonly quoteAsset: string;
  readonly realizedPnl: QuoteAmount;
  readonly fills: number;
  readonly roundTrips: number;
  /** Round trips that ended above zero. */
  readonly wonRoundTrips: number;
}

export interface LedgerOrder {
  readonly intent: OrderIntent;
  /** Of a member of a list. */
  readonly listClientOrderId?: string;
  readonly record: OrderRecord;
  readonly expiresAtMs: number;
  /** When its intent was written, epoch ms. */
  readonly createdAtMs: number;
  /** Of the intent: what everything that comes of it carries. */
  readonly correlationId: string;
}

export interface LeaseRequest {
  /** Names one run of one process. */
  readonly holder: string;
  readonly durationMs: number;
}
export type LeaseResult =
  | { readonly kind: 'held'; readonly epoch: number; readonly untilMs: number }
  | { readonly kind: 'taken'; readonly holder: string; readonly untilMs: number }
  | { readonly kind: 'failed'; readonly detail: string };
