import type { MainClient } from 'binance';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { restClient } from './binance-client.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * The client named `binance` trades over REST; it sends everything in the query, and gives the answers as they are. Alice begins
 * with 2 BTC, 10 ETH and 100 000 USDT and pays 0.1 %; the book is that of `BOOK`.
 */

let venue: Venue;
let client: MainClient;
beforeEach(async () => {
  venue = await startVenue();
  client = restClient(venue, venue.house.alice);
});
afterEach(() => venue.stop());

const symbol = 'BTCUSDT';
const buy = { symbol, side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' } as const;

test('the account says its rates, permissions and balances', async () => {
  const account = await client.getAccountInformation();
  expect(account).toMatchObject({
    makerCommission: 10,
    takerCommission: 10,
    commissionRates: { maker: '0.00100000', taker: '0.00100000', buyer: '0.00000000', seller: '0.00000000' },
    canTrade: true,
    accountType: 'SPOT',
    permissions: ['SPOT'],
  });
  expect(account.balances).toEqual(
    expect.arrayContaining([
      { asset: 'BTC', free: '2.00000000', locked: '0.00000000' },
      { asset: 'USDT', free: '100000.00000000', locked: '0.00000000' },
    ]),
  );
  expect(await client.getApiKeyPermissions()).toMatchObject({
    enableReading: true,
    enableSpotAndMarginTrading: true,
    enableWithdrawals: false,
    ipRestrict: false,
  });
});

describe('orders', () => {
  test('a limit order is acknowledged, told in short, or in full, as asked for', async () => {
    const order = { ...buy, quantity: 0.1, price: 59_000 };
    const acknowledged = await client.submitNewOrder({ ...order, newOrderRespType: 'ACK' });
    expect(Object.keys(acknowledged).sort()).toEqual(
      ['clientOrderId', 'orderId', 'orderListId', 'symbol', 'transactTime'].sort(),
    );
    const told = await client.submitNewOrder({ ...order, newOrderRespType: 'RESULT' });
    expect(told).toMatchObject({
      status: 'NEW',
      origQty: '0.10000000',
      price: '59000.00000000',
      orderListId: -1,
    });
    expect(told).not.toHaveProperty('fills');
    const full = await client.submitNewOrder({ ...order, newOrderRespType: 'FULL' });
    expect(full).toMatchObject({ status: 'NEW', executedQty: '0.00000000', fills: [] });
    expect(full.orderId).toBe(told.orderId + 1);
  });

  test('a market order says each fill with its commission', async () => {
    const filled = await client.submitNewOrder({ symbol, side: 'BUY', type: 'MARKET', quantity: 1.5 });
    expect(filled).toMatchObject({
      status: 'FILLED',
      type: 'MARKET',
      timeInForce: 'GTC',
      price: '0.00000000',
      executedQty: '1.50000000',
      cummulativeQuoteQty: '90020.00000000',
    });
    expect(filled.fills).toMatchObject([
      { price: '60010.00000000', qty: '1.00000000', commission: '0.00100000', commissionAsset: 'BTC' },
      { price: '60020.00000000', qty: '0.50000000', commission: '0.00050000', commissionAsset: 'BTC' },
    ]);
    expect(await client.getAccountTradeList({ symbol, orderId: filled.orderId })).toMatchObject([
      { qty: '1.00000000', quoteQty: '60010.00000000', isBuyer: true, isMaker: false },
      { qty: '0.50000000', quoteQty: '30010.00000000', isBuyer: true, isMaker: false },
    ]);
  });

  test('a market order by amount of quote takes no more than that', async () => {
    // 60011 / 60010 is 1 lot-conform bitcoin and 1 / 60020 of the next price: one lot (0.60 USDT), as two (1.20) do not fit.
    const filled = await client.submitNewOrder({
      symbol,
      side: 'BUY',
      type: 'MARKET',
      quoteOrderQty: 60_011,
    });
    expect(filled).toMatchObject({
      status: 'FILLED',
      origQuoteOrderQty: '60011.00000000',
      executedQty: '1.00001000',
      cummulativeQuoteQty: '60010.60020000',
    });
  });

  test('post-only, stop and take-profit orders are acknowledged without more', async () => {
    const keys = ['clientOrderId', 'orderId', 'orderListId', 'symbol', 'transactTime'].sort();
    const sell = { symbol, side: 'SELL', quantity: 0.1 } as const;
    for (const order of [
      { ...sell, type: 'LIMIT_MAKER', price: 60_500 },
      { ...sell, type: 'STOP_LOSS', stopPrice: 59_000 },
      { ...sell, type: 'STOP_LOSS_LIMIT', timeInForce: 'GTC', stopPrice: 59_000, price: 58_900 },
      { ...sell, type: 'TAKE_PROFIT', stopPrice: 61_000 },
      { ...sell, type: 'TAKE_PROFIT_LIMIT', timeInForce: 'GTC', stopPrice: 61_000, price: 61_100 },
      { ...sell, type: 'STOP_LOSS', trailingDelta: 100 },
    ] as const) {
      expect(Object.keys(await client.submitNewOrder(order)).sort()).toEqual(keys);
    }
    const open = await client.getOpenOrders({ symbol });
    expect(open.map(({ type, isWorking, stopPrice }) => [type, isWorking, stopPrice])).toEqual([
      ['LIMIT_MAKER', true, '0.00000000'],
      ['STOP_LOSS', false, '59000.00000000'],
      ['STOP_LOSS_LIMIT', false, '59000.00000000'],
      ['TAKE_PROFIT', false, '61000.00000000'],
      ['TAKE_PROFIT_LIMIT', false, '61000.00000000'],
      ['STOP_LOSS', false, '0.00000000'],
    ]);
    expect(open.at(-1)).toMatchObject({ trailingDelta: 100, trailingTime: -1 });
    expect(await client.cancelAllSymbolOrders({ symbol })).toHaveLength(6);
  });

  test('a pegged order takes the best price of its side when it enters the book', async () => {
    const pegged = await client.submitNewOrder({ ...buy, quantity: 0.1, pegPriceType: 'PRIMARY_PEG' });
    expect(pegged).toMatchObject({
      status: 'NEW',
      price: '0.00000000',
      pegPriceType: 'PRIMARY_PEG',
      peggedPrice: '59990.00000000',
    });
  });

  test('prevention of self-trades lets the resting order expire', async () => {
    const maker = await client.submitNewOrder({ ...buy, quantity: 0.3, price: 60_000 });
    const taker = await client.submitNewOrder({
      symbol,
      side: 'SELL',
      type: 'LIMIT',
      timeInForce: 'GTC',
      quantity: 0.1,
      price: 60_000,
      selfTradePreventionMode: 'EXPIRE_MAKER',
      newOrderRespType: 'FULL',
    });
    expect(taker).toMatchObject({ status: 'NEW', executedQty: '0.00000000', fills: [] });
    expect(await client.getOrder({ symbol, orderId: maker.orderId })).toMatchObject({
      status: 'EXPIRED_IN_MATCH',
    });
    expect(await client.getPreventedMatches({ symbol, orderId: maker.orderId })).toMatchObject([
      {
        makerOrderId: maker.orderId,
        takerOrderId: taker.orderId,
        selfTradePreventionMode: 'EXPIRE_MAKER',
        price: '60000.00000000',
        makerPreventedQuantity: '0.30000000',
      },
    ]);
  });

  test('a canceled order has the id of its cancel, and the answer its old one', async () => {
    const placed = await client.submitNewOrder({ ...buy, quantity: 0.1, price: 59_000 });
    const canceled = await client.cancelOrder({ symbol, orderId: placed.orderId });
    expect(canceled).toMatchObject({ status: 'CANCELED', origClientOrderId: placed.clientOrderId });
    expect(canceled.clientOrderId).not.toBe(placed.clientOrderId);
    expect(await client.getAllOrders({ symbol })).toMatchObject([
      { orderId: placed.orderId, status: 'CANCELED', clientOrderId: canceled.clientOrderId },
    ]);
  });

  test('a quantity is reduced in its place in the queue', async () => {
    const placed = await client.submitNewOrder({ ...buy, quantity: 0.5, price: 60_000 });
    venue.house.bid('BTCUSDT', '60000.00', '0.5');
    // The client's own method for this (`amendOrderKeepPriority`) asks a path of the futures exchange.
    const amended = await client.putPrivate('api/v3/order/amend/keepPriority', {
      symbol,
      orderId: placed.orderId,
      newQty: 0.2,
    });
    expect(amended).toMatchObject({
      amendedOrder: { orderId: placed.orderId, qty: '0.20000000', executedQty: '0.00000000', status: 'NEW' },
    });
    venue.house.sell('BTCUSDT', '60000.00', '0.2');
    expect(await client.getOrder({ symbol, orderId: placed.orderId })).toMatchObject({
      status: 'FILLED',
      executedQty: '0.20000000',
    });
  });

  test('replacing reports both halves, and how either failed', async () => {
    const first = await client.submitNewOrder({ ...buy, quantity: 0.1, price: 59_000 });
    const order = { ...buy, quantity: 0.2, price: 59_100 };
    const replaced = await client.replaceOrder({
      ...order,
      cancelReplaceMode: 'STOP_ON_FAILURE',
      cancelOrderId: first.orderId,
    });
    expect(replaced).toMatchObject({
      cancelResult: 'SUCCESS',
      newOrderResult: 'SUCCESS',
      cancelResponse: { orderId: first.orderId, status: 'CANCELED' },
      newOrderResponse: { origQty: '0.20000000', status: 'NEW' },
    });
    // The same order is gone now.
    await expect(
      client.replaceOrder({ ...order, cancelReplaceMode: 'STOP_ON_FAILURE', cancelOrderId: first.orderId }),
    ).rejects.toMatchObject({
      code: -2022,
      body: { data: { cancelResult: 'FAILURE', newOrderResult: 'NOT_ATTEMPTED', newOrderResponse: null } },
    });
    await expect(
      client.replaceOrder({ ...order, cancelReplaceMode: 'ALLOW_FAILURE', cancelOrderId: first.orderId }),
    ).rejects.toMatchObject({
      code: -2021,
      body: {
        data: {
          cancelResult: 'FAILURE',
          newOrderResult: 'SUCCESS',
          cancelResponse: { code: -2011, msg: 'Unknown order sent.' },
          newOrderResponse: { status: 'NEW' },
        },
      },
    });
  });

  test('orders that were placed are counted', async () => {
    for (let i = 0; i < 3; i += 1) await client.submitNewOrder({ ...buy, quantity: 0.1, price: 59_000 });
    const limits = await client.getOrderRateLimit();
    expect(limits).toMatchObject([
      { rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: 10, limit: 100 },
      { rateLimitType: 'ORDERS', interval: 'DAY', intervalNum: 1, limit: 200_000, count: 3 },
    ]);
    // Weight 20 for each account query, 40 for the limits, nothing for orders that were taken.
    expect(client.getRateLimitStates()['x-mbx-used-weight-1m']).toBe(40);
    expect(client.getRateLimitStates()['x-mbx-order-count-1d']).toBe(3);
  });

  test('commission is what the account pays', async () => {
    expect(await client.getCommissionRates({ symbol })).toMatchObject({
      symbol,
      standardCommission: { maker: '0.00100000', taker: '0.00100000' },
      taxCommission: { maker: '0.00000000' },
      discount: { discountAsset: 'BNB' },
    });
    expect(
      await client.testNewOrder({
        ...buy,
        quantity: 0.1,
        price: 59_000,
        computeCommissionRates: true,
      } as typeof buy),
    ).toMatchObject({ standardCommissionForOrder: { maker: '0.00100000', taker: '0.00100000' } });
  });
});

describe('refusals', () => {
  const refused = (fields: object) => expect(client.submitNewOrder({ ...buy, ...fields })).rejects;

  test('come with HTTP status, code and text of the exchange', async () => {
    await refused({ quantity: 2, price: 59_000 }).toMatchObject({
      code: -2010,
      message: 'Account has insufficient balance for requested action.',
    });
    await refused({ quantity: 0.00001, price: 59_000 }).toMatchObject({
      code: -1013,
      message: 'Filter failure: NOTIONAL',
    });
    await refused({ symbol: 'NOPE', quantity: 1, price: 1 }).toMatchObject({
      code: -1121,
      message: 'Invalid symbol.',
    });
    await expect(client.getOrder({ symbol, orderId: 4711 })).rejects.toMatchObject({
      code: -2013,
      message: 'Order does not exist.',
    });
    await expect(client.cancelOrder({ symbol, orderId: 4711 })).rejects.toMatchObject({
      code: -2011,
      message: 'Unknown order sent.',
    });
    await expect(client.cancelOrder({ symbol })).rejects.toMatchObject({ code: -1102 });
  });

  test('a client whose clock is wrong is told so', async () => {
    client.setTimeOffset(-20_000);
    await refused({ quantity: 0.1, price: 59_000 }).toMatchObject({ code: -1021 });
    client.setTimeOffset(5000);
    await refused({ quantity: 0.1, price: 59_000 }).toMatchObject({ code: -1021 });
    client.setTimeOffset(-4000);
    await expect(client.submitNewOrder({ ...buy, quantity: 0.1, price: 59_000 })).resolves.toBeDefined();
  });

  test('listen keys are gone', async () => {
    await expect(client.getSpotUserDataListenKey()).rejects.toMatchObject({
      body: expect.stringMatching(/<html/i),
    });
  });
});

test.each(['ED25519', 'RSA'] as const)('%s keys sign requests', async (kind) => {
  const signing = restClient(venue, venue.house.addKey(venue.house.alice.account, kind));
  const placed = await signing.submitNewOrder({ ...buy, quantity: 0.1, price: 59_000 });
  expect(await signing.cancelOrder({ symbol, orderId: placed.orderId })).toMatchObject({
    status: 'CANCELED',
  });
});
