import { ok, type Result } from '@tradewind/core/result';
import type { ReadingFailure } from './failure.ts';
import type { CanceledOrders, OrderListState, VenueOrder } from './order.ts';
import { orderListState, venueOrder } from './read-order.ts';
import { type FieldReader, readList } from './reader.ts';

type Canceled =
  | { readonly kind: 'order'; readonly order: VenueOrder }
  | { readonly kind: 'list'; readonly list: OrderListState };

/** The answer of canceling everything: orders and whole lists, mixed in one list (binance-spot.md section 4.3). */
export function readCanceledOrders(body: unknown): Result<CanceledOrders, ReadingFailure> {
  const canceled = readList(body, canceledItem);
  if (!canceled.ok) return canceled;
  return ok({
    orders: canceled.value.flatMap((item) => (item.kind === 'order' ? [item.order] : [])),
    lists: canceled.value.flatMap((item) => (item.kind === 'list' ? [item.list] : [])),
  });
}

const canceledItem = (fields: FieldReader): Canceled =>
  fields.has('contingencyType')
    ? { kind: 'list', list: orderListState(fields) }
    : { kind: 'order', order: venueOrder(fields) };
