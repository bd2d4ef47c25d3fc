import type { Quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import { openOrders, queryOrder, queryOrderList } from './calls/account.ts';
import type { Caller } from './calls/call.ts';
import { type CancelReplaceOptions, cancelReplace } from './calls/cancel-replace.ts';
import type { OrderListReference, OrderReference, PendingQuantity } from './calls/order-parameters.ts';
import {
  amendKeepingPriority,
  type CancelRestriction,
  cancelOpenOrders,
  cancelOrder,
  cancelOrderList,
  placeOrder,
  placeOrderList,
  testOrder,
} from './calls/trading.ts';
import type { Priority } from './limits/limits.ts';
import type {
  Amendment,
  CanceledOrders,
  CancelReplace,
  OrderListState,
  PlacedOrder,
  TestedOrder,
  VenueOrder,
} from './model/order.ts';
import type { Outcome } from './outcome.ts';

/**
 * Everything that is done with orders, over whichever way the setting chose. Nothing here retries a placement: an outcome that is
 * unknown is a question for `query` (binance-spot.md section 7.4).
 */
export interface OrderEntry {
  /** Makes what will be sent, within moments. Nothing leaves before it is placed. */
  prepare(order: Approved<OrderIntent>, priority?: Priority): PreparedOrder;
  /** Has the venue check an order without placing it. */
  test(order: OrderIntent, withRates?: boolean): Promise<Outcome<TestedOrder>>;
  query(order: OrderReference, priority?: Priority): Promise<Outcome<VenueOrder>>;
  /** @param cancelId  the id of the cancel itself, which the order then carries (faults.md O11) */
  cancel(
    order: OrderReference,
    cancelId: string,
    restriction?: CancelRestriction,
  ): Promise<Outcome<VenueOrder>>;
  /** Cancels everything that is open on a symbol, also what others placed. */
  cancelAll(symbol: string): Promise<Outcome<CanceledOrders>>;
  cancelReplace(
    order: OrderReference,
    cancelId: string,
    replacement: Approved<OrderIntent>,
    options: CancelReplaceOptions & PlaceOptions,
  ): Promise<Outcome<CancelReplace>>;
  /** Lowers the quantity; @param clientOrderId  the id after it, which may be the present one (faults.md O13) */
  amend(order: OrderReference, newQuantity: Quantity, clientOrderId: string): Promise<Outcome<Amendment>>;
  placeList(
    list: Approved<OrderListIntent>,
    pendingQuantity?: PendingQuantity,
    options?: PlaceOptions,
  ): Promise<Outcome<OrderListState>>;
  queryList(list: OrderListReference, priority?: Priority): Promise<Outcome<OrderListState>>;
  cancelList(list: OrderListReference, cancelId: string): Promise<Outcome<OrderListState>>;
  /** Of one symbol, or of all for a higher weight. */
  openOrders(symbol?: string, priority?: Priority): Promise<Outcome<readonly VenueOrder[]>>;
}

export interface PreparedOrder {
  /** @param mayLeave  as in `PlaceOptions` */
  place(mayLeave?: () => boolean): Promise<Outcome<PlacedOrder>>;
}

export interface PlaceOptions {
  readonly priority?: Priority;
  /** Asked right before the first byte leaves, when what was waited for may have made it too late: false keeps it here. */
  readonly mayLeave?: () => boolean;
}
const leavingOf = ({ mayLeave }: PlaceOptions): PlaceOptions => (mayLeave === undefined ? {} : { mayLeave });

/** Both ways make the same calls and end in the same outcomes. */
export type OrderEntryRoute = 'rest' | 'websocket';

/** @param callers  what makes the calls, by route; the setting picks one */
export const orderEntryOver = (
  route: OrderEntryRoute,
  callers: Readonly<Record<OrderEntryRoute, Caller>>,
): OrderEntry => {
  const caller = callers[route];
  return {
    prepare: (order, priority) => {
      const call = placeOrder(order, priority);
      const prepared = caller.prepare?.(call) ?? call;
      return {
        place: (mayLeave) => caller.perform(mayLeave === undefined ? prepared : { ...prepared, mayLeave }),
      };
    },
    test: (order, withRates) => caller.perform(testOrder(order, withRates)),
    query: (order, priority) => caller.perform(queryOrder(order, priority)),
    cancel: (order, cancelId, restriction) => caller.perform(cancelOrder(order, cancelId, restriction)),
    cancelAll: (symbol) => caller.perform(cancelOpenOrders(symbol)),
    cancelReplace: (order, cancelId, replacement, options) =>
      caller.perform({
        ...cancelReplace(order, cancelId, replacement, options),
        ...leavingOf(options),
      }),
    amend: (order, newQuantity, clientOrderId) =>
      caller.perform(amendKeepingPriority(order, newQuantity, clientOrderId)),
    placeList: (list, pendingQuantity, options = {}) =>
      caller.perform({ ...placeOrderList(list, pendingQuantity, options.priority), ...leavingOf(options) }),
    queryList: (list, priority) => caller.perform(queryOrderList(list, priority)),
    cancelList: (list, cancelId) => caller.perform(cancelOrderList(list, cancelId)),
    openOrders: (symbol, priority) => caller.perform(openOrders(symbol, priority)),
  };
};
