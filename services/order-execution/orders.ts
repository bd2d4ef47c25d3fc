import type { OrderChange, UserStream, VenueFill } from '@tradewind/binance';
import type { Quantity } from '@tradewind/core/money';
import {
  isFinal,
  isInDoubt,
  newOrderRecord,
  type OrderEventKind,
  type OrderIntent,
  type OrderRecord,
} from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import type { LedgerOrder } from '@tradewind/proto';
import { forgetOldest } from '@tradewind/utils';
import { eventBetween, eventInto, mergeRecords } from './merge-records.ts';

/** What has become known of one of our orders. */
export interface OwnChange {
  readonly order: LedgerOrder;
  readonly before: OrderRecord;
  readonly event: OrderEventKind;
  readonly fills: readonly VenueFill[];
  readonly reason?: string;
}
/** The same of an order that somebody else has sent. */
export interface ExternalChange {
  readonly record: OrderRecord;
  /** Heard of for the first time by this session. */
  readonly isNew: boolean;
  readonly event: OrderEventKind;
  readonly fills: readonly VenueFill[];
}

export interface OrdersListener {
  changed(change: OwnChange): void;
  externalChanged(change: ExternalChange): void;
  /** Something contradicts what is known: nobody knows what is true until the venue has been asked. */
  conflicted(change: OrderChange): void;
}

/** What an order is named with before it is sent. */
export type NewOrder = Omit<LedgerOrder, 'record'>;

/** As many as the user stream keeps: later news of older orders would be taken for somebody else's by both. */
const FINALS_MAX = 10_000;

/** Our orders, and all that is known of them: ours by what we did, the venue's by what the user stream tells. */
export class Orders {
  private readonly listener: OrdersListener;
  private readonly byId = new Map<string, LedgerOrder>();
  private readonly open = new Map<string, LedgerOrder>();
  private readonly finals = new Set<string>();
  /** Client order ids by the venue's. */
  private readonly venueIds = new Map<string, string>();
  private readonly external = new Map<string, OrderRecord>();
  private stream: UserStream | undefined;

  constructor(listener: OrdersListener) {
    this.listener = listener;
  }

  /** To be called once, before the stream is started. */
  follow(stream: UserStream): void {
    this.stream = stream;
    for (const order of this.byId.values()) {
      const { record } = order;
      // Until the venue has been asked an order that was open may be anything.
      stream.account.orders.note(
        record.symbol,
        record.clientOrderId,
        isFinal(record.state) ? eventInto(record.state) : 'timed_out',
      );
    }
  }

  /** @param booked  what of it the ledger has in fills */
  restore(order: LedgerOrder, booked: Quantity, stream: UserStream): void {
    this.keep(order);
    stream.account.orders.track({ ...namedBy(order.intent), booked });
  }

  /** Names orders before their first byte leaves: their first event may come before the answer (faults.md U6). */
  add(orders: readonly NewOrder[]): void {
    for (const order of orders) {
      const named = namedBy(order.intent);
      this.keep({ ...order, record: newOrderRecord(named) });
      this.following.account.orders.track(named);
    }
  }

  /** What we did ourselves, or failed to do. */
  note(clientOrderId: string, event: OrderEventKind, reason?: string): void {
    const order = this.byId.get(clientOrderId);
    invariant(order !== undefined, 'what is noted is an order of ours');
    const view = this.following.account.orders.note(order.intent.symbol, clientOrderId, event);
    if (view !== undefined) this.update(order, view.record, event, [], reason);
  }

  /** The request goes out now. Not told: whether it has got there is what will be told. */
  sent(clientOrderId: string): void {
    this.noteQuietly(clientOrderId, 'sent');
  }

  /** It was recorded, and surely no byte of it has left. */
  forget(clientOrderId: string, reason: string): void {
    const state = this.byId.get(clientOrderId)?.record.state;
    // An order that is taken for sent must be in doubt before its absence can be proven; its cancel may have overtaken it.
    if (state === 'in_flight' || state === 'cancel_in_flight') this.noteQuietly(clientOrderId, 'timed_out');
    this.note(clientOrderId, 'absence_proven', reason);
  }

  /** The user stream has learnt something. */
  changed(change: OrderChange): void {
    const { record, isTracked } = change.order;
    const own = isTracked ? this.byId.get(record.clientOrderId) : this.byVenueOrderId(record);
    if (own === undefined) this.externalChanged(record, change.fills);
    else this.update(own, record, undefined, change.fills);
    if (change.conflict !== undefined) this.listener.conflicted(change);
  }

  /** Fills that were asked for by their order. */
  found(order: LedgerOrder, fills: readonly VenueFill[]): void {
    this.update(order, order.record, 'filled_in_part', fills);
  }

  of(clientOrderId: string): LedgerOrder | undefined {
    return this.byId.get(clientOrderId);
  }

  /** The legs of a list of ours. */
  legsOf(listClientOrderId: string): readonly LedgerOrder[] {
    return [...this.open.values()].filter((order) => order.listClientOrderId === listClientOrderId);
  }

  /** Not final; those in doubt first. */
  get allOpen(): readonly LedgerOrder[] {
    const all = [...this.open.values()];
    const isDoubtful = ({ record }: LedgerOrder): boolean => isInDoubt(record.state);
    return [...all.filter(isDoubtful), ...all.filter((order) => !isDoubtful(order))];
  }

  get openCount(): number {
    return this.open.size;
  }

  /** The latest final ones, too. */
  get all(): readonly LedgerOrder[] {
    return [...this.byId.values()];
  }

  /**
   * A canceled order answers under the id of its cancel (binance-spot.md section 5.4): after a restart the user stream, which begins
   * without venue ids, takes it for somebody else's (faults.md O11).
   */
  private byVenueOrderId({ symbol, venueOrderId }: OrderRecord): LedgerOrder | undefined {
    const clientOrderId =
      venueOrderId === undefined ? undefined : this.venueIds.get(keyOf(symbol, venueOrderId));
    return clientOrderId === undefined ? undefined : this.byId.get(clientOrderId);
  }

  private noteQuietly(clientOrderId: string, event: OrderEventKind): void {
    const order = this.byId.get(clientOrderId);
    invariant(order !== undefined, 'what is noted is an order of ours');
    const view = this.following.account.orders.note(order.intent.symbol, clientOrderId, event);
    if (view !== undefined) this.keep({ ...order, record: mergeRecords(order.record, view.record) });
  }

  private get following(): UserStream {
    invariant(this.stream !== undefined, 'orders follow a user stream before they change');
    return this.stream;
  }

  private update(
    order: LedgerOrder,
    told: OrderRecord,
    event: OrderEventKind | undefined,
    fills: readonly VenueFill[],
    reason?: string,
  ): void {
    const before = order.record;
    const record = mergeRecords(before, told);
    const updated = { ...order, record };
    this.keep(updated);
    this.listener.changed({
      order: updated,
      before,
      event: event ?? eventBetween(before, record),
      fills,
      ...(reason === undefined ? {} : { reason }),
    });
  }

  private externalChanged(told: OrderRecord, fills: readonly VenueFill[]): void {
    const key = keyOf(told.symbol, told.venueOrderId ?? -1);
    const before = this.external.get(key);
    const record = before === undefined ? told : mergeRecords(before, told);
    if (isFinal(record.state)) this.external.delete(key);
    else this.external.set(key, record);
    this.listener.externalChanged({
      record,
      isNew: before === undefined,
      event: eventBetween(before, record),
      fills,
    });
  }

  private keep(order: LedgerOrder): void {
    const { clientOrderId, symbol } = order.intent;
    const { venueOrderId } = order.record;
    this.byId.set(clientOrderId, order);
    if (venueOrderId !== undefined) this.venueIds.set(keyOf(symbol, venueOrderId), clientOrderId);
    if (!isFinal(order.record.state)) {
      this.open.set(clientOrderId, order);
      return;
    }
    this.open.delete(clientOrderId);
    this.finals.add(clientOrderId);
    const oldest = forgetOldest(this.finals, FINALS_MAX);
    if (oldest === undefined) return;
    const evicted = this.byId.get(oldest)?.record;
    this.byId.delete(oldest);
    if (evicted?.venueOrderId !== undefined)
      this.venueIds.delete(keyOf(evicted.symbol, evicted.venueOrderId));
  }
}

const namedBy = ({ clientOrderId, symbol, terms: { quantity } }: OrderIntent) =>
  quantity === undefined ? { clientOrderId, symbol } : { clientOrderId, symbol, quantity };

const keyOf = (symbol: string, venueOrderId: number): string => `${symbol} ${venueOrderId}`;
