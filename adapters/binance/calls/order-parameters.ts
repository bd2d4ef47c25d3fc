import { type Amount, formatAmount, formatPrice, type Price } from '@tradewind/core/money';
import {
  icebergQuantityOf,
  limitPriceOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  pegOf,
  triggerOf,
} from '@tradewind/core/orders';
import { unreachable } from '@tradewind/core/result';
import type { Parameter, Parameters } from '../model/parameters.ts';

/**
 * What names an order in a call. With both ids the venue looks up by `orderId` and then compares the other (binance-spot.md
 * section 4.3); `orderId` alone is the fastest.
 */
export type OrderReference =
  | { readonly symbol: string; readonly orderId: number; readonly clientOrderId?: string }
  | { readonly symbol: string; readonly orderId?: never; readonly clientOrderId: string };

export type OrderListReference =
  | { readonly symbol: string; readonly orderListId: number; readonly listClientOrderId?: string }
  | { readonly symbol: string; readonly orderListId?: never; readonly listClientOrderId: string };

/**
 * Who decides the quantity of a pending leg: the intent, or the venue from what the working order received (OPO and OPOCO,
 * binance-spot.md section 4.3), which is never more than the intent's where that is the working quantity.
 */
export type PendingQuantity = 'as_intended' | 'as_received';

/** The parameters of a placement, without key, time and signature. Every answer is asked for in full. */
export const orderParameters = (intent: OrderIntent): Parameters => [
  ['symbol', intent.symbol],
  ['side', intent.side],
  ...termsParameters(intent.terms),
  ['newClientOrderId', intent.clientOrderId],
  ...preventionParameters(intent),
  FULL_ANSWER,
];

/** The parameters of an order list's placement; which list it is stands in the path, see `orderListNameOf`. */
export function orderListParameters(
  list: OrderListIntent,
  pendingQuantity: PendingQuantity = 'as_intended',
): Parameters {
  switch (list.kind) {
    case 'OCO':
      return [
        ['symbol', list.above.symbol],
        ['listClientOrderId', list.listClientOrderId],
        ['side', list.above.side],
        ...quantityOf('quantity', list.above.terms),
        ...legParameters('above', list.above),
        ...legParameters('below', list.below),
        ...preventionParameters(list.above),
        FULL_ANSWER,
      ];
    case 'OTO':
      return [
        ...workingParameters(list.listClientOrderId, list.working),
        ['pendingSide', list.pending.side],
        ...(pendingQuantity === 'as_intended' ? quantityOf('pendingQuantity', list.pending.terms) : []),
        ...legParameters('pending', list.pending),
        ...preventionParameters(list.working),
        FULL_ANSWER,
      ];
    case 'OTOCO':
      return [
        ...workingParameters(list.listClientOrderId, list.working),
        ['pendingSide', list.pendingAbove.side],
        ...(pendingQuantity === 'as_intended' ? quantityOf('pendingQuantity', list.pendingAbove.terms) : []),
        ...legParameters('pendingAbove', list.pendingAbove),
        ...legParameters('pendingBelow', list.pendingBelow),
        ...preventionParameters(list.working),
        FULL_ANSWER,
      ];
    default:
      return unreachable(list);
  }
}

/** The last part of the path and of the WebSocket API's method: `orderList/oco`, `orderList.place.oco`. */
export function orderListNameOf(
  list: OrderListIntent,
  pendingQuantity: PendingQuantity,
): 'oco' | 'oto' | 'otoco' | 'opo' | 'opoco' {
  switch (list.kind) {
    case 'OCO':
      return 'oco';
    case 'OTO':
      return pendingQuantity === 'as_intended' ? 'oto' : 'opo';
    case 'OTOCO':
      return pendingQuantity === 'as_intended' ? 'otoco' : 'opoco';
    default:
      return unreachable(list);
  }
}

export const referenceParameters = (reference: OrderReference): Parameters => [
  ['symbol', reference.symbol],
  ...optional('orderId', reference.orderId),
  ...optional('origClientOrderId', reference.clientOrderId),
];

export const optional = (name: string, value: Parameter[1] | undefined): Parameters =>
  value === undefined ? [] : [[name, value]];

/** Without it stops and post-only orders are answered by no more than an acknowledgement (binance-spot.md section 5.1). */
const FULL_ANSWER: Parameter = ['newOrderRespType', 'FULL'];

/** Type, time in force, size and prices, in the order of the venue's own examples. */
function termsParameters(terms: OrderTerms): Parameters {
  return [
    ['type', terms.type],
    ...timeInForceParameter('timeInForce', terms),
    ...quantityOf('quantity', terms),
    ...amountParameter('quoteOrderQty', terms.type === 'MARKET' ? terms.quoteAmount : undefined),
    ...priceParameters(terms, { price: 'price', stopPrice: 'stopPrice', trailingDelta: 'trailingDelta' }),
    ...amountParameter('icebergQty', icebergQuantityOf(terms)),
    ...pegParameters('', terms),
  ];
}

const workingParameters = (listClientOrderId: string, working: OrderIntent): Parameters => [
  ['symbol', working.symbol],
  ['listClientOrderId', listClientOrderId],
  ['workingSide', working.side],
  ...quantityOf('workingQuantity', working.terms),
  ...legParameters('working', working),
];

/** The members that every leg of a list has behind its prefix; side and quantity are said once for a pair. */
function legParameters(
  prefix: 'above' | 'below' | 'working' | 'pending' | 'pendingAbove' | 'pendingBelow',
  { clientOrderId, terms }: OrderIntent,
): Parameters {
  return [
    [`${prefix}Type`, terms.type],
    [`${prefix}ClientOrderId`, clientOrderId],
    ...timeInForceParameter(`${prefix}TimeInForce`, terms),
    ...priceParameters(terms, {
      price: `${prefix}Price`,
      stopPrice: `${prefix}StopPrice`,
      trailingDelta: `${prefix}TrailingDelta`,
    }),
    ...amountParameter(`${prefix}IcebergQty`, icebergQuantityOf(terms)),
    ...pegParameters(prefix, terms),
  ];
}

/** Only the types that take one: on all others it is refused with -1106 or -1114. */
function timeInForceParameter(name: string, terms: OrderTerms): Parameters {
  switch (terms.type) {
    case 'LIMIT':
    case 'STOP_LOSS_LIMIT':
    case 'TAKE_PROFIT_LIMIT':
      return [[name, terms.timeInForce]];
    case 'MARKET':
    case 'LIMIT_MAKER':
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return [];
    default:
      return unreachable(terms);
  }
}

const quantityOf = (name: string, terms: OrderTerms): Parameters => amountParameter(name, terms.quantity);

const amountParameter = (name: string, amount: Amount | undefined): Parameters =>
  amount === undefined ? [] : [[name, formatAmount(amount)]];

function priceParameters(
  terms: OrderTerms,
  names: { readonly price: string; readonly stopPrice: string; readonly trailingDelta: string },
): Parameters {
  const price = limitPriceOf(terms);
  const trigger = triggerOf(terms);
  return [
    ...priceParameter(names.price, price),
    ...priceParameter(names.stopPrice, trigger?.stopPrice),
    ...optional(names.trailingDelta, trigger?.trailingDeltaBps),
  ];
}

const priceParameter = (name: string, price: Price | undefined): Parameters =>
  price === undefined ? [] : [[name, formatPrice(price)]];

/** `pegPriceType` alone, `abovePegPriceType` behind a prefix. Type and value of an offset are sent together. */
function pegParameters(prefix: string, terms: OrderTerms): Parameters {
  const peg = pegOf(terms);
  if (peg === undefined) return [];
  const stem = prefix === '' ? 'peg' : `${prefix}Peg`;
  return [
    [`${stem}PriceType`, peg.priceType],
    ...(peg.offsetLevels === undefined
      ? []
      : ([
          [`${stem}OffsetType`, 'PRICE_LEVEL'],
          [`${stem}OffsetValue`, peg.offsetLevels],
        ] satisfies Parameters)),
  ];
}

const preventionParameters = ({ selfTradePrevention }: OrderIntent): Parameters =>
  optional('selfTradePreventionMode', selfTradePrevention);
