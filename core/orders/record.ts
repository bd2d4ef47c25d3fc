import { isPositive, maximum, minimum, type Quantity, type QuoteAmount, zero } from '../money/index.ts';
import { type NoSuchTransition, nextState, type OrderEventKind, type OrderState } from './life.ts';
import type { Fill } from './order.ts';

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
  const merged: OrderRecord = {
    clientOrderId: record.clientOrderId,
    symbol: record.symbol,
    state: next.ok ? next.value : record.state,
    ...(venueOrderId === undefined ? {} : { venueOrderId }),
    ...(quantity === undefined ? {} : { quantity }),
    executedQuantity: maximum(record.executedQuantity, event.executedQuantity ?? zero()),
    // The venue answers a negative figure for very old orders, meaning that it does not know; the larger one wins.
    executedQuoteAmount: maximum(record.executedQuoteAmount, event.executedQuoteAmount ?? zero()),
    preventedQuantity: maximum(record.preventedQuantity, event.preventedQuantity ?? zero()),
  };
  const conflict = next.ok ? contradiction(merged) : next.error;
  return conflict === undefined ? { record: merged } : { record: merged, conflict };
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
 * Which fills are already booked, by (symbol, trade id): answers, events and sweeps all carry the same ones.
 * Grows by one number a fill; `forgetThrough` bounds it.
 */
export class BookedFills {
  private readonly bySymbol = new Map<string, { through: number; readonly tradeIds: Set<number> }>();

  /** Whether a fill has been shown before: for who books first and adds only what could be booked. */
  has({ symbol, tradeId }: Pick<Fill, 'symbol' | 'tradeId'>): boolean {
    const booked = this.bySymbol.get(symbol);
    return booked !== undefined && (tradeId <= booked.through || booked.tradeIds.has(tradeId));
  }

  /** True the first time a fill is shown, false for every repetition. */
  add(fill: Pick<Fill, 'symbol' | 'tradeId'>): boolean {
    if (this.has(fill)) return false;
    this.of(fill.symbol).tradeIds.add(fill.tradeId);
    return true;
  }

  /**
   * Declares every fill of the symbol up to and including this trade id as booked. Trade ids grow with time per symbol,
   * so a reconciled watermark replaces the single ids.
   */
  forgetThrough(symbol: string, tradeId: number): void {
    const booked = this.of(symbol);
    booked.through = Math.max(booked.through, tradeId);
    for (const id of booked.tradeIds) if (id <= booked.through) booked.tradeIds.delete(id);
  }

  /** How many single trade ids are held. */
  get size(): number {
    let count = 0;
    for (const booked of this.bySymbol.values()) count += booked.tradeIds.size;
    return count;
  }

  private of(symbol: string): { through: number; readonly tradeIds: Set<number> } {
    let booked = this.bySymbol.get(symbol);
    if (booked === undefined) {
      booked = { through: -1, tradeIds: new Set() };
      this.bySymbol.set(symbol, booked);
    }
    return booked;
  }
}
