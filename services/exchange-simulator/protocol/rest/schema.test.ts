import { parsePrice, parseRatio } from '@tradewind/core/money';
import { beforeEach, describe, expect, test } from 'vitest';
import examples from '../test-vectors/responses.json' with { type: 'json' };
import {
  type Answered,
  fieldOf,
  LIMIT_BUY,
  numberOf,
  type Sent,
  unwrap,
  Venue,
} from '../venue.test-support.ts';

/** What only some orders have (binance-spot.md section 5.2, "Conditional fields"). */
const CONDITIONAL = new Set([
  'stopPrice',
  'icebergQty',
  'trailingDelta',
  'trailingTime',
  'strategyId',
  'strategyType',
  'preventedMatchId',
  'preventedQuantity',
  'takerPreventedQuantity',
  'makerPreventedQuantity',
  'tradeGroupId',
  'pegPriceType',
  'pegOffsetType',
  'pegOffsetValue',
  'peggedPrice',
  'expiryReason',
  'preventedMatches',
]);

/** Where an answer differs from its example in its fields or in the JSON type of one; empty when it does not. */
function differences(actual: unknown, example: unknown, path = ''): string[] {
  if (Array.isArray(example)) {
    if (!Array.isArray(actual)) return [`${path}: no list`];
    if (example.length === 0) return [];
    if (actual.length === 0) return [`${path}: an empty list proves nothing`];
    const isTuple = !(typeof example[0] === 'object' && example[0] !== null) && example.length > 1;
    if (isTuple) {
      if (actual.length !== example.length) return [`${path}: ${actual.length} entries`];
      return example.flatMap((it, index) => differences(actual[index], it, `${path}[${index}]`));
    }
    return actual.flatMap((it, index) =>
      differences(it, example[Math.min(index, example.length - 1)], `${path}[${index}]`),
    );
  }
  if (typeof example !== 'object' || example === null) {
    return typeof actual === typeof example ? [] : [`${path}: ${typeof actual} for ${typeof example}`];
  }
  if (typeof actual !== 'object' || actual === null) return [`${path}: no object`];
  const there = actual as Record<string, unknown>;
  const stated = example as Record<string, unknown>;
  return [
    ...Object.keys(stated)
      .filter((name) => !(name in there) && !CONDITIONAL.has(name))
      .map((name) => `${path}.${name}: missing`),
    ...Object.keys(there)
      .filter((name) => !(name in stated) && !CONDITIONAL.has(name))
      .map((name) => `${path}.${name}: not in the reference`),
    ...Object.entries(there)
      .filter(([name]) => name in stated)
      .flatMap(([name, value]) => differences(value, stated[name], `${path}.${name}`)),
  ];
}

/** Every amount is a text of fixed point with the eight decimals of the assets. */
function looseAmounts(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((it, index) => looseAmounts(it, `${path}[${index}]`));
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([name, it]) => looseAmounts(it, `${path}.${name}`));
  }
  const looksLikeAmount = typeof value === 'string' && /^-?[0-9.]*[0-9][0-9.eE+-]*$/.test(value);
  return looksLikeAmount && !/^-?[0-9]+\.[0-9]{8}$/.test(value) ? [`${path}: ${value}`] : [];
}

const { restExamples } = examples;
let venue: Venue;
const STOP: Sent = {
  symbol: 'BTCUSDT',
  side: 'SELL',
  type: 'STOP_LOSS_LIMIT',
  timeInForce: 'GTC',
  quantity: '0.1',
  price: '49000',
  stopPrice: '50000',
};
const OCO: Sent = {
  symbol: 'BTCUSDT',
  side: 'SELL',
  quantity: '0.1',
  aboveType: 'LIMIT_MAKER',
  abovePrice: '70000',
  belowType: 'STOP_LOSS_LIMIT',
  belowPrice: '49000',
  belowStopPrice: '50000',
  belowTimeInForce: 'GTC',
};
const WORKING: Sent = {
  symbol: 'BTCUSDT',
  workingType: 'LIMIT',
  workingSide: 'BUY',
  workingPrice: '40000',
  workingQuantity: '0.1',
  workingTimeInForce: 'GTC',
};
const PAIR: Sent = {
  pendingSide: 'SELL',
  pendingAboveType: 'LIMIT_MAKER',
  pendingAbovePrice: '70000',
  pendingBelowType: 'STOP_LOSS_LIMIT',
  pendingBelowPrice: '49000',
  pendingBelowStopPrice: '50000',
  pendingBelowTimeInForce: 'IOC',
};

const post = (path: string, sent: Sent): Answered => {
  const answer = venue.signed('POST', `/api/v3/${path}`, sent);
  expect(answer).toMatchObject({ status: 200 });
  return answer;
};
const signedGet = (path: string, sent: Sent = {}): Answered => venue.signed('GET', `/api/v3/${path}`, sent);
const publicGet = (path: string, sent: Sent = {}): Answered => venue.get(`/api/v3/${path}`, sent);
const BTC = { symbol: 'BTCUSDT' };

beforeEach(() => {
  venue = new Venue({
    exchangeInfo: { sors: [{ baseAsset: 'BTC', symbols: ['BTCUSDT', 'BTCUSDC'] }] },
  });
  const { house } = venue;
  venue.byHand(house.account, 'BTCUSDT', 'SELL', '60010', '1');
  venue.byHand(house.account, 'BTCUSDT', 'SELL', '60020', '5');
  venue.byHand(house.account, 'BTCUSDT', 'BUY', '59990', '5');
  // So that every query has something to show.
  post('order', LIMIT_BUY);
  post('orderList/oco', OCO);
  post('order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.5' });
});

describe('every answer has exactly the fields and types of the reference', () => {
  const cases: readonly {
    readonly what: string;
    readonly example: unknown;
    readonly ask: () => Answered;
    /** Figures of the market data keep formats of their own. */
    readonly isMarket?: boolean;
  }[] = [
    { what: 'depth', example: restExamples.depth, ask: () => publicGet('depth', BTC), isMarket: true },
    { what: 'trades', example: restExamples.trades, ask: () => publicGet('trades', BTC), isMarket: true },
    {
      what: 'historicalTrades',
      example: restExamples.trades,
      ask: () => publicGet('historicalTrades', BTC),
      isMarket: true,
    },
    {
      what: 'aggTrades',
      example: restExamples.aggTrades,
      ask: () => publicGet('aggTrades', BTC),
      isMarket: true,
    },
    {
      what: 'klines',
      example: restExamples.klines,
      ask: () => publicGet('klines', { ...BTC, interval: '1m' }),
      isMarket: true,
    },
    {
      what: 'uiKlines',
      example: restExamples.klines,
      ask: () => publicGet('uiKlines', { ...BTC, interval: '1M', timeZone: '-1:30' }),
      isMarket: true,
    },
    {
      what: 'avgPrice',
      example: restExamples.avgPrice,
      ask: () => publicGet('avgPrice', BTC),
      isMarket: true,
    },
    {
      what: 'ticker/24hr',
      example: restExamples.ticker24hrFull,
      ask: () => publicGet('ticker/24hr', BTC),
      isMarket: true,
    },
    {
      what: 'ticker/24hr of all',
      example: [restExamples.ticker24hrFull],
      ask: () => publicGet('ticker/24hr'),
      isMarket: true,
    },
    {
      what: 'ticker/24hr MINI',
      example: restExamples.ticker24hrMini,
      ask: () => publicGet('ticker/24hr', { ...BTC, type: 'MINI' }),
      isMarket: true,
    },
    {
      what: 'ticker/tradingDay',
      example: restExamples.tickerRolling,
      ask: () => publicGet('ticker/tradingDay', { ...BTC, timeZone: '8' }),
      isMarket: true,
    },
    {
      what: 'ticker',
      example: [restExamples.tickerRolling],
      ask: () => publicGet('ticker', { symbols: '["BTCUSDT","ETHUSDT"]', windowSize: '4h' }),
      isMarket: true,
    },
    {
      what: 'ticker MINI',
      example: restExamples.ticker24hrMini,
      ask: () => publicGet('ticker', { ...BTC, type: 'MINI' }),
      isMarket: true,
    },
    { what: 'ticker/price', example: restExamples.tickerPrice, ask: () => publicGet('ticker/price', BTC) },
    {
      what: 'ticker/bookTicker',
      example: [restExamples.bookTicker],
      ask: () => publicGet('ticker/bookTicker', { symbols: '["BTCUSDT"]' }),
    },
    {
      what: 'ACK',
      example: restExamples.orderAck,
      ask: () => post('order', { ...LIMIT_BUY, newOrderRespType: 'ACK' }),
    },
    {
      what: 'RESULT',
      example: restExamples.orderResult,
      ask: () => post('order', { ...LIMIT_BUY, newOrderRespType: 'RESULT' }),
    },
    {
      what: 'FULL',
      example: restExamples.orderFull,
      ask: () => post('order', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '1.5' }),
    },
    { what: 'a stop', example: restExamples.orderAck, ask: () => post('order', STOP) },
    { what: 'a test', example: {}, ask: () => post('order/test', LIMIT_BUY) },
    {
      what: 'a test with commissions',
      example: restExamples.orderTestCommission,
      ask: () => post('order/test', { ...LIMIT_BUY, computeCommissionRates: 'true' }),
    },
    { what: 'an OCO', example: restExamples.orderListOco, ask: () => post('orderList/oco', OCO) },
    {
      what: 'an OTO',
      example: restExamples.orderListOto,
      ask: () =>
        post('orderList/oto', {
          ...WORKING,
          pendingType: 'MARKET',
          pendingSide: 'SELL',
          pendingQuantity: '0.1',
        }),
    },
    {
      what: 'an OTOCO',
      example: restExamples.orderListOtoco,
      ask: () => post('orderList/otoco', { ...WORKING, ...PAIR, pendingQuantity: '0.1' }),
    },
    {
      what: 'an OPO',
      example: restExamples.orderListOpo,
      ask: () => post('orderList/opo', { ...WORKING, pendingType: 'MARKET', pendingSide: 'SELL' }),
    },
    {
      what: 'an OPOCO',
      example: restExamples.orderListOpoco,
      ask: () => post('orderList/opoco', { ...WORKING, ...PAIR }),
    },
    {
      what: 'the older OCO',
      example: restExamples.orderListOco,
      ask: () =>
        post('order/oco', {
          ...BTC,
          side: 'SELL',
          quantity: '0.1',
          price: '70000',
          stopPrice: '50000',
          stopLimitPrice: '49000',
          stopLimitTimeInForce: 'GTC',
        }),
    },
    {
      what: 'a cancel',
      example: restExamples.cancelOrder,
      ask: () => {
        const orderId = numberOf(post('order', LIMIT_BUY), 'orderId');
        return venue.signed('DELETE', '/api/v3/order', { ...BTC, orderId });
      },
    },
    {
      what: 'an amendment',
      example: restExamples.amend,
      ask: () => {
        const orderId = numberOf(post('order', LIMIT_BUY), 'orderId');
        return venue.signed('PUT', '/api/v3/order/amend/keepPriority', { ...BTC, orderId, newQty: '0.05' });
      },
    },
    {
      what: 'an amendment in a list',
      example: restExamples.amendInList,
      ask: () => {
        const list = post('orderList/oto', {
          ...WORKING,
          pendingType: 'MARKET',
          pendingSide: 'SELL',
          pendingQuantity: '0.1',
        });
        const orderId = numberOf(list, 'orders', 1, 'orderId');
        return venue.signed('PUT', '/api/v3/order/amend/keepPriority', { ...BTC, orderId, newQty: '0.05' });
      },
    },
    {
      what: 'a cancel of a list',
      example: restExamples.cancelOrderList,
      ask: () => {
        const orderListId = numberOf(post('orderList/oco', OCO), 'orderListId');
        return venue.signed('DELETE', '/api/v3/orderList', { ...BTC, orderListId });
      },
    },
    {
      what: 'a cancel-replace',
      example: restExamples.cancelReplace.success,
      ask: () => {
        const cancelOrderId = numberOf(post('order', LIMIT_BUY), 'orderId');
        return post('order/cancelReplace', {
          ...LIMIT_BUY,
          cancelOrderId,
          cancelReplaceMode: 'STOP_ON_FAILURE',
        });
      },
    },
    {
      what: 'order',
      example: restExamples.queryOrder,
      ask: () => signedGet('order', { ...BTC, orderId: numberOf(post('order', LIMIT_BUY), 'orderId') }),
    },
    { what: 'openOrders', example: [restExamples.queryOrder], ask: () => signedGet('openOrders') },
    { what: 'allOrders', example: [restExamples.queryOrder], ask: () => signedGet('allOrders', BTC) },
    {
      what: 'orderList',
      example: restExamples.orderList,
      ask: () => signedGet('orderList', { orderListId: numberOf(post('orderList/oco', OCO), 'orderListId') }),
    },
    { what: 'openOrderList', example: [restExamples.orderList], ask: () => signedGet('openOrderList') },
    { what: 'allOrderList', example: [restExamples.orderList], ask: () => signedGet('allOrderList') },
    { what: 'account', example: restExamples.account, ask: () => signedGet('account') },
    { what: 'myTrades', example: restExamples.myTrades, ask: () => signedGet('myTrades', BTC) },
    {
      what: 'rateLimit/order',
      example: restExamples.rateLimitOrder,
      ask: () => signedGet('rateLimit/order'),
    },
    {
      what: 'account/commission',
      example: restExamples.accountCommission,
      ask: () => signedGet('account/commission', BTC),
    },
    {
      what: 'order/amendments',
      example: [restExamples.orderAmendments[0]],
      ask: () => signedGet('order/amendments', { ...BTC, orderId: amendedOrder() }),
    },
    {
      what: 'myPreventedMatches',
      example: restExamples.myPreventedMatches,
      ask: () => {
        const resting = numberOf(post('order', { ...LIMIT_BUY, price: '60005' }), 'orderId');
        post('order', {
          ...LIMIT_BUY,
          side: 'SELL',
          price: '60005',
          selfTradePreventionMode: 'EXPIRE_MAKER',
        });
        expect(fieldOf(signedGet('order', { ...BTC, orderId: resting }), 'status')).toBe('EXPIRED_IN_MATCH');
        return signedGet('myPreventedMatches', { ...BTC, orderId: resting });
      },
    },
  ];

  test.each(cases)('$what', ({ example, ask, isMarket }) => {
    const { status, body } = ask();
    expect(status).toBe(200);
    expect(differences(body, example)).toEqual([]);
    if (isMarket !== true) expect(looseAmounts(body)).toEqual([]);
  });
});

function amendedOrder(): number {
  const orderId = numberOf(post('order', LIMIT_BUY), 'orderId');
  const amended = venue.signed('PUT', '/api/v3/order/amend/keepPriority', {
    ...BTC,
    orderId,
    newQty: '0.05',
  });
  expect(amended.status).toBe(200);
  return orderId;
}

test('exchangeInfo has the fields of the reference, for one symbol, some and all', () => {
  const [symbol] = restExamples.exchangeInfo.symbols;
  const typesOf = (it: object): Record<string, string> =>
    Object.fromEntries(Object.entries(it).map(([name, value]) => [name, typeof value]));
  const asked: Sent[] = [{}, BTC, { symbols: '["BTCUSDT","ETHUSDT"]' }, { permissions: '["SPOT","MARGIN"]' }];
  for (const sent of asked) {
    const answer = publicGet('exchangeInfo', sent);
    expect(typesOf(answer.body as object)).toEqual(typesOf(restExamples.exchangeInfo));
    for (const it of fieldOf(answer, 'symbols') as object[]) expect(typesOf(it)).toEqual(typesOf(symbol!));
    expect(fieldOf(answer, 'rateLimits')).toContainEqual({
      rateLimitType: 'REQUEST_WEIGHT',
      interval: 'MINUTE',
      intervalNum: 1,
      limit: 6000,
    });
  }
  const hidden = publicGet('exchangeInfo', { ...BTC, showPermissionSets: 'false' });
  expect(fieldOf(hidden, 'symbols', 0, 'permissionSets')).toEqual([]);
  expect(fieldOf(publicGet('exchangeInfo', { permissions: 'LEVERAGED' }), 'symbols')).toEqual([]);
});

test('myFilters lists the filters of the symbol, and of the assets of the account', () => {
  const { body } = signedGet('myFilters', BTC);
  expect(Object.keys(body as object)).toEqual(Object.keys(restExamples.myFilters));
  expect(fieldOf({ status: 200, headers: {}, body }, 'symbolFilters')).toContainEqual({
    filterType: 'MAX_NUM_ORDER_LISTS',
    maxNumOrderLists: 20,
  });
});

test('what nobody here can have is an empty list', () => {
  expect(signedGet('myAllocations', BTC).body).toEqual([]);
  expect(publicGet('historicalBlockTrades', { ...BTC, fromId: 0 }).body).toEqual([]);
});

test('executionRules and the reference price are shown when the operator has set them', () => {
  expect(publicGet('executionRules').body).toEqual({ symbolRules: [] });
  expect(publicGet('executionRules', BTC).body).toEqual({ symbolRules: [{ symbol: 'BTCUSDT', rules: [] }] });
  venue.exchange.setPriceRangeRule('BTCUSDT', {
    bidLimitMultUp: unwrap(parseRatio('1.0001')),
    bidLimitMultDown: unwrap(parseRatio('0.9999')),
    askLimitMultUp: unwrap(parseRatio('1.0001')),
    askLimitMultDown: unwrap(parseRatio('0.9999')),
  });
  const [rule] = restExamples.executionRules.symbolRules;
  expect(publicGet('executionRules').body).toEqual({ symbolRules: [{ ...rule, symbol: 'BTCUSDT' }] });
  venue.exchange.setReferencePrice('BTCUSDT', unwrap(parsePrice('10')));
  expect(differences(publicGet('referencePrice', BTC).body, restExamples.referencePrice)).toEqual([]);
  expect(publicGet('referencePrice/calculation', BTC).body).toMatchObject({ calculationType: 'EXTERNAL' });
});

test('canceling everything mixes orders and lists', () => {
  const other = new Venue();
  other.signed('POST', '/api/v3/order', LIMIT_BUY);
  other.signed('POST', '/api/v3/orderList/oco', OCO);
  const { status, body } = other.signed('DELETE', '/api/v3/openOrders', BTC);
  expect(status).toBe(200);
  const [order, , list] = restExamples.cancelOpenOrders;
  expect(differences(body, [order, list])).toEqual([]);
});
