import type { Fee } from '@tradewind/core/orders';
import {
  CONTINGENCY_TYPES,
  EXPIRY_REASONS,
  LIST_ORDER_STATUSES,
  LIST_STATUS_TYPES,
  ORDER_STATUSES,
  ORDER_TYPES,
  PEG_PRICE_TYPES,
  SELF_TRADE_PREVENTION_MODES,
  SIDES,
  TIMES_IN_FORCE,
  WORKING_FLOORS,
} from './enums.ts';
import type {
  Amendment,
  AmendmentRecord,
  LegReference,
  OrderFill,
  OrderListState,
  PlacedOrder,
  PreventedMatch,
  PreventedMatchOfOrder,
  VenueOrder,
  VenuePeg,
} from './order.ts';
import type { FieldReader } from './reader.ts';

/** Any order object of REST and the WebSocket API but the one inside an amendment (binance-spot.md sections 4.4, 5.2). */
export const venueOrder = (fields: FieldReader): VenueOrder =>
  orderWith(fields, {
    quantity: 'origQty',
    quoteAmount: 'origQuoteOrderQty',
    // The venue's own spelling in orders, but not in amendments (binance-spot.md section 14, trap 18).
    executedQuoteAmount: 'cummulativeQuoteQty',
    preventedQuantity: 'preventedQuantity',
  });

const amendedOrder = (fields: FieldReader): VenueOrder =>
  orderWith(fields, {
    quantity: 'qty',
    quoteAmount: 'quoteOrderQty',
    executedQuoteAmount: 'cumulativeQuoteQty',
    preventedQuantity: 'preventedQty',
  });

interface Spelling {
  readonly quantity: string;
  readonly quoteAmount: string;
  readonly executedQuoteAmount: string;
  readonly preventedQuantity: string;
}

function orderWith(fields: FieldReader, spelling: Spelling): VenueOrder {
  return {
    symbol: fields.text('symbol'),
    orderId: fields.whole('orderId'),
    orderListId: fields.optionalWhole('orderListId'),
    clientOrderId: fields.text('clientOrderId'),
    originalClientOrderId: fields.optionalText('origClientOrderId'),
    side: fields.kept('side', SIDES),
    type: fields.kept('type', ORDER_TYPES),
    timeInForce: fields.kept('timeInForce', TIMES_IN_FORCE),
    status: fields.kept('status', ORDER_STATUSES),
    price: fields.positivePrice('price'),
    quantity: fields.positiveQuantity(spelling.quantity),
    quoteAmount: fields.positiveQuoteAmount(spelling.quoteAmount),
    executedQuantity: fields.quantity('executedQty'),
    executedQuoteAmount: fields.knownQuoteAmount(spelling.executedQuoteAmount),
    stopPrice: fields.positivePrice('stopPrice'),
    icebergQuantity: fields.positiveQuantity('icebergQty'),
    trailingDeltaBps: fields.optionalWhole('trailingDelta'),
    trailingTimeMs: fields.optionalWhole('trailingTime'),
    selfTradePrevention: fields.optionalKept('selfTradePreventionMode', SELF_TRADE_PREVENTION_MODES),
    preventedMatchId: fields.optionalWhole('preventedMatchId'),
    preventedQuantity: fields.positiveQuantity(spelling.preventedQuantity),
    tradeGroupId: fields.optionalWhole('tradeGroupId'),
    strategyId: fields.optionalWhole('strategyId'),
    strategyType: fields.optionalWhole('strategyType'),
    peg: pegOf(fields),
    usedSor: fields.optionalFlag('usedSor'),
    workingFloor: fields.optionalKept('workingFloor', WORKING_FLOORS),
    expiryReason: fields.optionalKept('expiryReason', EXPIRY_REASONS),
    isWorking: fields.optionalFlag('isWorking'),
    workingTimeMs: fields.optionalWhole('workingTime'),
    transactTimeMs: fields.optionalWhole('transactTime'),
    createdTimeMs: fields.optionalWhole('time'),
    updatedTimeMs: fields.optionalWhole('updateTime'),
    fills: fields.optionalList('fills', orderFill),
    preventedMatches: fields.optionalList('preventedMatches', preventedMatchOfOrder),
  };
}

/** The answer to a placement: FULL as we ask for it, or no more than an acknowledgement. */
export function placedOrder(fields: FieldReader): PlacedOrder {
  return {
    symbol: fields.text('symbol'),
    orderId: fields.whole('orderId'),
    orderListId: fields.optionalWhole('orderListId'),
    clientOrderId: fields.text('clientOrderId'),
    transactTimeMs: fields.whole('transactTime'),
    order: fields.has('status') ? venueOrder(fields) : undefined,
  };
}

function pegOf(fields: FieldReader): VenuePeg | undefined {
  if (!fields.has('pegPriceType')) return undefined;
  return {
    priceType: fields.kept('pegPriceType', PEG_PRICE_TYPES),
    offsetLevels: fields.optionalWhole('pegOffsetValue'),
    price: fields.positivePrice('peggedPrice'),
  };
}

const orderFill = (fields: FieldReader): OrderFill => ({
  price: fields.price('price'),
  quantity: fields.quantity('qty'),
  fee: feeOf(fields),
  tradeId: fields.optionalWhole('tradeId'),
  matchType: fields.optionalText('matchType'),
  allocationId: fields.optionalWhole('allocId'),
});

export const feeOf = (fields: FieldReader): Fee => ({
  asset: fields.text('commissionAsset'),
  amount: fields.amount('commission'),
});

const preventedMatchOfOrder = (fields: FieldReader): PreventedMatchOfOrder => ({
  preventedMatchId: fields.whole('preventedMatchId'),
  makerSymbol: fields.optionalText('makerSymbol'),
  makerOrderId: fields.whole('makerOrderId'),
  price: fields.price('price'),
  takerPreventedQuantity: fields.positiveQuantity('takerPreventedQuantity'),
  makerPreventedQuantity: fields.positiveQuantity('makerPreventedQuantity'),
});

export const orderListState = (fields: FieldReader): OrderListState => ({
  orderListId: fields.whole('orderListId'),
  contingencyType: fields.kept('contingencyType', CONTINGENCY_TYPES),
  listStatusType: fields.optionalKept('listStatusType', LIST_STATUS_TYPES),
  listOrderStatus: fields.kept('listOrderStatus', LIST_ORDER_STATUSES),
  listClientOrderId: fields.text('listClientOrderId'),
  symbol: fields.text('symbol'),
  transactTimeMs: fields.optionalWhole('transactionTime'),
  legs: fields.list('orders', legReference),
  reports: fields.optionalList('orderReports', venueOrder),
});

const legReference = (fields: FieldReader): LegReference => ({
  symbol: fields.text('symbol'),
  orderId: fields.whole('orderId'),
  clientOrderId: fields.text('clientOrderId'),
});

export const amendment = (fields: FieldReader): Amendment => ({
  transactTimeMs: fields.whole('transactTime'),
  executionId: fields.whole('executionId'),
  order: fields.object('amendedOrder', amendedOrder),
  list: fields.optionalObject('listStatus', orderListState),
});

export const amendmentRecord = (fields: FieldReader): AmendmentRecord => ({
  symbol: fields.text('symbol'),
  orderId: fields.whole('orderId'),
  executionId: fields.whole('executionId'),
  originalClientOrderId: fields.text('origClientOrderId'),
  newClientOrderId: fields.text('newClientOrderId'),
  originalQuantity: fields.quantity('origQty'),
  newQuantity: fields.quantity('newQty'),
  timeMs: fields.whole('time'),
});

export const preventedMatch = (fields: FieldReader): PreventedMatch => ({
  symbol: fields.text('symbol'),
  preventedMatchId: fields.whole('preventedMatchId'),
  takerOrderId: fields.whole('takerOrderId'),
  makerSymbol: fields.text('makerSymbol'),
  makerOrderId: fields.whole('makerOrderId'),
  tradeGroupId: fields.optionalWhole('tradeGroupId'),
  selfTradePrevention: fields.kept('selfTradePreventionMode', SELF_TRADE_PREVENTION_MODES),
  price: fields.price('price'),
  takerPreventedQuantity: fields.positiveQuantity('takerPreventedQuantity'),
  makerPreventedQuantity: fields.positiveQuantity('makerPreventedQuantity'),
  transactTimeMs: fields.whole('transactTime'),
});
