import { isPositive, maximum, minimum, type Quantity, type QuoteAmount, zero } from '../money/index.ts';
import { type NoSuchTransition, nextState, type OrderEventKind, type OrderState } from './life.ts';

/** What is known of one order. Quantities are the venue's cumulative figures; they only ever grow (`quantity` only falls). */
export interface OrderRecord {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly state: OrderState;
  readonly venueOrderId?: number;
  /** As ordered or as last amended, which is always downward; absent for a market order by quote amount. */
  readonly quantity?: Quantity;
  readonly executedQuantity: Quantity;
  readonly executedQuoteAmount: QuoteAmount;
  /** What self-trade prevention took away; it never trades. */
  readonly preventedQuantity: Quantity;
}

/** One fact about one order, with the cumulative figures that the message carried, if any. */
export interface OrderEvent {
  readonly kind: OrderEventKind;
  readonly venueOrderId?: number;
  readonly quantity?: Quantity;
  readonly executedQuantity?: Quantity;
  readonly executedQuoteAmount?: QuoteAmount;
  readonly preventedQuantity?: Quantity;
}

/** What cannot be true beside what is known: reconcile this order; for a second venue order, halt the symbol. */
export type OrderConflict =
  | NoSuchTransition
  | { readonly reason: 'second_venue_order'; readonly known: number; readonly other: number }
  | { readonly reason: 'executed_more_than_ordered'; readonly ordered: Quantity; readonly executed: Quantity }
  | { readonly reason: 'rejected_with_fills'; readonly executed: Quantity };

export interface MergedOrder {
  readonly record: OrderRecord;
  readonly conflict?: OrderConflict;
}

export function newOrderRecord(order: {
  readonly clientOrderId: string;
  readonly symbol: string;
  readonly quantity?: Quantity;
}): OrderRecord {
  return {
    ...order,
    state: 'created',
    executedQuantity: zero(),
    executedQuoteAmount: zero(),
    preventedQuantity: zero(),
  };
}

/**
 * Adds one event to what is known. Duplicates change nothing, late events take nothing back, and the evidence of one
 * order ends in the same record in whatever order it comes.
 *
 * The figures are merged even when the event contradicts the state: money that moved is booked in any case. Nothing is
 * taken from an event of another venue order.
 */
export function applyEvent(record: OrderRecord, event: OrderEvent): MergedOrder {
  const venueOrderId = record.venueOrderId ?? event.venueOrderId;
  if (event.venueOrderId !== undefined && event.venueOrderId !== venueOrderId) {
    const known = venueOrderId as number;
    return { record, conflict: { reason: 'second_venue_order', known, other: event.venueOrderId } };
  }
  const next = nextState(record.state, event.kind);
  const quantity = smallerKnown(record.quantity, event.quantity);
  const merged = recordOf({
    clientOrderId: record.clientOrderId,
    symbol: record.symbol,
    state: next.ok ? next.value : record.state,
    venueOrderId,
    quantity,
    executedQuantity: maximum(record.executedQuantity, event.executedQuantity ?? zero()),
    // The venue answers a negative figure for very old orders, meaning that it does not know; the larger one wins.
    executedQuoteAmount: maximum(record.executedQuoteAmount, event.executedQuoteAmount ?? zero()),
    preventedQuantity: maximum(record.preventedQuantity, event.preventedQuantity ?? zero()),
  });
  const conflict = next.ok ? contradiction(merged) : next.error;
  return conflict === undefined ? { record: merged } : { record: merged, conflict };
}

/** All of a record, known or not. */
type KnownRecord = Omit<OrderRecord, 'venueOrderId' | 'quantity'> & {
  readonly venueOrderId: number | undefined;
  readonly quantity: Quantity | undefined;
};

/**
 * What is not known is left out. An order waits for three of these, and to spread what may be nothing into a record takes several times as
 * long as to add what there is.
 */
export function recordOf(known: KnownRecord): OrderRecord {
  const { clientOrderId, symbol, state, venueOrderId, quantity } = known;
  const { executedQuantity, executedQuoteAmount, preventedQuantity } = known;
  const record: { -readonly [Field in keyof OrderRecord]: OrderRecord[Field] } = {
    clientOrderId,
    symbol,
    state,
    executedQuantity,
    executedQuoteAmount,
    preventedQuantity,
  };
  if (venueOrderId !== undefined) record.venueOrderId = venueOrderId;
  if (quantity !== undefined) record.quantity = quantity;
  return record;
}

function contradiction(record: OrderRecord): OrderConflict | undefined {
  const executed = record.executedQuantity;
  if (record.quantity !== undefined && executed > record.quantity) {
    return { reason: 'executed_more_than_ordered', ordered: record.quantity, executed };
  }
  if ((record.state === 'rejected' || record.state === 'absent') && isPositive(executed)) {
    return { reason: 'rejected_with_fills', executed };
  }
  return undefined;
}

function smallerKnown(known: Quantity | undefined, heard: Quantity | undefined): Quantity | undefined {
  if (known === undefined || heard === undefined) return known ?? heard;
  return minimum(known, heard);
}

/**
 * What tells one fill from all others. The trade id alone does not: an account that trades with itself, which self-trade
 * prevention NONE allows, has two fills of one trade (binance-spot.md sections 9.5 and 11).
 */
export interface FillKey {
  readonly symbol: string;
  readonly tradeId: number;
  /** The venue's. */
  readonly orderId: number;
}

/**
 * Which fills are already booked: answers, events and sweeps all carry the same ones. Grows by one number a fill;
 * `forgetThrough` bounds it.
 */
export class BookedFills {
  /** By symbol and trade id: the orders that have their fill of that trade booked, two at most. */
  private readonly bySymbol = new Map<
    string,
    { through: number; readonly orderIds: Map<number, readonly number[]> }
  >();

  /** Whether a fill has been shown before: for who books first and adds only what could be booked. */
  has({ symbol, tradeId, orderId }: FillKey): boolean {
    const booked = this.bySymbol.get(symbol);
    if (booked === undefined) return false;
    return tradeId <= booked.through || booked.orderIds.get(tradeId)?.includes(orderId) === true;
  }

  /** True the first time a fill is shown, false for every repetition. */
  add(fill: FillKey): boolean {
    if (this.has(fill)) return false;
    const { orderIds } = this.of(fill.symbol);
    orderIds.set(fill.tradeId, [...(orderIds.get(fill.tradeId) ?? []), fill.orderId]);
    return true;
  }

  /**
   * Declares every fill of the symbol up to and including this trade id as booked. Trade ids grow with time per symbol,
   * so a reconciled watermark replaces the single ids.
   */
  forgetThrough(symbol: string, tradeId: number): void {
    const booked = this.of(symbol);
    booked.through = Math.max(booked.through, tradeId);
    for (const id of booked.orderIds.keys()) if (id <= booked.through) booked.orderIds.delete(id);
  }

  /** How many single trades are held. */
  get size(): number {
    let count = 0;
    for (const booked of this.bySymbol.values()) count += booked.orderIds.size;
    return count;
  }

  private of(symbol: string): { through: number; readonly orderIds: Map<number, readonly number[]> } {
    let booked = this.bySymbol.get(symbol);
    if (booked === undefined) {
      booked = { through: -1, orderIds: new Map() };
      this.bySymbol.set(symbol, booked);
    }
    return booked;
  }
}
