import { parseAmount } from '@tradewind/core/money';
import { beforeEach, describe, expect, test } from 'vitest';
import events from '../test-vectors/events.json' with { type: 'json' };
import examples from '../test-vectors/responses.json' with { type: 'json' };
import {
  type Client,
  fieldOf,
  LIMIT_BUY,
  numberOf,
  type Sent,
  START_MS,
  unwrap,
  Venue,
} from '../venue.test-support.ts';

let venue: Venue;
let client: Client;
beforeEach(() => {
  venue = new Venue();
  client = venue.open();
});

const { wsApiExamples, restExamples } = examples;
const keysOf = (value: unknown): string[] => Object.keys(value as object);

describe('a request', () => {
  test('is answered with its id, a status, the result of REST and the limits', () => {
    const { body } = client.signed('order.place', { ...LIMIT_BUY, newOrderRespType: 'RESULT' });
    const example = wsApiExamples.responseOk;
    expect(keysOf(body)).toEqual(keysOf(example));
    expect(keysOf((body as typeof example).result)).toEqual(keysOf(example.result));
    expect(body).toMatchObject({
      id: 1,
      status: 200,
      rateLimits: [
        { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, count: 1 },
        { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, count: 1 },
        { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000, count: 0 },
      ],
    });
  });

  test('that is refused has an error in place of the result', () => {
    const { body } = client.signed('order.place', { ...LIMIT_BUY, quantity: '100' });
    expect(body).toMatchObject({ status: 400, error: wsApiExamples.responseError.error });
    expect(keysOf(body)).toEqual(keysOf(wsApiExamples.responseError));
  });

  test.each([
    { id: '7', echoed: 7 },
    { id: '"e2a85d9f-07a5-4f94-8d5f-789dc3deb097"', echoed: 'e2a85d9f-07a5-4f94-8d5f-789dc3deb097' },
    { id: 'null', echoed: null },
  ])('may have the id $id, and the method a version', ({ id, echoed }) => {
    const { body } = client.send(`{"id":${id},"method":"v3/ping"}`);
    expect(body).toMatchObject({ id: echoed, status: 200, result: {} });
  });

  test.each([
    { text: 'nonsense', id: null, code: -1135 },
    { text: '{"id":1.5,"method":"ping"}', id: null, code: -1100 },
    { text: '{"id":1}', id: 1, code: -1102 },
    { text: '{"id":1,"method":"nothing"}', id: 1, code: -1020 },
    { text: '{"id":1,"method":"userDataStream.start"}', id: 1, code: -1020 },
    { text: '{"id":1,"method":"ping","params":{"x":1}}', id: 1, code: -1104 },
    { text: '{"id":1,"method":"ping","params":{"x":1,"x":2}}', id: 1, code: -1101 },
  ])('that is wrong answers status 400: $text', ({ text, id, code }) => {
    expect(client.send(text).body).toMatchObject({ id, status: 400, error: { code } });
  });

  test('does not show limits to who does not want them', () => {
    expect(client.call('ping', { returnRateLimits: false }).body).not.toHaveProperty('rateLimits');
    const silent = venue.open('returnRateLimits=false');
    expect(silent.call('ping').body).not.toHaveProperty('rateLimits');
    expect(silent.call('ping', { returnRateLimits: true }).body).toHaveProperty('rateLimits');
  });

  test('is answered in the unit of the connection, and a bad unit does not get in', () => {
    expect(venue.open('timeUnit=MICROSECOND').call('time').body).toMatchObject({
      result: { serverTime: START_MS * 1000 },
    });
    expect(venue.webSocket.refuse('10.0.0.1', 'timeUnit=hours')?.body).toContain('-1194');
    expect(venue.webSocket.refuse('10.0.0.1', 'timeUnit=microsecond')).toBeUndefined();
  });

  test('weighs on the same address as REST', () => {
    client.call('exchangeInfo');
    expect(venue.get('/api/v3/ping').headers['x-mbx-used-weight-1m']).toBe('21');
  });

  test('takes arrays and numbers as they are', () => {
    const tickers = client.call('ticker.price', { symbols: ['BTCUSDT', 'ETHUSDT'] });
    expect(fieldOf(tickers, 'result')).toHaveLength(2);
    const limits = fieldOf(client.call('exchangeInfo', { symbol: 'BTCUSDT' }), 'result', 'rateLimits');
    expect(limits).toContainEqual({
      rateLimitType: 'CONNECTIONS',
      interval: 'MINUTE',
      intervalNum: 5,
      limit: 300,
    });
  });

  test('R2: of a banned address is answered with 418 and when to come again, then the socket closes', () => {
    venue = new Venue({
      exchangeInfo: {
        rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 20 }],
      },
      refusalsBeforeBan: 1,
    });
    client = venue.open();
    client.call('exchangeInfo');
    const refused = client.call('ping');
    expect(refused.body).toMatchObject({
      status: 429,
      error: { code: -1003, data: { serverTime: START_MS, retryAfter: START_MS + 60_000 } },
    });
    const banned = client.call('ping');
    expect(keysOf(banned.body)).toEqual(keysOf(wsApiExamples.banned418));
    expect(fieldOf(banned, 'error', 'data')).toEqual({
      serverTime: START_MS,
      retryAfter: START_MS + 120_000,
    });
    expect([banned.status, client.closed]).toEqual([418, 'banned']);
  });
});

describe('a session', () => {
  test('is logged on with an Ed25519 key, and then needs no signatures', () => {
    const holder = venue.ed25519(venue.trader.account);
    const logon = client.signed('session.logon', {}, holder);
    expect(keysOf(fieldOf(logon, 'result'))).toEqual(keysOf(wsApiExamples.sessionLogonResponse.result));
    expect(fieldOf(logon, 'result')).toMatchObject({
      apiKey: holder.apiKey,
      authorizedSince: START_MS,
      userDataStream: false,
    });
    expect(client.call('order.place', { ...LIMIT_BUY, timestamp: START_MS }).status).toBe(200);
    expect(client.call('order.place', LIMIT_BUY).body).toMatchObject({ status: 400, error: { code: -1102 } });
    const late = client.call('order.place', { ...LIMIT_BUY, timestamp: START_MS - 6000 });
    expect(late.body).toMatchObject({ error: { code: -1021 } });
    const logout = client.call('session.logout');
    expect(fieldOf(logout, 'result')).toEqual({
      ...wsApiExamples.sessionLogoutResponse.result,
      connectedSince: START_MS,
      serverTime: START_MS,
      returnRateLimits: true,
    });
    expect(client.call('order.place', { ...LIMIT_BUY, timestamp: START_MS }).status).toBe(400);
  });

  test('can be logged on with no other key', () => {
    for (const holder of [venue.trader, venue.rsa(venue.trader.account)]) {
      expect(client.signed('session.logon', {}, holder).status).toBe(401);
    }
    expect(fieldOf(client.call('session.status'), 'result')).toMatchObject({
      apiKey: null,
      authorizedSince: null,
    });
  });

  test('a key and a signature of the request override the logon', () => {
    client.signed('session.logon', {}, venue.ed25519(venue.trader.account));
    const own = client.call('account.status', { timestamp: START_MS });
    const other = client.signed('account.status', {}, venue.house);
    expect([fieldOf(own, 'result', 'uid'), fieldOf(other, 'result', 'uid')]).toEqual([
      venue.trader.account,
      venue.house.account,
    ]);
  });

  test('G4: ends with the next request after its key was removed', () => {
    const holder = venue.ed25519(venue.trader.account);
    client.signed('session.logon', {}, holder);
    client.call('userDataStream.subscribe');
    venue.exchange.removeKey(holder.apiKey);
    const answer = client.call('order.place', { ...LIMIT_BUY, timestamp: START_MS });
    expect(answer.body).toMatchObject({ id: 3, status: 400 });
    expect(client.frames.map((it) => JSON.parse(it) as unknown)).toContainEqual(wsApiExamples.sessionRevoked);
    expect(client.events.at(-1)).toMatchObject({ subscriptionId: 0, event: { e: 'eventStreamTerminated' } });
  });
});

describe('a user data stream', () => {
  test('is subscribed to by signature with any key, once per account', () => {
    const reply = client.signed('userDataStream.subscribe.signature');
    expect(fieldOf(reply, 'result')).toEqual(wsApiExamples.subscribeResponse.result);
    expect(client.signed('userDataStream.subscribe.signature').body).toMatchObject({
      error: { code: -2035 },
    });
    const second = client.signed('userDataStream.subscribe.signature', {}, venue.rsa(venue.house.account));
    expect(fieldOf(second, 'result', 'subscriptionId')).toBe(1);
    expect(fieldOf(client.call('session.subscriptions'), 'result')).toEqual(
      wsApiExamples.sessionSubscriptions.result,
    );
  });

  test('without signature needs a logon', () => {
    expect(client.call('userDataStream.subscribe').body).toMatchObject({
      status: 401,
      error: { code: -1002 },
    });
  });

  test('tells of an order and of balances, in the envelope of its subscription', () => {
    client.signed('userDataStream.subscribe.signature');
    client.signed('order.place', LIMIT_BUY);
    expect(client.events).toMatchObject([
      {
        subscriptionId: 0,
        event: { e: 'executionReport', x: 'NEW', X: 'NEW', s: 'BTCUSDT', p: '50000.00000000' },
      },
      { subscriptionId: 0, event: { e: 'outboundAccountPosition', B: [{ a: 'USDT', l: '5000.00000000' }] } },
    ]);
  });

  test('hears of a trade from both sides, each in its own subscription', () => {
    client.signed('userDataStream.subscribe.signature');
    const other = venue.open();
    other.signed('userDataStream.subscribe.signature', {}, venue.house);
    venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60010', '1');
    client.signed('order.place', { symbol: 'BTCUSDT', side: 'BUY', type: 'MARKET', quantity: '0.5' });
    const trades = [client, other].map((it) => it.events.find(({ event }) => event.x === 'TRADE')?.event);
    expect(trades).toMatchObject([
      { m: false, l: '0.50000000', L: '60010.00000000', n: '0.00050000', N: 'BTC', X: 'FILLED' },
      { m: true, l: '0.50000000', n: '30.00500000', N: 'USDT', X: 'PARTIALLY_FILLED' },
    ]);
    expect(trades[0]?.t).toBe(trades[1]?.t);
  });

  test('B4, B6: tells of lists, deposits and outside locks', () => {
    client.signed('userDataStream.subscribe.signature');
    client.signed('orderList.place.oco', {
      symbol: 'BTCUSDT',
      side: 'SELL',
      quantity: '0.1',
      aboveType: 'LIMIT_MAKER',
      abovePrice: '70000',
      belowType: 'STOP_LOSS',
      belowStopPrice: '50000',
    });
    const amount = unwrap(parseAmount('ETH', '2.5'));
    unwrap(venue.exchange.transfer(venue.trader.account, 'ETH', amount));
    unwrap(venue.exchange.lockExternally(venue.trader.account, 'ETH', amount));
    const kinds = client.events.map(({ event }) => event.e);
    expect(kinds.slice(0, 3).toSorted()).toEqual(['executionReport', 'executionReport', 'listStatus']);
    expect(kinds[3]).toBe('outboundAccountPosition');
    expect(client.events.slice(4).map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        { e: 'balanceUpdate', E: START_MS, a: 'ETH', d: '2.50000000', T: START_MS },
        { e: 'externalLockUpdate', E: START_MS, a: 'ETH', d: '2.50000000', T: START_MS },
      ]),
    );
  });

  test('U3: ends by its id, or all at once, and says so', () => {
    client.signed('userDataStream.subscribe.signature');
    expect(client.call('userDataStream.unsubscribe', { subscriptionId: 5 }).body).toMatchObject({
      error: { code: -2036 },
    });
    expect(client.call('userDataStream.unsubscribe', { subscriptionId: 0 }).body).toMatchObject({
      result: {},
    });
    expect(client.events).toEqual([
      { subscriptionId: 0, event: { e: 'eventStreamTerminated', E: START_MS } },
    ]);
    client.signed('order.place', LIMIT_BUY);
    expect(client.events).toHaveLength(1);
    expect(fieldOf(client.signed('userDataStream.subscribe.signature'), 'result', 'subscriptionId')).toBe(1);
    expect(client.call('userDataStream.unsubscribe').status).toBe(200);
    expect(fieldOf(client.call('session.subscriptions'), 'result')).toEqual([]);
  });

  test('of a logon ends with the logout, and one by signature does not', () => {
    client.signed('session.logon', {}, venue.ed25519(venue.trader.account));
    client.call('userDataStream.subscribe');
    client.signed('userDataStream.subscribe.signature', {}, venue.house);
    client.call('session.logout');
    expect(fieldOf(client.call('session.subscriptions'), 'result')).toEqual([{ subscriptionId: 1 }]);
  });

  test('U2: is gone with its socket, and nothing is replayed to the next one', () => {
    client.signed('userDataStream.subscribe.signature');
    client.hangUp();
    expect(venue.webSocket.isHeard(venue.trader.account)).toBe(false);
    const next = venue.open();
    venue.byHand(venue.trader.account, 'BTCUSDT', 'BUY', '50000', '0.1');
    expect(fieldOf(next.signed('userDataStream.subscribe.signature'), 'result')).toEqual({
      subscriptionId: 0,
    });
    expect(next.events).toEqual([]);
  });

  test('X2: of a client that does not read is cut off', () => {
    client.signed('userDataStream.subscribe.signature');
    client.bufferedBytes = 17 * 1024 * 1024;
    venue.byHand(venue.trader.account, 'BTCUSDT', 'BUY', '50000', '0.1');
    expect(client.closed).toBe('cut');
    expect(venue.webSocket.isHeard(venue.trader.account)).toBe(false);
  });

  test('U8: serverShutdown comes without a subscription', () => {
    venue.webSocket.announceShutdown();
    expect(client.events).toEqual([
      { ...wsApiExamples.serverShutdown, event: { e: 'serverShutdown', E: START_MS } },
    ]);
  });
});

test('every event of a lively account has exactly the keys of the reference', () => {
  client.signed('userDataStream.subscribe.signature');
  const { trader, house } = venue;
  const order = { symbol: 'BTCUSDT', quantity: '0.1' };
  venue.byHand(house.account, 'BTCUSDT', 'SELL', '60010', '0.2');
  venue.byHand(house.account, 'BTCUSDT', 'BUY', '59000', '5');
  const place = (sent: Sent): void => {
    expect(client.signed('order.place', { ...order, ...sent })).toMatchObject({ status: 200 });
  };
  place({ side: 'BUY', type: 'MARKET', quantity: '1' });
  place({ side: 'SELL', type: 'STOP_LOSS', trailingDelta: 100, strategyId: 1, strategyType: 1000001 });
  place({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', pegPriceType: 'PRIMARY_PEG' });
  place({ side: 'BUY', type: 'LIMIT', timeInForce: 'IOC', price: '50000' });
  place({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '59500', icebergQty: '0.05' });
  place({
    side: 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: '59500',
    selfTradePreventionMode: 'DECREMENT',
  });
  place({ side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', price: '59400' });
  place({
    side: 'SELL',
    type: 'LIMIT',
    timeInForce: 'GTC',
    price: '59400',
    selfTradePreventionMode: 'EXPIRE_BOTH',
  });
  venue.byHand(house.account, 'BTCUSDT', 'SELL', '59000', '0.3');
  client.signed('openOrders.cancelAll', { symbol: 'BTCUSDT' });
  unwrap(venue.exchange.transfer(trader.account, 'ETH', unwrap(parseAmount('ETH', '1'))));

  const seen = new Set<unknown>();
  for (const { event } of client.events) {
    const stated = events.userDataEvents.find((it) => it.e === event.e)!;
    const conditional = Object.keys(stated.conditionalFields ?? {});
    const always = Object.keys(stated.fields).filter((it) => !it.includes('.') && !conditional.includes(it));
    const keys = Object.keys(event);
    expect(always.filter((it) => !keys.includes(it))).toEqual([]);
    expect(keys.filter((it) => !always.includes(it) && !conditional.includes(it))).toEqual([]);
    for (const it of [...keys, event.x, event.e]) seen.add(it);
  }
  const rare = ['d', 'D', 'j', 'J', 'v', 'A', 'B', 'U', 'Cs', 'pl', 'pL', 'pY', 'gP', 'gp', 'eR', 'W'];
  const kinds = ['NEW', 'TRADE', 'CANCELED', 'EXPIRED', 'TRADE_PREVENTION', 'balanceUpdate'];
  expect([...rare, ...kinds].filter((it) => !seen.has(it))).toEqual([]);
});

test('O12: a cancel-replace that half fails has status 409 and both halves in its data', () => {
  const orderId = numberOf(venue.signed('POST', '/api/v3/order', LIMIT_BUY), 'orderId');
  venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60010', '1');
  const answer = client.signed('order.cancelReplace', {
    symbol: 'BTCUSDT',
    side: 'BUY',
    type: 'LIMIT_MAKER',
    quantity: '0.1',
    price: '60010',
    cancelReplaceMode: 'STOP_ON_FAILURE',
    cancelOrderId: orderId,
  });
  const { code, msg, data } = restExamples.cancelReplace.newOrderFailed;
  expect(answer.body).toMatchObject({
    status: 409,
    error: { code, msg, data: { newOrderResponse: data.newOrderResponse } },
  });
});
