import { fromUnits, type Price, type Quantity, type QuoteAmount } from '@tradewind/core/money';
import {
  ORDER_TYPES,
  type OrderType,
  SELF_TRADE_PREVENTION_MODES,
  type SelfTradePrevention,
  type Side,
  type TimeInForce,
} from '@tradewind/core/orders';
import type { NewOrder, PegPriceType, SymbolView } from '../../exchange/index.ts';
import type { ResponseType } from '../format/order-json.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  EMPTY_NEW_CLIENT_ORDER_ID,
  EMPTY_ORIGINAL_CLIENT_ORDER_ID,
  eitherMandatory,
  INVALID_ORDER_TYPE,
  INVALID_PEG_OFFSET_TYPE,
  INVALID_PEG_PRICE_TYPE,
  INVALID_SIDE,
  INVALID_TIME_IN_FORCE,
  illegalCharacters,
  invalidData,
  mandatory,
  notRequired,
  type Refusal,
  STRATEGY_TYPE_TOO_LOW,
  sentTogether,
  TIME_IN_FORCE_NOT_REQUIRED,
} from '../refusal.ts';

const SIDES: readonly Side[] = ['BUY', 'SELL'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK'];
const PEG_PRICE_TYPES: readonly PegPriceType[] = ['PRIMARY_PEG', 'MARKET_PEG'];
const RESPONSE_TYPES: readonly ResponseType[] = ['ACK', 'RESULT', 'FULL'];
const STRATEGY_TYPE_MIN = 1_000_000;
const PEG_LEVELS_MAX = 100;
const CLIENT_ORDER_ID_MAX = 36;
const LEGAL_CLIENT_ORDER_ID = '^[a-zA-Z0-9-_]{1,36}$';

/** What the wire calls the members of an order: each leg of a list has names of its own. */
export interface OrderNames {
  readonly type: string;
  readonly clientOrderId: string;
  readonly quantity: string;
  readonly quoteOrderQuantity: string;
  readonly price: string;
  readonly stopPrice: string;
  readonly trailingDelta: string;
  readonly icebergQuantity: string;
  readonly timeInForce: string;
  readonly strategyId: string;
  readonly strategyType: string;
  readonly pegPriceType: string;
  readonly pegOffsetType: string;
  readonly pegOffsetValue: string;
}

/** The names of a leg: 'aboveType', 'aboveClientOrderId' ... Source: binance-spot.md section 4.3. */
export const namesOf = (prefix: string): OrderNames => ({
  type: `${prefix}Type`,
  clientOrderId: `${prefix}ClientOrderId`,
  quantity: `${prefix}Quantity`,
  quoteOrderQuantity: `${prefix}QuoteOrderQty`,
  price: `${prefix}Price`,
  stopPrice: `${prefix}StopPrice`,
  trailingDelta: `${prefix}TrailingDelta`,
  icebergQuantity: `${prefix}IcebergQty`,
  timeInForce: `${prefix}TimeInForce`,
  strategyId: `${prefix}StrategyId`,
  strategyType: `${prefix}StrategyType`,
  pegPriceType: `${prefix}PegPriceType`,
  pegOffsetType: `${prefix}PegOffsetType`,
  pegOffsetValue: `${prefix}PegOffsetValue`,
});

export const SINGLE: OrderNames = {
  type: 'type',
  clientOrderId: 'newClientOrderId',
  quantity: 'quantity',
  quoteOrderQuantity: 'quoteOrderQty',
  price: 'price',
  stopPrice: 'stopPrice',
  trailingDelta: 'trailingDelta',
  icebergQuantity: 'icebergQty',
  timeInForce: 'timeInForce',
  strategyId: 'strategyId',
  strategyType: 'strategyType',
  pegPriceType: 'pegPriceType',
  pegOffsetType: 'pegOffsetType',
  pegOffsetValue: 'pegOffsetValue',
};

interface TypeRules {
  readonly isTimed: boolean;
  readonly isPriced: boolean;
  readonly isTriggered: boolean;
}
/** Source: binance-spot.md section 5.1. */
const TYPE_RULES: Record<OrderType, TypeRules> = {
  LIMIT: { isTimed: true, isPriced: true, isTriggered: false },
  MARKET: { isTimed: false, isPriced: false, isTriggered: false },
  STOP_LOSS: { isTimed: false, isPriced: false, isTriggered: true },
  STOP_LOSS_LIMIT: { isTimed: true, isPriced: true, isTriggered: true },
  TAKE_PROFIT: { isTimed: false, isPriced: false, isTriggered: true },
  TAKE_PROFIT_LIMIT: { isTimed: true, isPriced: true, isTriggered: true },
  LIMIT_MAKER: { isTimed: false, isPriced: true, isTriggered: false },
};

/** Where the quantity of an order comes from. */
export type QuantitySource =
  /** Its own parameter, or a quote amount for a market order. */
  | { readonly kind: 'own' }
  /** Its own parameter, and nothing else will do: legs of lists. */
  | { readonly kind: 'own_base' }
  /** Shared by two legs, or of an OPO, where the working order decides. */
  | { readonly kind: 'given'; readonly quantity: Quantity | undefined };

export interface OrderSource {
  readonly symbol: SymbolView;
  readonly names: OrderNames;
  readonly side: Side;
  readonly quantity: QuantitySource;
  readonly selfTradePrevention: SelfTradePrevention | undefined;
  /** How a missing parameter is refused: -1102, or -1224 for working orders of an OPO. */
  readonly missing?: (name: string) => Refusal;
}

export function readSide(parameters: Parameters, name = 'side'): Side {
  const text = parameters.mandatoryText(name);
  if (text === 'BUY' || text === 'SELL') return text;
  parameters.refuse(INVALID_SIDE);
  return SIDES[0]!;
}

export function readOrderType(parameters: Parameters, name: string): OrderType {
  const text = parameters.mandatoryText(name);
  const index = (ORDER_TYPES as readonly string[]).indexOf(text);
  if (index < 0) parameters.refuse(INVALID_ORDER_TYPE);
  return ORDER_TYPES[index] ?? 'LIMIT';
}

/** The members of one order beyond symbol and side, with exactly the parameters that its type has. */
export function readOrder(parameters: Parameters, source: OrderSource): NewOrder {
  const { names, symbol } = source;
  const missing = source.missing ?? mandatory;
  const type = readOrderType(parameters, names.type);
  const rules = TYPE_RULES[type];
  const basePrecision = precisionOf(symbol, 'baseAssetPrecision');
  const quotePrecision = precisionOf(symbol, 'quoteAssetPrecision');

  const timeInForce = readTimeInForce(parameters, names.timeInForce, rules.isTimed, missing);
  const quantities = readQuantities(parameters, source, type, basePrecision, quotePrecision);
  const peg = readPeg(parameters, names);
  const price = fromWire<Price>(parameters.decimal(names.price, quotePrecision));
  if (rules.isPriced && price === undefined && peg.pegPriceType === undefined) {
    parameters.refuse(missing(names.price));
  }
  if (!rules.isPriced && price !== undefined) parameters.refuse(notRequired(names.price));

  const stopPrice = fromWire<Price>(parameters.decimal(names.stopPrice, quotePrecision));
  const trailingDelta = parameters.integer(names.trailingDelta);
  if (rules.isTriggered && stopPrice === undefined && trailingDelta === undefined) {
    parameters.refuse(eitherMandatory(names.stopPrice, names.trailingDelta));
  }
  if (!rules.isTriggered && stopPrice !== undefined) parameters.refuse(notRequired(names.stopPrice));
  if (!rules.isTriggered && trailingDelta !== undefined) parameters.refuse(notRequired(names.trailingDelta));

  const icebergQuantity = fromWire<Quantity>(parameters.decimal(names.icebergQuantity, basePrecision));
  if (!rules.isPriced && icebergQuantity !== undefined) parameters.refuse(notRequired(names.icebergQuantity));
  const strategyType = parameters.integer(names.strategyType);
  if (strategyType !== undefined && strategyType < STRATEGY_TYPE_MIN)
    parameters.refuse(STRATEGY_TYPE_TOO_LOW);

  return {
    side: source.side,
    type,
    timeInForce,
    quantity: quantities.quantity,
    quoteOrderQuantity: quantities.quoteOrderQuantity,
    price,
    stopPrice,
    trailingDelta,
    icebergQuantity,
    clientOrderId: readClientOrderId(parameters, names.clientOrderId),
    strategyId: parameters.integer(names.strategyId),
    strategyType,
    selfTradePrevention: source.selfTradePrevention,
    pegPriceType: peg.pegPriceType,
    pegOffsetLevels: peg.pegOffsetLevels,
  };
}

function readTimeInForce(
  parameters: Parameters,
  name: string,
  isTimed: boolean,
  missing: (name: string) => Refusal,
): TimeInForce | undefined {
  const timeInForce = parameters.choice(name, TIMES_IN_FORCE, INVALID_TIME_IN_FORCE);
  if (isTimed && timeInForce === undefined) parameters.refuse(missing(name));
  if (!isTimed && timeInForce !== undefined) parameters.refuse(TIME_IN_FORCE_NOT_REQUIRED);
  return timeInForce;
}

function readQuantities(
  parameters: Parameters,
  source: OrderSource,
  type: OrderType,
  basePrecision: number,
  quotePrecision: number,
): { quantity: Quantity | undefined; quoteOrderQuantity: QuoteAmount | undefined } {
  if (source.quantity.kind === 'given') {
    return { quantity: source.quantity.quantity, quoteOrderQuantity: undefined };
  }
  const { names } = source;
  const quantity = fromWire<Quantity>(parameters.decimal(names.quantity, basePrecision));
  const quoteOrderQuantity =
    source.quantity.kind === 'own'
      ? fromWire<QuoteAmount>(parameters.decimal(names.quoteOrderQuantity, quotePrecision))
      : undefined;
  if (type === 'MARKET' && source.quantity.kind === 'own') {
    if (quantity === undefined && quoteOrderQuantity === undefined) {
      parameters.refuse(eitherMandatory(names.quantity, names.quoteOrderQuantity));
    }
    if (quantity !== undefined && quoteOrderQuantity !== undefined) {
      parameters.refuse(notRequired(names.quoteOrderQuantity));
    }
  } else {
    if (quantity === undefined) parameters.refuse((source.missing ?? mandatory)(names.quantity));
    if (quoteOrderQuantity !== undefined) parameters.refuse(notRequired(names.quoteOrderQuantity));
  }
  return { quantity, quoteOrderQuantity };
}

/** Which types may be pegged, and how, the exchange says with texts of its own (binance-spot.md section 7.3). */
function readPeg(
  parameters: Parameters,
  names: OrderNames,
): { pegPriceType: PegPriceType | undefined; pegOffsetLevels: number | undefined } {
  const pegPriceType = parameters.choice(names.pegPriceType, PEG_PRICE_TYPES, INVALID_PEG_PRICE_TYPE);
  const offsetType = parameters.choice(names.pegOffsetType, ['PRICE_LEVEL'], INVALID_PEG_OFFSET_TYPE);
  const pegOffsetLevels = parameters.integer(names.pegOffsetValue);
  if ((offsetType === undefined) !== (pegOffsetLevels === undefined)) {
    parameters.refuse(sentTogether(`${names.pegOffsetType}, ${names.pegOffsetValue}`));
  }
  if (pegOffsetLevels !== undefined) {
    if (pegPriceType === undefined) parameters.refuse(mandatory(names.pegPriceType));
    if (pegOffsetLevels < 1 || pegOffsetLevels > PEG_LEVELS_MAX) {
      parameters.refuse(invalidData(names.pegOffsetValue));
    }
  }
  return { pegPriceType, pegOffsetLevels };
}

/** An id that is given to something new: an order, a list, a cancel. */
export const readClientOrderId = (parameters: Parameters, name: string): string | undefined =>
  readId(parameters, name, EMPTY_NEW_CLIENT_ORDER_ID);

/** An id that something has. Sent empty it is as if it was not sent where another id can stand in for it. */
export const readOriginalClientOrderId = (parameters: Parameters, name: string): string | undefined =>
  readId(parameters, name, EMPTY_ORIGINAL_CLIENT_ORDER_ID);

function readId(parameters: Parameters, name: string, empty: Refusal): string | undefined {
  const text = parameters.anyText(name);
  if (text === undefined) return undefined;
  if (text === '') return parameters.refuse(empty);
  if (isClientOrderId(text)) return text;
  return parameters.refuse(illegalCharacters(name, LEGAL_CLIENT_ORDER_ID));
}

function isClientOrderId(text: string): boolean {
  if (text.length > CLIENT_ORDER_ID_MAX) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isLetter = (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
    if (!isLetter && !(code >= 48 && code <= 57) && code !== 45 && code !== 95) return false;
  }
  return true;
}

export const readSelfTradePrevention = (parameters: Parameters): SelfTradePrevention | undefined =>
  parameters.choice('selfTradePreventionMode', SELF_TRADE_PREVENTION_MODES);

export const readResponseType = (parameters: Parameters): ResponseType | undefined =>
  parameters.choice('newOrderRespType', RESPONSE_TYPES);

export function precisionOf(symbol: SymbolView, name: 'baseAssetPrecision' | 'quoteAssetPrecision'): number {
  const precision = symbol.entry[name];
  return typeof precision === 'number' ? Math.min(precision, 8) : 8;
}

/** What `Parameters.decimal` has counted, as an amount. */
export const fromWire = <Exactly extends Price | Quantity | QuoteAmount>(
  units: bigint | undefined,
): Exactly | undefined => (units === undefined ? undefined : fromUnits<Exactly>(units));
