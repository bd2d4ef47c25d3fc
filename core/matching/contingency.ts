import type { ExpiryReason } from './expiry.ts';

/**
 * OCO: two alternatives. OTO: a working order, and one that waits for it. OTOCO: a working order, and two alternatives
 * that wait for it. OPO and OPOCO are the same with the waiting quantity taken from what the working order brought.
 */
export type ListKind = 'OCO' | 'OTO' | 'OTOCO' | 'OPO' | 'OPOCO';

/** What still binds the legs: a working order that others wait for, two alternatives, one order left alone, nothing. */
export type ListPhase = 'one_waits' | 'pair_waits' | 'alternatives' | 'last' | 'done';

/** The working leg is the one that others wait for; an OCO has none. */
export type ContingencyRole = 'working' | 'contingent';

/** What happened to a leg. `expired` is any end that nobody asked for, a refusal at activation included. */
export type LegEvent = 'triggered' | 'filled_in_part' | 'filled' | 'canceled' | 'expired';

/** What must happen to all other legs that are not ended yet, and where the list stands then. */
export interface Reaction {
  readonly others: 'keep' | 'activate' | 'cancel' | 'expire';
  /** Why the others expire; NONE when they do not. */
  readonly reason: ExpiryReason;
  /** `done` is the exchange's ALL_DONE: no leg is open. */
  readonly next: ListPhase;
}

export const FIRST_PHASE: Readonly<Record<ListKind, ListPhase>> = {
  OCO: 'alternatives',
  OTO: 'one_waits',
  OTOCO: 'pair_waits',
  OPO: 'one_waits',
  OPOCO: 'pair_waits',
};

const keepTo = (next: ListPhase): Reaction => ({ others: 'keep', reason: 'NONE', next });
const activateTo = (next: ListPhase): Reaction => ({ others: 'activate', reason: 'NONE', next });
const expireTo = (next: ListPhase, reason: ExpiryReason): Reaction => ({ others: 'expire', reason, next });
const END = keepTo('done');
const CANCEL_ALL: Reaction = { others: 'cancel', reason: 'NONE', next: 'done' };
const WORKING_ENDED = expireTo('done', 'OTO_PHASE_ONE_EXPIRED');
/** A pending order is in no book: nothing but the exchange's own hand makes it expire. */
const PENDING_TAKEN = expireTo('done', 'EXCHANGE_CANCELED');

/**
 * The whole life of an order list. A missing cell means that nothing follows.
 * Source: binance-spot.md section 4.3. Not documented there and decided here: an alternative that expires by itself
 * (self-trade prevention, refusal at activation) takes the other with it, as OCO_TRIGGER; a pending order that the
 * exchange takes away takes the list with it; and a list is ALL_DONE when no leg is open.
 */
const REACTIONS: Readonly<Record<ListPhase, Record<ContingencyRole, Partial<Record<LegEvent, Reaction>>>>> = {
  one_waits: {
    working: { filled: activateTo('last'), canceled: CANCEL_ALL, expired: WORKING_ENDED },
    contingent: { canceled: CANCEL_ALL, expired: PENDING_TAKEN },
  },
  pair_waits: {
    working: { filled: activateTo('alternatives'), canceled: CANCEL_ALL, expired: WORKING_ENDED },
    contingent: { canceled: CANCEL_ALL, expired: PENDING_TAKEN },
  },
  alternatives: {
    working: {},
    contingent: {
      triggered: expireTo('last', 'OCO_TRIGGER'),
      filled_in_part: expireTo('last', 'OCO_TRIGGER'),
      filled: expireTo('done', 'OCO_TRIGGER'),
      canceled: CANCEL_ALL,
      expired: expireTo('done', 'OCO_TRIGGER'),
    },
  },
  last: {
    working: {},
    contingent: { filled: END, canceled: END, expired: END },
  },
  done: { working: {}, contingent: {} },
};

/** What follows from an event of one leg, or undefined when nothing does. */
export function reactionTo(phase: ListPhase, role: ContingencyRole, event: LegEvent): Reaction | undefined {
  return REACTIONS[phase][role][event];
}
