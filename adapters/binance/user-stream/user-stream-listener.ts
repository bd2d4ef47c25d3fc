import type { BalanceUpdate, ExternalLock } from '../model/user-event.ts';
import type { Gap, Retry } from '../sockets/index.ts';
import type { ApiTrouble } from '../websocket-api/index.ts';
import type { DatedBalance } from './balance-projection.ts';
import type { Doubt } from './doubts.ts';
import type { ListRecord } from './list-projection.ts';
import type { OrderChange } from './order-projection.ts';
import type { Quarantined } from './quarantine.ts';
import type { SweepResult } from './sweep.ts';

/**
 * Where the stream stands, which is not where its socket stands (faults.md U3). Only `live` says that everything the venue has told
 * is known here; in every other state no new risk may be taken (faults.md I7).
 *
 * idle: not connected yet. down: no subscription; from `fromMs` on nothing is known. catching_up: subscribed, events
 * are kept back until the venue has been asked for what was missed. stopped: for good, because going on would be worse.
 */
export type StreamStatus =
  | { readonly state: 'idle' }
  | { readonly state: 'down'; readonly fromMs: number; readonly reason: string }
  | { readonly state: 'catching_up' }
  | { readonly state: 'live' }
  | { readonly state: 'stopped'; readonly reason: StopReason };

export type StopReason = 'handlers_throw' | 'too_many_doubts' | 'too_many_unsettled_fills' | 'asked_to';

/** Told synchronously, in the order in which things are learnt. What throws has not taken what it was told. */
export interface UserStreamListener {
  /** An order of ours, or of others, has changed or has new fills. If it throws, the same will be told again. */
  orderChanged(change: OrderChange): void;
  listChanged?(list: ListRecord): void;
  balancesChanged?(balances: readonly DatedBalance[]): void;
  /** A deposit, withdrawal or transfer: capital, never profit (faults.md B4). Told once per movement. */
  capitalMoved?(movement: BalanceUpdate): void;
  externallyLocked?(lock: ExternalLock): void;
  statusChanged?(status: StreamStatus): void;
  /** What happened between the two instants (epoch ms) was not heard, and has been asked for. Told once live again. */
  caughtUp?(gap: Gap): void;
  /** A sweep has found fills that the stream never told; its connection is being replaced (faults.md U1). */
  fillsLost?(count: number): void;
  doubtChanged?(doubt: Doubt, has: 'arisen' | 'ended'): void;
  quarantined?(event: Quarantined): void;
  /** A sweep or a catch-up could not be finished; it is tried again. */
  sweepFailed?(result: Extract<SweepResult, { kind: 'failed' }>): void;
  trouble?(trouble: ApiTrouble): void;
  retrying?(attempt: Retry): void;
}
