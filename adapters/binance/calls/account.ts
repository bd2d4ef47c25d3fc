import type { Priority } from '../limits/limits.ts';
import type {
  AccountFilters,
  AccountState,
  Commission,
  KeyPermissions,
  RateLimit,
  VenueTrade,
} from '../model/account.ts';
import type { AmendmentRecord, OrderListState, PreventedMatch, VenueOrder } from '../model/order.ts';
import {
  accountFilters,
  accountState,
  commission,
  keyPermissions,
  rateLimit,
  venueTrade,
} from '../model/read-account.ts';
import { amendmentRecord, orderListState, preventedMatch, venueOrder } from '../model/read-order.ts';
import { type Decode, readList, readObject } from '../model/reader.ts';
import type { Call } from './call.ts';
import {
  type OrderListReference,
  type OrderReference,
  optional,
  referenceParameters,
} from './order-parameters.ts';

/** How much of a history, and from where (binance-spot.md section 4, range rule). Times are epoch ms, at most 24 h apart. */
export interface HistoryRange {
  readonly startTimeMs?: number;
  readonly endTimeMs?: number;
  /** At most 1000; 500 unless told otherwise. */
  readonly limit?: number;
}

type Question<T> = Pick<Call<T>, 'path' | 'socketMethod' | 'parameters' | 'read'> & {
  readonly weight: number;
  readonly priority?: Priority;
};

const question = <T>({ weight, priority = 'normal', ...call }: Question<T>): Call<T> => ({
  ...call,
  method: 'GET',
  security: 'signed',
  cost: { weight },
  priority,
  hasEffect: false,
});

const object =
  <T>(decode: Decode<T>): Call<T>['read'] =>
  (body) =>
    readObject(body, decode);
const list =
  <T>(decode: Decode<T>): Call<readonly T[]>['read'] =>
  (body) =>
    readList(body, decode);

export const account = ({ withZeroBalances = false } = {}): Call<AccountState> =>
  question({
    path: '/api/v3/account',
    socketMethod: 'account.status',
    parameters: optional('omitZeroBalances', withZeroBalances ? undefined : true),
    weight: 20,
    read: object(accountState),
  });

export const accountCommission = (symbol: string): Call<Commission> =>
  question({
    path: '/api/v3/account/commission',
    socketMethod: 'account.commission',
    parameters: [['symbol', symbol]],
    weight: 20,
    read: object(commission),
  });

/** What the key may do. REST only, not on the testnet, and counted by a limiter of its own (binance-spot.md section 2.6). */
export const apiRestrictions = (): Call<KeyPermissions> =>
  question({
    path: '/sapi/v1/account/apiRestrictions',
    socketMethod: undefined,
    parameters: [],
    weight: 0,
    read: object(keyPermissions),
  });

/** What has been used of the order counts. Costs weight 40; answers to placements say it for nothing. */
export const orderRateLimits = (): Call<readonly RateLimit[]> =>
  question({
    path: '/api/v3/rateLimit/order',
    socketMethod: 'account.rateLimits.orders',
    parameters: [],
    weight: 40,
    read: list(rateLimit),
  });

/** The filters that bind this account on a symbol. Costs weight 40. */
export const myFilters = (symbol: string): Call<AccountFilters> =>
  question({
    path: '/api/v3/myFilters',
    socketMethod: 'myFilters',
    parameters: [['symbol', symbol]],
    weight: 40,
    read: object(accountFilters),
  });

/** One order. Not found right after its placement is no proof of absence (faults.md O3). */
export const queryOrder = (order: OrderReference, priority: Priority = 'normal'): Call<VenueOrder> =>
  question({
    path: '/api/v3/order',
    socketMethod: 'order.status',
    parameters: referenceParameters(order),
    weight: 4,
    priority,
    read: object((fields) => withNameAskedBy(order.clientOrderId, venueOrder(fields))),
  });

/**
 * A canceled order answers under the id of its cancel, whoever canceled it (binance-spot.md section 5.4), and a query's answer
 * does not tell the id before. Without it the answer would be taken for somebody else's order (faults.md O11).
 */
const withNameAskedBy = (name: string | undefined, order: VenueOrder): VenueOrder =>
  name === undefined || name === order.clientOrderId
    ? order
    : { ...order, originalClientOrderId: order.originalClientOrderId ?? name };

/** The open orders of a symbol, or of all symbols for weight 80 instead of 6; legs of lists among them. */
export const openOrders = (symbol?: string, priority: Priority = 'normal'): Call<readonly VenueOrder[]> =>
  question({
    path: '/api/v3/openOrders',
    socketMethod: 'openOrders.status',
    parameters: optional('symbol', symbol),
    weight: symbol === undefined ? 80 : 6,
    priority,
    read: list(venueOrder),
  });

/** Orders of every state, oldest first. `fromOrderId` and times exclude one another. */
export const allOrders = (
  symbol: string,
  range: HistoryRange & { readonly fromOrderId?: number } = {},
): Call<readonly VenueOrder[]> =>
  question({
    path: '/api/v3/allOrders',
    socketMethod: 'allOrders',
    parameters: [['symbol', symbol], ...optional('orderId', range.fromOrderId), ...rangeParameters(range)],
    weight: 20,
    read: list(venueOrder),
  });

/** One list; its legs are only named. */
export const queryOrderList = (
  reference: OrderListReference,
  priority: Priority = 'normal',
): Call<OrderListState> =>
  question({
    path: '/api/v3/orderList',
    socketMethod: 'orderList.status',
    // Here the venue calls the list's own id by the name that orders have for theirs.
    parameters: [
      ...optional('orderListId', reference.orderListId),
      ...optional('origClientOrderId', reference.listClientOrderId),
    ],
    weight: 4,
    priority,
    read: object(orderListState),
  });

export const openOrderLists = (priority: Priority = 'normal'): Call<readonly OrderListState[]> =>
  question({
    path: '/api/v3/openOrderList',
    socketMethod: 'openOrderLists.status',
    parameters: [],
    weight: 6,
    priority,
    read: list(orderListState),
  });

/** Lists of every state. `fromListId` and times exclude one another. */
export const allOrderLists = (
  range: HistoryRange & { readonly fromListId?: number } = {},
): Call<readonly OrderListState[]> =>
  question({
    path: '/api/v3/allOrderList',
    socketMethod: 'allOrderLists',
    parameters: [...optional('fromId', range.fromListId), ...rangeParameters(range)],
    weight: 20,
    read: list(orderListState),
  });

/** Which trades: the venue takes these combinations and refuses all others with -1128 (binance-spot.md section 4.4). */
export type TradesOf =
  | { readonly symbol: string; readonly fromTradeId?: number; readonly limit?: number }
  | {
      readonly symbol: string;
      readonly orderId: number;
      readonly fromTradeId?: number;
      readonly limit?: number;
    }
  | ({ readonly symbol: string } & HistoryRange);

/** Our own trades, oldest first. */
export function myTrades(trades: TradesOf, priority: Priority = 'normal'): Call<readonly VenueTrade[]> {
  const orderId = 'orderId' in trades ? trades.orderId : undefined;
  return question({
    path: '/api/v3/myTrades',
    socketMethod: 'myTrades',
    parameters: [
      ['symbol', trades.symbol],
      ...optional('orderId', orderId),
      ...optional('fromId', 'fromTradeId' in trades ? trades.fromTradeId : undefined),
      ...rangeParameters(trades),
    ],
    weight: orderId === undefined ? 20 : 5,
    priority,
    read: list(venueTrade),
  });
}

export type PreventedMatchesOf =
  | { readonly symbol: string; readonly preventedMatchId: number }
  | {
      readonly symbol: string;
      readonly orderId: number;
      readonly fromPreventedMatchId?: number;
      readonly limit?: number;
    };

export const myPreventedMatches = (matches: PreventedMatchesOf): Call<readonly PreventedMatch[]> =>
  question({
    path: '/api/v3/myPreventedMatches',
    socketMethod: 'myPreventedMatches',
    parameters: [
      ['symbol', matches.symbol],
      ...('orderId' in matches
        ? [
            ...optional('orderId', matches.orderId),
            ...optional('fromPreventedMatchId', matches.fromPreventedMatchId),
            ...optional('limit', matches.limit),
          ]
        : optional('preventedMatchId', matches.preventedMatchId)),
    ],
    weight: 'orderId' in matches ? 20 : 2,
    read: list(preventedMatch),
  });

export const orderAmendments = (
  symbol: string,
  orderId: number,
  range: { readonly fromExecutionId?: number; readonly limit?: number } = {},
): Call<readonly AmendmentRecord[]> =>
  question({
    path: '/api/v3/order/amendments',
    socketMethod: 'order.amendments',
    parameters: [
      ['symbol', symbol],
      ['orderId', orderId],
      ...optional('fromExecutionId', range.fromExecutionId),
      ...optional('limit', range.limit),
    ],
    weight: 4,
    read: list(amendmentRecord),
  });

export const rangeParameters = ({
  startTimeMs,
  endTimeMs,
  limit,
}: HistoryRange): Call<unknown>['parameters'] => [
  ...optional('startTime', startTimeMs),
  ...optional('endTime', endTimeMs),
  ...optional('limit', limit),
];
