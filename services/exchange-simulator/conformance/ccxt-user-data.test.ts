import { InsufficientFunds, OrderNotFound } from 'ccxt';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CcxtClient, ccxtClient } from './ccxt-client.test-support.ts';
import { until } from './until.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/** ccxt over the WebSocket API: the events of an account, and calls. It signs every request, with any kind of key. */

let venue: Venue;
let client: CcxtClient;
beforeEach(async () => {
  venue = await startVenue();
  client = await ccxtClient(venue, venue.house.alice);
  await client.loadMarkets();
});
afterEach(async () => {
  await client.close();
  await venue.stop();
});

const SYMBOL = 'BTC/USDT';

/** Subscribes before anything happens, and collects what ccxt says of every order, fill and balance. */
async function watchAll() {
  await client.authenticate();
  const orders: [string | undefined, number | undefined][] = [];
  const trades: [string | undefined, number | undefined, number | undefined][] = [];
  let isEnded = false;
  const follow = async <T>(watch: () => Promise<T>, note: (news: T) => void): Promise<void> => {
    // The end of the connection ends the watching.
    while (!isEnded) await watch().then(note, () => (isEnded = true));
  };
  const following = Promise.all([
    follow(
      () => client.watchOrders(SYMBOL),
      (news) =>
        orders.push(...news.map((one): [string | undefined, number | undefined] => [one.status, one.filled])),
    ),
    follow(
      () => client.watchMyTrades(SYMBOL),
      (news) =>
        trades.push(...news.map((one): (typeof trades)[number] => [one.takerOrMaker, one.price, one.amount])),
    ),
    follow(
      () => client.watchBalance(),
      () => undefined,
    ),
  ]);
  return { orders, trades, following };
}

describe('events', () => {
  test('an order, its fills and the balances are told as they change', async () => {
    const { orders, trades, following } = await watchAll();
    const placed = await client.createOrder(SYMBOL, 'limit', 'buy', 0.5, 60_000);
    await until('the new order', () => orders.length > 0);
    venue.house.sell('BTCUSDT', '60000.00', '0.2');
    await until('the first fill', () => trades.length > 0);
    // 30000 are locked at first, 12000 of them are spent; 0.2 less 0.1 % come in.
    await until('the balances after it', () => client.balance.spot?.BTC?.total === 2.1998);
    expect(client.balance.spot?.USDT).toMatchObject({ free: 70_000, used: 18_000, total: 88_000 });

    await client.cancelOrder(placed.id!, SYMBOL);
    await until('the cancel', () => orders.some(([status]) => status === 'canceled'));
    expect(orders.at(-1)).toEqual(['canceled', 0.2]);
    expect(orders).toContainEqual(['open', 0]);
    expect(orders).toContainEqual(['open', 0.2]);
    expect(trades).toEqual([['maker', 60_000, 0.2]]);
    await until('the balances after it', () => client.balance.spot?.USDT?.used === 0);
    expect(client.balance.spot?.USDT).toMatchObject({ free: 88_000, total: 88_000 });
    await client.close();
    await following;
  });

  test('a deposit is told as a change of the balance', async () => {
    const { following } = await watchAll();
    venue.house.deposit(venue.house.alice.account, 'USDT', '250');
    await until('the deposit', () => client.balance.spot?.USDT?.total === 100_250);
    await client.close();
    await following;
  });
});

describe('calls', () => {
  test('orders are placed, asked for, replaced and canceled', async () => {
    const placed = await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    expect(placed).toMatchObject({ status: 'open', amount: 0.1, price: 59_000, filled: 0 });
    expect(await client.fetchOrderWs(placed.id!, SYMBOL)).toMatchObject({ id: placed.id, status: 'open' });
    const replaced = await client.editOrderWs(placed.id!, SYMBOL, 'limit', 'buy', 0.2, 59_100);
    expect(replaced).toMatchObject({ status: 'open', amount: 0.2, price: 59_100 });
    expect(await client.fetchOpenOrdersWs(SYMBOL)).toMatchObject([{ id: replaced.id }]);
    expect(await client.cancelOrderWs(replaced.id!, SYMBOL)).toMatchObject({
      id: replaced.id,
      status: 'canceled',
    });
    expect((await client.fetchOrdersWs(SYMBOL)).map(({ id, status }) => [id, status])).toEqual([
      [placed.id, 'canceled'],
      [replaced.id, 'canceled'],
    ]);
  });

  test('a market order fills, and its trades and balances can be asked for', async () => {
    const placed = await client.createOrderWs(SYMBOL, 'market', 'buy', 1.5);
    expect(placed).toMatchObject({ status: 'closed', filled: 1.5, cost: 90_020 });
    expect(await client.fetchMyTradesWs(SYMBOL)).toMatchObject([
      { order: placed.id, price: 60_010, amount: 1, fee: { cost: 0.001, currency: 'BTC' } },
      { order: placed.id, price: 60_020, amount: 0.5, fee: { cost: 0.0005, currency: 'BTC' } },
    ]);
    // ccxt does not take this answer apart for spot accounts; it is there as it came.
    const { info } = await client.fetchBalanceWs();
    expect(info.balances).toContainEqual({ asset: 'BTC', free: '3.49850000', locked: '0.00000000' });
    expect(info.balances).toContainEqual({ asset: 'USDT', free: '9980.00000000', locked: '0.00000000' });
  });

  test('all orders are canceled at once', async () => {
    await client.createOrderWs(SYMBOL, 'limit', 'buy', 0.1, 59_000);
    await client.createOrderWs(SYMBOL, 'limit', 'sell', 0.1, 61_000);
    expect(await client.cancelAllOrdersWs(SYMBOL)).toMatchObject([
      { status: 'canceled' },
      { status: 'canceled' },
    ]);
    expect(await client.fetchOpenOrdersWs(SYMBOL)).toEqual([]);
  });

  test('refusals are the errors that they are over REST', async () => {
    await expect(client.createOrderWs(SYMBOL, 'limit', 'buy', 2, 59_000)).rejects.toThrow(InsufficientFunds);
    await expect(client.cancelOrderWs('4711', SYMBOL)).rejects.toThrow(OrderNotFound);
  });

  test('bars and trades are those of REST', async () => {
    const [bar] = await client.fetchOHLCVWs(SYMBOL, '1d');
    // One trade of 0.01 at 60000.
    expect(bar!.slice(1)).toEqual([60_000, 60_000, 60_000, 60_000, 0.01]);
    const trades = await client.fetchTradesWs(SYMBOL);
    expect(trades).toMatchObject([{ price: 60_000, amount: 0.01, side: 'buy' }]);
  });
});

test.each(['ED25519', 'RSA'] as const)(
  '%s keys sign requests over REST and the WebSocket API',
  async (kind) => {
    const trader = venue.house.addKey(venue.house.alice.account, kind);
    const signing = await ccxtClient(venue, trader);
    try {
      const placed = await signing.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
      expect(await signing.cancelOrderWs(placed.id!, SYMBOL)).toMatchObject({
        id: placed.id,
        status: 'canceled',
      });
      await signing.authenticate();
    } finally {
      await signing.close();
    }
  },
);
