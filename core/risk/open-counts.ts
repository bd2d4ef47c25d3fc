import type { ExchangeFilters, Filters, Instrument } from '../market/index.ts';
import { add, isPositive, type Quantity } from '../money/index.ts';
import { icebergQuantityOf, type OrderTerms, triggerOf } from '../orders/index.ts';
import type { FilterRefusal, OpenCounts } from './filter-refusal.ts';

/** How an order that stands alone is counted. */
export function countsOf(terms: OrderTerms): OpenCounts {
  const isIceberg = icebergQuantityOf(terms) !== undefined;
  if (triggerOf(terms) === undefined) return isIceberg ? ONE_ICEBERG : ONE_ORDER;
  return isIceberg ? ONE_ALGO_ICEBERG : ONE_ALGO;
}
export const NO_ORDERS: OpenCounts = { orders: 0, algoOrders: 0, icebergOrders: 0, orderLists: 0 };
const ONE_ORDER: OpenCounts = { orders: 1, algoOrders: 0, icebergOrders: 0, orderLists: 0 };
const ONE_ICEBERG: OpenCounts = { orders: 1, algoOrders: 0, icebergOrders: 1, orderLists: 0 };
const ONE_ALGO: OpenCounts = { orders: 1, algoOrders: 1, icebergOrders: 0, orderLists: 0 };
const ONE_ALGO_ICEBERG: OpenCounts = { orders: 1, algoOrders: 1, icebergOrders: 1, orderLists: 0 };

/** The MAX_NUM_* filters of a symbol, or the EXCHANGE_MAX_NUM_* of the account, over our open orders and those of others. */
export function checkOpenCounts(
  scope: 'symbol' | 'account',
  adding: OpenCounts,
  open: OpenCounts,
  others: OpenCounts,
  maxima: Filters | ExchangeFilters,
): FilterRefusal | undefined {
  return (
    checkCount(scope, 'orders', adding.orders, open.orders + others.orders, maxima.openOrdersMaximum) ??
    checkCount(
      scope,
      'algoOrders',
      adding.algoOrders,
      open.algoOrders + others.algoOrders,
      maxima.openAlgoOrdersMaximum,
    ) ??
    checkCount(
      scope,
      'icebergOrders',
      adding.icebergOrders,
      open.icebergOrders + others.icebergOrders,
      maxima.openIcebergOrdersMaximum,
    ) ??
    checkCount(
      scope,
      'orderLists',
      adding.orderLists,
      open.orderLists + others.orderLists,
      maxima.openOrderListsMaximum,
    )
  );
}

function checkCount(
  scope: 'symbol' | 'account',
  kind: keyof OpenCounts,
  adding: number,
  open: number,
  maximum: number | undefined,
): FilterRefusal | undefined {
  if (maximum === undefined || adding === 0) return undefined;
  const was = open + adding;
  // Written so that a count that is not a number is refused, too.
  return was <= maximum ? undefined : { reason: 'too_many_open', scope, kind, maximum, was };
}

/** MAX_POSITION: what is held and being bought, this order included.
 * @param held  free and locked base, and the quantities of open BUY orders
 */
export function checkPositionFilter(
  buying: Quantity,
  held: Quantity,
  instrument: Instrument,
): FilterRefusal | undefined {
  const maximum = instrument.filters.positionMaximum;
  if (maximum === undefined || !isPositive(buying)) return undefined;
  const was = add(held, buying);
  return was <= maximum ? undefined : { reason: 'position_above_maximum', maximum, was };
}
