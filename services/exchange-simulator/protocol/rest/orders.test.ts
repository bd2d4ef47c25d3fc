import { beforeEach, describe, expect, test } from 'vitest';
import examples from '../test-vectors/responses.json' with { type: 'json' };
import { type Answered, LIMIT_BUY, numberOf, type Sent, Venue } from '../venue.test-support.ts';

let venue: Venue;
beforeEach(() => {
  venue = new Venue();
});

const place = (sent: Sent): Answered => venue.signed('POST', '/api/v3/order', sent);
const BTC = { symbol: 'BTCUSDT' };
const { cancelReplace } = examples.restExamples;

describe('an order', () => {
  test('that rests says so, and the query agrees', () => {
    const placed = place({ ...LIMIT_BUY, newClientOrderId: 'my-order_1' });
    expect(placed.body).toMatchObject({
      symbol: 'BTCUSDT',
      orderListId: -1,
      clientOrderId: 'my-order_1',
      price: '50000.00000000',
      origQty: '0.10000000',
      executedQty: '0.00000000',
      status: 'NEW',
      fills: [],
    });
    const queried = venue.signed('GET', '/api/v3/order', { ...BTC, origClientOrderId: 'my-order_1' });
    expect(queried.body).toMatchObject({
      orderId: numberOf(placed, 'orderId'),
      clientOrderId: 'my-order_1',
      stopPrice: '0.00000000',
      icebergQty: '0.00000000',
      isWorking: true,
    });
  });

  test('that takes says what it traded, and fees are of the received asset', () => {
    venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60010', '1');
    venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60020', '5');
    const { body } = place({ ...BTC, side: 'BUY', type: 'MARKET', quantity: '2' });
    // 0.1 % of 1 BTC each; 1 x 60010 + 1 x 60020.
    expect(body).toMatchObject({
      status: 'FILLED',
      price: '0.00000000',
      executedQty: '2.00000000',
      cummulativeQuoteQty: '120030.00000000',
      timeInForce: 'GTC',
      fills: [
        { price: '60010.00000000', qty: '1.00000000', commission: '0.00100000', commissionAsset: 'BTC' },
        { price: '60020.00000000', qty: '1.00000000', commission: '0.00100000', commissionAsset: 'BTC' },
      ],
    });
  });

  test.each([
    { type: 'LIMIT', more: { timeInForce: 'GTC', price: '50000' }, fields: 'FULL' },
    { type: 'LIMIT_MAKER', more: { price: '50000' }, fields: 'ACK' },
    { type: 'STOP_LOSS', more: { stopPrice: '70000' }, fields: 'ACK' },
    { type: 'TAKE_PROFIT', more: { stopPrice: '50000' }, fields: 'ACK' },
    {
      type: 'STOP_LOSS_LIMIT',
      more: { timeInForce: 'GTC', price: '70000', stopPrice: '70000' },
      fields: 'ACK',
    },
    {
      type: 'TAKE_PROFIT_LIMIT',
      more: { timeInForce: 'GTC', price: '50000', trailingDelta: '100' },
      fields: 'ACK',
    },
  ])('$type answers $fields unless asked otherwise', ({ type, more, fields }) => {
    const sent = { ...BTC, side: 'BUY', type, quantity: '0.1', ...more };
    const { status, body } = place(sent);
    expect([status, 'fills' in (body as object), 'status' in (body as object)]).toEqual([
      200,
      fields === 'FULL',
      fields === 'FULL',
    ]);
    expect(place({ ...sent, newOrderRespType: 'RESULT' }).body).toMatchObject({ status: 'NEW', type });
  });

  test('shows what only it has', () => {
    const iceberg = place({ ...LIMIT_BUY, icebergQty: '0.01', strategyId: 7, strategyType: 1000000 });
    expect(iceberg.body).toMatchObject({ icebergQty: '0.01000000', strategyId: 7, strategyType: 1000000 });
    const trailing = place({
      ...BTC,
      side: 'SELL',
      type: 'STOP_LOSS',
      quantity: '0.1',
      trailingDelta: 100,
      newOrderRespType: 'RESULT',
    });
    expect(trailing.body).toMatchObject({
      trailingDelta: 100,
      trailingTime: expect.any(Number),
      workingTime: -1,
    });
    expect(trailing.body).not.toHaveProperty('stopPrice');
    venue.byHand(venue.house.account, 'BTCUSDT', 'BUY', '59000', '1');
    const pegged = place({
      ...BTC,
      side: 'BUY',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: '0.1',
      pegPriceType: 'PRIMARY_PEG',
    });
    expect(pegged.body).toMatchObject({
      price: '0.00000000',
      pegPriceType: 'PRIMARY_PEG',
      peggedPrice: '59000.00000000',
    });
    const unfilled = place({ ...LIMIT_BUY, timeInForce: 'IOC' });
    expect(unfilled.body).toMatchObject({ status: 'EXPIRED', expiryReason: 'UNFILLED_IOC_QUANTITY_EXPIRED' });
  });

  test.each([
    {
      why: 'funds',
      sent: { ...LIMIT_BUY, quantity: '100' },
      code: -2010,
      msg: 'Account has insufficient balance for requested action.',
    },
    {
      why: 'a filter',
      sent: { ...LIMIT_BUY, price: '50000.001' },
      code: -1013,
      msg: 'Filter failure: PRICE_FILTER',
    },
    {
      why: 'another filter',
      sent: { ...LIMIT_BUY, quantity: '0.00001' },
      code: -1013,
      msg: 'Filter failure: NOTIONAL',
    },
    {
      why: 'a stop on the wrong side',
      sent: { ...BTC, side: 'BUY', type: 'STOP_LOSS', quantity: '1', stopPrice: '50000' },
      code: -2010,
      msg: 'Order would trigger immediately.',
    },
    { why: 'SOR', sent: undefined, code: undefined, msg: undefined },
  ])('that is refused for $why', ({ sent, code, msg }) => {
    if (sent === undefined) {
      const refused = venue.signed('POST', '/api/v3/sor/order', LIMIT_BUY);
      expect(refused).toMatchObject({ status: 400, body: { code: expect.any(Number) } });
      expect(venue.signed('POST', '/api/v3/sor/order/test', LIMIT_BUY).body).toEqual(refused.body);
      return;
    }
    expect(place(sent)).toMatchObject({ status: 400, body: { code, msg } });
  });

  test('O4: with the id of an open order is refused, and accepted once that one has ended', () => {
    const sent = { ...LIMIT_BUY, newClientOrderId: 'twice' };
    const first = numberOf(place(sent), 'orderId');
    expect(place(sent)).toMatchObject({ status: 400, body: { code: -2010, msg: 'Duplicate order sent.' } });
    venue.signed('DELETE', '/api/v3/order', { ...BTC, origClientOrderId: 'twice' });
    expect(numberOf(place(sent), 'orderId')).toBeGreaterThan(first);
  });
});

describe('the FULL answer to an order list', () => {
  test('shows the pending order as it waited, without what it traded since', () => {
    venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60010', '1');
    venue.byHand(venue.house.account, 'BTCUSDT', 'BUY', '59990', '1');
    const { body } = venue.signed('POST', '/api/v3/orderList/oto', {
      ...BTC,
      workingType: 'LIMIT',
      workingSide: 'BUY',
      workingTimeInForce: 'GTC',
      workingPrice: '60010',
      workingQuantity: '1',
      pendingType: 'MARKET',
      pendingSide: 'SELL',
      pendingQuantity: '0.5',
      newOrderRespType: 'FULL',
    });
    expect(body).toMatchObject({
      orderReports: [
        { status: 'FILLED', fills: [{ price: '60010.00000000', qty: '1.00000000' }] },
        { status: 'PENDING_NEW', executedQty: '0.00000000', fills: [] },
      ],
    });
    const trades = venue.signed('GET', '/api/v3/myTrades', BTC);
    expect(trades.body).toMatchObject([{ isBuyer: true }, { isBuyer: false, qty: '0.50000000' }]);
  });

  test('shows what self-trade prevention took of the working order', () => {
    venue.byHand(venue.trader.account, 'BTCUSDT', 'SELL', '60010', '1');
    const { body } = venue.signed('POST', '/api/v3/orderList/oto', {
      ...BTC,
      selfTradePreventionMode: 'EXPIRE_MAKER',
      workingType: 'LIMIT',
      workingSide: 'BUY',
      workingTimeInForce: 'GTC',
      workingPrice: '60010',
      workingQuantity: '1',
      pendingType: 'LIMIT',
      pendingSide: 'SELL',
      pendingTimeInForce: 'GTC',
      pendingPrice: '61000',
      pendingQuantity: '1',
      newOrderRespType: 'FULL',
    });
    expect(body).toMatchObject({
      orderReports: [
        { status: 'NEW', preventedMatches: [{ makerPreventedQuantity: '1.00000000' }] },
        { status: 'PENDING_NEW' },
      ],
    });
  });
});

describe('a cancel', () => {
  test('O11: replaces the client order id by its own', () => {
    const orderId = numberOf(place({ ...LIMIT_BUY, newClientOrderId: 'original' }), 'orderId');
    const canceled = venue.signed('DELETE', '/api/v3/order', {
      ...BTC,
      orderId,
      newClientOrderId: 'the-cancel',
    });
    expect(canceled.body).toMatchObject({
      origClientOrderId: 'original',
      clientOrderId: 'the-cancel',
      status: 'CANCELED',
    });
  });

  test('of an order with the id of another finds nothing', () => {
    const orderId = numberOf(place({ ...LIMIT_BUY, newClientOrderId: 'mine' }), 'orderId');
    expect(
      venue.signed('DELETE', '/api/v3/order', { ...BTC, orderId, origClientOrderId: 'other' }).status,
    ).toBe(400);
    expect(
      venue.signed('GET', '/api/v3/order', { ...BTC, orderId, origClientOrderId: 'other' }).body,
    ).toMatchObject({ code: -2039 });
  });

  test('that must find an untouched order says when it does not', () => {
    const orderId = numberOf(place(LIMIT_BUY), 'orderId');
    const refused = venue.signed('DELETE', '/api/v3/order', {
      ...BTC,
      orderId,
      cancelRestrictions: 'ONLY_PARTIALLY_FILLED',
    });
    expect(refused.body).toEqual({ code: -2011, msg: 'Order was not canceled due to cancel restrictions.' });
  });
});

describe('O12: a cancel-replace', () => {
  const crossing = {
    ...BTC,
    side: 'BUY',
    type: 'LIMIT_MAKER',
    quantity: '0.1',
    price: '60010',
    newOrderRespType: 'ACK',
  };
  const replace = (mode: string, cancelOrderId: number, order: Sent, more: Sent = {}): Answered =>
    venue.signed('POST', '/api/v3/order/cancelReplace', {
      ...order,
      cancelReplaceMode: mode,
      cancelOrderId,
      ...more,
    });
  /** Without what differs from one exchange to another: the orders themselves. */
  const outline = (body: unknown): unknown => {
    const { data, ...rest } = body as { data?: Record<string, unknown> };
    const half = (it: unknown): unknown =>
      typeof it === 'object' && it !== null && !('code' in it) ? Object.keys(it).includes('orderId') : it;
    return data === undefined
      ? rest
      : {
          ...rest,
          data: {
            ...data,
            cancelResponse: half(data.cancelResponse),
            newOrderResponse: half(data.newOrderResponse),
          },
        };
  };

  beforeEach(() => {
    venue.byHand(venue.house.account, 'BTCUSDT', 'SELL', '60010', '1');
  });

  test.each([
    {
      mode: 'STOP_ON_FAILURE',
      cancels: false,
      order: LIMIT_BUY,
      status: 400,
      example: cancelReplace.stopOnFailureCancelFailed,
    },
    {
      mode: 'STOP_ON_FAILURE',
      cancels: true,
      order: crossing,
      status: 409,
      example: cancelReplace.newOrderFailed,
    },
    {
      mode: 'ALLOW_FAILURE',
      cancels: false,
      order: { ...LIMIT_BUY, newOrderRespType: 'ACK' },
      status: 409,
      example: cancelReplace.allowFailureCancelFailed,
    },
    {
      mode: 'ALLOW_FAILURE',
      cancels: false,
      order: crossing,
      status: 400,
      example: cancelReplace.bothFailed,
    },
  ])(
    '$mode, canceling: $cancels, answers $status as the reference does',
    ({ mode, cancels, order, status, example }) => {
      const orderId = cancels ? numberOf(place(LIMIT_BUY), 'orderId') : 4711;
      const answer = replace(mode, orderId, order);
      expect([answer.status, outline(answer.body)]).toEqual([status, outline(example)]);
    },
  );

  test('R4: over the order limit does nothing, or cancels alone, as it was told to', () => {
    venue = new Venue({
      exchangeInfo: {
        rateLimits: [{ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 1 }],
      },
    });
    const orderId = numberOf(place(LIMIT_BUY), 'orderId');
    const nothing = replace('STOP_ON_FAILURE', orderId, LIMIT_BUY);
    expect([nothing.status, nothing.body]).toEqual([429, cancelReplace.rateLimitedDoNothing]);
    expect(nothing.headers['retry-after']).toBe('10');
    const only = replace('STOP_ON_FAILURE', orderId, LIMIT_BUY, {
      orderRateLimitExceededMode: 'CANCEL_ONLY',
    });
    expect([only.status, outline(only.body)]).toEqual([409, outline(cancelReplace.rateLimitedCancelOnly)]);
  });
});

describe('limits over the wire', () => {
  test('success costs no weight, failure does, and order counts are told', () => {
    const ok = place(LIMIT_BUY);
    expect(ok.headers).toMatchObject({
      'x-mbx-used-weight': '0',
      'x-mbx-used-weight-1m': '0',
      'x-mbx-order-count-10s': '1',
      'x-mbx-order-count-1d': '1',
    });
    const failed = place({ ...LIMIT_BUY, price: '1' });
    expect([failed.status, failed.headers['x-mbx-used-weight-1m']]).toEqual([400, '1']);
    expect(venue.signed('GET', '/api/v3/account').headers['x-mbx-used-weight-1m']).toBe('21');
    expect(venue.get('/api/v3/ping').headers['x-mbx-used-weight-1m']).toBe('22');
  });

  test('R4: too many unfilled orders are refused with 429 until the ten seconds are over', async () => {
    venue = new Venue({
      exchangeInfo: {
        rateLimits: [
          { rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 6000 },
          { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 2 },
        ],
      },
    });
    place(LIMIT_BUY);
    place(LIMIT_BUY);
    const refused = place(LIMIT_BUY);
    expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
      429,
      '10',
      { code: -1015, msg: 'Too many new orders; current limit is 2 orders per 10 SECOND.' },
    ]);
    await venue.time.advance(10_000);
    expect(place(LIMIT_BUY).status).toBe(200);
  });

  test('R1, R2: used up weight is refused with Retry-After, and who goes on is banned', async () => {
    venue = new Venue({
      exchangeInfo: {
        rateLimits: [{ rateLimitType: 'REQUEST_WEIGHT', interval: 'MINUTE', intervalNum: 1, limit: 40 }],
      },
      refusalsBeforeBan: 1,
    });
    const client = venue.open();
    for (let count = 0; count < 2; count += 1) expect(venue.get('/api/v3/exchangeInfo').status).toBe(200);
    const refused = venue.get('/api/v3/ping');
    expect([refused.status, refused.headers['retry-after'], refused.body]).toMatchObject([
      429,
      '60',
      { code: -1003 },
    ]);
    const banned = venue.get('/api/v3/ping');
    expect([banned.status, banned.headers['retry-after']]).toEqual([418, '120']);
    expect(banned.body).toMatchObject({
      code: -1003,
      msg: `Way too much request weight used; IP banned until ${venue.time.nowMs() + 120_000}. Please use WebSocket Streams for live updates to avoid bans.`,
    });
    expect(client.closed).toBe('banned');
    expect(venue.webSocket.refuse('127.0.0.1', '')?.status).toBe(418);
    expect(venue.get('/api/v3/ping', {}, { address: '10.0.0.9' }).status).toBe(200);
    await venue.time.advance(120_000);
    expect(venue.get('/api/v3/ping').status).toBe(200);
  });
});
