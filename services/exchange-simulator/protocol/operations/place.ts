import { fromUnits, type Ratio, unitsOf } from '@tradewind/core/money';
import { invariant, type Result } from '@tradewind/core/result';
import type {
  Commission,
  CommissionRates,
  Refusal as ExchangeRefusal,
  NewOrder,
  Placed,
} from '../../exchange/index.ts';
import { fixedRatio } from '../../notation/fixed-point.ts';
import { placedJson, type ResponseType } from '../format/order-json.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { INVALID_ORDER_TYPE, notRequired } from '../refusal.ts';
import { type Answer, type Call, type Operation, ofExchange } from './operation.ts';
import { readOrder, readResponseType, readSelfTradePrevention, readSide, SINGLE } from './read-order.ts';
import { readSymbol } from './read-symbol.ts';

/** An order with the symbol it is for and how its answer should look; see `Parameters.refusal` where it is undefined. */
export interface OrderReading {
  readonly symbol: string;
  readonly order: NewOrder;
  readonly responseType: ResponseType;
}

/** Reads everything that an order has, by itself or as the second half of a cancel-replace. */
export function readSingleOrder(call: Call): OrderReading | undefined {
  const { parameters } = call;
  const symbol = readSymbol(call);
  if (symbol === undefined) return undefined;
  const order = readOrder(parameters, {
    symbol,
    names: SINGLE,
    side: readSide(parameters),
    quantity: { kind: 'own' },
    selfTradePrevention: readSelfTradePrevention(parameters),
  });
  const responseType = readResponseType(parameters) ?? defaultResponse(order);
  return { symbol: symbol.symbol, order, responseType };
}

/** Source: binance-spot.md section 5.1. */
const defaultResponse = (order: NewOrder): ResponseType =>
  order.type === 'LIMIT' || order.type === 'MARKET' ? 'FULL' : 'ACK';

function placeOrder(call: Call): Answer {
  const reading = readSingleOrder(call);
  const { parameters } = call;
  parameters.finish();
  if (parameters.refusal !== undefined || reading === undefined) return parameters.refusal!;
  return placedAnswer(call, call.exchange.placeOrder(call.account, reading.symbol, reading.order), reading);
}

function placedAnswer(call: Call, placed: Result<Placed, ExchangeRefusal>, reading: OrderReading): Answer {
  return placed.ok ? placedJson(placed.value, reading.responseType, call.unit) : ofExchange(placed.error);
}

function placeSor(call: Call): Answer {
  const reading = readSorOrder(call);
  if (reading === undefined) return call.parameters.refusal!;
  return placedAnswer(call, call.exchange.placeSor(call.account, reading.symbol, reading.order), reading);
}

/** Only LIMIT and MARKET, no quote amount and no peg (binance-spot.md section 4.3). */
function readSorOrder(call: Call): OrderReading | undefined {
  const { parameters } = call;
  const reading = readSingleOrder(call);
  if (reading !== undefined) {
    const { order } = reading;
    if (order.type !== 'LIMIT' && order.type !== 'MARKET') parameters.refuse(INVALID_ORDER_TYPE);
    if (order.quoteOrderQuantity !== undefined) parameters.refuse(notRequired('quoteOrderQty'));
    if (order.pegPriceType !== undefined) parameters.refuse(notRequired('pegPriceType'));
  }
  parameters.finish();
  return parameters.refusal === undefined ? reading : undefined;
}

function testOrder(call: Call): Answer {
  const { parameters } = call;
  const showsCommission = parameters.flag('computeCommissionRates') ?? false;
  const reading = readSingleOrder(call);
  parameters.finish();
  if (parameters.refusal !== undefined || reading === undefined) return parameters.refusal!;
  const judged = call.exchange.testOrder(call.account, reading.symbol, reading.order);
  return judged.ok ? testAnswer(call, reading, showsCommission) : ofExchange(judged.error);
}

/** SOR is offered for no symbol, so that a test is told what the order would be told. */
function testSor(call: Call): Answer {
  call.parameters.flag('computeCommissionRates');
  const reading = readSorOrder(call);
  if (reading === undefined) return call.parameters.refusal!;
  const placed = call.exchange.placeSor(call.account, reading.symbol, reading.order);
  invariant(!placed.ok, 'SOR is offered for no symbol');
  return ofExchange(placed.error);
}

function testAnswer(call: Call, reading: OrderReading, showsCommission: boolean): Answer {
  if (!showsCommission) return '{}';
  const commission = call.exchange.commission(call.account, reading.symbol);
  if (!commission.ok) return ofExchange(commission.error);
  const { standard, special, tax } = commission.value;
  const forOrder = (rates: CommissionRates): Record<string, string> => {
    const ofSide = reading.order.side === 'BUY' ? rates.buyer : rates.seller;
    return { maker: fixedRatio(sum(rates.maker, ofSide)), taker: fixedRatio(sum(rates.taker, ofSide)) };
  };
  return JSON.stringify({
    standardCommissionForOrder: forOrder(standard),
    specialCommissionForOrder: forOrder(special),
    taxCommissionForOrder: forOrder(tax),
    discount: discountOf(commission.value),
  });
}

const sum = (one: Ratio, other: Ratio): Ratio => fromUnits<Ratio>(unitsOf(one) + unitsOf(other));

export const discountOf = ({ discount }: Commission): Record<string, unknown> => ({
  enabledForAccount: discount.isEnabledForAccount,
  enabledForSymbol: discount.isEnabledForSymbol,
  discountAsset: discount.asset,
  discount: fixedRatio(discount.discount),
});

const testWeight = (parameters: Parameters): number =>
  parameters.peek('computeCommissionRates') === 'true' ? 20 : 1;

/** Source: binance-spot.md section 4.3. */
export const PLACING: readonly Operation[] = [
  {
    rest: ['POST', '/api/v3/order'],
    webSocket: 'order.place',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    unfilledOrders: 1,
    run: placeOrder,
  },
  {
    rest: ['POST', '/api/v3/order/test'],
    webSocket: 'order.test',
    security: 'TRADE',
    weight: testWeight,
    run: testOrder,
  },
  {
    rest: ['POST', '/api/v3/sor/order'],
    webSocket: 'sor.order.place',
    security: 'TRADE',
    weight: 1,
    isFreeOnSuccess: true,
    unfilledOrders: 1,
    run: placeSor,
  },
  {
    rest: ['POST', '/api/v3/sor/order/test'],
    webSocket: 'sor.order.test',
    security: 'TRADE',
    weight: testWeight,
    run: testSor,
  },
];
