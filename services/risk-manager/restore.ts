import { add, type Quantity, type QuoteAmount, zero } from '@tradewind/core/money';
import { isFinal, ordersOf } from '@tradewind/core/orders';
import { type BreakerStates, NOTHING_TRIPPED, type RiskDesk, type Wanted } from '@tradewind/core/risk';
import type { CommittedEvent, JournalQuery, Ledger, LedgerOrder, LedgerState } from '@tradewind/proto';
import type { Accounts } from './accounts.ts';
import { dayOf } from './equity-day.ts';
import { throughSeqOf } from './event-maker.ts';
import type { RecentOrders } from './recent-orders.ts';
import type { Reservations } from './reservations.ts';

const PAGE = 1_000;
/** Changes of control that are looked through for the last one of our own. */
const CONTROLS_MAX = 100;
/** Valuations that are looked through for one that a later one did not know of: more than instances value one midnight. */
const VALUATIONS_MAX = 10;
/** A loss is written right after the fill that made it: what a crash left unwritten is among the last events. */
const UNWRITTEN_MAX = 10_000;

export interface RestoreParts {
  readonly ledger: Pick<Ledger, 'load' | 'read'>;
  readonly accounts: Accounts;
  readonly reservations: Reservations;
  readonly desk: RiskDesk;
  readonly recent: RecentOrders;
}

interface Restored {
  readonly seq: number;
  readonly breakers: BreakerStates;
}

/**
 * Takes everything over from the ledger: books, losses in a row, what is stopped, equity of day start and peak, and every order that
 * may be at the exchange, or of which fills are still to be booked, in full (faults.md K2, K8); and the orders that count against
 * rates. Rejects when the ledger does.
 * @returns the event up to which everything is known, and what the ledger has of breakers
 */
export async function restoreFrom(parts: RestoreParts): Promise<Restored> {
  const { ledger, accounts, desk } = parts;
  const state = await ledger.load();
  const controls = await ledger.read({
    afterSeq: 0,
    limit: CONTROLS_MAX,
    kinds: ['control'],
    isReversed: true,
  });
  // That of the state: one that was written since then is followed, and knows of movements that the state's does not.
  const valuations = await ledger.read({
    afterSeq: state.seq + 1,
    limit: VALUATIONS_MAX,
    kinds: ['valuation'],
    isReversed: true,
  });
  const orders = await ordersToAdopt(ledger, state);
  const wishes = await parts.recent.read(ledger, state.seq);
  const ours = controls.find(({ service }) => service === 'risk-manager');
  const lossesFrom = Math.max((ours && throughSeqOf(ours.id)) ?? 0, state.seq - UNWRITTEN_MAX);
  const losses = await readAll(ledger, { afterSeq: lossesFrom, kinds: ['fill'] }, state.seq);
  const valuation = valuationToTrust(valuations);
  const unvalued = await unvaluedMovements(ledger, valuation, state.seq);

  accounts.restore(valuation?.kind === 'valuation' ? { ...state, valuation } : state);
  for (const event of unvalued) accounts.takeMissed(event);
  const inLedger = state.breakers ?? NOTHING_TRIPPED;
  desk.join(inLedger);
  if (ours?.kind === 'control') desk.join(ours.breakers);
  countLosses(desk, losses);
  for (const order of orders) adopt(parts.reservations, order);
  for (const wish of wishes) parts.recent.count(wish);
  return { seq: state.seq, breakers: inLedger };
}

/**
 * The last valuation, or one of the same day before it of which it did not know: that one has said for every instance what the day began
 * with, and the other was made by one that had not heard of it yet, within the same moment of midnight (faults.md K2).
 * @param valuations  the latest first
 */
function valuationToTrust([last, ...before]: readonly CommittedEvent[]): CommittedEvent | undefined {
  let trusted = last;
  for (const each of before) {
    if (trusted === undefined || dayOf(each.atMs) !== dayOf(trusted.atMs)) break;
    if (each.seq > (throughSeqOf(trusted.id) ?? trusted.seq)) trusted = each;
  }
  return trusted;
}

/** What the last valuation does not know yet. It may have been written after some of it. */
async function unvaluedMovements(
  ledger: RestoreParts['ledger'],
  valuation: CommittedEvent | undefined,
  throughSeq: number,
): Promise<readonly CommittedEvent[]> {
  if (valuation === undefined) return [];
  const afterSeq = throughSeqOf(valuation.id) ?? valuation.seq;
  return readAll(ledger, { afterSeq, kinds: ['balance', 'fill'] }, throughSeq);
}

/** Round trips that ended after the last state of breakers was made, which the ledger has and that state has not. */
function countLosses(desk: RiskDesk, fills: readonly CommittedEvent[]): void {
  for (const event of fills) {
    if (event.kind !== 'fill' || event.roundTripPnl === undefined) continue;
    const { strategy, timeMs } = event.fill;
    desk.roundTripClosed({ strategy, realizedPnl: event.roundTripPnl, atMs: timeMs });
  }
}

interface ToAdopt {
  readonly wanted: Wanted;
  readonly members: readonly LedgerOrder[];
  /** What of each order is booked, by client order id. */
  readonly booked: ReadonlyMap<string, Booked>;
}
interface Booked {
  readonly quantity: Quantity;
  readonly quoteAmount: QuoteAmount;
}

async function ordersToAdopt(
  ledger: RestoreParts['ledger'],
  state: LedgerState,
): Promise<readonly ToAdopt[]> {
  const groups = new Map<string, LedgerOrder[]>();
  for (const order of state.orders) {
    const key = order.listClientOrderId ?? order.intent.clientOrderId;
    groups.set(key, [...(groups.get(key) ?? []), order]);
  }
  const found: ToAdopt[] = [];
  const isSettled = await settledOrders(ledger);
  for (const [id, members] of groups) {
    if (members.every(isSettled)) continue;
    const wanted =
      members[0]!.listClientOrderId === undefined ? members[0]!.intent : await listOf(ledger, id);
    const booked = new Map<string, Booked>();
    // Of each: what the exchange has said of an order may be older than a fill that is booked.
    for (const { clientOrderId } of ordersOf(wanted))
      booked.set(clientOrderId, await bookedOf(ledger, clientOrderId, state.seq));
    found.push({ wanted, members, booked });
  }
  return found;
}

/**
 * Tells orders that have ended, and of which every fill is booked. Of those from before the newest fills that is taken for granted:
 * order execution asks for what is missing within a sweep.
 */
async function settledOrders(ledger: RestoreParts['ledger']): Promise<(order: LedgerOrder) => boolean> {
  const newest = await ledger.read({ afterSeq: 0, limit: PAGE, kinds: ['fill'], isReversed: true });
  const knownSinceMs = newest.length < PAGE ? Number.NEGATIVE_INFINITY : (newest.at(-1)?.atMs ?? 0);
  const booked = new Map<string, Quantity>();
  for (const event of newest) {
    if (event.kind !== 'fill') continue;
    const { clientOrderId, quantity } = event.fill;
    booked.set(clientOrderId, add(booked.get(clientOrderId) ?? zero<Quantity>(), quantity));
  }
  return ({ record, createdAtMs }) =>
    isFinal(record.state) &&
    (createdAtMs <= knownSinceMs || (booked.get(record.clientOrderId) ?? zero()) >= record.executedQuantity);
}

/** A list stands as one wish in the journal; its orders alone do not say what they are to one another. */
async function listOf(ledger: RestoreParts['ledger'], listClientOrderId: string): Promise<Wanted> {
  const query = { afterSeq: 0, limit: 1, kinds: ['intent'], clientOrderId: listClientOrderId } as const;
  const [event] = await ledger.read(query);
  if (event?.kind !== 'intent') throw new Error(`the ledger has no intent of the list ${listClientOrderId}`);
  return event.wanted;
}

async function bookedOf(
  ledger: RestoreParts['ledger'],
  clientOrderId: string,
  throughSeq: number,
): Promise<Booked> {
  let quantity: Quantity = zero();
  let quoteAmount: QuoteAmount = zero();
  for (const event of await readAll(ledger, { afterSeq: 0, kinds: ['fill'], clientOrderId }, throughSeq)) {
    if (event.kind !== 'fill') continue;
    quantity = add(quantity, event.fill.quantity);
    quoteAmount = add(quoteAmount, event.quoteAmount);
  }
  return { quantity, quoteAmount };
}

function adopt(reservations: Reservations, { wanted, members, booked }: ToAdopt): void {
  reservations.written(wanted);
  for (const { clientOrderId } of ordersOf(wanted)) {
    const { quantity, quoteAmount } = booked.get(clientOrderId)!;
    reservations.filled(clientOrderId, quantity, quoteAmount);
    const member = members.find(({ intent }) => intent.clientOrderId === clientOrderId);
    // The ledger leaves out what ended long ago.
    if (member === undefined) reservations.endedLongAgo(clientOrderId);
    else reservations.changed(member.record);
  }
}

/** Everything of a kind up to an event: what comes later is followed. */
async function readAll(
  ledger: RestoreParts['ledger'],
  query: Omit<JournalQuery, 'limit'>,
  throughSeq: number,
): Promise<readonly CommittedEvent[]> {
  const found: CommittedEvent[] = [];
  for (let { afterSeq } = query; ; ) {
    const page = await ledger.read({ ...query, afterSeq, limit: PAGE });
    found.push(...page.filter(({ seq }) => seq <= throughSeq));
    if (page.length < PAGE) return found;
    afterSeq = page.at(-1)!.seq;
  }
}
