import { isZero, type Quantity } from '@tradewind/core/money';
import type {
  CancelOutcome,
  CancelRestriction,
  Refusal as ExchangeRefusal,
  Placed,
} from '../../exchange/index.ts';
import type { TimeUnit } from '../../notation/time-unit.ts';
import { canceledListJson } from '../format/list-json.ts';
import { amendedJson, canceledJson, placedJson, type ResponseType } from '../format/order-json.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  eitherMandatory,
  INVALID_CANCEL_RESTRICTIONS,
  invalidData,
  mandatory,
  type Refusal,
  refusalBody,
} from '../refusal.ts';
import { type Answer, type Call, type Operation, ofExchange } from './operation.ts';
import { readSingleOrder } from './place.ts';
import { fromWire, precisionOf, readClientOrderId, readOriginalClientOrderId } from './read-order.ts';
import { readSymbol } from './read-symbol.ts';

const RESTRICTIONS: readonly CancelRestriction[] = ['ONLY_NEW', 'ONLY_PARTIALLY_FILLED'];

/** The ids of an order that must be named by one of them. */
export function readOrderIds(
  parameters: Parameters,
  idName = 'orderId',
  clientIdName = 'origClientOrderId',
): { orderId: number | undefined; origClientOrderId: string | undefined } {
  if (!parameters.has(idName) && !parameters.has(clientIdName)) {
    parameters.refuse(eitherMandatory(clientIdName, idName));
  }
  return {
    orderId: parameters.integer(idName),
    origClientOrderId: readOriginalClientOrderId(parameters, clientIdName),
  };
}

function cancelOrder(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const ids = readOrderIds(parameters);
  const clientOrderId = readClientOrderId(parameters, 'newClientOrderId');
  const restriction = parameters.choice('cancelRestrictions', RESTRICTIONS, INVALID_CANCEL_RESTRICTIONS);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const outcome = call.exchange.cancelOrder(call.account, {
    symbol: symbol.symbol,
    ...ids,
    clientOrderId,
    restriction,
  });
  return outcome.ok ? canceledOutcomeJson(outcome.value, call.unit) : ofExchange(outcome.error);
}

const canceledOutcomeJson = (outcome: CancelOutcome, unit: TimeUnit): string =>
  outcome.kind === 'order' ? canceledJson(outcome, unit) : canceledListJson(outcome, unit);

function cancelOpenOrders(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined) return parameters.refusal!;
  const outcomes = call.exchange.cancelAll(call.account, symbol.symbol);
  if (!outcomes.ok) return ofExchange(outcomes.error);
  return `[${outcomes.value.map((it) => canceledOutcomeJson(it, call.unit)).join(',')}]`;
}

function cancelReplace(call: Call): Answer {
  const { parameters, unit } = call;
  const mode = parameters.choice('cancelReplaceMode', ['STOP_ON_FAILURE', 'ALLOW_FAILURE']);
  if (mode === undefined) parameters.refuse(mandatory('cancelReplaceMode'));
  const reading = readSingleOrder(call);
  const ids = readOrderIds(parameters, 'cancelOrderId', 'cancelOrigClientOrderId');
  const cancelClientOrderId = readClientOrderId(parameters, 'cancelNewClientOrderId');
  const restriction = parameters.choice('cancelRestrictions', RESTRICTIONS, INVALID_CANCEL_RESTRICTIONS);
  const orderRateLimitExceededMode = parameters.choice('orderRateLimitExceededMode', [
    'DO_NOTHING',
    'CANCEL_ONLY',
  ]);
  parameters.finish();
  if (parameters.refusal !== undefined || reading === undefined || mode === undefined) {
    return parameters.refusal!;
  }
  const outcome = call.exchange.cancelReplace(call.account, {
    symbol: reading.symbol,
    mode,
    cancelOrderId: ids.orderId,
    cancelOrigClientOrderId: ids.origClientOrderId,
    cancelClientOrderId,
    restriction,
    orderRateLimitExceededMode,
    order: reading.order,
  });
  if (outcome.kind === 'refused') return ofExchange(outcome.refusal);
  const halves = halvesJson(outcome.canceled, outcome.placed, reading.responseType, unit);
  return outcome.kind === 'done' ? halves : cancelReplaceRefusal(outcome.kind === 'failed', halves);
}

const cancelReplaceRefusal = (isWhole: boolean, data: string): Refusal =>
  isWhole
    ? { status: 400, code: -2022, message: 'Order cancel-replace failed.', data }
    : { status: 409, code: -2021, message: 'Order cancel-replace partially failed.', data };

function halvesJson(
  canceled: CancelOutcome | ExchangeRefusal,
  placed: Placed | ExchangeRefusal | undefined,
  responseType: ResponseType,
  unit: TimeUnit,
): string {
  const cancelFailed = 'code' in canceled;
  const cancelResponse = cancelFailed
    ? refusalBody(ofExchange(canceled))
    : canceledOutcomeJson(canceled, unit);
  let placeResult = 'NOT_ATTEMPTED';
  let placeResponse = 'null';
  if (placed !== undefined) {
    const placeFailed = 'code' in placed;
    placeResult = placeFailed ? 'FAILURE' : 'SUCCESS';
    placeResponse = placeFailed ? refusalBody(ofExchange(placed)) : placedJson(placed, responseType, unit);
  }
  return (
    `{"cancelResult":"${cancelFailed ? 'FAILURE' : 'SUCCESS'}","newOrderResult":"${placeResult}"` +
    `,"cancelResponse":${cancelResponse},"newOrderResponse":${placeResponse}}`
  );
}

function amend(call: Call): Answer {
  const { parameters } = call;
  const symbol = readSymbol(call);
  const ids = readOrderIds(parameters);
  const clientOrderId = readClientOrderId(parameters, 'newClientOrderId');
  const precision = symbol === undefined ? 8 : precisionOf(symbol, 'baseAssetPrecision');
  const quantity = fromWire<Quantity>(parameters.decimal('newQty', precision));
  if (quantity === undefined) parameters.refuse(mandatory('newQty'));
  else if (isZero(quantity)) parameters.refuse(invalidData('newQty'));
  parameters.finish();
  if (parameters.refusal !== undefined || symbol === undefined || quantity === undefined) {
    return parameters.refusal!;
  }
  const amended = call.exchange.amend(call.account, {
    symbol: symbol.symbol,
    ...ids,
    quantity,
    clientOrderId,
  });
  return amended.ok ? amendedJson(amended.value, call.unit) : ofExchange(amended.error);
}

/** Source: binance-spot.md section 4.3. */
export const CANCELING: readonly Operation[] = [
  {
    rest: ['DELETE', '/api/v3/order'],
    webSocket: 'order.cancel',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    run: cancelOrder,
  },
  {
    rest: ['DELETE', '/api/v3/openOrders'],
    webSocket: 'openOrders.cancelAll',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    run: cancelOpenOrders,
  },
  {
    rest: ['POST', '/api/v3/order/cancelReplace'],
    webSocket: 'order.cancelReplace',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    unfilledOrders: 1,
    run: cancelReplace,
  },
  {
    // Its weight of 4 is given back only where the amendment makes the order expire, which none does here.
    rest: ['PUT', '/api/v3/order/amend/keepPriority'],
    webSocket: 'order.amend.keepPriority',
    security: 'TRADE',
    weight: 4,
    run: amend,
  },
];
