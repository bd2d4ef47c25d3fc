import type { Price, Quantity } from '@tradewind/core/money';
import type { TimeInForce } from '@tradewind/core/orders';
import type { NewOrder, NewOrderList, SymbolView } from '../../exchange/index.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  eitherMandatory,
  INVALID_TIME_IN_FORCE,
  mandatory,
  STRATEGY_TYPE_TOO_LOW,
  TIME_IN_FORCE_NOT_REQUIRED,
} from '../refusal.ts';
import type { Call } from './operation.ts';
import { fromWire, precisionOf, readClientOrderId, readSelfTradePrevention, readSide } from './read-order.ts';

const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK'];
const STRATEGY_TYPE_MIN = 1_000_000;

/**
 * The older form of an OCO (`POST order/oco`, `orderList.place`): always a limit maker and a stop loss, with parameters
 * named by what they are instead of where they rest. It is deprecated since 2024 and still served.
 */
export function readDeprecatedOco(
  call: Call,
  symbol: SymbolView,
  listClientOrderId: string | undefined,
): NewOrderList {
  const { parameters } = call;
  const side = readSide(parameters);
  const base = precisionOf(symbol, 'baseAssetPrecision');
  const quote = precisionOf(symbol, 'quoteAssetPrecision');
  const quantity = fromWire<Quantity>(parameters.decimal('quantity', base));
  if (quantity === undefined) parameters.refuse(mandatory('quantity'));
  const selfTradePrevention = readSelfTradePrevention(parameters);
  const price = fromWire<Price>(parameters.decimal('price', quote));
  if (price === undefined) parameters.refuse(mandatory('price'));
  const limit: NewOrder = {
    side,
    type: 'LIMIT_MAKER',
    quantity,
    price,
    icebergQuantity: fromWire<Quantity>(parameters.decimal('limitIcebergQty', base)),
    clientOrderId: readClientOrderId(parameters, 'limitClientOrderId'),
    ...readStrategy(parameters, 'limitStrategyId', 'limitStrategyType'),
    selfTradePrevention,
  };
  const stop: NewOrder = {
    side,
    ...readStopPrices(parameters, quote),
    quantity,
    icebergQuantity: fromWire<Quantity>(parameters.decimal('stopIcebergQty', base)),
    clientOrderId: readClientOrderId(parameters, 'stopClientOrderId'),
    ...readStrategy(parameters, 'stopStrategyId', 'stopStrategyType'),
    selfTradePrevention,
  };
  const legs = side === 'SELL' ? { above: limit, below: stop } : { above: stop, below: limit };
  return { kind: 'OCO', symbol: symbol.symbol, listClientOrderId, ...legs };
}

function readStopPrices(
  parameters: Parameters,
  precision: number,
): Pick<NewOrder, 'type' | 'price' | 'stopPrice' | 'trailingDelta' | 'timeInForce'> {
  const stopPrice = fromWire<Price>(parameters.decimal('stopPrice', precision));
  const trailingDelta = parameters.integer('trailingDelta');
  if (stopPrice === undefined && trailingDelta === undefined) {
    parameters.refuse(eitherMandatory('stopPrice', 'trailingDelta'));
  }
  const price = fromWire<Price>(parameters.decimal('stopLimitPrice', precision));
  const timeInForce = parameters.choice('stopLimitTimeInForce', TIMES_IN_FORCE, INVALID_TIME_IN_FORCE);
  if (price === undefined && timeInForce !== undefined) parameters.refuse(TIME_IN_FORCE_NOT_REQUIRED);
  if (price !== undefined && timeInForce === undefined) parameters.refuse(mandatory('stopLimitTimeInForce'));
  const type = price === undefined ? 'STOP_LOSS' : 'STOP_LOSS_LIMIT';
  return { type, price, stopPrice, trailingDelta, timeInForce };
}

function readStrategy(
  parameters: Parameters,
  idName: string,
  typeName: string,
): Pick<NewOrder, 'strategyId' | 'strategyType'> {
  const strategyType = parameters.integer(typeName);
  if (strategyType !== undefined && strategyType < STRATEGY_TYPE_MIN)
    parameters.refuse(STRATEGY_TYPE_TOO_LOW);
  return { strategyId: parameters.integer(idName), strategyType };
}
