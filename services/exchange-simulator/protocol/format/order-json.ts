import { isPositive } from '@tradewind/core/money';
import type {
  Amended,
  Canceled,
  Fill,
  Order,
  OrderList,
  Placed,
  PreventedMatch,
} from '../../exchange/index.ts';
import { fixedPoint } from '../../notation/fixed-point.ts';
import { type TimeUnit, timeIn } from '../../notation/time-unit.ts';

/*
 * Orders as JSON, written by hand because a response is made of each. Nothing in them needs escaping: symbols and assets are
 * checked when exchangeInfo is read, ids when they come in. Source: binance-spot.md sections 4.3, 4.4 and 5.2.
 */

export type ResponseType = 'ACK' | 'RESULT' | 'FULL';

/** The answer to a new order, or one report of a list that was placed. */
export function placedJson(placed: Placed, type: ResponseType, unit: TimeUnit): string {
  const { order } = placed;
  const head = placedHead(order, placed.timeMs, unit);
  if (type === 'ACK') return `${head}}`;
  const body = head + placedBody(order, unit) + groupJson(order);
  if (type === 'RESULT') return `${body}}`;
  const prevented =
    placed.preventedMatches.length === 0
      ? ''
      : `,"preventedMatches":[${placed.preventedMatches.map((it) => preventedInAnswer(it)).join(',')}]`;
  return `${body},"fills":[${fillsJson(placed.fills)}]${prevented}}`;
}

function placedHead(order: Order, timeMs: number, unit: TimeUnit): string {
  return (
    `{"symbol":"${order.symbol}","orderId":${order.orderId},"orderListId":${order.orderListId}` +
    `,"clientOrderId":"${order.clientOrderId}","transactTime":${timeIn(unit, timeMs)}`
  );
}

const placedBody = (order: Order, unit: TimeUnit): string =>
  `${amountsJson(order)}${stopJson(order)}${trailingJson(order, unit)}` +
  `,"workingTime":${timeIn(unit, order.workingTimeMs)}${icebergJson(order)}${commonTail(order)}${expiryJson(order)}`;

function fillsJson(fills: readonly Fill[]): string {
  let json = '';
  for (const fill of fills) {
    json +=
      `${json === '' ? '' : ','}{"price":"${fixedPoint(fill.price)}","qty":"${fixedPoint(fill.quantity)}"` +
      `,"commission":"${fixedPoint(fill.commission)}","commissionAsset":"${fill.commissionAsset}","tradeId":${fill.tradeId}}`;
  }
  return json;
}

/** Only in FULL answers, and without what the account is told elsewhere. Source: binance-spot.md section 5.2. */
const preventedInAnswer = (match: PreventedMatch): string =>
  `{"preventedMatchId":${match.preventedMatchId},"makerSymbol":"${match.symbol}","makerOrderId":${match.makerOrderId}` +
  `,"price":"${fixedPoint(match.price)}"${preventedQuantities(match)}}`;

export function preventedQuantities(match: PreventedMatch): string {
  let json = '';
  if (isPositive(match.takerPreventedQuantity)) {
    json += `,"takerPreventedQuantity":"${fixedPoint(match.takerPreventedQuantity)}"`;
  }
  if (isPositive(match.makerPreventedQuantity)) {
    json += `,"makerPreventedQuantity":"${fixedPoint(match.makerPreventedQuantity)}"`;
  }
  return json;
}

/** An order that was canceled: by itself or as one report of a list. */
export function canceledJson(canceled: Canceled, unit: TimeUnit): string {
  const { order } = canceled;
  return (
    `{"symbol":"${order.symbol}","origClientOrderId":"${canceled.originalClientOrderId}","orderId":${order.orderId}` +
    `,"orderListId":${order.orderListId},"clientOrderId":"${order.clientOrderId}"` +
    `,"transactTime":${timeIn(unit, canceled.timeMs)}${amountsJson(order)}${stopJson(order)}${trailingJson(order, unit)}` +
    `${icebergJson(order)}${commonTail(order)}}`
  );
}

/** An order as queries show it. */
export function queriedOrderJson(order: Order, unit: TimeUnit): string {
  const quantity = order.quantity === undefined ? '' : `,"origQty":"${fixedPoint(order.quantity)}"`;
  return (
    `{"symbol":"${order.symbol}","orderId":${order.orderId},"orderListId":${order.orderListId}` +
    `,"clientOrderId":"${order.clientOrderId}","price":"${fixedPoint(order.price)}"${quantity}` +
    `,"executedQty":"${fixedPoint(order.executedQuantity)}","cummulativeQuoteQty":"${fixedPoint(order.executedQuote)}"` +
    `,"status":"${order.status}","timeInForce":"${order.timeInForce}","type":"${order.type}","side":"${order.side}"` +
    `,"stopPrice":"${fixedPoint(order.stopPrice)}","icebergQty":"${fixedPoint(order.icebergQuantity)}"` +
    `,"time":${timeIn(unit, order.createdAtMs)},"updateTime":${timeIn(unit, order.updatedAtMs)}` +
    `,"isWorking":${order.isWorking},"workingTime":${timeIn(unit, order.workingTimeMs)}` +
    `,"origQuoteOrderQty":"${fixedPoint(order.quoteOrderQuantity)}"${trailingJson(order, unit)}${commonTail(order)}` +
    `${expiryJson(order)}}`
  );
}

/** The order in the answer to an amendment; `qty` and `cumulativeQuoteQty` are spelled differently here. */
export function amendedJson(amended: Amended, unit: TimeUnit): string {
  const { order, amendment, list } = amended;
  const quantity = order.quantity === undefined ? '' : `,"qty":"${fixedPoint(order.quantity)}"`;
  const working = order.isWorking ? `,"workingTime":${timeIn(unit, order.workingTimeMs)}` : '';
  return (
    `{"transactTime":${timeIn(unit, amended.timeMs)},"executionId":${amendment.executionId},"amendedOrder":` +
    `{"symbol":"${order.symbol}","orderId":${order.orderId},"orderListId":${order.orderListId}` +
    `,"origClientOrderId":"${amendment.clientOrderIdBefore}","clientOrderId":"${order.clientOrderId}"` +
    `,"price":"${fixedPoint(order.price)}"${quantity},"executedQty":"${fixedPoint(order.executedQuantity)}"` +
    `,"preventedQty":"${fixedPoint(order.preventedQuantity)}","quoteOrderQty":"${fixedPoint(order.quoteOrderQuantity)}"` +
    `,"cumulativeQuoteQty":"${fixedPoint(order.executedQuote)}","status":"${order.status}"` +
    `,"timeInForce":"${order.timeInForce}","type":"${order.type}","side":"${order.side}"${stopJson(order)}` +
    `${trailingJson(order, unit)}${working}${icebergJson(order)}${commonTail(order)}}` +
    `${list === undefined ? '' : `,"listStatus":${amendedListJson(list)}`}}`
  );
}

const amendedListJson = (list: OrderList): string =>
  `{"orderListId":${list.orderListId},"contingencyType":"${list.contingencyType}"` +
  `,"listOrderStatus":"${list.listOrderStatus}","listClientOrderId":"${list.listClientOrderId}"` +
  `,"symbol":"${list.symbol}","orders":[${listedOrdersJson(list)}]}`;

/** The members of a list with what they are called. */
function listedOrdersJson(list: OrderList): string {
  let json = '';
  for (const it of list.orders) {
    json += `${json === '' ? '' : ','}{"symbol":"${it.symbol}","orderId":${it.orderId},"clientOrderId":"${it.clientOrderId}"}`;
  }
  return json;
}

/** The state of a list with the times of `transactionTime`; without what follows its orders. */
export const listJson = (list: OrderList, transactionTimeMs: number, unit: TimeUnit): string =>
  `{"orderListId":${list.orderListId},"contingencyType":"${list.contingencyType}"` +
  `,"listStatusType":"${list.listStatusType}","listOrderStatus":"${list.listOrderStatus}"` +
  `,"listClientOrderId":"${list.listClientOrderId}","transactionTime":${timeIn(unit, transactionTimeMs)}` +
  `,"symbol":"${list.symbol}","orders":[${listedOrdersJson(list)}]`;

/** A pending order of an OPO has no quantity yet, and then no `origQty`. */
function amountsJson(order: Order): string {
  const quantity = order.quantity === undefined ? '' : `,"origQty":"${fixedPoint(order.quantity)}"`;
  return (
    `,"price":"${fixedPoint(order.price)}"${quantity},"executedQty":"${fixedPoint(order.executedQuantity)}"` +
    `,"origQuoteOrderQty":"${fixedPoint(order.quoteOrderQuantity)}"` +
    `,"cummulativeQuoteQty":"${fixedPoint(order.executedQuote)}","status":"${order.status}"` +
    `,"timeInForce":"${order.timeInForce}","type":"${order.type}","side":"${order.side}"`
  );
}

const stopJson = (order: Order): string =>
  isPositive(order.stopPrice) ? `,"stopPrice":"${fixedPoint(order.stopPrice)}"` : '';

const trailingJson = (order: Order, unit: TimeUnit): string =>
  order.trailingDelta > 0
    ? `,"trailingDelta":${order.trailingDelta},"trailingTime":${timeIn(unit, order.trailingTimeMs)}`
    : '';

const icebergJson = (order: Order): string =>
  isPositive(order.icebergQuantity) ? `,"icebergQty":"${fixedPoint(order.icebergQuantity)}"` : '';

const expiryJson = (order: Order): string =>
  order.expiryReason === 'NONE' ? '' : `,"expiryReason":"${order.expiryReason}"`;

const groupJson = (order: Order): string =>
  order.preventedMatchId !== undefined && order.tradeGroup !== undefined
    ? `,"tradeGroupId":${order.tradeGroup}`
    : '';

/** Strategy, self-trade prevention and peg: conditional in every answer about an order. */
function commonTail(order: Order): string {
  let json = '';
  if (order.strategyId !== undefined) json += `,"strategyId":${order.strategyId}`;
  if (order.strategyType !== undefined) json += `,"strategyType":${order.strategyType}`;
  json += `,"selfTradePreventionMode":"${order.selfTradePrevention}"`;
  if (order.preventedMatchId !== undefined) {
    json += `,"preventedMatchId":${order.preventedMatchId},"preventedQuantity":"${fixedPoint(order.preventedQuantity)}"`;
  }
  if (order.pegPriceType !== undefined) {
    json += `,"pegPriceType":"${order.pegPriceType}"`;
    if (order.pegOffsetLevels !== undefined) {
      json += `,"pegOffsetType":"PRICE_LEVEL","pegOffsetValue":${order.pegOffsetLevels}`;
    }
    if (order.peggedPrice !== undefined) json += `,"peggedPrice":"${fixedPoint(order.peggedPrice)}"`;
  }
  return json;
}
