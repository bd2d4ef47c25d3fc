import { formatAmount, formatPrice } from '@tradewind/core/money';
import { SeededRandom } from '@tradewind/utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type CcxtClient, ccxtClient } from './ccxt-client.test-support.ts';
import { until } from './until.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/*
 * ccxt's own stream code (ccxt.pro). It numbers its connections and opens `/ws/0`, which is the name of a stream that does not
 * exist: accepted in silence, as the real exchange does (binance-spot.md section 14, trap 26).
 */

let venue: Venue;
let client: CcxtClient;
beforeEach(async () => {
  venue = await startVenue();
  client = await ccxtClient(venue, undefined);
  await client.loadMarkets();
});
afterEach(async () => {
  await client.close();
  await venue.stop();
});

const SYMBOL = 'BTC/USDT';

/** Carol keeps buying 0.001 at 60010.00 until somebody who watches has heard of it. */
async function watchWhileTrading<T>(watching: Promise<T>): Promise<T> {
  let heard: { readonly value: T } | undefined;
  const done = watching.then((value) => {
    heard = { value };
  });
  await until(
    'the news of a trade',
    () => heard,
    () => venue.house.buy('BTCUSDT', '60010.00', '0.001'),
  );
  await done;
  return heard!.value;
}

test('trades come with side, price and quantity, singly and aggregated', async () => {
  const [trade] = await watchWhileTrading(client.watchTrades(SYMBOL));
  expect(trade).toMatchObject({ symbol: SYMBOL, side: 'buy', price: 60_010, amount: 0.001, cost: 60.01 });
  const { trades } = venue.house.exchange.oracle;
  expect(trades('BTCUSDT').map(({ id }) => String(id))).toContain(trade!.id);

  const [aggregate] = await watchWhileTrading(
    client.watchTrades(SYMBOL, undefined, undefined, { name: 'aggTrade' }),
  );
  expect(aggregate).toMatchObject({ symbol: SYMBOL, side: 'buy', price: 60_010, amount: 0.001 });
});

test('the best bid and ask come as they change', async () => {
  const ticker = await watchWhileTrading(
    client.watchBidsAsks([SYMBOL]) as Promise<
      Record<string, { bid?: number; bidVolume?: number; ask?: number }>
    >,
  );
  expect(ticker[SYMBOL]).toMatchObject({ bid: 59_990, bidVolume: 1, ask: 60_010 });
});

test('tickers tell of the last 24 hours', async () => {
  // 60000 was the first price; all other trades are at 60010. One after the other, because ccxt keeps both in one place.
  const day = { open: 60_000, low: 60_000, high: 60_010, last: 60_010 };
  const ticker = await watchWhileTrading(client.watchTicker(SYMBOL, { name: 'ticker' }));
  expect(ticker).toMatchObject({ ...day, change: 10, ask: 60_010 });
  const all = await watchWhileTrading(client.watchTickers([SYMBOL, 'ETH/USDT']));
  expect(all[SYMBOL]).toMatchObject(day);
});

test('bars grow with the trades in them', async () => {
  // A day's bar, because a test may be lucky and see a minute end.
  const bars = await watchWhileTrading(client.watchOHLCV(SYMBOL, '1d'));
  const [openTime, open, high, low, close, volume] = bars.at(-1)!;
  expect(openTime! % 86_400_000).toBe(0);
  expect([open, high, low, close]).toEqual([60_000, 60_010, 60_000, 60_010]);
  // 0.01 at first, then lots of 0.001.
  expect((volume! - 0.01) / 0.001).toBeCloseTo(Math.round((volume! - 0.01) / 0.001), 6);
});

test('the book that ccxt keeps from snapshot and changes is the exchange’s', async () => {
  const { house } = venue;
  const random = new SeededRandom(7);
  const cents = (low: number): string => (low + Math.floor(random.nextFraction() * 2000) / 100).toFixed(2);
  const lots = (): string => (0.001 + Math.floor(random.nextFraction() * 100) / 1000).toFixed(3);
  /** Levels come, grow, shrink and go on both sides, and sometimes the best ones are taken away. */
  const stir = (): void => {
    house.bid('BTCUSDT', cents(59_960), lots());
    house.ask('BTCUSDT', cents(60_010), lots());
    const kind = random.nextFraction();
    if (kind < 0.1) house.sell('BTCUSDT', '59970.00', '0.5');
    else if (kind < 0.2) house.buy('BTCUSDT', '60020.00', '0.5');
    // No more than 200 orders may be open.
    while (house.openOrders > 150) house.cancelSome(random.nextFraction());
  };
  for (let i = 0; i < 50; i += 1) stir();
  await client.watchOrderBook(SYMBOL);
  for (let round = 0; round < 30; round += 1) {
    for (let i = 0; i < 20; i += 1) stir();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }

  // Quiet now. Who keeps the book goes on hearing of changes without asking.
  const lastUpdateId = house.exchange.lastUpdateId('BTCUSDT');
  await until('the last change of the book', () => client.orderbooks[SYMBOL]?.nonce === lastUpdateId);
  const kept = client.orderbooks[SYMBOL]!;
  const levels = (side: readonly unknown[]): unknown[] =>
    side.map((level) => [...(level as number[])].slice(0, 2));
  const truth = house.exchange.depth('BTCUSDT', 5000);
  const exact = (side: typeof truth.bids): number[][] =>
    side.map(({ price, quantity }) => [Number(formatPrice(price)), Number(formatAmount(quantity))]);
  expect(truth.bids.length).toBeGreaterThan(50);
  expect(levels(kept.bids)).toEqual(exact(truth.bids));
  expect(levels(kept.asks)).toEqual(exact(truth.asks));
  const snapshot = await client.fetchOrderBook(SYMBOL, 5000);
  expect(snapshot.nonce).toBe(lastUpdateId);
  expect(levels(kept.bids)).toEqual(snapshot.bids);
  expect(levels(kept.asks)).toEqual(snapshot.asks);
});

test('who stops watching hears no more', async () => {
  await watchWhileTrading(client.watchTrades(SYMBOL));
  await client.unWatchTrades(SYMBOL);
  // It forgets what it has heard; whatever came now would be kept again.
  expect(client.trades[SYMBOL]).toBeUndefined();
  venue.house.buy('BTCUSDT', '60010.00', '0.001');
  await watchWhileTrading(client.watchBidsAsks([SYMBOL]));
  expect(client.trades[SYMBOL]).toBeUndefined();
});
