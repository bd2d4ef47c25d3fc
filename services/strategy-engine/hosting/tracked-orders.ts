import { add, type Quantity, type QuoteAmount, subtract, zero } from '@tradewind/core/money';
import {
  type Fill,
  isFinal,
  legsOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderRecord,
} from '@tradewind/core/orders';
import type { OrderUpdate } from '@tradewind/core/strategy';
import type { CommittedEvent, FillBody, LedgerOrder, OrderBody } from '@tradewind/proto';
import { forgetOldest } from '@tradewind/utils';

/** An order of the strategy from the moment it was wanted until nothing more can come of it. */
export interface TrackedOrder {
  readonly intent: OrderIntent;
  /** Orders of one group stand for one another: only one of them can fill. */
  readonly group: string;
  /** A leg that waits for another one to fill holds nothing back. */
  isPending: boolean;
  record: OrderRecord | undefined;
  /** What its fills, as far as they are booked here, add up to. */
  filled: Quantity;
  filledQuote: QuoteAmount;
  /** Whether the strategy has been told that the exchange has it, and that it is over. */
  isAcceptedTold: boolean;
  isEndTold: boolean;
  isCancelWanted: boolean;
  /** Fills that the strategy is told of as soon as the order's own record knows of them, too. */
  readonly untold: Fill[];
  lastTold: Fill | undefined;
}

/**
 * The orders of one strategy as its events tell of them, and what the strategy has to hear. What it hears has the order and the
 * meaning of a backtest: accepted, then fills, then the end; a fill that completes its order says so.
 */
export class TrackedOrders {
  private readonly orders = new Map<string, TrackedOrder>();
  /** Orders that are over; kept for the fills that may still come, the oldest forgotten first. */
  private readonly ended = new Map<string, TrackedOrder>();
  private readonly groups = new Map<string, readonly TrackedOrder[]>();
  private changedGroups = new Set<string>();

  submitted(intent: OrderIntent): void {
    this.add(intent, intent.clientOrderId, false);
  }

  submittedList(list: OrderListIntent): void {
    const { listClientOrderId: group } = list;
    switch (list.kind) {
      case 'OCO':
        for (const leg of legsOf(list)) this.add(leg, group, false);
        break;
      case 'OTO':
        this.add(list.working, list.working.clientOrderId, false);
        this.add(list.pending, list.pending.clientOrderId, true);
        break;
      case 'OTOCO':
        this.add(list.working, list.working.clientOrderId, false);
        this.add(list.pendingAbove, group, true);
        this.add(list.pendingBelow, group, true);
        break;
    }
  }

  /** Those that are not over, in the order in which they were wanted. */
  get open(): Iterable<TrackedOrder> {
    return this.orders.values();
  }

  /** Those of one group that are not over. */
  openOf(group: string): readonly TrackedOrder[] {
    return this.groups.get(group) ?? [];
  }

  /** The groups of which anything has changed since this was asked last. */
  takeChangedGroups(): Iterable<string> {
    const changed = this.changedGroups;
    if (changed.size > 0) this.changedGroups = new Set();
    return changed;
  }

  get(clientOrderId: string): TrackedOrder | undefined {
    return this.orders.get(clientOrderId) ?? this.ended.get(clientOrderId);
  }

  /** Of an order that was never taken: it is over. */
  refused(clientOrderId: string, reason: string, explanation: string, timeMs: number): OrderUpdate[] {
    const order = this.orders.get(clientOrderId);
    if (order === undefined || order.isEndTold) return [];
    // No fill can come of what the exchange has never had.
    this.remove(order);
    return [{ ...headOf(order, timeMs), kind: 'refused', reason, explanation }];
  }

  /**
   * Takes over what a ledger knows of open orders, and goes back to where the strategy stood before the events that it has missed;
   * these are then told like any others.
   */
  restore(orders: readonly LedgerOrder[], missed: readonly CommittedEvent[]): void {
    for (const { intent, listClientOrderId, record } of orders) {
      const events = missed.filter((event) => isAbout(event, intent.clientOrderId));
      if (isFinal(record.state) && events.length === 0) continue;
      const fills = events.filter((event) => event.kind === 'fill');
      const changes = events.filter((event) => event.kind === 'order');
      const isNew = changes.some(({ event }) => event === 'sent');
      this.add(intent, listClientOrderId ?? intent.clientOrderId, record.state === 'pending');
      const order = this.orders.get(intent.clientOrderId)!;
      order.filled = fills.reduce((sum, { fill }) => subtract(sum, fill.quantity), record.executedQuantity);
      order.filledQuote = fills.reduce(
        (sum, { quoteAmount }) => subtract(sum, quoteAmount),
        record.executedQuoteAmount,
      );
      order.isAcceptedTold = !isNew && record.state !== 'created' && !changes.some(isAcceptance);
      if (changes.length === 0) order.record = record;
    }
  }

  /** Takes one event of an order of this strategy; says what the strategy has to hear. */
  apply(event: CommittedEvent): OrderUpdate[] {
    if (event.kind === 'order') return this.changed(event, event.atMs);
    if (event.kind === 'fill') return this.filled(event);
    return [];
  }

  private changed({ record, event, reason }: OrderBody, timeMs: number): OrderUpdate[] {
    const order = this.get(record.clientOrderId);
    if (order === undefined) return [];
    this.changedGroups.add(order.group);
    order.record = record;
    if (record.state !== 'pending' && record.state !== 'created' && record.state !== 'in_flight')
      order.isPending = false;
    if (record.state === 'working' || event === 'cancel_refused') order.isCancelWanted = false;
    const updates: OrderUpdate[] = [];
    if (isAtExchange(record)) this.tellAccepted(order, timeMs, updates);
    this.tellFills(order, updates);
    this.tellEnd(order, record, reason, timeMs, updates);
    return updates;
  }

  private filled({ fill, quoteAmount }: FillBody): OrderUpdate[] {
    const order = this.get(fill.clientOrderId);
    if (order === undefined) return [];
    this.changedGroups.add(order.group);
    order.filled = add(order.filled, fill.quantity);
    order.filledQuote = add(order.filledQuote, quoteAmount);
    order.isPending = false;
    order.untold.push(fill);
    const updates: OrderUpdate[] = [];
    this.tellAccepted(order, fill.timeMs, updates);
    this.tellFills(order, updates);
    return updates;
  }

  private tellAccepted(order: TrackedOrder, timeMs: number, updates: OrderUpdate[]): void {
    if (order.isAcceptedTold || order.isEndTold) return;
    order.isAcceptedTold = true;
    updates.push({ ...headOf(order, timeMs), kind: 'accepted' });
  }

  /** Whether a fill was the last one only the order's record can say: a market order for a quote amount has no quantity. */
  private tellFills(order: TrackedOrder, updates: OrderUpdate[]): void {
    const { record, untold } = order;
    if (record === undefined || record.executedQuantity < order.filled) return;
    const isWhole = record.state === 'filled' && record.executedQuantity === order.filled;
    for (const [place, fill] of untold.entries()) {
      const isLast = isWhole && place === untold.length - 1 && !order.isEndTold;
      if (isLast) order.isEndTold = true;
      updates.push({ ...headOf(order, fill.timeMs), kind: isLast ? 'filled' : 'filled_in_part', fill });
      order.lastTold = fill;
    }
    untold.length = 0;
    if (order.isEndTold) this.end(order);
  }

  private tellEnd(
    order: TrackedOrder,
    record: OrderRecord,
    reason: string | undefined,
    timeMs: number,
    updates: OrderUpdate[],
  ): void {
    if (order.isEndTold) return;
    const { state } = record;
    const head = headOf(order, timeMs);
    switch (state) {
      case 'filled':
        // Its last fill was told before anybody knew that it was the last: the strategy must still hear that the order is over.
        if (order.lastTold === undefined || record.executedQuantity !== order.filled) return;
        updates.push({ ...head, kind: 'filled', fill: order.lastTold });
        break;
      case 'canceled':
        updates.push({ ...head, kind: 'canceled' });
        break;
      case 'expired':
      case 'expired_in_match':
        updates.push({ ...head, kind: 'expired', reason: reason ?? state });
        break;
      case 'rejected':
      case 'absent':
        updates.push({ ...head, kind: 'refused', reason: reason ?? state, explanation: reason ?? state });
        break;
      default:
        return;
    }
    order.isEndTold = true;
    this.end(order);
  }

  private add(intent: OrderIntent, group: string, isPending: boolean): void {
    const order: TrackedOrder = {
      intent,
      group,
      isPending,
      record: undefined,
      filled: zero(),
      filledQuote: zero(),
      isAcceptedTold: false,
      isEndTold: false,
      isCancelWanted: false,
      untold: [],
      lastTold: undefined,
    };
    this.orders.set(intent.clientOrderId, order);
    this.groups.set(group, [...this.openOf(group), order]);
    this.changedGroups.add(group);
  }

  private remove(order: TrackedOrder): void {
    const { group } = order;
    if (!this.orders.delete(order.intent.clientOrderId)) return;
    const others = this.openOf(group).filter((each) => each !== order);
    if (others.length > 0) this.groups.set(group, others);
    else this.groups.delete(group);
    this.changedGroups.add(group);
  }

  private end(order: TrackedOrder): void {
    const { clientOrderId } = order.intent;
    this.remove(order);
    this.ended.set(clientOrderId, order);
    forgetOldest(this.ended, ENDED_KEPT);
  }
}

/** Late fills come within seconds of the end. */
const ENDED_KEPT = 1000;

const headOf = ({ intent: { clientOrderId, symbol, side, tag } }: TrackedOrder, timeMs: number) => ({
  clientOrderId,
  symbol,
  side,
  tag,
  timeMs,
});

const isAbout = (event: CommittedEvent, clientOrderId: string): boolean =>
  (event.kind === 'order' && event.record.clientOrderId === clientOrderId) ||
  (event.kind === 'fill' && event.fill.clientOrderId === clientOrderId);

const ACCEPTANCES: ReadonlySet<string> = new Set([
  'accepted',
  'accepted_pending',
  'confirmed_working',
  'confirmed_pending',
]);
const isAcceptance = ({ event }: OrderBody): boolean => ACCEPTANCES.has(event);

/** Whether the exchange has, or had, the order. */
function isAtExchange({ state }: OrderRecord): boolean {
  switch (state) {
    case 'pending':
    case 'working':
    case 'filled':
    case 'canceled':
    case 'expired':
    case 'expired_in_match':
      return true;
    default:
      return false;
  }
}
