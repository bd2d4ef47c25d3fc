import { maximum, minimum, type Quantity } from '@tradewind/core/money';
import {
  isFinal,
  type OrderEventKind,
  type OrderRecord,
  type OrderState,
  recordOf,
} from '@tradewind/core/orders';

/**
 * What is known of an order when more has been told. After a restart the user stream begins with nothing, and its first answers may
 * lag: figures never fall, and no final state reopens (faults.md I10).
 */
export function mergeRecords(known: OrderRecord, told: OrderRecord): OrderRecord {
  const venueOrderId = known.venueOrderId ?? told.venueOrderId;
  const quantity = smaller(known.quantity, told.quantity);
  return recordOf({
    clientOrderId: known.clientOrderId,
    symbol: known.symbol,
    state: isFinal(known.state) ? known.state : told.state,
    venueOrderId,
    quantity,
    executedQuantity: maximum(known.executedQuantity, told.executedQuantity),
    executedQuoteAmount: maximum(known.executedQuoteAmount, told.executedQuoteAmount),
    preventedQuantity: maximum(known.preventedQuantity, told.preventedQuantity),
  });
}

const smaller = (one: Quantity | undefined, other: Quantity | undefined): Quantity | undefined =>
  one === undefined || other === undefined ? (one ?? other) : minimum(one, other);

/** What happened to an order, read off from what it was before: several facts may have come in one. */
export function eventBetween(before: OrderRecord | undefined, after: OrderRecord): OrderEventKind {
  if (isFinal(after.state) && before?.state !== after.state) return EVENT_OF[after.state];
  if (before === undefined) return EVENT_OF[after.state];
  if (after.preventedQuantity > before.preventedQuantity) return 'prevented';
  if (after.executedQuantity > before.executedQuantity) return 'filled_in_part';
  if (after.quantity !== before.quantity) return 'amended';
  return after.state === before.state ? 'amended' : EVENT_OF[after.state];
}

const EVENT_OF: Readonly<Record<OrderState, OrderEventKind>> = {
  created: 'amended',
  in_flight: 'sent',
  unknown: 'timed_out',
  pending: 'accepted_pending',
  working: 'accepted',
  cancel_in_flight: 'cancel_sent',
  cancel_unknown: 'cancel_refused',
  filled: 'filled_in_full',
  canceled: 'canceled',
  expired: 'expired',
  expired_in_match: 'expired_in_match',
  rejected: 'rejected',
  absent: 'absence_proven',
};

/** The fact that puts an order into a final state. */
export const eventInto = (state: OrderState): OrderEventKind => EVENT_OF[state];
