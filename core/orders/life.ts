import { err, ok, type Result } from '../result.ts';

/**
 * Where an order of ours stands, as far as evidence goes.
 *
 * created: decided and recorded, not known to be sent. in_flight: sent, unanswered. pending: accepted, waits for the
 * working leg of its list (PENDING_NEW). working: accepted, able to fill (a stop that has not fired included).
 * cancel_in_flight: a cancel is sent, unanswered. unknown: in doubt whether the venue has it. cancel_unknown: in doubt
 * whether the cancel took effect. The others are final; absent means that it was proven never to have reached the venue.
 */
export type OrderState =
  | 'created'
  | 'in_flight'
  | 'pending'
  | 'working'
  | 'cancel_in_flight'
  | 'unknown'
  | 'cancel_unknown'
  | 'filled'
  | 'canceled'
  | 'expired'
  | 'expired_in_match'
  | 'rejected'
  | 'absent';

/**
 * What happened to an order, as a fact. `sent`, `timed_out` and `cancel_sent` are ours; the rest is evidence from the venue.
 *
 * timed_out: no answer came, because time, connection or process was lost; it says nothing of the outcome.
 * cancel_refused: 'Unknown order sent' (-2011) and its like; it only says that one must ask.
 * confirmed_working, confirmed_pending: a query begun after the doubt arose shows the order open. A late `accepted` is
 * weaker: it says nothing of a cancel sent since.
 * absence_proven: never sent, or the admission deadline has passed and repeated queries found nothing.
 */
export type OrderEventKind =
  | 'sent'
  | 'timed_out'
  | 'accepted'
  | 'accepted_pending'
  | 'confirmed_working'
  | 'confirmed_pending'
  | 'rejected'
  | 'filled_in_part'
  | 'filled_in_full'
  | 'amended'
  | 'prevented'
  | 'cancel_sent'
  | 'cancel_refused'
  | 'canceled'
  | 'expired'
  | 'expired_in_match'
  | 'absence_proven';

/**
 * The whole life of an order. A cell that repeats its row's name is news that is old or known; a missing cell is a
 * contradiction, and the caller must reconcile that order with the venue.
 *
 * Events cross on the wire and come twice (binance-spot.md section 9.5), hence: evidence is taken in any order, a
 * time-out cannot take back an acceptance, a fill may come after the end (it is booked, the state stays), and no final
 * state is ever left.
 */
// biome-ignore format: a row a state, so that the whole life of an order can be seen at once.
const NEXT = {
  created: {
    sent: 'in_flight', timed_out: 'unknown', absence_proven: 'absent', rejected: 'rejected',
    accepted: 'working', accepted_pending: 'pending', confirmed_working: 'working',
    confirmed_pending: 'pending', filled_in_part: 'working', filled_in_full: 'filled', amended: 'in_flight',
    prevented: 'working', canceled: 'canceled', expired: 'expired', expired_in_match: 'expired_in_match',
  },
  in_flight: {
    sent: 'in_flight', timed_out: 'unknown', cancel_sent: 'cancel_in_flight', rejected: 'rejected',
    accepted: 'working', accepted_pending: 'pending', confirmed_working: 'working',
    confirmed_pending: 'pending', filled_in_part: 'working', filled_in_full: 'filled', amended: 'in_flight',
    prevented: 'working', canceled: 'canceled', expired: 'expired', expired_in_match: 'expired_in_match',
  },
  unknown: {
    sent: 'unknown', timed_out: 'unknown', cancel_sent: 'cancel_in_flight', absence_proven: 'absent',
    rejected: 'rejected', accepted: 'working', accepted_pending: 'pending', confirmed_working: 'working',
    confirmed_pending: 'pending', filled_in_part: 'working', filled_in_full: 'filled', amended: 'unknown',
    prevented: 'working', canceled: 'canceled', expired: 'expired', expired_in_match: 'expired_in_match',
  },
  pending: {
    sent: 'pending', timed_out: 'pending', cancel_sent: 'cancel_in_flight', cancel_refused: 'pending',
    accepted: 'working', accepted_pending: 'pending', confirmed_working: 'working',
    confirmed_pending: 'pending', filled_in_part: 'working', filled_in_full: 'filled', amended: 'pending',
    prevented: 'working', canceled: 'canceled', expired: 'expired', expired_in_match: 'expired_in_match',
  },
  working: {
    sent: 'working', timed_out: 'working', cancel_sent: 'cancel_in_flight', cancel_refused: 'working',
    accepted: 'working', accepted_pending: 'working', confirmed_working: 'working',
    confirmed_pending: 'working', filled_in_part: 'working', filled_in_full: 'filled', amended: 'working',
    prevented: 'working', canceled: 'canceled', expired: 'expired', expired_in_match: 'expired_in_match',
  },
  cancel_in_flight: {
    sent: 'cancel_in_flight', timed_out: 'cancel_unknown', cancel_sent: 'cancel_in_flight',
    cancel_refused: 'cancel_unknown', rejected: 'rejected', accepted: 'cancel_in_flight',
    accepted_pending: 'cancel_in_flight', confirmed_working: 'cancel_in_flight',
    confirmed_pending: 'cancel_in_flight', filled_in_part: 'cancel_in_flight', filled_in_full: 'filled',
    amended: 'cancel_in_flight', prevented: 'cancel_in_flight', canceled: 'canceled', expired: 'expired',
    expired_in_match: 'expired_in_match',
  },
  cancel_unknown: {
    sent: 'cancel_unknown', timed_out: 'cancel_unknown', cancel_sent: 'cancel_in_flight',
    cancel_refused: 'cancel_unknown', absence_proven: 'absent', rejected: 'rejected',
    accepted: 'cancel_unknown', accepted_pending: 'cancel_unknown', confirmed_working: 'working',
    confirmed_pending: 'pending', filled_in_part: 'cancel_unknown', filled_in_full: 'filled',
    amended: 'cancel_unknown', prevented: 'cancel_unknown', canceled: 'canceled', expired: 'expired',
    expired_in_match: 'expired_in_match',
  },
  filled: {
    sent: 'filled', timed_out: 'filled', cancel_sent: 'filled', cancel_refused: 'filled', accepted: 'filled',
    accepted_pending: 'filled', confirmed_working: 'filled', confirmed_pending: 'filled',
    filled_in_part: 'filled', filled_in_full: 'filled', amended: 'filled', prevented: 'filled',
  },
  canceled: {
    sent: 'canceled', timed_out: 'canceled', cancel_sent: 'canceled', cancel_refused: 'canceled',
    accepted: 'canceled', accepted_pending: 'canceled', confirmed_working: 'canceled',
    confirmed_pending: 'canceled', filled_in_part: 'canceled', amended: 'canceled', prevented: 'canceled',
    canceled: 'canceled',
  },
  expired: {
    sent: 'expired', timed_out: 'expired', cancel_sent: 'expired', cancel_refused: 'expired',
    accepted: 'expired', accepted_pending: 'expired', confirmed_working: 'expired',
    confirmed_pending: 'expired', filled_in_part: 'expired', amended: 'expired', prevented: 'expired',
    expired: 'expired',
  },
  expired_in_match: {
    sent: 'expired_in_match', timed_out: 'expired_in_match', cancel_sent: 'expired_in_match',
    cancel_refused: 'expired_in_match', accepted: 'expired_in_match', accepted_pending: 'expired_in_match',
    confirmed_working: 'expired_in_match', confirmed_pending: 'expired_in_match',
    filled_in_part: 'expired_in_match', amended: 'expired_in_match', prevented: 'expired_in_match',
    expired_in_match: 'expired_in_match',
  },
  rejected: {
    sent: 'rejected', timed_out: 'rejected', cancel_sent: 'rejected', cancel_refused: 'rejected',
    rejected: 'rejected',
  },
  absent: {
    sent: 'absent', timed_out: 'absent', cancel_sent: 'absent', cancel_refused: 'absent',
    absence_proven: 'absent',
  },
} as const satisfies OrderTable;

type OrderTable = { readonly [S in OrderState]: { readonly [E in OrderEventKind]?: OrderState } };

export interface NoSuchTransition {
  readonly reason: 'no_such_transition';
  readonly from: OrderState;
  readonly event: OrderEventKind;
}

/** The state after an event, or the contradiction that makes the caller reconcile this order. */
export function nextState(from: OrderState, event: OrderEventKind): Result<OrderState, NoSuchTransition> {
  const row: OrderTable[OrderState] = NEXT[from];
  const next = row[event];
  return next === undefined ? err({ reason: 'no_such_transition', from, event }) : ok(next);
}

/** Whether nothing can change any more. Late fills are still booked; the state stays. */
export function isFinal(state: OrderState): boolean {
  return FINAL.has(state);
}

/** Whether only evidence from the venue may move the order on: no retry, no replacement until then. */
export const isInDoubt = (state: OrderState): boolean => state === 'unknown' || state === 'cancel_unknown';

export const ORDER_STATES = Object.keys(NEXT) as readonly OrderState[];
export const ORDER_EVENT_KINDS = [
  ...new Set(Object.values(NEXT).flatMap((row) => Object.keys(row))),
] as readonly OrderEventKind[];
const FINAL: ReadonlySet<OrderState> = new Set<OrderState>([
  'filled',
  'canceled',
  'expired',
  'expired_in_match',
  'rejected',
  'absent',
]);
