import { err, ok, type Result } from '../result.ts';
import type { OrderEventKind } from './life.ts';

/** A status that the venue added since: kept as it came. The order is in doubt until somebody teaches us the word. */
export interface UnknownStatus {
  readonly reason: 'unknown_status';
  readonly status: string;
}

/** The statuses of binance-spot.md section 5.3, and what each proves when an order's report or answer carries it. */
const EVENT_OF_STATUS: ReadonlyMap<string, OrderEventKind> = new Map<string, OrderEventKind>([
  ['NEW', 'accepted'],
  ['PENDING_NEW', 'accepted_pending'],
  ['PARTIALLY_FILLED', 'filled_in_part'],
  ['FILLED', 'filled_in_full'],
  ['CANCELED', 'canceled'],
  ['REJECTED', 'rejected'],
  ['EXPIRED', 'expired'],
  ['EXPIRED_IN_MATCH', 'expired_in_match'],
]);

/** What the status proves that stands in a report or in the answer to a placement. It may be old when it arrives. */
export function eventOfStatus(status: string): Result<OrderEventKind, UnknownStatus> {
  const event = EVENT_OF_STATUS.get(status);
  return event === undefined ? err({ reason: 'unknown_status', status }) : ok(event);
}

/** What the status proves that answers a query which began after the doubt arose: 'open' then means open now. */
export function eventOfQueriedStatus(status: string): Result<OrderEventKind, UnknownStatus> {
  if (status === 'NEW' || status === 'PARTIALLY_FILLED') return ok('confirmed_working');
  if (status === 'PENDING_NEW') return ok('confirmed_pending');
  return eventOfStatus(status);
}
