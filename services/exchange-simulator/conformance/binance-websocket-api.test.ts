import type { WebsocketAPIClient } from 'binance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { webSocketApiClient } from './binance-client.test-support.ts';
import { until } from './until.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * The client named `binance` over the WebSocket API. With an Ed25519 key it logs on once and signs nothing after that; with the
 * other kinds it signs every request.
 */

type Event = Readonly<Record<string, unknown>>;

let venue: Venue;
const clients: WebsocketAPIClient[] = [];
beforeEach(async () => {
  venue = await startVenue();
});
afterEach(async () => {
  for (const client of clients.splice(0)) client.getWSClient().closeAll(true);
  await venue.stop();
});

type Kind = 'HMAC' | 'ED25519' | 'RSA';
const connect = (kind: Kind): WebsocketAPIClient => {
  const { house } = venue;
  const trader = kind === 'HMAC' ? house.alice : house.addKey(house.alice.account, kind);
  const client = webSocketApiClient(venue, trader);
  clients.push(client);
  return client;
};
const symbol = 'BTCUSDT';
const now = () => ({ timestamp: Date.now() });
const buy = () => ({ symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', ...now() }) as const;

describe.each(['HMAC', 'ED25519', 'RSA'] as const)('with a key of kind %s', (kind) => {
  test('orders are placed, asked for, amended, replaced and canceled', async () => {
    const client = connect(kind);
    const { result: placed } = await client.submitNewSpotOrder({ ...buy(), quantity: 0.5, price: 59_000 });
    expect(placed).toMatchObject({ symbol, status: 'NEW', origQty: '0.50000000', price: '59000.00000000' });
    const orderId = placed.orderId;
    expect((await client.getSpotOrderStatus({ symbol, orderId, ...now() })).result).toMatchObject({
      status: 'NEW',
    });
    expect(
      (await client.amendSpotOrderKeepPriority({ symbol, orderId, newQty: '0.4', ...now() })).result,
    ).toMatchObject({ amendedOrder: { orderId, qty: '0.40000000' } });
    const { result: replaced } = await client.cancelReplaceSpotOrder({
      ...buy(),
      quantity: 0.3,
      price: 59_100,
      cancelReplaceMode: 'STOP_ON_FAILURE',
      cancelOrderId: orderId,
    });
    expect(replaced).toMatchObject({
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      newOrderResponse: { origQty: '0.30000000' },
    });
    expect((await client.getSpotOpenOrders({ symbol, ...now() })).result).toMatchObject([
      { origQty: '0.30000000' },
    ]);
    expect((await client.cancelAllSpotOpenOrders({ symbol, ...now() })).result).toMatchObject([
      { status: 'CANCELED' },
    ]);
    const { result: all } = await client.getSpotAllOrders({ symbol, ...now() });
    expect(all).toMatchObject([{ orderId, status: 'CANCELED' }, { status: 'CANCELED' }]);
  });

  test('the events of the account come over the same connection', async () => {
    const client = connect(kind);
    const events: Event[] = [];
    client.getWSClient().on('message', (event) => events.push(event as unknown as Event));
    await client.subscribeUserDataStream('mainWSAPI');
    const { result: placed } = await client.submitNewSpotOrder({ ...buy(), quantity: 0.5, price: 60_000 });
    venue.house.sell('BTCUSDT', '60000.00', '0.2');
    const report = (x: string) => events.find((event) => event.e === 'executionReport' && event.x === x);
    await until('the fill', () => report('TRADE'));
    expect(report('NEW')).toMatchObject({
      s: symbol,
      i: placed.orderId,
      X: 'NEW',
      q: '0.50000000',
      w: true,
      n: '0',
      N: null,
    });
    expect(report('TRADE')).toMatchObject({
      i: placed.orderId,
      X: 'PARTIALLY_FILLED',
      l: '0.20000000',
      L: '60000.00000000',
      n: '0.00020000',
      N: 'BTC',
      m: true,
    });
    const positions = () => events.filter(({ e }) => e === 'outboundAccountPosition');
    await until('the balances after the fill', () => positions().length > 1);
    expect(positions().at(-1)!.B).toEqual(
      expect.arrayContaining([
        { a: 'BTC', f: '2.19980000', l: '0.00000000' },
        { a: 'USDT', f: '70000.00000000', l: '18000.00000000' },
      ]),
    );

    // Its own `unsubscribeUserDataStream` signs this call, which has no parameters (security NONE), and is refused with -1104.
    await client.getWSClient().sendWSAPIRequest('mainWSAPI', 'userDataStream.unsubscribe', undefined, {
      authIsOptional: true,
    });
    const reports = events.filter(({ e }) => e === 'executionReport').length;
    await client.cancelSpotOrder({ symbol, orderId: placed.orderId, ...now() });
    // An answer that comes after the cancel's events would have come.
    await client.getSpotServerTime();
    expect(events.filter(({ e }) => e === 'executionReport')).toHaveLength(reports);
  });
});

test('an Ed25519 key logs on to the session', async () => {
  const client = connect('ED25519');
  await client.getWSClient().connectWSAPI('mainWSAPI');
  const { result } = await client.getSpotSessionStatus();
  expect(result).toMatchObject({ apiKey: expect.stringMatching(/^[0-9a-f]{64}$/), userDataStream: false });
  expect(result.authorizedSince).toBeGreaterThan(0);
});

test('order lists of all kinds are placed', async () => {
  const client = connect('HMAC');
  const working = {
    symbol,
    workingType: 'LIMIT',
    workingSide: 'BUY',
    workingPrice: '59000',
    workingQuantity: '0.1',
    workingTimeInForce: 'GTC',
    pendingSide: 'SELL',
  } as const;
  const legs = {
    pendingAboveType: 'LIMIT_MAKER',
    pendingAbovePrice: '61000',
    pendingBelowType: 'STOP_LOSS',
    pendingBelowStopPrice: '58000',
  } as const;
  const pending = { pendingType: 'LIMIT', pendingPrice: '61000', pendingTimeInForce: 'GTC' } as const;
  const placed = [
    await client.placeSpotOCOOrderList({
      symbol,
      side: 'SELL',
      quantity: '0.1',
      aboveType: 'LIMIT_MAKER',
      abovePrice: '61000',
      belowType: 'STOP_LOSS',
      belowStopPrice: '58000',
      ...now(),
    }),
    await client.placeSpotOTOOrderList({ ...working, ...pending, pendingQuantity: '0.1', ...now() }),
    await client.placeSpotOTOCOOrderList({ ...working, ...legs, pendingQuantity: '0.1', ...now() }),
    await client.placeSpotOPOOrderList({ ...working, ...pending, ...now() }),
    await client.placeSpotOPOCOOrderList({ ...working, ...legs, ...now() }),
  ];
  expect(placed.map(({ result }) => [result.contingencyType, result.orders.length])).toEqual([
    ['OCO', 2],
    ['OTO', 2],
    ['OTO', 3],
    ['OTO', 2],
    ['OTO', 3],
  ]);
  const { result: open } = await client.getSpotOpenOrderLists(now());
  expect(open).toHaveLength(5);
  const canceled = await client.cancelSpotOrderList({ symbol, orderListId: open[0]!.orderListId, ...now() });
  expect(canceled.result).toMatchObject({ listOrderStatus: 'ALL_DONE' });
  expect(
    (await client.getSpotOrderListStatus({ orderListId: open[0]!.orderListId, ...now() })).result,
  ).toMatchObject({
    listOrderStatus: 'ALL_DONE',
  });
});

test('market data is what REST says', async () => {
  const client = connect('HMAC');
  expect((await client.testSpotConnectivity()).status).toBe(200);
  expect((await client.getSpotExchangeInfo({ symbol })).result).toMatchObject({ symbols: [{ symbol }] });
  expect((await client.getSpotOrderBook({ symbol, limit: 1 })).result).toMatchObject({
    bids: [['59990.00000000', '1.00000000']],
    asks: [['60010.00000000', '1.00000000']],
  });
  expect((await client.getSpotRecentTrades({ symbol })).result).toMatchObject([
    { price: '60000.00000000', qty: '0.01000000', quoteQty: '600.00000000', isBuyerMaker: false },
  ]);
  expect((await client.getSpotSymbolPriceTicker({ symbol })).result).toEqual({
    symbol,
    price: '60000.00000000',
  });
  expect((await client.getSpotSymbolOrderBookTicker({ symbol })).result).toMatchObject({
    bidPrice: '59990.00000000',
  });
  expect((await client.getSpotAveragePrice({ symbol })).result).toMatchObject({
    mins: 5,
    price: '60000.00000000',
  });
  expect(
    (await client.getSpotKlines({ symbol, interval: '1d' })).result.map((bar) => bar.slice(1, 6)),
  ).toEqual([['60000.00000000', '60000.00000000', '60000.00000000', '60000.00000000', '0.01000000']]);
});

test('accounts, trades, limits and rates can be asked for', async () => {
  const client = connect('HMAC');
  await client.submitNewSpotOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 1, ...now() });
  expect((await client.getSpotAccountInformation(now())).result.balances).toEqual(
    expect.arrayContaining([{ asset: 'BTC', free: '2.99900000', locked: '0.00000000' }]),
  );
  expect((await client.getSpotMyTrades({ symbol, ...now() })).result).toMatchObject([
    { price: '60010.00000000', qty: '1.00000000', commission: '0.00100000', commissionAsset: 'BTC' },
  ]);
  expect((await client.getSpotOrderRateLimits(now())).result).toMatchObject([
    { interval: 'SECOND' },
    { interval: 'DAY' },
  ]);
  expect((await client.getSpotAccountCommission({ symbol, ...now() } as never)).result).toMatchObject({
    standardCommission: { taker: '0.00100000' },
  });
});

test('refusals have status, code and text', async () => {
  const client = connect('HMAC');
  await expect(client.submitNewSpotOrder({ ...buy(), quantity: 2, price: 59_000 })).rejects.toMatchObject({
    status: 400,
    error: { code: -2010, msg: 'Account has insufficient balance for requested action.' },
  });
  await expect(client.getSpotOrderStatus({ symbol, orderId: 4711, ...now() })).rejects.toMatchObject({
    status: 400,
    error: { code: -2013 },
  });
  const late = { timestamp: Date.now() - 20_000 };
  await expect(client.cancelAllSpotOpenOrders({ symbol, ...late })).rejects.toMatchObject({
    error: { code: -1021 },
  });
  const stranger = webSocketApiClient(venue, { ...venue.house.alice, secret: 'wrong' });
  clients.push(stranger);
  await expect(stranger.getSpotAccountInformation(now())).rejects.toMatchObject({ error: { code: -1022 } });
});
