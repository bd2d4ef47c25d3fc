import type { OrderChange } from '@tradewind/binance';
import { isFinal, type OrderRecord } from '@tradewind/core/orders';
import { OWNER } from '@tradewind/core/portfolio';
import type { Booking } from './booking.ts';
import type { EventMaker } from './event-maker.ts';
import type { Fills } from './fills.ts';
import type { ExternalChange, OrdersListener, OwnChange } from './orders.ts';

export interface BookkeeperParts {
  readonly booking: Booking;
  readonly fills: Fills;
  readonly events: EventMaker;
  readonly conflicted: (change: OrderChange) => void;
  /** Whether a command cancels an order of ours for good (faults.md O14). */
  readonly isGivenUp: (clientOrderId: string) => boolean;
}

/** Hears of a change of an order of ours, when it is known and before it is booked. */
export type Watcher = (change: OwnChange) => void;

/** Makes events of everything that becomes known of orders and money, in the order in which it becomes known. */
export class Bookkeeper implements OrdersListener {
  private readonly parts: BookkeeperParts;
  private readonly watchers: Watcher[] = [];

  constructor(parts: BookkeeperParts) {
    this.parts = parts;
  }

  watch(watcher: Watcher): void {
    this.watchers.push(watcher);
  }

  changed(change: OwnChange): void {
    const { booking, events, fills } = this.parts;
    const { order, before, event, reason } = change;
    const isNews = !isSame(before, order.record) || change.fills.some((fill) => !fills.isBooked(fill));
    if (!isNews && reason === undefined) return;
    const told = events.make(
      {
        kind: 'order',
        strategy: order.intent.strategy,
        event,
        record: order.record,
        isOurs: true,
        ...(reason === undefined ? {} : { reason }),
        ...(this.parts.isGivenUp(order.intent.clientOrderId) ? { isGivenUp: true } : {}),
      },
      { correlationId: order.correlationId },
    );
    booking.add(async () => [...(await fills.bookOwn(order, change.fills)), told]);
    for (const watcher of this.watchers) watcher(change);
  }

  externalChanged({ record, isNew, event, fills: told }: ExternalChange): void {
    const { booking, events, fills } = this.parts;
    const correlationId = `external ${record.symbol} ${record.venueOrderId}`;
    const order = events.make(
      { kind: 'order', strategy: OWNER, event, record, isOurs: false },
      { correlationId },
    );
    booking.add(async () => [...(await fills.bookExternal(record.clientOrderId, told)), order]);
    if (!isNew || isFinal(record.state)) return;
    const { symbol, clientOrderId } = record;
    const message = `order ${clientOrderId} in ${symbol} was not sent by this system: it is the owner's, and left alone`;
    const alert = events.alert(
      'warning',
      'external_order',
      message,
      { symbol, order_id: clientOrderId },
      correlationId,
    );
    booking.add(() => [alert]);
  }

  conflicted(change: OrderChange): void {
    this.parts.conflicted(change);
  }
}

const FIELDS = [
  'state',
  'venueOrderId',
  'quantity',
  'executedQuantity',
  'executedQuoteAmount',
  'preventedQuantity',
] as const satisfies readonly (keyof OrderRecord)[];

const isSame = (one: OrderRecord, other: OrderRecord): boolean =>
  FIELDS.every((field) => one[field] === other[field]);
