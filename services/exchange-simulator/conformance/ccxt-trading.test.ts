import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CcxtClient, ccxtClient } from './ccxt-client.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * ccxt trades over REST. Alice begins with 2 BTC, 10 ETH and 100 000 USDT and pays 0.1 %; the book is that of `BOOK`. Numbers are
 * calculated by hand from these.
 */

let venue: Venue;
let client: CcxtClient;
beforeEach(async () => {
  venue = await startVenue();
  client = await ccxtClient(venue, venue.house.alice);
});
afterEach(async () => {
  await client.close();
  await venue.stop();
});

const SYMBOL = 'BTC/USDT';
const idOf = (order: { id?: string | undefined }): string => order.id!;

test('ccxt reads the balances of the account', async () => {
  const balances = await client.fetchBalance();
  expect(balances.BTC).toMatchObject({ free: 2, used: 0, total: 2 });
  expect(balances.ETH).toMatchObject({ free: 10, used: 0, total: 10 });
  expect(balances.USDT).toMatchObject({ free: 100_000, used: 0, total: 100_000 });
});

describe('orders that trade or rest at once', () => {
  test('a limit order rests, locks what it may cost, and is canceled', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    expect(placed).toMatchObject({
      status: 'open',
      filled: 0,
      remaining: 0.1,
      price: 59_000,
      timeInForce: 'GTC',
    });
    expect((await client.fetchBalance()).USDT).toMatchObject({ free: 94_100, used: 5900, total: 100_000 });
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([{ id: placed.id, status: 'open' }]);

    expect(await client.cancelOrder(idOf(placed), SYMBOL)).toMatchObject({
      id: placed.id,
      status: 'canceled',
    });
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
    expect((await client.fetchBalance()).USDT).toMatchObject({ free: 100_000, used: 0 });
  });

  test('a limit order that crosses trades at the prices of the book, best first', async () => {
    // 1 at 60010 and 0.5 at 60020 are 90020; the limit of 60050 is not paid.
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 1.5, 60_050);
    expect(placed).toMatchObject({ status: 'closed', filled: 1.5, remaining: 0, cost: 90_020 });
    expect(placed.trades).toMatchObject([
      { price: 60_010, amount: 1, fee: { cost: 0.001, currency: 'BTC' } },
      { price: 60_020, amount: 0.5, fee: { cost: 0.0005, currency: 'BTC' } },
    ]);
    const balances = await client.fetchBalance();
    expect(balances.USDT).toMatchObject({ free: 9980, total: 9980 });
    expect(balances.BTC).toMatchObject({ free: 3.4985, total: 3.4985 });
  });

  test('immediate-or-cancel fills what is there and lets the rest expire', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 1.5, 60_010, { timeInForce: 'IOC' });
    expect(placed).toMatchObject({
      status: 'expired',
      filled: 1,
      remaining: 0.5,
      cost: 60_010,
      timeInForce: 'IOC',
    });
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  test('fill-or-kill does all or nothing', async () => {
    const killed = await client.createOrder(SYMBOL, 'limit', 'buy', 1.5, 60_010, { timeInForce: 'FOK' });
    expect(killed).toMatchObject({ status: 'expired', filled: 0, cost: 0 });
    const filled = await client.createOrder(SYMBOL, 'limit', 'buy', 1.5, 60_020, { timeInForce: 'FOK' });
    expect(filled).toMatchObject({ status: 'closed', filled: 1.5, cost: 90_020 });
  });

  test('a market order by quantity sells down the book', async () => {
    // 1 at 59990 and 0.5 at 59980 are 89980, of which 0.1 % are 89.98.
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 1.5);
    expect(placed).toMatchObject({ status: 'closed', filled: 1.5, cost: 89_980 });
    const balances = await client.fetchBalance();
    expect(balances.BTC).toMatchObject({ free: 0.5 });
    expect(balances.USDT).toMatchObject({ free: 189_890.02 });
  });

  test('a market order by cost buys whole lots for no more than that', async () => {
    // 6001 / 60010 is 0.1 exactly; of 6001.5 a lot of 0.00001 more (0.6001) does not fit.
    const exact = await client.createMarketBuyOrderWithCost(SYMBOL, 6001);
    expect(exact).toMatchObject({ status: 'closed', filled: 0.1, cost: 6001 });
    const rounded = await client.createMarketBuyOrderWithCost(SYMBOL, 6001.5);
    expect(rounded).toMatchObject({ status: 'closed', filled: 0.1, cost: 6001 });
  });

  test('a market order that empties the book expires with what it got', async () => {
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 2);
    expect(placed).toMatchObject({ status: 'closed', filled: 2 });
    venue.house.buy('BTCUSDT', '60020.00', '2.5');
    // 0.5 are left at 60020.
    const starved = await client.createOrder(SYMBOL, 'market', 'buy', 1);
    expect(starved).toMatchObject({ status: 'expired', filled: 0.5, remaining: 0.5, cost: 30_010 });
  });

  test('a post-only order rests, and trades as maker', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.2, 60_000, { postOnly: true });
    expect(placed).toMatchObject({ status: 'open', postOnly: true });
    venue.house.sell('BTCUSDT', '60000.00', '0.2');
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'closed', filled: 0.2 });
    expect(await client.fetchMyTrades(SYMBOL)).toMatchObject([
      {
        order: placed.id,
        takerOrMaker: 'maker',
        price: 60_000,
        amount: 0.2,
        fee: { cost: 0.0002, currency: 'BTC' },
      },
    ]);
  });

  test('an iceberg shows its tip only', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 1, 60_000, { icebergAmount: 0.1 });
    expect(placed).toMatchObject({ status: 'open', amount: 1 });
    expect((await client.fetchOrderBook(SYMBOL)).bids[0]).toEqual([60_000, 0.1]);
    venue.house.sell('BTCUSDT', '60000.00', '0.25');
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'open', filled: 0.25 });
    // Two tips are gone, of the third one half.
    expect((await client.fetchOrderBook(SYMBOL)).bids[0]).toEqual([60_000, 0.05]);
  });
});

describe('orders that wait for the last price', () => {
  // The last price is 60000; selling into the best bid makes it 59990, buying the best ask 60010.
  const fall = (): void => venue.house.sell('BTCUSDT', '59990.00', '0.1');
  const rise = (): void => venue.house.buy('BTCUSDT', '60010.00', '0.1');

  test('a stop-loss sells at the market when the price falls to it', async () => {
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 0.5, undefined, {
      stopLossPrice: 59_990,
    });
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'open',
      triggerPrice: 59_990,
      info: { type: 'STOP_LOSS', isWorking: false, workingTime: -1 },
    });
    fall();
    // 0.9 of the best bid are left.
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'closed',
      filled: 0.5,
      cost: 29_995,
    });
  });

  test('a stop-loss-limit buys above the market when the price rises to it', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.5, 60_005, { stopLossPrice: 60_010 });
    rise();
    // Its limit is below the best ask: it rests.
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'open',
      filled: 0,
      info: { type: 'STOP_LOSS_LIMIT', isWorking: true },
    });
    expect((await client.fetchOrderBook(SYMBOL)).bids[0]).toEqual([60_005, 0.5]);
  });

  test('a take-profit sells at the market when the price rises to it', async () => {
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 0.5, undefined, {
      takeProfitPrice: 60_010,
    });
    rise();
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'closed',
      filled: 0.5,
      cost: 29_995,
      info: { type: 'TAKE_PROFIT' },
    });
  });

  test('a take-profit-limit buys below the market when the price falls to it', async () => {
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.5, 59_985, { takeProfitPrice: 59_990 });
    fall();
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'open',
      info: { type: 'TAKE_PROFIT_LIMIT', isWorking: true },
    });
  });

  test('a trailing stop follows the highest price and fires 0.1 % below it', async () => {
    const placed = await client.createOrder(SYMBOL, 'market', 'sell', 0.5, undefined, {
      trailingPercent: 0.1,
      stopLossOrTakeProfit: 'stopLoss',
    });
    rise();
    // 60010 less 0.1 % is 59949.99. A trade at 59950.00 is not there yet.
    venue.house.sell('BTCUSDT', '59980.00', '3');
    venue.house.bid('BTCUSDT', '59950.00', '0.1');
    venue.house.sell('BTCUSDT', '59950.00', '0.1');
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'open',
      info: { type: 'STOP_LOSS', trailingDelta: 10, isWorking: false },
    });
    venue.house.bid('BTCUSDT', '59949.00', '1');
    venue.house.sell('BTCUSDT', '59949.00', '0.1');
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({
      status: 'closed',
      filled: 0.5,
      cost: 29_974.5,
    });
  });
});

describe('changes and histories', () => {
  test('editing replaces an order by a new one', async () => {
    const first = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    const second = await client.editOrder(idOf(first), SYMBOL, 'limit', 'buy', 0.2, 59_100);
    expect(second).toMatchObject({ status: 'open', amount: 0.2, price: 59_100 });
    expect(second.id).not.toBe(first.id);
    expect(await client.fetchOrder(idOf(first), SYMBOL)).toMatchObject({ status: 'canceled' });
    expect(await client.fetchOpenOrders(SYMBOL)).toMatchObject([{ id: second.id }]);
  });

  test('all orders of a symbol are canceled at once', async () => {
    await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    await client.createOrder(SYMBOL, 'limit', 'sell', 0.1, 61_000);
    await client.createOrder('ETH/USDT', 'limit', 'sell', 1, 3100);
    expect(await client.cancelAllOrders(SYMBOL)).toMatchObject([
      { status: 'canceled' },
      { status: 'canceled' },
    ]);
    expect(await client.fetchOpenOrders()).toMatchObject([{ symbol: 'ETH/USDT' }]);
  });

  test('an order is found by the id that its owner gave it', async () => {
    const clientOrderId = 'my-own-order-1';
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000, { clientOrderId });
    expect(placed).toMatchObject({ clientOrderId });
    expect(await client.fetchOrder('', SYMBOL, { clientOrderId })).toMatchObject({
      id: placed.id,
      clientOrderId,
    });
    await client.cancelOrder('', SYMBOL, { clientOrderId });
    expect(await client.fetchOrder(idOf(placed), SYMBOL)).toMatchObject({ status: 'canceled' });
  });

  test('orders and trades are listed oldest first', async () => {
    const bought = await client.createOrder(SYMBOL, 'market', 'buy', 1.2);
    const resting = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    const sold = await client.createOrder(SYMBOL, 'market', 'sell', 0.1);
    expect((await client.fetchOrders(SYMBOL)).map(({ id }) => id)).toEqual([bought.id, resting.id, sold.id]);
    expect((await client.fetchClosedOrders(SYMBOL)).map(({ id }) => id)).toEqual([bought.id, sold.id]);
    expect(await client.fetchMyTrades(SYMBOL)).toMatchObject([
      { order: bought.id, side: 'buy', price: 60_010, amount: 1, cost: 60_010, takerOrMaker: 'taker' },
      { order: bought.id, side: 'buy', price: 60_020, amount: 0.2, cost: 12_004 },
      { order: sold.id, side: 'sell', price: 59_990, amount: 0.1, fee: { cost: 5.999, currency: 'USDT' } },
    ]);
    expect(await client.fetchOrderTrades(idOf(bought), SYMBOL)).toHaveLength(2);
  });

  test('commission rates are those of the account', async () => {
    await client.loadMarkets();
    expect(await client.privateGetAccountCommission({ symbol: 'BTCUSDT' })).toMatchObject({
      symbol: 'BTCUSDT',
      standardCommission: {
        maker: '0.00100000',
        taker: '0.00100000',
        buyer: '0.00000000',
        seller: '0.00000000',
      },
    });
  });

  test('a test order is judged and not placed', async () => {
    expect(await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000, { test: true })).toBeDefined();
    expect(await client.fetchOpenOrders(SYMBOL)).toEqual([]);
  });

  test('both legs of an order list are placed, and one cancels the other', async () => {
    await client.loadMarkets();
    const list = await client.privatePostOrderListOco({
      symbol: 'BTCUSDT',
      side: 'SELL',
      quantity: '0.5',
      aboveType: 'LIMIT_MAKER',
      abovePrice: '60500',
      belowType: 'STOP_LOSS',
      belowStopPrice: '59990',
    });
    expect(list).toMatchObject({ contingencyType: 'OCO', listOrderStatus: 'EXECUTING' });
    // Both sell the same half bitcoin.
    expect((await client.fetchBalance()).BTC).toMatchObject({ free: 1.5, used: 0.5 });
    expect(await client.privateGetOpenOrderList()).toHaveLength(1);
    venue.house.sell('BTCUSDT', '59990.00', '0.1');
    const orders = await client.fetchOrders(SYMBOL);
    expect(orders.map(({ info, status }) => [info.type, status])).toEqual(
      expect.arrayContaining([
        ['STOP_LOSS', 'closed'],
        ['LIMIT_MAKER', 'expired'],
      ]),
    );
    expect(await client.privateGetOpenOrderList()).toEqual([]);
  });
});
