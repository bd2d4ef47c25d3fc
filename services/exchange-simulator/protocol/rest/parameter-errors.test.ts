import { beforeEach, describe, expect, test } from 'vitest';
import { LIMIT_BUY, type Sent, Venue } from '../venue.test-support.ts';

let venue: Venue;
beforeEach(() => {
  venue = new Venue();
});

const without = (sent: Sent, ...names: string[]): Sent =>
  Object.fromEntries(Object.entries(sent).filter(([name]) => !names.includes(name)));

const STOP: Sent = {
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'STOP_LOSS',
  quantity: '0.1',
  stopPrice: '50000',
};
const MARKET: Sent = { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.1' };
const MAKER: Sent = without({ ...LIMIT_BUY, type: 'LIMIT_MAKER' }, 'timeInForce');

// Codes and texts: binance-spot.md sections 2.2, 5.1 and 7.2.
describe('a new order is refused, and nothing happens', () => {
  test.each([
    {
      why: 'no symbol',
      sent: without(LIMIT_BUY, 'symbol'),
      code: -1102,
      text: "Mandatory parameter 'symbol'",
    },
    {
      why: 'an empty symbol',
      sent: { ...LIMIT_BUY, symbol: '' },
      code: -1105,
      text: "Parameter 'symbol' was empty.",
    },
    {
      why: 'a symbol in lower case',
      sent: { ...LIMIT_BUY, symbol: 'btcusdt' },
      code: -1100,
      text: "in parameter 'symbol'; legal range is '^[",
    },
    {
      why: 'an unknown symbol',
      sent: { ...LIMIT_BUY, symbol: 'NOSUCH' },
      code: -1121,
      text: 'Invalid symbol.',
    },
    {
      why: 'an unknown symbol that is not Latin',
      sent: { ...LIMIT_BUY, symbol: '这是测试币456' },
      code: -1121,
      text: 'Invalid symbol.',
    },
    { why: 'no side', sent: without(LIMIT_BUY, 'side'), code: -1102, text: "'side'" },
    { why: 'a bad side', sent: { ...LIMIT_BUY, side: 'buy' }, code: -1117, text: 'Invalid side.' },
    { why: 'a bad type', sent: { ...LIMIT_BUY, type: 'STOP' }, code: -1116, text: 'Invalid orderType.' },
    {
      why: 'a bad time in force',
      sent: { ...LIMIT_BUY, timeInForce: 'GTX' },
      code: -1115,
      text: 'Invalid timeInForce.',
    },
    { why: 'no time in force', sent: without(LIMIT_BUY, 'timeInForce'), code: -1102, text: "'timeInForce'" },
    { why: 'no quantity', sent: without(LIMIT_BUY, 'quantity'), code: -1102, text: "'quantity'" },
    { why: 'no price', sent: without(LIMIT_BUY, 'price'), code: -1102, text: "'price'" },
    {
      why: 'M14: an exponent',
      sent: { ...LIMIT_BUY, quantity: '1e-1' },
      code: -1100,
      text: "Illegal characters found in parameter 'quantity'; legal range is '^([0-9]{1,20})(\\.[0-9]{1,20})?$'.",
    },
    { why: 'a sign', sent: { ...LIMIT_BUY, price: '-1' }, code: -1100, text: "'price'" },
    {
      why: 'too many decimals',
      sent: { ...LIMIT_BUY, quantity: '0.100000001' },
      code: -1111,
      text: "Parameter 'quantity' has too much precision.",
    },
    {
      why: 'an order amount in quote',
      sent: { ...LIMIT_BUY, quoteOrderQty: '10' },
      code: -1106,
      text: "Parameter 'quoteOrderQty' sent when not required.",
    },
    { why: 'a stop price', sent: { ...LIMIT_BUY, stopPrice: '1' }, code: -1106, text: "'stopPrice'" },
    {
      why: 'a trailing delta',
      sent: { ...LIMIT_BUY, trailingDelta: '100' },
      code: -1106,
      text: "'trailingDelta'",
    },
    {
      why: 'a market order with neither amount',
      sent: without(MARKET, 'quantity'),
      code: -1102,
      text: "Param 'quantity' or 'quoteOrderQty' must be sent, but both were empty/null!",
    },
    {
      why: 'a market order with both',
      sent: { ...MARKET, quoteOrderQty: '10' },
      code: -1106,
      text: "'quoteOrderQty'",
    },
    { why: 'a market order with a price', sent: { ...MARKET, price: '10' }, code: -1106, text: "'price'" },
    {
      why: 'a market order with a time in force',
      sent: { ...MARKET, timeInForce: 'GTC' },
      code: -1114,
      text: 'TimeInForce parameter sent when not required.',
    },
    {
      why: 'a market order with an iceberg',
      sent: { ...MARKET, icebergQty: '0.01' },
      code: -1106,
      text: "'icebergQty'",
    },
    {
      why: 'a stop without stop',
      sent: without(STOP, 'stopPrice'),
      code: -1102,
      text: "Param 'stopPrice' or 'trailingDelta' must be sent, but both were empty/null!",
    },
    { why: 'a stop with a price', sent: { ...STOP, price: '1' }, code: -1106, text: "'price'" },
    {
      why: 'a maker with a time in force',
      sent: { ...MAKER, timeInForce: 'GTC' },
      code: -1114,
      text: 'TimeInForce',
    },
    { why: 'a maker without a price', sent: without(MAKER, 'price'), code: -1102, text: "'price'" },
    {
      why: 'a client order id with a space',
      sent: { ...LIMIT_BUY, newClientOrderId: 'a b' },
      code: -1100,
      text: "'newClientOrderId'; legal range is '^[a-zA-Z0-9-_]{1,36}$'.",
    },
    {
      why: 'a long client order id',
      sent: { ...LIMIT_BUY, newClientOrderId: 'x'.repeat(37) },
      code: -1100,
      text: "'newClientOrderId'",
    },
    {
      why: 'an empty client order id',
      sent: { ...LIMIT_BUY, newClientOrderId: '' },
      code: -1118,
      text: 'New client order ID was empty.',
    },
    {
      why: 'a low strategy type',
      sent: { ...LIMIT_BUY, strategyId: 1, strategyType: 999999 },
      code: -1134,
      text: '`strategyType` was less than 1000000.',
    },
    {
      why: 'a bad response type',
      sent: { ...LIMIT_BUY, newOrderRespType: 'ALL' },
      code: -1130,
      text: "'newOrderRespType'",
    },
    {
      why: 'a bad self-trade prevention',
      sent: { ...LIMIT_BUY, selfTradePreventionMode: 'SOME' },
      code: -1130,
      text: "'selfTradePreventionMode'",
    },
    {
      why: 'a bad peg',
      sent: { ...LIMIT_BUY, pegPriceType: 'MID_PEG' },
      code: -1210,
      text: 'Invalid pegPriceType.',
    },
    {
      why: 'a bad peg offset',
      sent: { ...LIMIT_BUY, pegPriceType: 'PRIMARY_PEG', pegOffsetType: 'BPS', pegOffsetValue: 1 },
      code: -1211,
      text: 'Invalid pegOffsetType.',
    },
    {
      why: 'half a peg offset',
      sent: { ...LIMIT_BUY, pegPriceType: 'PRIMARY_PEG', pegOffsetValue: 1 },
      code: -1128,
      text: 'must be sent together',
    },
    {
      why: 'a peg too deep',
      sent: { ...LIMIT_BUY, pegPriceType: 'PRIMARY_PEG', pegOffsetType: 'PRICE_LEVEL', pegOffsetValue: 101 },
      code: -1130,
      text: "'pegOffsetValue'",
    },
    {
      why: 'S11: a parameter that no order has',
      sent: { ...LIMIT_BUY, status: 'FILLED' },
      code: -1104,
      text: "Not all sent parameters were read; read '8' parameter(s) but was sent '9'.",
    },
  ])('for $why', ({ sent, code, text }) => {
    const before = JSON.stringify(venue.exchange.balances(venue.trader.account), jsonBigint);
    const { status, body } = venue.signed('POST', '/api/v3/order', sent);
    expect([status, body]).toEqual([400, { code, msg: expect.stringContaining(text) }]);
    expect(venue.exchange.openOrders(venue.trader.account)).toMatchObject({ value: [] });
    expect(JSON.stringify(venue.exchange.balances(venue.trader.account), jsonBigint)).toBe(before);
  });
});

const jsonBigint = (_key: string, value: unknown): unknown =>
  typeof value === 'bigint' ? String(value) : value;

describe('what else is refused', () => {
  const OCO: Sent = {
    symbol: 'BTCUSDT',
    side: 'SELL',
    quantity: '0.1',
    aboveType: 'LIMIT_MAKER',
    abovePrice: '70000',
    belowType: 'STOP_LOSS',
    belowStopPrice: '50000',
  };
  const OTO: Sent = {
    symbol: 'BTCUSDT',
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '50000',
    workingQuantity: '0.1',
    workingTimeInForce: 'GTC',
    pendingType: 'LIMIT_MAKER',
    pendingSide: 'SELL',
    pendingPrice: '70000',
    pendingQuantity: '0.1',
  };
  const OPO: Sent = without(OTO, 'pendingQuantity');
  test.each([
    { path: 'orderList/oco', sent: { ...OCO, aboveType: 'LIMIT' }, code: -1158 },
    { path: 'orderList/oco', sent: { ...OCO, aboveType: 'MARKET' }, code: -1158 },
    {
      path: 'orderList/oco',
      sent: { ...without(OCO, 'belowStopPrice'), belowType: 'LIMIT_MAKER', belowPrice: '1' },
      code: -1168,
    },
    { path: 'orderList/oco', sent: { ...OCO, side: 'BUY' }, code: -1165 },
    {
      path: 'orderList/oco',
      sent: {
        ...OCO,
        aboveType: 'STOP_LOSS',
        aboveStopPrice: '70000',
        belowType: 'LIMIT_MAKER',
        belowPrice: '50000',
      },
      code: -1197,
    },
    { path: 'orderList/oco', sent: { ...OCO, belowType: 'TAKE_PROFIT' }, code: -1199 },
    {
      path: 'orderList/oco',
      sent: {
        ...OCO,
        side: 'BUY',
        aboveType: 'TAKE_PROFIT',
        aboveStopPrice: '7',
        belowType: 'LIMIT_MAKER',
        belowPrice: '5',
      },
      code: -1198,
    },
    {
      path: 'orderList/oco',
      sent: { ...OCO, side: 'BUY', aboveType: 'STOP_LOSS', belowType: 'STOP_LOSS' },
      code: -1196,
    },
    {
      path: 'orderList/oco',
      sent: { ...OCO, aboveType: 'TAKE_PROFIT', belowType: 'LIMIT_MAKER' },
      code: -1166,
    },
    {
      path: 'orderList/oco',
      sent: {
        ...OCO,
        belowType: 'STOP_LOSS_LIMIT',
        belowPrice: '49000',
        belowTimeInForce: 'IOC',
        belowIcebergQty: '0.01',
      },
      code: -1160,
    },
    { path: 'orderList/oco', sent: without(OCO, 'quantity'), code: -1102 },
    { path: 'orderList/oco', sent: { ...OCO, aboveTimeInForce: 'GTC' }, code: -1114 },
    { path: 'orderList/oco', sent: { ...OCO, belowPrice: '1' }, code: -1106 },
    { path: 'orderList/oco', sent: { ...OCO, aboveQuantity: '1' }, code: -1104 },
    { path: 'orderList/oto', sent: { ...OTO, workingType: 'MARKET' }, code: -1159 },
    { path: 'orderList/oto', sent: without(OTO, 'workingPrice'), code: -1102 },
    { path: 'orderList/oto', sent: without(OTO, 'pendingQuantity'), code: -1102 },
    { path: 'orderList/opo', sent: { ...OPO, workingSide: 'SELL' }, code: -1222 },
    { path: 'orderList/opo', sent: { ...OPO, pendingSide: 'BUY' }, code: -1223 },
    { path: 'orderList/opo', sent: without(OPO, 'workingPrice'), code: -1224 },
    { path: 'orderList/opo', sent: { ...OPO, pendingQuantity: '0.1' }, code: -1225 },
    { path: 'sor/order', sent: { ...STOP }, code: -1116 },
    { path: 'sor/order', sent: { ...without(MARKET, 'quantity'), quoteOrderQty: '10' }, code: -1106 },
    { path: 'order/cancelReplace', sent: { ...LIMIT_BUY, cancelOrderId: 1 }, code: -1102 },
    {
      path: 'order/cancelReplace',
      sent: { ...LIMIT_BUY, cancelReplaceMode: 'MAYBE', cancelOrderId: 1 },
      code: -1130,
    },
    {
      path: 'order/cancelReplace',
      sent: { ...LIMIT_BUY, cancelReplaceMode: 'STOP_ON_FAILURE' },
      code: -1102,
    },
    {
      path: 'order/cancelReplace',
      sent: {
        ...LIMIT_BUY,
        cancelReplaceMode: 'ALLOW_FAILURE',
        cancelOrderId: 1,
        cancelRestrictions: 'ONLY',
      },
      code: -1145,
    },
  ])('POST $path: $code', ({ path, sent, code }) => {
    const { status, body } = venue.signed('POST', `/api/v3/${path}`, sent);
    expect([status, body]).toMatchObject([400, { code }]);
    expect(venue.exchange.openOrders(venue.trader.account)).toMatchObject({ value: [] });
  });

  test.each([
    {
      method: 'DELETE',
      path: 'order',
      sent: { symbol: 'BTCUSDT' },
      code: -1102,
      text: "Param 'origClientOrderId' or 'orderId' must be sent, but both were empty/null!",
    },
    {
      method: 'DELETE',
      path: 'order',
      sent: { symbol: 'BTCUSDT', orderId: '', origClientOrderId: '' },
      code: -1102,
      text: 'both were empty/null',
    },
    {
      method: 'DELETE',
      path: 'order',
      sent: { symbol: 'BTCUSDT', orderId: 1, origClientOrderId: '' },
      code: -1119,
      text: 'Original client order ID was empty.',
    },
    {
      method: 'DELETE',
      path: 'order',
      sent: { symbol: 'BTCUSDT', orderId: 9 },
      code: -2011,
      text: 'Unknown order sent.',
    },
    {
      method: 'DELETE',
      path: 'order',
      sent: { symbol: 'BTCUSDT', orderId: 9, cancelRestrictions: 'NEW' },
      code: -1145,
      text: '`cancelRestrictions` has to be',
    },
    {
      method: 'DELETE',
      path: 'openOrders',
      sent: { symbol: 'BTCUSDT' },
      code: -2011,
      text: 'Unknown order sent.',
    },
    {
      method: 'DELETE',
      path: 'orderList',
      sent: { symbol: 'BTCUSDT' },
      code: -1102,
      text: "'orderListId' or 'listClientOrderId'",
    },
    { method: 'GET', path: 'order', sent: { symbol: 'BTCUSDT' }, code: -1102, text: 'both were empty/null' },
    {
      method: 'GET',
      path: 'order',
      sent: { symbol: 'BTCUSDT', orderId: 9 },
      code: -2013,
      text: 'Order does not exist.',
    },
    { method: 'GET', path: 'orderList', sent: {}, code: -1102, text: 'both were empty/null' },
    {
      method: 'GET',
      path: 'allOrders',
      sent: { symbol: 'BTCUSDT', startTime: 1_699_000_000_000, endTime: 1_699_086_400_001 },
      code: -1127,
      text: 'More than 24 hours between startTime and endTime.',
    },
    {
      method: 'GET',
      path: 'allOrders',
      sent: { symbol: 'BTCUSDT', limit: 1001 },
      code: -1102,
      text: "'limit' contains unexpected value. Cannot be greater than '1000'.",
    },
    {
      method: 'GET',
      path: 'allOrderList',
      sent: { fromId: 1, startTime: 1_699_000_000_000 },
      code: -1128,
      text: 'Combination of optional parameters invalid.',
    },
    {
      method: 'GET',
      path: 'myTrades',
      sent: { symbol: 'BTCUSDT', orderId: 1, startTime: 1_699_000_000_000 },
      code: -1128,
      text: 'Combination',
    },
    {
      method: 'GET',
      path: 'myTrades',
      sent: { symbol: 'BTCUSDT', fromId: 1, endTime: 1_699_000_000_000 },
      code: -1128,
      text: 'Combination',
    },
    {
      method: 'GET',
      path: 'myPreventedMatches',
      sent: { symbol: 'BTCUSDT' },
      code: -1128,
      text: 'Combination',
    },
    {
      method: 'GET',
      path: 'account',
      sent: { omitZeroBalances: 'maybe' },
      code: -1130,
      text: "'omitZeroBalances'",
    },
    {
      method: 'GET',
      path: 'account',
      sent: { symbol: 'BTCUSDT' },
      code: -1104,
      text: 'Not all sent parameters were read',
    },
    { method: 'GET', path: 'order/amendments', sent: { symbol: 'BTCUSDT' }, code: -1102, text: "'orderId'" },
    {
      method: 'PUT',
      path: 'order/amend/keepPriority',
      sent: { symbol: 'BTCUSDT', orderId: 1 },
      code: -1102,
      text: "'newQty'",
    },
    {
      method: 'PUT',
      path: 'order/amend/keepPriority',
      sent: { symbol: 'BTCUSDT', orderId: 1, newQty: '0' },
      code: -1130,
      text: "'newQty'",
    },
  ])('$method $path $sent: $code', ({ method, path, sent, code, text }) => {
    const { status, body } = venue.signed(method, `/api/v3/${path}`, sent as Sent);
    expect([status, body]).toEqual([400, { code, msg: expect.stringContaining(text) }]);
  });

  test.each([
    { path: 'depth', sent: {}, code: -1102 },
    { path: 'depth', sent: { symbol: 'BTCUSDT', limit: 0 }, code: -1130 },
    { path: 'depth', sent: { symbol: 'BTCUSDT', symbolStatus: 'OPEN' }, code: -1122 },
    { path: 'depth', sent: { symbol: 'BTCUSDT', symbolStatus: 'HALT' }, code: -1220 },
    { path: 'trades', sent: { symbol: 'BTCUSDT', limit: 1001 }, code: -1102 },
    { path: 'historicalBlockTrades', sent: { symbol: 'BTCUSDT' }, code: -1102 },
    { path: 'aggTrades', sent: { symbol: 'BTCUSDT', fromId: 1, startTime: 1_699_000_000_000 }, code: -1128 },
    { path: 'klines', sent: { symbol: 'BTCUSDT' }, code: -1102 },
    { path: 'klines', sent: { symbol: 'BTCUSDT', interval: '1y' }, code: -1120 },
    { path: 'klines', sent: { symbol: 'BTCUSDT', interval: '1D' }, code: -1120 },
    { path: 'klines', sent: { symbol: 'BTCUSDT', interval: '1m', timeZone: '15' }, code: -1130 },
    { path: 'klines', sent: { symbol: 'BTCUSDT', interval: '1m', timeZone: 'UTC' }, code: -1130 },
    { path: 'ticker/24hr', sent: { symbol: 'BTCUSDT', symbols: '["ETHUSDT"]' }, code: -1128 },
    { path: 'ticker/24hr', sent: { symbols: '["BTCUSDT","BTCUSDT"]' }, code: -1151 },
    { path: 'ticker/24hr', sent: { symbols: 'BTCUSDT' }, code: -1100 },
    { path: 'ticker/24hr', sent: { symbols: '[1]' }, code: -1100 },
    { path: 'ticker/24hr', sent: { symbols: '["NOSUCH"]' }, code: -1121 },
    { path: 'ticker/24hr', sent: { symbol: 'BTCUSDT', type: 'HUGE' }, code: -1139 },
    { path: 'ticker', sent: {}, code: -1102 },
    { path: 'ticker', sent: { symbol: 'BTCUSDT', windowSize: '60m' }, code: -1130 },
    { path: 'ticker', sent: { symbol: 'BTCUSDT', windowSize: '8d' }, code: -1130 },
    {
      path: 'ticker/tradingDay',
      sent: { symbols: JSON.stringify(Array.from({ length: 101 }, (_, it) => `S${it}`)) },
      code: -1101,
    },
    { path: 'exchangeInfo', sent: { symbol: 'BTCUSDT', permissions: 'SPOT' }, code: -1128 },
    { path: 'exchangeInfo', sent: { symbol: 'BTCUSDT', symbolStatus: 'TRADING' }, code: -1128 },
    { path: 'referencePrice', sent: { symbol: 'BTCUSDT' }, code: -2043 },
    { path: 'referencePrice/calculation', sent: { symbol: 'BTCUSDT' }, code: -2043 },
    { path: 'ping', sent: { x: 1 }, code: -1104 },
  ])('GET $path $sent: $code', ({ path, sent, code }) => {
    const { status, body } = venue.get(`/api/v3/${path}`, sent as Sent);
    expect([status, body]).toMatchObject([400, { code }]);
  });
});
