import { type Amount, formatAmount, formatPrice, type Price } from '@tradewind/core/money';
import {
  icebergQuantityOf,
  limitPriceOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  type Peg,
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
export function orderParameters(intent: OrderIntent): Parameters {
  const to: Parameter[] = [
    ['symbol', intent.symbol],
    ['side', intent.side],
  ];
  addTerms(to, intent.terms);
  to.push(['newClientOrderId', intent.clientOrderId]);
  addEnd(to, intent);
  return to;
}

/** The parameters of an order list's placement; which list it is stands in the path, see `orderListNameOf`. */
export function orderListParameters(
  list: OrderListIntent,
  pendingQuantity: PendingQuantity = 'as_intended',
): Parameters {
  const to: Parameter[] = [];
  switch (list.kind) {
    case 'OCO':
      to.push(
        ['symbol', list.above.symbol],
        ['listClientOrderId', list.listClientOrderId],
        ['side', list.above.side],
      );
      addAmount(to, 'quantity', list.above.terms.quantity);
      addLeg(to, 'above', list.above);
      addLeg(to, 'below', list.below);
      addEnd(to, list.above);
      return to;
    case 'OTO':
      addWorking(to, list.listClientOrderId, list.working);
      to.push(['pendingSide', list.pending.side]);
      if (pendingQuantity === 'as_intended') addAmount(to, 'pendingQuantity', list.pending.terms.quantity);
      addLeg(to, 'pending', list.pending);
      addEnd(to, list.working);
      return to;
    case 'OTOCO':
      addWorking(to, list.listClientOrderId, list.working);
      to.push(['pendingSide', list.pendingAbove.side]);
      if (pendingQuantity === 'as_intended')
        addAmount(to, 'pendingQuantity', list.pendingAbove.terms.quantity);
      addLeg(to, 'pendingAbove', list.pendingAbove);
      addLeg(to, 'pendingBelow', list.pendingBelow);
      addEnd(to, list.working);
      return to;
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

// An order waits for its parameters: each is added to the one list, because lists of lists take most of the time.

/** What every placement ends with. */
function addEnd(to: Parameter[], { selfTradePrevention }: OrderIntent): void {
  if (selfTradePrevention !== undefined) to.push(['selfTradePreventionMode', selfTradePrevention]);
  to.push(FULL_ANSWER);
}

/** Type, time in force, size and prices, in the order of the venue's own examples. */
function addTerms(to: Parameter[], terms: OrderTerms): void {
  to.push(['type', terms.type]);
  addTimeInForce(to, 'timeInForce', terms);
  addAmount(to, 'quantity', terms.quantity);
  if (terms.type === 'MARKET') addAmount(to, 'quoteOrderQty', terms.quoteAmount);
  addPrices(to, terms, PLAIN);
}

function addWorking(to: Parameter[], listClientOrderId: string, working: OrderIntent): void {
  to.push(
    ['symbol', working.symbol],
    ['listClientOrderId', listClientOrderId],
    ['workingSide', working.side],
  );
  addAmount(to, 'workingQuantity', working.terms.quantity);
  addLeg(to, 'working', working);
}

/** The members that every leg of a list has behind its prefix; side and quantity are said once for a pair. */
function addLeg(
  to: Parameter[],
  prefix: 'above' | 'below' | 'working' | 'pending' | 'pendingAbove' | 'pendingBelow',
  { clientOrderId, terms }: OrderIntent,
): void {
  to.push([`${prefix}Type`, terms.type], [`${prefix}ClientOrderId`, clientOrderId]);
  addTimeInForce(to, `${prefix}TimeInForce`, terms);
  addPrices(to, terms, {
    price: `${prefix}Price`,
    stopPrice: `${prefix}StopPrice`,
    trailingDelta: `${prefix}TrailingDelta`,
    icebergQuantity: `${prefix}IcebergQty`,
    peg: `${prefix}Peg`,
  });
}

/** Only the types that take one: on all others it is refused with -1106 or -1114. */
function addTimeInForce(to: Parameter[], name: string, terms: OrderTerms): void {
  switch (terms.type) {
    case 'LIMIT':
    case 'STOP_LOSS_LIMIT':
    case 'TAKE_PROFIT_LIMIT':
      to.push([name, terms.timeInForce]);
      return;
    case 'MARKET':
    case 'LIMIT_MAKER':
    case 'STOP_LOSS':
    case 'TAKE_PROFIT':
      return;
    default:
      unreachable(terms);
  }
}

interface Names {
  readonly price: string;
  readonly stopPrice: string;
  readonly trailingDelta: string;
  readonly icebergQuantity: string;
  /** What the names of a peg begin with: `pegPriceType` alone, `abovePegPriceType` behind a prefix. */
  readonly peg: string;
}
const PLAIN: Names = {
  price: 'price',
  stopPrice: 'stopPrice',
  trailingDelta: 'trailingDelta',
  icebergQuantity: 'icebergQty',
  peg: 'peg',
};

/** Prices, and what is shown of an order at them. */
function addPrices(to: Parameter[], terms: OrderTerms, names: Names): void {
  addPrice(to, names.price, limitPriceOf(terms));
  const trigger = triggerOf(terms);
  if (trigger !== undefined) {
    addPrice(to, names.stopPrice, trigger.stopPrice);
    if (trigger.trailingDeltaBps !== undefined) to.push([names.trailingDelta, trigger.trailingDeltaBps]);
  }
  addAmount(to, names.icebergQuantity, icebergQuantityOf(terms));
  addPeg(to, names.peg, pegOf(terms));
}

function addAmount(to: Parameter[], name: string, amount: Amount | undefined): void {
  if (amount !== undefined) to.push([name, formatAmount(amount)]);
}

function addPrice(to: Parameter[], name: string, price: Price | undefined): void {
  if (price !== undefined) to.push([name, formatPrice(price)]);
}

/** Type and value of an offset are sent together. */
function addPeg(to: Parameter[], stem: string, peg: Peg | undefined): void {
  if (peg === undefined) return;
  to.push([`${stem}PriceType`, peg.priceType]);
  if (peg.offsetLevels === undefined) return;
  to.push([`${stem}OffsetType`, 'PRICE_LEVEL'], [`${stem}OffsetValue`, peg.offsetLevels]);
}
