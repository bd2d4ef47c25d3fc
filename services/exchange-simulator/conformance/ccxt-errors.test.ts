import {
  AuthenticationError,
  BadRequest,
  BadSymbol,
  DDoSProtection,
  InsufficientFunds,
  InvalidNonce,
  InvalidOrder,
  MarketClosed,
  OrderImmediatelyFillable,
  OrderNotFound,
  PermissionDenied,
} from 'ccxt';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CcxtClient, ccxtClient } from './ccxt-client.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * What ccxt makes of refusals. It looks at texts first, then at codes, so both have to be right. Some of its names are for other
 * markets: it takes the spot table only for addresses at binance.com, so that -1013 is a BadRequest here.
 */

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
const order = { symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', timeInForce: 'GTC' };

test('an order that the balance does not cover is InsufficientFunds', async () => {
  await expect(client.createOrder(SYMBOL, 'limit', 'buy', 2, 59_000)).rejects.toThrow(InsufficientFunds);
  await expect(client.createOrder(SYMBOL, 'market', 'sell', 2.00001)).rejects.toThrow(InsufficientFunds);
});

test('filters say their names', async () => {
  // Without ccxt's own rounding, as raw calls.
  const off = (fields: object): Promise<unknown> => client.privatePostOrder({ ...order, ...fields });
  await expect(off({ quantity: '0.000015', price: '59000' })).rejects.toThrow(InvalidOrder);
  await expect(off({ quantity: '0.000015', price: '59000' })).rejects.toThrow(/"Filter failure: LOT_SIZE"/);
  await expect(off({ quantity: '0.1', price: '59000.001' })).rejects.toThrow(InvalidOrder);
  await expect(off({ quantity: '0.1', price: '59000.001' })).rejects.toThrow(
    /"Filter failure: PRICE_FILTER"/,
  );
  await expect(off({ quantity: '0.1', price: '10000' })).rejects.toThrow(InvalidOrder);
  await expect(off({ quantity: '0.1', price: '10000' })).rejects.toThrow(
    /Filter failure: PERCENT_PRICE_BY_SIDE/,
  );
  await expect(off({ quantity: '0.00008', price: '59000' })).rejects.toThrow(BadRequest);
  await expect(off({ quantity: '0.00008', price: '59000' })).rejects.toThrow(
    /-1013.*"Filter failure: NOTIONAL"/,
  );
});

test('what is wrong in the parameters is a BadRequest with the code of the mistake', async () => {
  const off = (fields: object): Promise<unknown> => client.privatePostOrder({ ...order, ...fields });
  await expect(off({ quantity: '0.1' })).rejects.toThrow(/"code":-1102/);
  await expect(off({ quantity: '1e-1', price: '59000' })).rejects.toThrow(/"code":-1100/);
  await expect(off({ quantity: '0.1', price: '59000', stopPrice: '58000' })).rejects.toThrow(/"code":-1106/);
  await expect(off({ quantity: '0.100000001', price: '59000' })).rejects.toThrow(/"code":-1111/);
  await expect(off({ quantity: '0.1', price: '59000', side: 'HOLD' })).rejects.toThrow(/"code":-1117/);
  await expect(off({ quantity: '0.1', price: '59000', side: 'HOLD' })).rejects.toThrow(BadRequest);
});

test('an unknown symbol is a BadSymbol', async () => {
  await expect(client.publicGetDepth({ symbol: 'NOPEUSDT' })).rejects.toThrow(BadSymbol);
});

test('orders that would do at once what they must not are OrderImmediatelyFillable', async () => {
  await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 60_010, { postOnly: true })).rejects.toThrow(
    OrderImmediatelyFillable,
  );
  const stop = { stopLossPrice: 60_001 };
  await expect(client.createOrder(SYMBOL, 'market', 'sell', 0.1, undefined, stop)).rejects.toThrow(
    OrderImmediatelyFillable,
  );
});

test('an order that is not there is OrderNotFound, whether asked for or canceled', async () => {
  await expect(client.fetchOrder('4711', SYMBOL)).rejects.toThrow(OrderNotFound);
  await expect(client.cancelOrder('4711', SYMBOL)).rejects.toThrow(OrderNotFound);
  const { id } = await client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000);
  await client.cancelOrder(id!, SYMBOL);
  await expect(client.cancelOrder(id!, SYMBOL)).rejects.toThrow(/Unknown order sent/);
  await expect(client.cancelAllOrders(SYMBOL)).rejects.toThrow(OrderNotFound);
});

test('an id is refused while its order is open, and free again after it', async () => {
  const again = () => client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000, { clientOrderId: 'twice' });
  const first = await again();
  await expect(again()).rejects.toThrow(InvalidOrder);
  await expect(again()).rejects.toThrow(/-2010.*Duplicate order sent\./);
  await client.cancelOrder(first.id!, SYMBOL);
  expect((await again()).id).not.toBe(first.id);
});

test('a key that nobody has, and a secret that is not the key’s, are AuthenticationErrors', async () => {
  const { alice } = venue.house;
  const fetchWith = async (fields: object): Promise<unknown> => {
    const stranger = await ccxtClient(venue, { ...alice, ...fields });
    return await stranger.fetchBalance();
  };
  await expect(fetchWith({ apiKey: 'f'.repeat(64) })).rejects.toThrow(AuthenticationError);
  await expect(fetchWith({ apiKey: 'f'.repeat(64) })).rejects.toThrow(/-2015|Invalid API-key/);
  await expect(fetchWith({ apiKey: 'not a key' })).rejects.toThrow(/-2014|API-key format invalid/);
  await expect(fetchWith({ secret: 'wrong' })).rejects.toThrow(AuthenticationError);
  await expect(fetchWith({ secret: 'wrong' })).rejects.toThrow(
    /-1022.*Signature for this request is not valid/,
  );
});

test('a timestamp outside the window is an InvalidNonce', async () => {
  const fetchSkewed = async (timeDifference: number): Promise<unknown> => {
    const skewed = await ccxtClient(venue, venue.house.alice, { timeDifference });
    return await skewed.fetchBalance();
  };
  // ccxt asks for a window of 10 s; it subtracts the difference from its own clock.
  await expect(fetchSkewed(20_000)).rejects.toThrow(InvalidNonce);
  await expect(fetchSkewed(20_000)).rejects.toThrow(/outside of the recvWindow/);
  await expect(fetchSkewed(-5000)).rejects.toThrow(/1000ms ahead of the server's time/);
  await expect(fetchSkewed(5000)).resolves.toBeDefined();
  // It can also ask the exchange for its time, and does so right.
  const adjusting = await ccxtClient(venue, venue.house.alice, { timeDifference: 20_000 });
  await adjusting.loadTimeDifference();
  await expect(adjusting.fetchBalance()).resolves.toBeDefined();
});

test('a symbol that does not trade is MarketClosed, an account that may not trade has no permission', async () => {
  venue.house.exchange.setSymbolStatus('BTCUSDT', 'BREAK');
  await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000)).rejects.toThrow(MarketClosed);
  venue.house.exchange.setSymbolStatus('BTCUSDT', 'TRADING');
  venue.house.exchange.switchAccount(venue.house.alice.account, { isDisabled: true });
  await expect(client.createOrder(SYMBOL, 'limit', 'buy', 0.1, 59_000)).rejects.toThrow(PermissionDenied);
});

test('too much weight is DDoSProtection, until the minute is over', async () => {
  // A minute's 6000 are used up by 75 listings of all open orders (80 each), and the rest is not enough for another.
  let refused: unknown;
  for (let calls = 0; calls < 160 && refused === undefined; calls += 1) {
    refused = await client.fetchOpenOrders().then(
      () => undefined,
      (error: unknown) => error,
    );
  }
  expect(refused).toBeInstanceOf(DDoSProtection);
  expect(String(refused)).toMatch(/429.*"code":-1003/);
});
