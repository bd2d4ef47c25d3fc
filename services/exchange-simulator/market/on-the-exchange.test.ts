import { amount, price, quantity } from '@tradewind/core/money';
import { VirtualTime } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { entry, exchangeInfo } from '../exchange/exchange.test-support.ts';
import { Exchange } from '../exchange/index.ts';
import { MarketData, Streams } from '../market-data/index.ts';
import { MadeUpMarket } from './made-up-market.ts';
import type { ReplayEvent } from './replay/event.ts';
import { Player } from './replay/player.ts';

const SECOND = 1000;
const START = Date.UTC(2026, 0, 5, 12);
const NOTIONAL = {
  filterType: 'NOTIONAL',
  minNotional: '5',
  applyMinToMarket: true,
  maxNotional: '9000000',
  applyMaxToMarket: false,
  avgPriceMins: 5,
};

function exchangeWith(symbols: readonly string[]) {
  const time = new VirtualTime(START);
  const entries = symbols.map((symbol) => {
    const plain = entry(symbol);
    return { ...plain, filters: [...plain.filters, NOTIONAL] };
  });
  return { time, exchange: new Exchange({ clock: time, exchangeInfo: exchangeInfo(entries) }) };
}

function marketOn(seed: number, symbols: readonly string[]) {
  const { time, exchange } = exchangeWith(symbols);
  const market = new MadeUpMarket({
    floor: exchange,
    clock: time,
    timers: time,
    seed,
    symbols,
    ordersPerSecond: 30,
  });
  return { time, exchange, market };
}

interface DepthEvent {
  readonly U: number;
  readonly u: number;
  readonly b: readonly (readonly [string, string])[];
  readonly a: readonly (readonly [string, string])[];
}

test('on the exchange a local book kept from the stream equals the snapshot at every tick, while the market trades', async () => {
  const { time, exchange, market } = marketOn(3, ['BTCUSDT']);
  const data = new MarketData(exchange, time);
  const streams = new Streams({ source: exchange, data, clock: time, timers: time });
  const symbol = data.symbol('BTCUSDT')!;
  const texts: string[] = [];
  const socket = {
    remoteAddress: '',
    bufferedBytes: 0,
    send: (text: string) => void texts.push(text),
    ping: () => handler.ponged(),
    close: () => undefined,
    cut: () => undefined,
  };
  const handler = streams.open(socket, '/ws/btcusdt@depth@100ms', '');
  market.start();
  const sides = { b: new Map<string, string>(), a: new Map<string, string>() };
  let id = 0;
  for (let step = 0; step < 600; step += 1) {
    await time.advance(100);
    for (const text of texts.splice(0)) {
      const event = JSON.parse(text) as DepthEvent;
      // From the first change on: nothing was there before it.
      expect(event.U).toBe(id + 1);
      for (const side of ['b', 'a'] as const)
        for (const [at, amountThere] of event[side])
          if (Number(amountThere) === 0) sides[side].delete(at);
          else sides[side].set(at, amountThere);
      id = event.u;
    }
    const snapshot = symbol.depth(5000);
    if (snapshot.lastUpdateId !== id) continue;
    expect(Object.fromEntries(sides.b)).toEqual(Object.fromEntries(snapshot.bids));
    expect(Object.fromEntries(sides.a)).toEqual(Object.fromEntries(snapshot.asks));
  }
  expect(id).toBeGreaterThan(1000);
});

test('on the exchange the same seed gives the same trades, and a symbol the same whatever others there are', async () => {
  const tradesOf = async (seed: number, symbols: readonly string[]) => {
    const { time, exchange, market } = marketOn(seed, symbols);
    market.start();
    await time.advance(20 * SECOND);
    return exchange
      .trades('ETHUSDT')
      .slice()
      .map(({ takerOrderId: _, ...trade }) => trade);
  };
  const trades = await tradesOf(5, ['ETHUSDT']);
  expect(trades.length).toBeGreaterThan(20);
  expect(await tradesOf(5, ['ETHUSDT'])).toEqual(trades);
  expect(await tradesOf(5, ['BTCUSDT', 'ETHUSDT'])).toEqual(trades);
  expect(await tradesOf(6, ['ETHUSDT'])).not.toEqual(trades);
});

test.each([
  { filterType: 'LOT_SIZE', minQty: '0.01', maxQty: '9000', stepSize: '0.01' },
  { filterType: 'PRICE_FILTER', minPrice: '0.5', maxPrice: '1000000', tickSize: '0.5' },
])(
  'a market goes on after its $filterType has changed, and fills a book that was emptied',
  async (filter) => {
    const { time, exchange, market } = marketOn(11, ['BTCUSDT']);
    const orders = new Set<number>();
    exchange.listen({ executionReport: ({ order }) => void orders.add(order.orderId) });
    market.start();
    await time.advance(20 * SECOND);
    exchange.setFilter('BTCUSDT', filter);
    for (const orderId of [...orders]) exchange.expireOrder('BTCUSDT', orderId);
    expect(exchange.depth('BTCUSDT', 100)).toMatchObject({ bids: [], asks: [] });
    const { length } = exchange.trades('BTCUSDT');
    await time.advance(30 * SECOND);
    const { bids, asks } = exchange.depth('BTCUSDT', 100);
    expect(bids.length).toBeGreaterThan(20);
    expect(asks.length).toBeGreaterThan(20);
    expect(exchange.trades('BTCUSDT').length - length).toBeGreaterThan(20);
  },
);

test('statistics count what the market traded, no more and no less', async () => {
  const { time, exchange, market } = marketOn(9, ['BTCUSDT']);
  const data = new MarketData(exchange, time);
  market.start();
  await time.advance(90 * SECOND);
  const ticker = data.symbol('BTCUSDT')!.dayTicker();
  const trades = exchange.trades('BTCUSDT');
  expect([ticker.count, ticker.firstId, ticker.lastId]).toEqual([trades.length, 1, trades.length]);
  const aggregates = exchange.aggregateTrades('BTCUSDT').slice();
  const inAggregates = aggregates.reduce(
    (sum, { firstTradeId, lastTradeId }) => sum + lastTradeId - firstTradeId + 1,
    0,
  );
  expect(inAggregates).toBe(trades.length);
});

test('orders of a client trade against a market that is replayed', async () => {
  const { time, exchange } = exchangeWith(['BTCUSDT']);
  const account = exchange.openAccount({ balances: [['USDT', amount('USDT', '10000')]] });
  const level = (at: string, size: string) => ({ price: price(at), quantity: quantity(size) });
  async function* recorded(): AsyncGenerator<ReplayEvent> {
    const base = { symbol: 'BTCUSDT' } as const;
    yield { ...base, atMs: 0, kind: 'quote', bid: level('100', '1'), ask: level('101', '1') };
    yield { ...base, atMs: 2000, kind: 'trade', ...level('99', '5'), takerSide: 'SELL', isAggregate: false };
  }
  const player = new Player({ feed: exchange, symbols: ['BTCUSDT'], clock: time, timers: time, speed: 1 });
  const played = player.play(recorded());
  await time.advance(SECOND);
  expect(exchange.bestAsk('BTCUSDT')).toEqual(level('101', '1'));
  const order = { side: 'BUY', type: 'LIMIT', timeInForce: 'GTC', quantity: quantity('2') } as const;
  const taking = exchange.placeOrder(account, 'BTCUSDT', {
    ...order,
    quantity: quantity('0.5'),
    price: price('101'),
  });
  expect(taking.ok && taking.value.order.status).toBe('FILLED');
  const resting = exchange.placeOrder(account, 'BTCUSDT', { ...order, price: price('99.5') });
  expect(resting.ok && resting.value.order.status).toBe('NEW');
  await time.advance(2 * SECOND);
  // A trade between others at 99 would have met the order at 99.5 first.
  const fills = exchange.fills(account, 'BTCUSDT', { limit: 10 });
  expect(fills.ok && fills.value.map((fill) => [fill.price, fill.quantity, fill.isMaker])).toEqual([
    [price('101'), quantity('0.5'), false],
    [price('99.5'), quantity('2'), true],
  ]);
  expect(await played).toEqual({ applied: 2, refused: 0, leftOut: 0 });
});
