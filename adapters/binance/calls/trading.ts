import { formatAmount, type Quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import type { Priority } from '../limits/limits.ts';
import type {
  Amendment,
  CanceledOrders,
  OrderListState,
  PlacedOrder,
  TestedOrder,
  VenueOrder,
} from '../model/order.ts';
import { testedOrder } from '../model/read-account.ts';
import { readCanceledOrders } from '../model/read-canceled-orders.ts';
import { amendment, orderListState, placedOrder, venueOrder } from '../model/read-order.ts';
import { readObject } from '../model/reader.ts';
import type { Call } from './call.ts';
import {
  type OrderListReference,
  type OrderReference,
  optional,
  orderListNameOf,
  orderListParameters,
  orderParameters,
  type PendingQuantity,
  referenceParameters,
} from './order-parameters.ts';

/** An order that has passed every check; nothing else can be placed. An exit may use the reserve of the limits. */
export const placeOrder = (
  order: Approved<OrderIntent>,
  priority: Priority = 'normal',
): Call<PlacedOrder> => ({
  method: 'POST',
  path: '/api/v3/order',
  socketMethod: 'order.place',
  security: 'signed',
  parameters: orderParameters(order),
  cost: { weight: 1, orders: 1 },
  priority,
  hasEffect: true,
  read: (body) => readObject(body, placedOrder),
});

/** Has the venue check an order without placing it; with rates it costs weight 20 instead of 1. */
export const testOrder = (order: OrderIntent, withRates = false): Call<TestedOrder> => ({
  method: 'POST',
  path: '/api/v3/order/test',
  socketMethod: 'order.test',
  security: 'signed',
  parameters: [...orderParameters(order), ...optional('computeCommissionRates', withRates || undefined)],
  cost: { weight: withRates ? 20 : 1 },
  priority: 'normal',
  hasEffect: false,
  read: (body) => readObject(body, testedOrder),
});

/** Cancel only an order in this state; otherwise it is refused as `cancel_restricted`. */
export type CancelRestriction = 'ONLY_NEW' | 'ONLY_PARTIALLY_FILLED';

/**
 * Cancels one order; a member of a list takes the whole list with it.
 * @param cancelId  the id of the cancel itself, which the order then carries (faults.md O11)
 */
export const cancelOrder = (
  order: OrderReference,
  cancelId: string,
  restriction?: CancelRestriction,
): Call<VenueOrder> => ({
  method: 'DELETE',
  path: '/api/v3/order',
  socketMethod: 'order.cancel',
  security: 'signed',
  parameters: [
    ...referenceParameters(order),
    ['newClientOrderId', cancelId],
    ...optional('cancelRestrictions', restriction),
  ],
  cost: { weight: 1 },
  priority: 'exit',
  hasEffect: true,
  read: (body) => readObject(body, venueOrder),
});

/** Cancels everything that is open on a symbol, also what others placed. Refused as `unknown_order` when nothing is. */
export const cancelOpenOrders = (symbol: string): Call<CanceledOrders> => ({
  method: 'DELETE',
  path: '/api/v3/openOrders',
  socketMethod: 'openOrders.cancelAll',
  security: 'signed',
  parameters: [['symbol', symbol]],
  cost: { weight: 1 },
  priority: 'exit',
  hasEffect: true,
  read: readCanceledOrders,
});

/**
 * Lowers the quantity of an open order, which keeps its place in the queue.
 * @param clientOrderId  the id after it, which may be the present one: without any the venue makes one up (faults.md O13)
 */
export const amendKeepingPriority = (
  order: OrderReference,
  newQuantity: Quantity,
  clientOrderId: string,
): Call<Amendment> => ({
  method: 'PUT',
  path: '/api/v3/order/amend/keepPriority',
  socketMethod: 'order.amend.keepPriority',
  security: 'signed',
  parameters: [
    ...referenceParameters(order),
    ['newClientOrderId', clientOrderId],
    ['newQty', formatAmount(newQuantity)],
  ],
  cost: { weight: 4 },
  // It can only lower a risk.
  priority: 'exit',
  hasEffect: true,
  read: (body) => readObject(body, amendment),
});

/**
 * Places an order list. With `as_received` an OTO becomes an OPO and an OTOCO an OPOCO: the pending legs sell what the working
 * order bought, and their intended quantity is not sent.
 */
export function placeOrderList(
  list: Approved<OrderListIntent>,
  pendingQuantity: PendingQuantity = 'as_intended',
  priority: Priority = 'normal',
): Call<OrderListState> {
  const name = orderListNameOf(list, pendingQuantity);
  return {
    method: 'POST',
    path: `/api/v3/orderList/${name}`,
    socketMethod: `orderList.place.${name}`,
    security: 'signed',
    parameters: orderListParameters(list, pendingQuantity),
    cost: { weight: 1, orders: list.kind === 'OTOCO' ? 3 : 2 },
    priority,
    hasEffect: true,
    read: (body) => readObject(body, orderListState),
  };
}

/** @param cancelId  the id of the cancel itself, which every leg then carries */
export const cancelOrderList = (list: OrderListReference, cancelId: string): Call<OrderListState> => ({
  method: 'DELETE',
  path: '/api/v3/orderList',
  socketMethod: 'orderList.cancel',
  security: 'signed',
  parameters: [
    ['symbol', list.symbol],
    ...optional('orderListId', list.orderListId),
    ...optional('listClientOrderId', list.listClientOrderId),
    ['newClientOrderId', cancelId],
  ],
  cost: { weight: 1 },
  priority: 'exit',
  hasEffect: true,
  read: (body) => readObject(body, orderListState),
});
