import { add, maximum, type Quantity, subtract, zero } from '@tradewind/core/money';
import {
  applyEvent,
  BookedFills,
  type FillKey,
  isFinal,
  isInDoubt,
  newOrderRecord,
  type OrderConflict,
  type OrderEventKind,
  type OrderRecord,
  type OrderState,
} from '@tradewind/core/orders';
import { forgetOldest } from '@tradewind/utils';
import type { Finding, VenueFill } from './finding.ts';

/** An order of ours, to be named before it is sent: its first event may come before the answer (faults.md U6). */
export interface TrackedOrder {
  readonly clientOrderId: string;
  readonly symbol: string;
  /** Left out for a market order by quote amount. */
  readonly quantity?: Quantity;
  /** What of it the ledger has already, when it is named again after a restart: those fills are told by nobody any more. */
  readonly booked?: Quantity;
}

/** What a finding changed. A repetition changes nothing and is not told. */
export interface OrderChange {
  readonly order: OrderView;
  /** Not booked before; to be booked now, whatever the state says: a fill may come after the end. */
  readonly fills: readonly VenueFill[];
  /** What cannot be true beside what is known: reconcile this order; for a second venue order, halt the symbol. */
  readonly conflict?: OrderConflict;
}

export interface OrderView {
  readonly record: OrderRecord;
  /** False for an order that was never named here: placed by hand, by another key, or so long ago that it was let go (faults.md U10). */
  readonly isTracked: boolean;
  /** Executed by the venue's figures, and in no fill yet. */
  readonly unbooked: Quantity;
}

interface Entry {
  readonly record: OrderRecord;
  readonly isTracked: boolean;
  readonly booked: Quantity;
  /** Which event gave an order of others its name: the earliest, because cancels and amendments rename it. */
  readonly namedBy: number;
}

/** Final orders kept for late and repeated news. Open ones are never let go; the venue's own filters bound them. */
const FINAL_ORDERS_MAX = 10_000;

/**
 * What is known of the account's orders. It is fed with findings of every source, and any order of the same findings ends in the
 * same state: figures only grow, final states do not reopen, a fill is told once (faults.md I3, I10, U4-U7).
 */
export class OrderProjection {
  private readonly byVenueId = new Map<string, Entry>();
  private readonly byClientId = new Map<string, Entry>();
  /** Keys of final orders, those that ended first at the front. */
  private readonly finals = new Set<string>();
  private readonly fills = new BookedFills();
  private readonly finalsMax: number;

  constructor(finalsMax: number = FINAL_ORDERS_MAX) {
    this.finalsMax = finalsMax;
  }

  /** An order that the venue told of before it was named keeps what is known of it, and is ours from now on. */
  track({ booked = zero(), ...order }: TrackedOrder): void {
    const nameKey = keyOf(order.symbol, order.clientOrderId);
    const known = this.byClientId.get(nameKey);
    if (known?.isTracked === true) return;
    const record = newOrderRecord(order);
    const entry: Entry = {
      record: known === undefined ? record : { ...record, ...known.record },
      isTracked: true,
      booked: known === undefined ? booked : add(booked, known.booked),
      namedBy: -1,
    };
    this.keep(entry, nameKey);
  }

  /** What we did or failed to do ourselves: `sent`, `timed_out`, `cancel_sent`, `cancel_refused`, `absence_proven`, `rejected`. */
  note(symbol: string, clientOrderId: string, kind: OrderEventKind): OrderView | undefined {
    const nameKey = keyOf(symbol, clientOrderId);
    const entry = this.byClientId.get(nameKey);
    if (entry === undefined) return undefined;
    const next = { ...entry, record: applyEvent(entry.record, { kind }).record };
    this.keep(next, nameKey);
    return viewOf(next);
  }

  /**
   * Adds one finding. `deliver` is called when it says anything new, before it counts: if it throws, the finding has not been
   * taken, and the same one will be new again.
   */
  merge(finding: Finding, deliver: (change: OrderChange) => void): void {
    const known = this.byVenueId.get(keyOf(finding.symbol, finding.orderId));
    const ours = known?.isTracked === true ? undefined : this.trackedUnder(finding);
    const isAdoption = known !== undefined && ours !== undefined && ours.record.venueOrderId === undefined;
    const named = isAdoption ? adopted(ours, known) : (known ?? ours);
    const isSecond =
      named?.record.venueOrderId !== undefined && named.record.venueOrderId !== finding.orderId;
    const entry = named === undefined || isSecond ? untracked(finding) : renamed(named, finding);
    const merged = applyEvent(entry.record, finding.event);
    const fills = this.newFillsOf(finding);
    const next: Entry = {
      ...entry,
      record: merged.record,
      booked: fills.reduce((sum, fill) => add(sum, fill.quantity), entry.booked),
    };
    const conflict: OrderConflict | undefined = isSecond
      ? { reason: 'second_venue_order', known: named.record.venueOrderId as number, other: finding.orderId }
      : merged.conflict;
    const isNew = named === undefined || isSecond || isAdoption || !isSame(named.record, next.record);
    if (isNew || fills.length > 0 || conflict !== undefined) {
      deliver({ order: viewOf(next), fills, ...(conflict === undefined ? {} : { conflict }) });
    }
    for (const fill of fills) this.fills.add(fill);
    const before = known ?? ours;
    if (before !== undefined && !isSecond) this.unname(before, next);
    this.keep(next);
  }

  byClientOrderId(symbol: string, clientOrderId: string): OrderView | undefined {
    const entry = this.byClientId.get(keyOf(symbol, clientOrderId));
    return entry && viewOf(entry);
  }

  byOrderId(symbol: string, orderId: number): OrderView | undefined {
    const entry = this.byVenueId.get(keyOf(symbol, orderId));
    return entry && viewOf(entry);
  }

  /** Every order that can still change, or whose fills are not all booked; those in doubt first (faults.md R6). */
  unsettled(): readonly OrderView[] {
    const entries = new Set([...this.byClientId.values(), ...this.byVenueId.values()]);
    const views = [...entries]
      .map(viewOf)
      .filter(({ record, unbooked }) => !isFinal(record.state) || unbooked > zero<Quantity>());
    const inDoubt = views.filter(({ record }) => isInDoubt(record.state));
    return [...inDoubt, ...views.filter(({ record }) => !isInDoubt(record.state))];
  }

  /** Every fill of the symbol up to this trade id has been booked; it bounds what is remembered of fills. */
  forgetFillsThrough(symbol: string, tradeId: number): void {
    this.fills.forgetThrough(symbol, tradeId);
  }

  isBooked(fill: FillKey): boolean {
    return this.fills.has(fill);
  }

  /** How many single fills are remembered. */
  get rememberedFills(): number {
    return this.fills.size;
  }

  /** An order of ours, by the original client id, then by the id that the event carries (faults.md O11). */
  private trackedUnder({ symbol, clientOrderIds }: Finding): Entry | undefined {
    for (const name of clientOrderIds) {
      const named = this.byClientId.get(keyOf(symbol, name));
      if (named?.isTracked === true) return named;
    }
    return undefined;
  }

  private newFillsOf({ fills }: Finding): readonly VenueFill[] {
    const seen = new Set<number>();
    return fills.filter((fill) => {
      const isNew = !this.fills.has(fill) && !seen.has(fill.tradeId);
      seen.add(fill.tradeId);
      return isNew;
    });
  }

  /** @param nameKey  of its name, where it was made already: an order that is about to leave waits for this */
  private keep(entry: Entry, nameKey = keyOf(entry.record.symbol, entry.record.clientOrderId)): void {
    const { symbol, venueOrderId, state } = entry.record;
    const venueKey = venueOrderId === undefined ? undefined : keyOf(symbol, venueOrderId);
    // A second order of the venue under a name of ours does not take that name.
    if (entry.isTracked || this.byClientId.get(nameKey)?.isTracked !== true)
      this.byClientId.set(nameKey, entry);
    if (venueKey !== undefined) this.byVenueId.set(venueKey, entry);
    if (isFinal(state)) this.letGo(venueKey ?? nameKey);
  }

  private unname(before: Entry, after: Entry): void {
    if (before.record.clientOrderId === after.record.clientOrderId) return;
    const key = keyOf(before.record.symbol, before.record.clientOrderId);
    if (this.byClientId.get(key) === before) this.byClientId.delete(key);
  }

  private letGo(key: string): void {
    this.finals.add(key);
    const oldest = forgetOldest(this.finals, this.finalsMax);
    if (oldest === undefined) return;
    const entry = this.byVenueId.get(oldest) ?? this.byClientId.get(oldest);
    this.byVenueId.delete(oldest);
    if (entry === undefined) return;
    const nameKey = keyOf(entry.record.symbol, entry.record.clientOrderId);
    if (this.byClientId.get(nameKey) === entry) this.byClientId.delete(nameKey);
  }
}

/** A venue id and a client id cannot be taken for one another: one is a number, printed behind a sign that no client id has. */
const keyOf = (symbol: string, id: string | number): string =>
  typeof id === 'number' ? `${symbol} #${id}` : `${symbol} ${id}`;

const untracked = ({ symbol, clientOrderIds, executionId }: Finding): Entry => ({
  record: newOrderRecord({ clientOrderId: clientOrderIds[0] ?? '', symbol }),
  isTracked: false,
  booked: zero(),
  namedBy: executionId ?? Number.POSITIVE_INFINITY,
});

/**
 * An order of ours that the venue has told of under a name that we could not know, such as that of a cancel (binance-spot.md
 * section 5.4): what was taken for somebody else's is evidence like any other, and what was told of it stays told.
 */
const adopted = (ours: Entry, { record: known, booked }: Entry): Entry => ({
  ...ours,
  record: EVIDENCE_OF[known.state].reduce(
    (record, kind) => applyEvent(record, { ...known, kind }).record,
    ours.record,
  ),
  booked,
});

/** What an order must have gone through to be in a state. */
const EVIDENCE_OF: Readonly<Record<OrderState, readonly OrderEventKind[]>> = {
  created: ['amended'],
  in_flight: ['amended'],
  unknown: ['amended'],
  pending: ['accepted_pending'],
  working: ['accepted'],
  cancel_in_flight: ['accepted', 'cancel_sent'],
  cancel_unknown: ['accepted', 'cancel_sent', 'timed_out'],
  filled: ['filled_in_full'],
  canceled: ['canceled'],
  expired: ['expired'],
  expired_in_match: ['expired_in_match'],
  rejected: ['rejected'],
  absent: ['amended'],
};

/** Only the name of an order of others may change: ours is the one that we gave it. */
function renamed(entry: Entry, { clientOrderIds, executionId }: Finding): Entry {
  const [name] = clientOrderIds;
  const isOfOthers = !entry.isTracked && name !== undefined;
  if (
    !isOfOthers ||
    !(entry.record.clientOrderId === '' || (executionId ?? Number.POSITIVE_INFINITY) < entry.namedBy)
  )
    return entry;
  return {
    ...entry,
    record: { ...entry.record, clientOrderId: name },
    namedBy: executionId ?? Number.POSITIVE_INFINITY,
  };
}

const viewOf = ({ record, isTracked, booked }: Entry): OrderView => ({
  record,
  isTracked,
  unbooked: maximum(zero<Quantity>(), subtract(record.executedQuantity, booked)),
});

const FIELDS = [
  'state',
  'venueOrderId',
  'clientOrderId',
  'quantity',
  'executedQuantity',
  'executedQuoteAmount',
  'preventedQuantity',
] as const satisfies readonly (keyof OrderRecord)[];

const isSame = (a: OrderRecord, b: OrderRecord): boolean => FIELDS.every((field) => a[field] === b[field]);
