import type { Quantity } from '@tradewind/core/money';
import type { OrderType, Side } from '@tradewind/core/orders';
import type { NewOrder, NewOrderList, SymbolView } from '../../exchange/index.ts';
import { placedListJson } from '../format/list-json.ts';
import type { ResponseType } from '../format/order-json.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  BOTH_LEGS_ARE_LIMIT,
  BUY_LIMIT_MUST_BE_BELOW,
  BUY_STOP_LOSS_MUST_BE_ABOVE,
  BUY_TAKE_PROFIT_MUST_BE_BELOW,
  icebergNeedsGoodTillCanceled,
  mandatory,
  OCO_TYPE_NOT_SUPPORTED,
  OPO_PENDING_MUST_BE_SELL,
  OPO_WORKING_MUST_BE_BUY,
  pendingParameterNotRequired,
  type Refusal,
  SELL_LIMIT_MUST_BE_ABOVE,
  SELL_STOP_LOSS_MUST_BE_BELOW,
  SELL_TAKE_PROFIT_MUST_BE_ABOVE,
  WORKING_TYPE_NOT_SUPPORTED,
  workingParameterRequired,
} from '../refusal.ts';
import { type Answer, type Call, type Operation, ofExchange } from './operation.ts';
import { readDeprecatedOco } from './read-deprecated-oco.ts';
import {
  fromWire,
  namesOf,
  type OrderNames,
  type OrderSource,
  precisionOf,
  readClientOrderId,
  readOrder,
  readOrderType,
  readResponseType,
  readSelfTradePrevention,
  readSide,
} from './read-order.ts';
import { readSymbol } from './read-symbol.ts';

const ABOVE = namesOf('above');
const BELOW = namesOf('below');
const WORKING = namesOf('working');
const PENDING = namesOf('pending');
const PENDING_ABOVE = namesOf('pendingAbove');
const PENDING_BELOW = namesOf('pendingBelow');

/** Reads the legs of one kind of list; what is wrong with them is in `Parameters.refusal`. */
type ReadList = (call: Call, symbol: SymbolView, listClientOrderId: string | undefined) => NewOrderList;

const placeList =
  (read: ReadList) =>
  (call: Call): Answer => {
    const { parameters, exchange, account, unit } = call;
    const symbol = readSymbol(call);
    if (symbol === undefined) return parameters.refusal!;
    const listClientOrderId = readClientOrderId(parameters, 'listClientOrderId');
    const responseType: ResponseType = readResponseType(parameters) ?? 'RESULT';
    const list = read(call, symbol, listClientOrderId);
    parameters.finish();
    if (parameters.refusal !== undefined) return parameters.refusal;
    const placed = exchange.placeList(account, list);
    if (!placed.ok) return ofExchange(placed.error);
    return placedListJson(placed.value, responseType, unit);
  };

const readOco: ReadList = (call, symbol, listClientOrderId) => {
  const { parameters } = call;
  const side = readSide(parameters);
  const quantity = readQuantity(parameters, symbol, 'quantity');
  return {
    kind: 'OCO',
    symbol: symbol.symbol,
    listClientOrderId,
    ...readPair(call, symbol, side, quantity, ABOVE, BELOW),
  };
};

function readQuantity(parameters: Parameters, symbol: SymbolView, name: string): Quantity | undefined {
  const quantity = fromWire<Quantity>(parameters.decimal(name, precisionOf(symbol, 'baseAssetPrecision')));
  if (quantity === undefined) parameters.refuse(mandatory(name));
  return quantity;
}

/** Two legs of which one cancels the other. */
function readPair(
  call: Call,
  symbol: SymbolView,
  side: Side,
  quantity: Quantity | undefined,
  aboveNames: OrderNames,
  belowNames: OrderNames,
): { readonly above: NewOrder; readonly below: NewOrder } {
  const { parameters } = call;
  checkPair(
    parameters,
    side,
    readOrderType(parameters, aboveNames.type),
    readOrderType(parameters, belowNames.type),
  );
  const common = {
    symbol,
    side,
    quantity: { kind: 'given', quantity },
    selfTradePrevention: readSelfTradePrevention(parameters),
  } as const;
  const above = readOrder(parameters, { ...common, names: aboveNames });
  const below = readOrder(parameters, { ...common, names: belowNames });
  checkIceberg(parameters, above, aboveNames);
  checkIceberg(parameters, below, belowNames);
  return { above, below };
}

type Leg = 'limit' | 'take_profit' | 'stop_loss';
const LEGS: Record<OrderType, Leg | undefined> = {
  LIMIT: undefined,
  MARKET: undefined,
  LIMIT_MAKER: 'limit',
  TAKE_PROFIT: 'take_profit',
  TAKE_PROFIT_LIMIT: 'take_profit',
  STOP_LOSS: 'stop_loss',
  STOP_LOSS_LIMIT: 'stop_loss',
};
/** What a leg on the wrong side of the market is told. Source: binance-spot.md sections 4.3 and 7.2. */
const WRONG_SIDE: Record<Side, Record<Leg, { readonly isAbove: boolean; readonly refusal: Refusal }>> = {
  BUY: {
    limit: { isAbove: false, refusal: BUY_LIMIT_MUST_BE_BELOW },
    take_profit: { isAbove: false, refusal: BUY_TAKE_PROFIT_MUST_BE_BELOW },
    stop_loss: { isAbove: true, refusal: BUY_STOP_LOSS_MUST_BE_ABOVE },
  },
  SELL: {
    limit: { isAbove: true, refusal: SELL_LIMIT_MUST_BE_ABOVE },
    take_profit: { isAbove: true, refusal: SELL_TAKE_PROFIT_MUST_BE_ABOVE },
    stop_loss: { isAbove: false, refusal: SELL_STOP_LOSS_MUST_BE_BELOW },
  },
};

function checkPair(parameters: Parameters, side: Side, aboveType: OrderType, belowType: OrderType): void {
  const above = LEGS[aboveType];
  const below = LEGS[belowType];
  if (above === undefined || below === undefined) {
    parameters.refuse(OCO_TYPE_NOT_SUPPORTED);
    return;
  }
  if (above === 'limit' && below === 'limit') parameters.refuse(BOTH_LEGS_ARE_LIMIT);
  const rules = WRONG_SIDE[side];
  if (!rules[above].isAbove) parameters.refuse(rules[above].refusal);
  if (rules[below].isAbove) parameters.refuse(rules[below].refusal);
}

function checkIceberg(parameters: Parameters, leg: NewOrder, names: OrderNames): void {
  if (leg.icebergQuantity !== undefined && leg.timeInForce !== undefined && leg.timeInForce !== 'GTC') {
    parameters.refuse(icebergNeedsGoodTillCanceled(names.icebergQuantity));
  }
}

/** The order that comes first; the rest waits until all of it is filled. */
function readWorking(call: Call, symbol: SymbolView, isOpo: boolean): NewOrder {
  const { parameters } = call;
  const side = readSide(parameters, 'workingSide');
  if (isOpo && side !== 'BUY') parameters.refuse(OPO_WORKING_MUST_BE_BUY);
  const type = readOrderType(parameters, WORKING.type);
  if (type !== 'LIMIT' && type !== 'LIMIT_MAKER') parameters.refuse(WORKING_TYPE_NOT_SUPPORTED);
  const source: OrderSource = {
    symbol,
    names: WORKING,
    side,
    quantity: { kind: 'own_base' },
    selfTradePrevention: readSelfTradePrevention(parameters),
    ...(isOpo ? { missing: workingParameterRequired } : {}),
  };
  return readOrder(parameters, source);
}

function readPendingSide(parameters: Parameters, isOpo: boolean): Side {
  const side = readSide(parameters, 'pendingSide');
  if (isOpo && side !== 'SELL') parameters.refuse(OPO_PENDING_MUST_BE_SELL);
  if (isOpo && parameters.has('pendingQuantity')) {
    parameters.refuse(pendingParameterNotRequired('pendingQuantity'));
  }
  return side;
}

const readOneTriggersOne =
  (kind: 'OTO' | 'OPO'): ReadList =>
  (call, symbol, listClientOrderId) => {
    const { parameters } = call;
    const working = readWorking(call, symbol, kind === 'OPO');
    const side = readPendingSide(parameters, kind === 'OPO');
    const pending = readOrder(parameters, {
      symbol,
      names: PENDING,
      side,
      quantity: kind === 'OPO' ? { kind: 'given', quantity: undefined } : { kind: 'own_base' },
      selfTradePrevention: readSelfTradePrevention(parameters),
    });
    return { kind, symbol: symbol.symbol, listClientOrderId, working, pending };
  };

const readOneTriggersPair =
  (kind: 'OTOCO' | 'OPOCO'): ReadList =>
  (call, symbol, listClientOrderId) => {
    const { parameters } = call;
    const working = readWorking(call, symbol, kind === 'OPOCO');
    const side = readPendingSide(parameters, kind === 'OPOCO');
    const quantity = kind === 'OPOCO' ? undefined : readQuantity(parameters, symbol, 'pendingQuantity');
    const pair = readPair(call, symbol, side, quantity, PENDING_ABOVE, PENDING_BELOW);
    return {
      kind,
      symbol: symbol.symbol,
      listClientOrderId,
      working,
      pendingAbove: pair.above,
      pendingBelow: pair.below,
    };
  };

const placing = (path: string, webSocket: string, unfilledOrders: number, read: ReadList): Operation => ({
  rest: ['POST', `/api/v3/${path}`],
  webSocket,
  security: 'TRADE',
  weight: 1,
  isFreeOnSuccess: true,
  unfilledOrders,
  run: placeList(read),
});

/** Source: binance-spot.md section 4.3. */
export const PLACING_LISTS: readonly Operation[] = [
  placing('order/oco', 'orderList.place', 2, readDeprecatedOco),
  placing('orderList/oco', 'orderList.place.oco', 2, readOco),
  placing('orderList/oto', 'orderList.place.oto', 2, readOneTriggersOne('OTO')),
  placing('orderList/otoco', 'orderList.place.otoco', 3, readOneTriggersPair('OTOCO')),
  placing('orderList/opo', 'orderList.place.opo', 2, readOneTriggersOne('OPO')),
  placing('orderList/opoco', 'orderList.place.opoco', 3, readOneTriggersPair('OPOCO')),
];
