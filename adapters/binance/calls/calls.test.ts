import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent, OrderListIntent } from '@tradewind/core/orders';
import { ok } from '@tradewind/core/result';
import { describe, expect, test } from 'vitest';
import { outcomeOfAnswer } from '../errors/outcome-of.ts';
import type { KeyPermissions } from '../model/account.ts';
import examples from '../model/example-vectors.json' with { type: 'json' };
import { keyPermissions } from '../model/read-account.ts';
import { readObject } from '../model/reader.ts';
import { done, failed, type Outcome } from '../outcome.ts';
import * as account from './account.ts';
import type { Call, Caller } from './call.ts';
import { cancelReplace } from './cancel-replace.ts';
import endpoints from './endpoint-vectors.json' with { type: 'json' };
import { judgeKey } from './judge-key.ts';
import * as market from './market.ts';
import { tradesFrom } from './trade-history.ts';
import * as trading from './trading.ts';

const intent: OrderIntent = {
  clientOrderId: 'id',
  strategy: 's',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT_MAKER', quantity: quantity('1'), price: price('2') },
  tag: '',
  decidedAtMs: 0,
};
const order = intent as Approved<OrderIntent>;
const pending: OrderIntent = { ...intent, clientOrderId: 'p', side: 'SELL' };
const approved = (list: OrderListIntent) => list as Approved<OrderListIntent>;
const oco = approved({ kind: 'OCO', listClientOrderId: 'l', above: intent, below: intent });
const oto = approved({ kind: 'OTO', listClientOrderId: 'l', working: intent, pending });
const otoco = approved({
  kind: 'OTOCO',
  listClientOrderId: 'l',
  working: intent,
  pendingAbove: pending,
  pendingBelow: pending,
});
const reference = { symbol: 'BTCUSDT', orderId: 1 } as const;
const symbols = (count: number): string[] => Array.from({ length: count }, (_, i) => `S${i}`);

/** Weights of calls that cost more than their endpoint's first number, by section 4 of binance-spot.md. */
const CALLS: readonly { readonly call: Call<unknown>; readonly weight: number }[] = [
  { call: market.ping(), weight: 1 },
  { call: market.serverTime(), weight: 1 },
  { call: market.exchangeInfo(), weight: 20 },
  { call: market.depth('S', 100), weight: 5 },
  { call: market.depth('S', 101), weight: 25 },
  { call: market.depth('S', 1000), weight: 50 },
  { call: market.depth('S', 1001), weight: 250 },
  { call: market.recentTrades('S'), weight: 25 },
  { call: market.historicalTrades('S', 1), weight: 25 },
  { call: market.aggregateTrades('S', { fromId: 1 }), weight: 4 },
  { call: market.klines('S', '1M'), weight: 2 },
  { call: market.currentAveragePrice('S'), weight: 2 },
  { call: market.dayTickers(symbols(20)), weight: 2 },
  { call: market.dayTickers(symbols(21)), weight: 40 },
  { call: market.dayTickers(symbols(101)), weight: 80 },
  { call: market.dayTickers(), weight: 80 },
  { call: market.priceTickers(['S']), weight: 4 },
  { call: market.bookTickers(), weight: 4 },
  { call: trading.placeOrder(order), weight: 1 },
  { call: trading.testOrder(order), weight: 1 },
  { call: trading.testOrder(order, true), weight: 20 },
  { call: trading.cancelOrder(reference, 'c'), weight: 1 },
  { call: trading.cancelOpenOrders('S'), weight: 1 },
  { call: cancelReplace(reference, 'c', order, { mode: 'STOP_ON_FAILURE' }), weight: 1 },
  { call: trading.amendKeepingPriority(reference, quantity('1'), 'id'), weight: 4 },
  { call: trading.placeOrderList(oco), weight: 1 },
  { call: trading.placeOrderList(oto), weight: 1 },
  { call: trading.placeOrderList(otoco), weight: 1 },
  { call: trading.placeOrderList(oto, 'as_received'), weight: 1 },
  { call: trading.placeOrderList(otoco, 'as_received'), weight: 1 },
  { call: trading.cancelOrderList({ symbol: 'S', orderListId: 1 }, 'c'), weight: 1 },
  { call: account.account(), weight: 20 },
  { call: account.queryOrder(reference), weight: 4 },
  { call: account.openOrders('S'), weight: 6 },
  { call: account.openOrders(), weight: 80 },
  { call: account.allOrders('S'), weight: 20 },
  { call: account.queryOrderList({ symbol: 'S', listClientOrderId: 'l' }), weight: 4 },
  { call: account.allOrderLists(), weight: 20 },
  { call: account.openOrderLists(), weight: 6 },
  { call: account.myTrades({ symbol: 'S' }), weight: 20 },
  { call: account.myTrades({ symbol: 'S', orderId: 1 }), weight: 5 },
  { call: account.orderRateLimits(), weight: 40 },
  { call: account.myPreventedMatches({ symbol: 'S', preventedMatchId: 1 }), weight: 2 },
  { call: account.myPreventedMatches({ symbol: 'S', orderId: 1 }), weight: 20 },
  { call: account.accountCommission('S'), weight: 20 },
  { call: account.orderAmendments('S', 1), weight: 4 },
  { call: account.myFilters('S'), weight: 40 },
];

describe('calls and the table of endpoints', () => {
  test.each(CALLS)('$call.method $call.path costs $weight', ({ call, weight }) => {
    const endpoint = endpoints.restEndpoints.find(
      ({ method, path }) => method === call.method && path === call.path,
    );
    expect(endpoint).toMatchObject({ wsMethod: call.socketMethod });
    expect(call.security).toBe(endpoint?.security === 'NONE' ? 'none' : 'signed');
    expect(call.cost.weight).toBe(weight);
    if (typeof endpoint?.weight === 'number') expect(weight).toBe(endpoint.weight);
    expect(call.cost.orders ?? 0).toBe(endpoint?.unfilledOrderCount ?? 0);
    const isTest = call.path.endsWith('/test');
    expect(call.hasEffect).toBe(endpoint?.security === 'TRADE' && !isTest);
  });

  test('no endpoint that a trading system needs is left out', () => {
    const made = new Set(CALLS.map(({ call }) => `${call.method} ${call.path}`));
    const left = endpoints.restEndpoints
      .map(({ method, path }) => `${method} ${path.replace('/api/v3/', '')}`)
      .filter((endpoint) => !made.has(endpoint.replace(' ', ' /api/v3/')));
    expect(left).toEqual([
      'GET executionRules',
      'GET historicalBlockTrades',
      'GET uiKlines',
      'GET ticker/tradingDay',
      'GET ticker',
      'GET referencePrice',
      'GET referencePrice/calculation',
      'POST order/oco',
      'POST sor/order',
      'POST sor/order/test',
      'GET myAllocations',
    ]);
  });

  test('only what has passed the checks can be placed', () => {
    const list: OrderListIntent = oco;
    expect([
      // @ts-expect-error An order that nobody approved does not compile.
      trading.placeOrder(intent),
      // @ts-expect-error Nor does a list,
      trading.placeOrderList(list),
      // @ts-expect-error nor a replacement.
      cancelReplace(reference, 'c', intent, { mode: 'STOP_ON_FAILURE' }),
    ]).toHaveLength(3);
  });

  test('cancels and the clock go first', () => {
    const first = CALLS.filter(({ call }) => call.priority === 'exit').map(({ call }) => call.path);
    expect(first).toEqual([
      '/api/v3/time',
      '/api/v3/order',
      '/api/v3/openOrders',
      '/api/v3/order/amend/keepPriority',
      '/api/v3/orderList',
    ]);
  });

  test.each([
    {
      call: trading.cancelOrder({ symbol: 'S', clientOrderId: 'o' }, 'c', 'ONLY_NEW'),
      sent: { symbol: 'S', origClientOrderId: 'o', newClientOrderId: 'c', cancelRestrictions: 'ONLY_NEW' },
    },
    {
      call: trading.amendKeepingPriority(reference, quantity('0.25'), 'id'),
      sent: { symbol: 'BTCUSDT', orderId: 1, newQty: '0.25', newClientOrderId: 'id' },
    },
    {
      call: trading.cancelOrderList({ symbol: 'S', listClientOrderId: 'l' }, 'c'),
      sent: { symbol: 'S', listClientOrderId: 'l', newClientOrderId: 'c' },
    },
    {
      call: account.queryOrderList({ symbol: 'S', listClientOrderId: 'l' }),
      sent: { origClientOrderId: 'l' },
    },
    {
      call: account.myTrades({ symbol: 'S', startTimeMs: 1, endTimeMs: 2, limit: 3 }),
      sent: { symbol: 'S', startTime: 1, endTime: 2, limit: 3 },
    },
    {
      call: account.myTrades({ symbol: 'S', orderId: 5, fromTradeId: 6 }),
      sent: { symbol: 'S', orderId: 5, fromId: 6 },
    },
    {
      call: account.allOrders('S', { fromOrderId: 7 }),
      sent: { symbol: 'S', orderId: 7 },
    },
    { call: account.account(), sent: { omitZeroBalances: true } },
    { call: account.account({ withZeroBalances: true }), sent: {} },
    { call: market.exchangeInfo(['A', 'B']), sent: { symbols: ['A', 'B'] } },
  ])('$call.path sends $sent', ({ call, sent }) => {
    expect(Object.fromEntries(call.parameters)).toEqual(sent);
  });
});

test('O11: the answer to a query by an id that a cancel has replaced still tells that id (binance-spot.md section 5.4)', () => {
  const renamed = { ...examples.restExamples.queryOrder, clientOrderId: 'id-of-the-cancel' };
  const byName = account.queryOrder({ symbol: 'LTCBTC', clientOrderId: 'mine' });
  expect(byName.read(renamed)).toMatchObject({
    value: { clientOrderId: 'id-of-the-cancel', originalClientOrderId: 'mine' },
  });
  expect(byName.read({ ...renamed, clientOrderId: 'mine' })).toMatchObject({
    value: { clientOrderId: 'mine', originalClientOrderId: undefined },
  });
  expect(account.queryOrder(reference).read(renamed)).toMatchObject({
    value: { originalClientOrderId: undefined },
  });
});

describe('cancel-replace', () => {
  const call = cancelReplace({ symbol: 'BTCUSDT', clientOrderId: 'old' }, 'c', order, {
    mode: 'ALLOW_FAILURE',
    overOrderCount: 'CANCEL_ONLY',
  });
  const outcomeOf = (status: number, body: unknown) =>
    outcomeOfAnswer(ok({ status, headers: {}, body: JSON.stringify(body) }), call);
  const bodies = examples.restExamples.cancelReplace;

  test('says what it cancels and what it places', () => {
    expect(Object.fromEntries(call.parameters)).toMatchObject({
      cancelReplaceMode: 'ALLOW_FAILURE',
      cancelOrigClientOrderId: 'old',
      cancelNewClientOrderId: 'c',
      newClientOrderId: 'id',
      orderRateLimitExceededMode: 'CANCEL_ONLY',
    });
  });

  test('O12: both halves done', () => {
    expect(call.read(bodies.success)).toMatchObject({
      value: {
        cancel: { kind: 'done', value: { orderId: 9, status: 'CANCELED' } },
        placement: { kind: 'done', value: { orderId: 10, order: { status: 'NEW', fills: [] } } },
      },
    });
  });

  test.each([
    {
      title: 'the cancel failed, so nothing was placed',
      status: 400,
      body: bodies.stopOnFailureCancelFailed,
      cancel: { kind: 'failed', code: -2011, message: 'Unknown order sent.' },
      placement: { kind: 'not_attempted' },
    },
    {
      title: 'canceled, but the new order was refused',
      status: 409,
      body: bodies.newOrderFailed,
      cancel: { kind: 'done', value: { orderId: 3 } },
      placement: { kind: 'failed', code: -2010 },
    },
    {
      title: 'the cancel failed and the new order, only acknowledged, stands',
      status: 409,
      body: bodies.allowFailureCancelFailed,
      cancel: { kind: 'failed', code: -2011 },
      placement: { kind: 'done', value: { orderId: 11, order: undefined } },
    },
    {
      title: 'both failed',
      status: 400,
      body: bodies.bothFailed,
      cancel: { kind: 'failed', code: -2011 },
      placement: { kind: 'failed', code: -2010 },
    },
    {
      title: 'canceled, but refused without a code of its own',
      status: 409,
      body: { data: bodies.newOrderFailed.data },
      cancel: { kind: 'done', value: { orderId: 3 } },
      placement: { kind: 'failed', code: -2010 },
    },
    {
      title: 'canceled, and over the order count',
      status: 429,
      body: bodies.rateLimitedCancelOnly,
      cancel: { kind: 'done', value: { orderId: 64 } },
      placement: { kind: 'failed', code: -1015 },
    },
  ])('O12: $title', ({ status, body, cancel, placement }) => {
    expect(outcomeOf(status, body)).toMatchObject({ kind: 'done', value: { cancel, placement } });
  });

  test('O12: over the order count nothing is done unless asked for', () => {
    expect(outcomeOf(429, bodies.rateLimitedDoNothing)).toMatchObject({
      kind: 'failed',
      failure: { code: -1015, retry: 'later' },
    });
  });

  test.each([
    { title: 'a half that is missing', data: { cancelResult: 'FAILURE' }, half: 'placement' },
    {
      title: 'a result in no document',
      data: { cancelResult: 'PERHAPS', newOrderResult: 'NOT_ATTEMPTED' },
      half: 'cancel',
    },
    {
      title: 'a success that cannot be read',
      data: { cancelResult: 'SUCCESS', cancelResponse: {}, newOrderResult: 'NOT_ATTEMPTED' },
      half: 'cancel',
    },
    {
      title: 'a failure that may have been executed',
      data: {
        cancelResult: 'SUCCESS',
        cancelResponse: bodies.success.cancelResponse,
        newOrderResult: 'FAILURE',
        newOrderResponse: { code: -1007, msg: 'Timeout.' },
      },
      half: 'placement',
    },
  ] as const)('O12: $title is in doubt', ({ data, half }) => {
    const outcome = outcomeOf(409, { code: -2021, msg: '', data });
    expect(outcome.kind === 'done' && outcome.value[half]).toMatchObject({ kind: 'unknown' });
  });
});

describe('exchange info', () => {
  test('symbols as the core reads them, and the limits', () => {
    const limits = examples.restExamples.rateLimitOrder;
    const rules = market.exchangeInfo().read({ ...examples.restExamples.exchangeInfo, rateLimits: limits });
    expect(rules).toMatchObject({
      value: { serverTimeMs: 1565246363776, rateLimits: [{ type: 'ORDERS', intervalMs: 10_000 }, {}] },
    });
    expect(rules.ok && [...rules.value.instruments.keys()]).toEqual(
      examples.restExamples.exchangeInfo.symbols.map(({ symbol }) => symbol),
    );
  });

  test.each([{}, [], { ...examples.restExamples.exchangeInfo, rateLimits: [], symbols: [1] }, 'x'])(
    'what has no list of symbols is no exchange info (%#)',
    (body) => {
      expect(market.exchangeInfo().read(body).ok).toBe(false);
    },
  );
});

describe('G3: a key', () => {
  const good = readObject(
    {
      ipRestrict: true,
      createTime: 1698645219000,
      enableReading: true,
      enableSpotAndMarginTrading: true,
      enableWithdrawals: false,
    },
    keyPermissions,
  );
  const permissions = (more: Partial<KeyPermissions>): KeyPermissions => {
    if (!good.ok) throw new RangeError('the example can be read');
    return { ...good.value, ...more };
  };

  test('that may read and trade and nothing else is used without a word', () => {
    expect(judgeKey(permissions({}), true)).toEqual({ objections: [], warnings: [] });
  });

  test.each([
    { may: { mayWithdraw: true }, objection: 'key_may_withdraw' },
    { may: { mayWithdraw: undefined }, objection: 'key_may_withdraw' },
    { may: { mayTransferUniversally: true }, objection: 'key_may_transfer' },
    { may: { mayTransferInternally: true }, objection: 'key_may_transfer' },
    { may: { mayRead: undefined }, objection: 'key_may_not_read' },
    { may: { mayTradeSpot: false }, objection: 'key_may_not_trade' },
  ])('with $may is objected to', ({ may, objection }) => {
    expect(judgeKey(permissions(may), true).objections).toEqual([{ reason: objection }]);
  });

  test('of a session that only watches need not trade', () => {
    expect(judgeKey(permissions({ mayTradeSpot: false }), false).objections).toEqual([]);
  });

  test('that works from everywhere, or may more than needed, is warned of', () => {
    expect(judgeKey(permissions({ isIpRestricted: false, mayTradeFutures: true }), true).warnings).toEqual([
      { reason: 'key_works_from_every_address' },
      { reason: 'key_may_more_than_needed', permission: 'futures' },
    ]);
  });
});

describe('the history of our trades', () => {
  /** A venue with the trades 1 to `last`, which answers pages as the real one does. */
  const venueWith = (last: number, failAt?: number, withOneself?: number) => {
    const pages: number[] = [];
    const perform = <T>(call: Call<T>): Promise<Outcome<T>> => {
      const asked = Object.fromEntries(call.parameters);
      const from = Math.max(1, Number(asked.fromId));
      pages.push(Number(asked.fromId));
      if (pages.length === failAt)
        return Promise.resolve(failed({ reason: 'not_sent', detail: 'unplugged' }));
      const rows = Array.from({ length: Math.max(0, last - from + 1) }, (_, i) => from + i)
        .flatMap((id) => (id === withOneself ? [id, id] : [id]))
        .slice(0, Number(asked.limit))
        .map((id) => ({ ...examples.restExamples.myTrades[0], id }));
      const reading = call.read(rows);
      if (!reading.ok) throw new RangeError(JSON.stringify(reading.error));
      return Promise.resolve(done(reading.value));
    };
    return { caller: { perform } satisfies Caller, pages };
  };
  const ids = (outcome: Awaited<ReturnType<typeof tradesFrom>>) =>
    outcome.kind === 'done' ? outcome.value.trades.map(({ tradeId }) => tradeId) : [];

  test.each([0, 1, 999, 1000, 1001, 2500])('is whole and without doubles: %d trades', async (last) => {
    const outcome = await tradesFrom(venueWith(last).caller, 'S', 0, { pagesMax: 10 });
    expect(ids(outcome)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    expect(outcome).toMatchObject({ value: { nextTradeId: undefined } });
  });

  test('R6: stops at the pages allowed and says where to go on', async () => {
    const { caller, pages } = venueWith(2500);
    const outcome = await tradesFrom(caller, 'S', 101, { pagesMax: 2 });
    // The last trade of a full page is left to the next one, as it may have a second row there.
    expect(ids(outcome)).toEqual(Array.from({ length: 1998 }, (_, i) => 101 + i));
    expect(outcome).toMatchObject({ value: { nextTradeId: 2099 } });
    expect(pages).toEqual([101, 1100]);
  });

  test.each([1, 999, 1000, 1001, 1999])(
    'I3: has both rows of a trade with oneself, wherever pages end: trade %d of 2500',
    async (withOneself) => {
      const { caller } = venueWith(2500, undefined, withOneself);
      const read = ids(await tradesFrom(caller, 'S', 0, { pagesMax: 10 }));
      expect(read.filter((id) => id === withOneself)).toHaveLength(2);
      expect(read).toHaveLength(2501);
    },
  );

  test('with a page that fails is no history', async () => {
    expect(await tradesFrom(venueWith(2500, 2).caller, 'S', 0, { pagesMax: 9 })).toMatchObject({
      kind: 'failed',
    });
  });

  test('a venue that answers another question is not asked for ever', async () => {
    const rows = Array.from({ length: 1000 }, () => examples.restExamples.myTrades[0]!);
    const caller: Caller = {
      perform: (call) => {
        const reading = call.read(rows);
        if (!reading.ok) throw new RangeError(JSON.stringify(reading.error));
        return Promise.resolve(done(reading.value));
      },
    };
    expect(await tradesFrom(caller, 'S', 30_000, { pagesMax: 5 })).toMatchObject({
      value: { trades: [], nextTradeId: undefined },
    });
  });
});
