import { amount, price, quantity, quoteAmount, ratio } from '@tradewind/core/money';
import { describe, expect, test } from 'vitest';
import examples from './example-vectors.json' with { type: 'json' };
import type { ReadingFailure } from './failure.ts';
import * as account from './read-account.ts';
import { readCanceledOrders } from './read-canceled-orders.ts';
import * as market from './read-market.ts';
import * as order from './read-order.ts';
import { orderClientIdOf, readUserEvent } from './read-user-event.ts';
import { type Decode, readList, readObject, readRows } from './reader.ts';

const rest = examples.restExamples;

function read<T>(body: unknown, decode: Decode<T>): T {
  const reading = readObject(body, decode);
  if (!reading.ok) throw new RangeError(JSON.stringify(reading.error));
  return reading.value;
}

/** The expected values are read off the examples of the documents by eye. */
describe('orders', () => {
  test('a full answer to a market order, with its fills', () => {
    const { order: placed, ...acknowledged } = read(rest.orderFull, order.placedOrder);
    expect(acknowledged).toEqual({
      symbol: 'BTCUSDT',
      orderId: 28,
      orderListId: undefined,
      clientOrderId: '6gCrw2kRUAF9CvJDGP16IP',
      transactTimeMs: 1507725176595,
    });
    expect(placed).toMatchObject({
      side: 'SELL',
      type: 'MARKET',
      status: 'FILLED',
      timeInForce: 'GTC',
      price: undefined,
      quantity: quantity('10'),
      quoteAmount: undefined,
      executedQuantity: quantity('10'),
      executedQuoteAmount: quoteAmount('10'),
      workingTimeMs: 1507725176595,
      selfTradePrevention: 'NONE',
    });
    expect(placed?.fills).toHaveLength(5);
    expect(placed?.fills?.[1]).toEqual({
      price: price('3999'),
      quantity: quantity('5'),
      fee: { asset: 'USDT', amount: amount('USDT', '19.995') },
      tradeId: 57,
      matchType: undefined,
      allocationId: undefined,
    });
  });

  test('a result without fills does not say that there are none', () => {
    expect(read(rest.orderResult, order.placedOrder).order).toMatchObject({ fills: undefined });
  });

  test('a mere acknowledgement says nothing of the order', () => {
    expect(read(rest.orderAck, order.placedOrder)).toMatchObject({ orderId: 28, order: undefined });
  });

  test('a canceled order carries the id of its cancel, and its own as the original', () => {
    expect(read(rest.cancelOrder, order.venueOrder)).toMatchObject({
      clientOrderId: 'cancelMyOrder1',
      originalClientOrderId: 'myOrder1',
      status: 'CANCELED',
      price: price('2'),
      transactTimeMs: 1684804350068,
    });
  });

  test('a queried order has zeros for what it has not', () => {
    expect(read(rest.queryOrder, order.venueOrder)).toMatchObject({
      stopPrice: undefined,
      icebergQuantity: undefined,
      quoteAmount: undefined,
      isWorking: true,
      createdTimeMs: 1499827319559,
      updatedTimeMs: 1499827319559,
      fills: undefined,
    });
  });

  test('an order so old that the venue does not know what it cost', () => {
    const old = { ...rest.queryOrder, cummulativeQuoteQty: '-1.00000000' };
    expect(read(old, order.venueOrder).executedQuoteAmount).toBeUndefined();
  });

  test('an order routed by the venue has allocations instead of trades', () => {
    const { fills, usedSor, workingFloor } = read(rest.sorOrder, order.venueOrder);
    expect({ usedSor, workingFloor }).toEqual({ usedSor: true, workingFloor: 'SOR' });
    expect(fills?.[0]).toMatchObject({ tradeId: undefined, allocationId: 0 });
  });

  test('conditional fields of binance-spot.md section 5.2', () => {
    const all = {
      ...rest.orderFull,
      trailingDelta: 50,
      trailingTime: -1,
      strategyId: 7,
      strategyType: 1_000_000,
      preventedMatchId: 3,
      preventedQuantity: '0.5',
      pegPriceType: 'PRIMARY_PEG',
      pegOffsetType: 'PRICE_LEVEL',
      pegOffsetValue: 2,
      peggedPrice: '1.5',
      expiryReason: 'INSUFFICIENT_LIQUIDITY',
      tradeGroupId: 9,
      preventedMatches: [
        { preventedMatchId: 3, makerOrderId: 4, price: '1.1', takerPreventedQuantity: '0.5' },
      ],
    };
    expect(read(all, order.venueOrder)).toMatchObject({
      trailingDeltaBps: 50,
      trailingTimeMs: undefined,
      strategyId: 7,
      strategyType: 1_000_000,
      preventedMatchId: 3,
      preventedQuantity: quantity('0.5'),
      peg: { priceType: 'PRIMARY_PEG', offsetLevels: 2, price: price('1.5') },
      expiryReason: 'INSUFFICIENT_LIQUIDITY',
      tradeGroupId: 9,
      preventedMatches: [
        {
          preventedMatchId: 3,
          makerSymbol: undefined,
          makerOrderId: 4,
          price: price('1.1'),
          takerPreventedQuantity: quantity('0.5'),
          makerPreventedQuantity: undefined,
        },
      ],
    });
  });

  test('M10: words that were added since are kept, and stop nothing', () => {
    const added = { ...rest.queryOrder, status: 'SLEEPING', type: 'TWAP', side: 'BOTH', timeInForce: 'GTD' };
    expect(read(added, order.venueOrder)).toMatchObject({
      status: { unknown: 'SLEEPING' },
      type: { unknown: 'TWAP' },
      side: { unknown: 'BOTH' },
      timeInForce: { unknown: 'GTD' },
    });
  });

  test('an amendment, whose amounts have other names than those of orders', () => {
    expect(read(rest.amend, order.amendment)).toMatchObject({
      transactTimeMs: 1741926410255,
      executionId: 75,
      order: {
        orderId: 33,
        originalClientOrderId: '5xrgbMyg6z36NzBn2pbT8H',
        clientOrderId: 'PFaq6hIHxqFENGfdtn4J6Q',
        quantity: quantity('5'),
        executedQuoteAmount: quoteAmount('0'),
        preventedQuantity: undefined,
      },
      list: undefined,
    });
    expect(read(rest.amendInList, order.amendment).list).toMatchObject({
      orderListId: 1,
      listStatusType: undefined,
      listOrderStatus: 'EXECUTING',
    });
  });

  test.each([
    { name: 'orderListOco', legs: 2, type: 'OCO' },
    { name: 'orderListOto', legs: 2, type: 'OTO' },
    { name: 'orderListOtoco', legs: 3, type: 'OTO' },
    { name: 'orderListOpo', legs: 2, type: 'OTO' },
    { name: 'orderListOpoco', legs: 3, type: 'OTO' },
    { name: 'cancelOrderList', legs: 2, type: 'OCO' },
  ] as const)('$name: $legs legs with their reports', ({ name, legs, type }) => {
    const list = read(rest[name], order.orderListState);
    expect(list.contingencyType).toBe(type);
    expect([list.legs.length, list.reports?.length]).toEqual([legs, legs]);
  });

  test('a leg that waits for what its working order receives has no quantity yet', () => {
    const [, pending] = read(rest.orderListOpo, order.orderListState).reports ?? [];
    expect(pending).toMatchObject({ status: 'PENDING_NEW', quantity: undefined, workingTimeMs: undefined });
  });

  test('canceling everything answers with orders and lists', () => {
    const canceled = readCanceledOrders(rest.cancelOpenOrders);
    expect(canceled.ok && canceled.value.orders.map(({ orderId }) => orderId)).toEqual([11, 13]);
    expect(canceled.ok && canceled.value.lists.map(({ orderListId }) => orderListId)).toEqual([1929]);
  });

  test('amendments and prevented matches of the past', () => {
    expect(readList(rest.orderAmendments, order.amendmentRecord)).toMatchObject({
      value: [
        { originalQuantity: quantity('5'), newQuantity: quantity('4') },
        { executionId: 25, timeMs: 1741672924895 },
      ],
    });
    expect(readList(rest.myPreventedMatches, order.preventedMatch)).toMatchObject({
      value: [{ selfTradePrevention: 'EXPIRE_MAKER', makerPreventedQuantity: quantity('1.3') }],
    });
  });
});

describe('the account', () => {
  test('balances and rates', () => {
    expect(read(rest.account, account.accountState)).toMatchObject({
      balances: [{ asset: 'BTC', free: amount('BTC', '4723846.89208129') }, { asset: 'LTC' }],
      canWithdraw: true,
      rates: { maker: ratio('0.0015') },
      uid: 354937868,
    });
  });

  test('a trade of ours', () => {
    expect(readList(rest.myTrades, account.venueTrade)).toEqual({
      ok: true,
      value: [
        {
          symbol: 'BNBBTC',
          tradeId: 28457,
          orderId: 100234,
          orderListId: undefined,
          side: 'BUY',
          liquidity: 'TAKER',
          price: price('4.000001'),
          quantity: quantity('12'),
          quoteAmount: quoteAmount('48.000012'),
          fee: { asset: 'BNB', amount: amount('BNB', '10.1') },
          timeMs: 1499865549590,
        },
      ],
    });
  });

  test('commission, its three kinds and the discount', () => {
    expect(read(rest.accountCommission, account.commission)).toMatchObject({
      standard: { seller: ratio('0.0000004') },
      special: { maker: ratio('0.01') },
      tax: { buyer: ratio('0.00000118') },
      discount: { asset: 'BNB', multiplier: ratio('0.75') },
    });
    expect(read(rest.orderTestCommission, account.testedOrder).special).toEqual({
      maker: ratio('0.05'),
      taker: ratio('0.06'),
    });
    expect(read({}, account.testedOrder)).toEqual({
      standard: undefined,
      special: undefined,
      tax: undefined,
    });
  });

  test('limits in milliseconds, and a unit that nobody knows', () => {
    expect(readList(rest.rateLimitOrder, account.rateLimit)).toEqual({
      ok: true,
      value: [
        { type: 'ORDERS', intervalMs: 10_000, limit: 50, count: 0 },
        { type: 'ORDERS', intervalMs: 86_400_000, limit: 160_000, count: 0 },
      ],
    });
    const added = { rateLimitType: 'THOUGHTS', interval: 'MOON', intervalNum: 1, limit: 3 };
    expect(read(added, account.rateLimit)).toEqual({
      type: { unknown: 'THOUGHTS' },
      intervalMs: undefined,
      limit: 3,
      count: undefined,
    });
  });

  test('an interval of more milliseconds than can be counted is none (fuzz, client 199658)', () => {
    const endless = { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 294_967_296, limit: 3 };
    expect(read(endless, account.rateLimit)).toMatchObject({ intervalMs: undefined, limit: 3 });
  });

  test('the filters that bind the account', () => {
    expect(read(rest.myFilters, account.accountFilters)).toEqual({
      exchange: [{ type: 'EXCHANGE_MAX_NUM_ORDERS', bounds: new Map([['maxNumOrders', '1000']]) }],
      symbol: [{ type: 'MAX_NUM_ORDER_LISTS', bounds: new Map([['maxNumOrderLists', '20']]) }],
      asset: [{ type: 'MAX_ASSET', asset: 'JPY', limit: amount('JPY', '1000000') }],
    });
  });
});

describe('the market', () => {
  test('depth, trades and klines', () => {
    expect(read(rest.depth, market.depthSnapshot)).toEqual({
      lastUpdateId: 1027024,
      bids: [{ price: price('4'), quantity: quantity('431') }],
      asks: [{ price: price('4.000002'), quantity: quantity('12') }],
    });
    expect(readList(rest.trades, market.publicTrade('BNBBTC'))).toMatchObject({
      value: [{ symbol: 'BNBBTC', id: 28457, buyerIsMaker: true, timeMs: 1499865549590 }],
    });
    expect(readRows(rest.klines, market.kline)).toEqual({
      ok: true,
      value: [
        {
          openTimeMs: 1499040000000,
          closeTimeMs: 1499644799999,
          open: price('0.0163479'),
          high: price('0.8'),
          low: price('0.015758'),
          close: price('0.015771'),
          volume: quantity('148976.11427815'),
          quoteVolume: quoteAmount('2434.19055334'),
          trades: 308,
          takerBuyVolume: quantity('1756.87402397'),
          takerBuyQuoteVolume: quoteAmount('28.46694368'),
        },
      ],
    });
  });

  test('an aggregate that the venue has taken back has no trades', () => {
    const takenBack = { ...rest.aggTrades[0], p: '0', q: '0', f: -1, l: -1 };
    expect(read(takenBack, market.aggregateTrade('X'))).toMatchObject({
      price: price('0'),
      firstTradeId: undefined,
      lastTradeId: undefined,
    });
  });

  test('tickers', () => {
    expect(read(rest.ticker24hrFull, market.dayTicker)).toMatchObject({
      priceChange: price('-94.999998'),
      priceChangePercent: '-95.960',
      ask: { price: price('4.000002'), quantity: quantity('100') },
      trades: 76,
    });
    expect(read(rest.avgPrice, market.averagePrice)).toEqual({
      minutes: 5,
      price: price('9.35751834'),
      closeTimeMs: 1694061154503,
    });
    const empty = { symbol: 'X', bidPrice: '0.00', bidQty: '0.00', askPrice: '1.0', askQty: '2.0' };
    expect(read(empty, market.bookTicker)).toEqual({
      symbol: 'X',
      bid: undefined,
      ask: { price: price('1'), quantity: quantity('2') },
    });
  });
});

describe('user events', () => {
  const eventOf = (event: unknown) => {
    const reading = readUserEvent(event);
    if (!reading.ok) throw new RangeError(JSON.stringify(reading.error));
    return reading.value;
  };
  const exampleOf = (name: string) => examples.userDataEvents.find(({ event }) => event.e === name)!.event;

  test('an execution report', () => {
    const report = eventOf(exampleOf('executionReport'));
    expect(report).toMatchObject({
      kind: 'execution_report',
      symbol: 'ETHBTC',
      orderId: 4293153,
      orderListId: undefined,
      originalClientOrderId: undefined,
      executionType: 'NEW',
      status: 'NEW',
      rejectReason: 'NONE',
      quantity: quantity('1'),
      price: price('0.1026441'),
      tradeId: undefined,
      fee: undefined,
      prevention: undefined,
      executionId: 8641984,
      isOnBook: true,
    });
    if (report.kind === 'execution_report') expect(orderClientIdOf(report)).toBe('mUvoqJxFIILMdfAW5iGSOW');
  });

  test('O8: the events of a market order that found too little: two trades, then expired with both of them', () => {
    const events = examples.lowLiquiditySequence.map(eventOf);
    const reports = events.flatMap((event) => (event.kind === 'execution_report' ? [event] : []));
    expect(reports.map(({ executionId }) => executionId)).toEqual([62, 63, 65, 67]);
    expect(reports.map(({ executionType }) => executionType)).toEqual(['NEW', 'TRADE', 'TRADE', 'EXPIRED']);
    expect(reports.map(({ tradeId }) => tradeId !== undefined)).toEqual([false, true, true, false]);
    expect(reports[3]!.executedQuantity).toBe(reports[2]!.executedQuantity);
    expect(events[4]).toMatchObject({ kind: 'account_position' });
  });

  test('O11: the report of a cancel names the order by its original id', () => {
    const cancel = { ...exampleOf('executionReport'), x: 'CANCELED', X: 'CANCELED', c: 'cancel', C: 'order' };
    const report = eventOf(cancel);
    expect(report.kind === 'execution_report' && orderClientIdOf(report)).toBe('order');
  });

  test('O16: self-trade prevention is no fill', () => {
    const prevented = {
      ...exampleOf('executionReport'),
      x: 'TRADE_PREVENTION',
      X: 'EXPIRED_IN_MATCH',
      ...{ v: 3, A: '1.5', B: '0.5', u: 1, U: 37, Cs: 'BTCUSDT', pl: '0.5', pL: '0.1', pY: '0.05' },
    };
    expect(eventOf(prevented)).toMatchObject({
      executionType: 'TRADE_PREVENTION',
      tradeId: undefined,
      lastQuantity: quantity('0'),
      prevention: {
        matchId: 3,
        quantity: quantity('1.5'),
        lastQuantity: quantity('0.5'),
        counterOrderId: 37,
        executionPrice: price('0.1'),
      },
    });
  });

  test('conditional fields of binance-spot.md section 9.3', () => {
    const report = eventOf({
      ...exampleOf('executionReport'),
      ...{
        d: 4,
        D: 1668680518494,
        j: 1,
        J: 1_000_000,
        b: 'ONE_PARTY_TRADE_REPORT',
        a: 1234,
        k: 'SOR',
        uS: true,
      },
      ...{ gP: 'PRIMARY_PEG', gOT: 'PRICE_LEVEL', gOV: 5, gp: '1.0', eR: 'OCO_TRIGGER', n: '0.5', N: 'BNB' },
    });
    expect(report).toMatchObject({
      trailingDeltaBps: 4,
      trailingTimeMs: 1668680518494,
      strategyId: 1,
      strategyType: 1_000_000,
      matchType: 'ONE_PARTY_TRADE_REPORT',
      allocationId: 1234,
      workingFloor: 'SOR',
      usedSor: true,
      peg: { priceType: 'PRIMARY_PEG', offsetLevels: 5, price: price('1') },
      expiryReason: 'OCO_TRIGGER',
      fee: { asset: 'BNB', amount: amount('BNB', '0.5') },
    });
  });

  test('the other events', () => {
    expect(eventOf(exampleOf('outboundAccountPosition'))).toMatchObject({
      updatedTimeMs: 1564034571073,
      balances: [{ asset: 'ETH', free: amount('ETH', '10000') }],
    });
    expect(eventOf({ ...exampleOf('balanceUpdate'), d: '-100.5' })).toMatchObject({
      kind: 'balance_update',
      delta: amount('BTC', '-100.5'),
      clearTimeMs: 1573200697068,
    });
    expect(eventOf(exampleOf('listStatus'))).toMatchObject({
      orderListId: 2,
      legs: [{ orderId: 17 }, { orderId: 18 }],
    });
    expect(eventOf(exampleOf('externalLockUpdate'))).toMatchObject({
      asset: 'NEO',
      delta: amount('NEO', '10'),
    });
    expect(eventOf(exampleOf('eventStreamTerminated'))).toEqual({
      kind: 'stream_terminated',
      eventTimeMs: 1728973001334,
    });
    expect(eventOf({ e: 'serverShutdown', E: 1770123456789 })).toMatchObject({ kind: 'server_shutdown' });
    expect(eventOf({ e: 'somethingNew', x: 1 })).toEqual({ kind: 'unknown_event', name: 'somethingNew' });
  });
});

describe('what cannot be read', () => {
  const failureOf = (body: unknown): ReadingFailure | undefined => {
    const reading = readObject(body, order.orderListState);
    return reading.ok ? undefined : reading.error;
  };
  const list = rest.orderListOco;
  const [first] = list.orderReports;

  test.each([
    { title: 'no object', body: [], path: '$', expected: 'an object' },
    { title: 'nothing', body: undefined, path: '$', expected: 'an object' },
    {
      title: 'a missing field',
      body: { ...list, symbol: undefined },
      path: '$.symbol',
      expected: 'a text',
    },
    {
      title: 'an id beyond 2^53, whose digits are lost',
      body: { ...list, orderListId: 2 ** 53 },
      path: '$.orderListId',
      expected: 'a whole number from 0 below 2^53',
    },
    {
      title: 'an id as a text',
      body: { ...list, orders: [{ ...list.orders[0], orderId: '1' }] },
      path: '$.orders[0].orderId',
      expected: 'a whole number from 0 below 2^53',
    },
    {
      title: 'an amount as a number',
      body: { ...list, orderReports: [first, { ...first, executedQty: 5 }] },
      path: '$.orderReports[1].executedQty',
      expected: 'a decimal text from 0',
    },
    {
      title: 'an amount with more digits than there can be',
      body: { ...list, orderReports: [{ ...first, price: '0.123456789' }] },
      path: '$.orderReports[0].price',
      expected: 'a decimal text from 0',
    },
    {
      title: 'a negative amount',
      body: { ...list, orderReports: [{ ...first, executedQty: '-1' }] },
      path: '$.orderReports[0].executedQty',
      expected: 'a decimal text from 0',
    },
    { title: 'an object for a list', body: { ...list, orders: {} }, path: '$.orders', expected: 'a list' },
  ])('$title is a failure with its path', ({ body, path, expected }) => {
    expect(failureOf(body)).toMatchObject({ path, expected });
  });

  test('S7: what every object inherits is no field', () => {
    const inherited = Object.create(rest.queryOrder) as object;
    expect(readObject(inherited, order.venueOrder)).toMatchObject({ error: { path: '$.symbol' } });
    const polluted: unknown = JSON.parse('{"__proto__":{"symbol":"X"},"constructor":{"prototype":{}}}');
    expect(readObject(polluted, order.venueOrder).ok).toBe(false);
    expect(({} as { symbol?: string }).symbol).toBeUndefined();
  });

  test('what stood there is shown shortened', () => {
    const failure = failureOf({ ...list, orderListId: 'x'.repeat(10_000) });
    expect(failure?.found.length).toBeLessThan(100);
  });
});
