import type { HistoryRange, OrderListReference } from '../../exchange/index.ts';
import { canceledListJson, queriedListJson } from '../format/list-json.ts';
import { queriedOrderJson } from '../format/order-json.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { BAD_COMBINATION, eitherMandatory, invalidData, rangeTooLong } from '../refusal.ts';
import { readOrderIds } from './cancel.ts';
import { type Answer, accountQuery, type Call, type Operation, ofExchange } from './operation.ts';
import { readClientOrderId, readOriginalClientOrderId } from './read-order.ts';
import { findSymbol, readSymbol } from './read-symbol.ts';

const ROWS_DEFAULT = 500;
const ROWS_MAX = 1000;
const RANGE_MAX_HOURS = 24;
const HOUR_MS = 3_600_000;

/** `startTime`, `endTime` and `limit` of a history of an account: at most a day apart. */
export function readHistoryRange(call: Call): HistoryRange {
  const { parameters, nowMs } = call;
  const startTimeMs = parameters.time('startTime', nowMs);
  const endTimeMs = parameters.time('endTime', nowMs);
  if (startTimeMs !== undefined && endTimeMs !== undefined) {
    if (startTimeMs > endTimeMs) parameters.refuse(invalidData('startTime'));
    if (endTimeMs - startTimeMs > RANGE_MAX_HOURS * HOUR_MS) parameters.refuse(rangeTooLong(RANGE_MAX_HOURS));
  }
  return { startTimeMs, endTimeMs, limit: parameters.limit(ROWS_DEFAULT, ROWS_MAX) };
}

function queryOrder(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const ids = readOrderIds(parameters);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const order = call.exchange.order(call.account, { symbol: symbol.symbol, ...ids });
  return order.ok ? queriedOrderJson(order.value, call.unit) : ofExchange(order.error);
}

function openOrders(call: Call): Answer {
  const { parameters } = call;
  const text = parameters.text('symbol');
  const symbol = text === undefined ? undefined : findSymbol(call, 'symbol', text);
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const orders = call.exchange.openOrders(call.account, symbol?.symbol);
  if (!orders.ok) return ofExchange(orders.error);
  return `[${orders.value.map((it) => queriedOrderJson(it, call.unit)).join(',')}]`;
}

function allOrders(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const orderId = parameters.integer('orderId');
  const range = readHistoryRange(call);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const orders = call.exchange.allOrders(call.account, symbol.symbol, { ...range, orderId });
  if (!orders.ok) return ofExchange(orders.error);
  return `[${orders.value.map((it) => queriedOrderJson(it, call.unit)).join(',')}]`;
}

function queryOrderList(call: Call): Answer {
  const { parameters } = call;
  if (!parameters.has('orderListId') && !parameters.has('origClientOrderId')) {
    parameters.refuse(eitherMandatory('orderListId', 'origClientOrderId'));
  }
  const orderListId = parameters.integer('orderListId');
  const origClientOrderId = readOriginalClientOrderId(parameters, 'origClientOrderId');
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const list = call.exchange.orderList(call.account, { orderListId, origClientOrderId });
  return list.ok ? queriedListJson(list.value, call.unit) : ofExchange(list.error);
}

function allOrderLists(call: Call): Answer {
  const { parameters } = call;
  const fromId = parameters.integer('fromId');
  const range = readHistoryRange(call);
  const hasTimes = range.startTimeMs !== undefined || range.endTimeMs !== undefined;
  if (fromId !== undefined && hasTimes) parameters.refuse(BAD_COMBINATION);
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const lists = call.exchange.allOrderLists(call.account, { ...range, fromId });
  return `[${lists.map((it) => queriedListJson(it, call.unit)).join(',')}]`;
}

function openOrderLists(call: Call): Answer {
  const { parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined) return parameters.refusal;
  const lists = call.exchange.openOrderLists(call.account);
  return `[${lists.map((it) => queriedListJson(it, call.unit)).join(',')}]`;
}

function cancelOrderList(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const reference = readListIds(parameters);
  const clientOrderId = readClientOrderId(parameters, 'newClientOrderId');
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const canceled = call.exchange.cancelList(call.account, {
    symbol: symbol.symbol,
    ...reference,
    clientOrderId,
  });
  return canceled.ok ? canceledListJson(canceled.value, call.unit) : ofExchange(canceled.error);
}

function readListIds(parameters: Parameters): Omit<OrderListReference, 'symbol'> {
  if (!parameters.has('orderListId') && !parameters.has('listClientOrderId')) {
    parameters.refuse(eitherMandatory('orderListId', 'listClientOrderId'));
  }
  return {
    orderListId: parameters.integer('orderListId'),
    listClientOrderId: readOriginalClientOrderId(parameters, 'listClientOrderId'),
  };
}

/** Source: binance-spot.md section 4.4. */
export const ORDER_QUERIES: readonly Operation[] = [
  accountQuery('order', 'order.status', 4, queryOrder),
  accountQuery(
    'openOrders',
    'openOrders.status',
    (parameters) => (parameters.has('symbol') ? 6 : 80),
    openOrders,
  ),
  accountQuery('allOrders', 'allOrders', 20, allOrders),
  accountQuery('orderList', 'orderList.status', 4, queryOrderList),
  accountQuery('allOrderList', 'allOrderLists', 20, allOrderLists),
  accountQuery('openOrderList', 'openOrderLists.status', 6, openOrderLists),
  {
    rest: ['DELETE', '/api/v3/orderList'],
    webSocket: 'orderList.cancel',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    run: cancelOrderList,
  },
];
