import type { Result } from '@tradewind/core/result';
import type { Kept, RateLimitType } from '../model/enums.ts';
import type { CallFailure } from '../outcome.ts';

/** What one call takes from the limits that all callers of an IP and an account share (binance-spot.md section 3). */
export interface CallCost {
  readonly weight: number;
  /** How many requests it counts as in the raw-request limit: 1 over REST; left out over a socket. */
  readonly rawRequests?: number;
  /** How many orders it may add to the unfilled-order count. */
  readonly orders?: number;
  /** Connection attempts; a WebSocket API connection also costs weight 2. */
  readonly connections?: number;
}

/** `exit`: cancels and orders that reduce risk. Only they may use the reserve, and they go before all that wait. */
export type Priority = 'exit' | 'normal';

export type HeldBack = Extract<CallFailure, { reason: 'held_back' }>;

export type LimitKind = 'weight' | 'raw_requests' | 'orders' | 'connections';

/** The venue's word for a kind; undefined for one that it has added since. */
export function limitKindOf(type: Kept<RateLimitType>): LimitKind | undefined {
  switch (type) {
    case 'REQUEST_WEIGHT':
      return 'weight';
    case 'RAW_REQUESTS':
      return 'raw_requests';
    case 'ORDERS':
      return 'orders';
    case 'CONNECTIONS':
      return 'connections';
    default:
      return undefined;
  }
}

/** How much the venue says is used of one limiter in its present interval. */
export interface LimitCount {
  readonly kind: LimitKind;
  readonly intervalMs: number;
  readonly count: number;
  /** Where the answer also states the limit. */
  readonly limit?: number;
}

/** What an answer says about limits, over REST or over a socket. */
export interface LimitReport {
  readonly counts: readonly LimitCount[];
  readonly silence?: Silence;
}

/** 429 and 418: what nobody does before an instant. */
export interface Silence {
  /** Epoch ms of the venue's clock. */
  readonly untilMs: number;
  /** `orders`: the order count is used up, which does not keep anybody from canceling (faults.md R4). */
  readonly scope: 'everything' | 'orders';
  /** 418, as opposed to 429. */
  readonly isBan: boolean;
}

/** The right to send one request, once. */
export interface Permit {
  /** The answer has come: what it says about the limits is the truth (faults.md R3). Only the first of settle and abandon counts. */
  settle(report: LimitReport): void;
  /** Nothing was sent: what was taken is given back. */
  abandon(): void;
}

/** One gate per IP and account; every caller asks it before every request, over REST and over sockets. */
export interface RateGate {
  /**
   * Waits for room in order; never rejects. Refused when the queue is full or the wait would be longer than allowed. At once, without
   * a promise, where nothing has to be waited for.
   */
  acquire(cost: CallCost, priority: Priority): Result<Permit, HeldBack> | Promise<Result<Permit, HeldBack>>;
  /** What came without a permit: an event, a closed socket with a ban. */
  observe(report: LimitReport): void;
  /** Until when nobody sends anything, epoch ms of the venue's clock; undefined when nothing is silenced. */
  silentUntilMs(): number | undefined;
}

/** Where the end of a ban outlives the process (faults.md R2). */
export interface BanStore {
  /** Epoch ms; undefined when there is no ban. */
  load(): number | undefined;
  /** Does not throw: it is called while an answer is handed on, which would be lost with it. */
  save(untilMs: number): void;
}
