import {
  BookKeeper,
  type BookTrouble,
  type Caller,
  ConnectionAttempts,
  calls,
  MarketStreams,
  type Outcome,
  SnapshotQueue,
  SocketConnector,
} from '@tradewind/binance';
import { Grid } from '@tradewind/core/market';
import { amount, price, quantity, quoteAmount } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { SeededRandom } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { limit, TradingWorld, type WorldOptions } from './trading-world.test-support.ts';

// Client and exchange were written apart, from the reference alone: what both read alike was probably read right.

async function world(options: Partial<WorldOptions> = {}): Promise<TradingWorld> {
  const made = new TradingWorld({ seed: 1, ...options });
  await made.begin();
  return made;
}

function doneWith<T>(outcome: Outcome<T>): T {
  invariant(outcome.kind === 'done', `done, not ${outcome.kind === 'done' ? '' : JSON.stringify(outcome)}`);
  return outcome.value;
}

/** What the exchange itself holds of an order, however it was named since. */
const trueOrder = (on: TradingWorld, orderId: number) => {
  const found = on.simulator.exchange.order(on.ours, { symbol: 'BTCUSDT', orderId });
  invariant(found.ok, 'the exchange has the order');
  return found.value;
};

describe('rules', () => {
  test('every symbol that the exchange offers is tradable for the client', async () => {
    const on = await world();
    const { instruments, rateLimits } = doneWith(await on.perform(on.rest.perform(calls.exchangeInfo())));
    const bitcoin = instruments.get('BTCUSDT');
    expect(bitcoin).toMatchObject({ symbol: 'BTCUSDT', status: 'TRADING', blockers: [], unknownFilters: [] });
    expect(rateLimits.map(({ type }) => type)).toContain('ORDERS');
  });
});

describe.each([
  { via: 'REST' },
  { via: 'the WebSocket API with HMAC' },
  { via: 'the WebSocket API with Ed25519', key: 'ED25519' },
  { via: 'the WebSocket API after a log-on', key: 'ED25519', logsOn: true },
] as const)('orders over $via', ({ via, ...options }) => {
  const caller = (on: TradingWorld): Caller => (via === 'REST' ? on.rest : on.api);

  test('a limit order rests, is queried, amended and canceled, and gives back what it locked', async () => {
    const on = await world(options);
    const call = caller(on);
    const placed = doneWith(
      await on.perform(call.perform(calls.placeOrder(on.order('BUY', limit('0.5', '100'))))),
    );
    expect(placed.order).toMatchObject({ status: 'NEW', quantity: quantity('0.5'), price: price('100') });
    const { orderId } = placed;
    expect(on.trueBalances()).toMatchObject({ USDT: '99950+50' });
    const name = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    expect(doneWith(await on.perform(call.perform(calls.queryOrder(name))))).toMatchObject({
      orderId,
      status: 'NEW',
    });
    const amended = doneWith(
      await on.perform(call.perform(calls.amendKeepingPriority(name, quantity('0.2'), 'order-1'))),
    );
    expect(amended.order).toMatchObject({ orderId, quantity: quantity('0.2') });
    const canceled = doneWith(await on.perform(call.perform(calls.cancelOrder(name, 'cancel-1'))));
    expect(canceled).toMatchObject({ orderId, status: 'CANCELED', originalClientOrderId: 'order-1' });
    expect(on.trueBalances()).toMatchObject({ USDT: '100000+0' });
    const again = await on.perform(call.perform(calls.cancelOrder(name, 'cancel-2')));
    expect(again).toMatchObject({ kind: 'failed', failure: { reason: 'refused', code: -2011 } });
  });

  test('a market order takes two prices of the book, and its fees come out of what it brings', async () => {
    const on = await world(options);
    on.houseOrder('SELL', '60000', '0.1');
    on.houseOrder('SELL', '60010', '0.1');
    const buy = on.order('BUY', { type: 'MARKET', quantity: quantity('0.15') });
    const { order } = doneWith(await on.perform(caller(on).perform(calls.placeOrder(buy))));
    expect(order).toMatchObject({
      status: 'FILLED',
      executedQuantity: quantity('0.15'),
      executedQuoteAmount: quoteAmount('9000.5'),
      fills: [
        {
          price: price('60000'),
          quantity: quantity('0.1'),
          fee: { asset: 'BTC', amount: amount('BTC', '0.0001') },
        },
        {
          price: price('60010'),
          quantity: quantity('0.05'),
          fee: { asset: 'BTC', amount: amount('BTC', '0.00005') },
        },
      ],
    });
    await on.time.advance(100);
    expect(on.fills.map(({ price: at, quantity: size }) => [at, size])).toEqual([
      [price('60000'), quantity('0.1')],
      [price('60010'), quantity('0.05')],
    ]);
    expect(on.trueBalances()).toEqual({ BTC: '2.14985+0', USDT: '90999.5+0' });
    expect(on.heardBalances()).toEqual(on.trueBalances());
  });

  test.each([
    { what: 'a price between ticks', terms: limit('0.5', '100.001'), code: -1013 },
    { what: 'less than the least notional', terms: limit('0.00001', '100'), code: -1013 },
    { what: 'more than the account has', terms: limit('2', '60000'), code: -2010 },
  ])('$what is surely refused, and the client knows why', async ({ terms, code }) => {
    const on = await world(options);
    on.houseOrder('SELL', '60000', '0.1');
    on.houseOrder('BUY', '59000', '0.1');
    const outcome = await on.perform(caller(on).perform(calls.placeOrder(on.order('BUY', terms))));
    expect(outcome).toMatchObject({ kind: 'failed', failure: { reason: 'refused', code } });
    expect(on.trueBalances()).toEqual({ BTC: '2+0', USDT: '100000+0' });
  });
});

describe('faults of the wire', () => {
  test('O1: accepted, answer lost: the outcome is unknown, and the question finds the one order', async () => {
    const on = await world();
    on.install({ faults: [{ fault: 'lose_answer', where: { endpoint: 'POST /api/v3/order' } }] });
    const outcome = await on.perform(on.rest.perform(calls.placeOrder(on.order('BUY', limit('0.5', '100')))));
    expect(outcome.kind).toBe('unknown');
    on.install({ faults: [] });
    const name = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    expect(doneWith(await on.perform(on.rest.perform(calls.queryOrder(name)))).status).toBe('NEW');
    expect(doneWith(await on.perform(on.rest.perform(calls.openOrders('BTCUSDT'))))).toHaveLength(1);
    expect(on.userStream.account.orders.byClientOrderId('BTCUSDT', 'order-1')?.record.state).toBe('working');
  });

  test('O1, O11, U1: an order of which nothing was heard is found as ours after a cancel of which nothing was heard', async () => {
    const on = await world();
    const endpoint = ['POST /api/v3/order', 'DELETE /api/v3/order'];
    on.install({
      faults: [{ fault: 'lose_answer', where: { endpoint } }, { fault: 'drop_event' }],
    });
    await on.perform(on.submit(on.rest, on.order('SELL', limit('0.3', '61000'))));
    on.houseOrder('BUY', '61000', '0.1');
    const name = { symbol: 'BTCUSDT', clientOrderId: 'order-1' };
    const canceled = await on.perform(on.rest.perform(calls.cancelOrder(name, 'cancel-1')));
    expect(canceled.kind).toBe('unknown');
    on.install({ faults: [] });
    await on.time.advance(600_000);
    expect(on.trueOrders()).toMatchObject([{ placedClientOrderId: 'order-1', clientOrderId: 'cancel-1' }]);
    expect(on.userStream.account.orders.byClientOrderId('BTCUSDT', 'order-1')).toMatchObject({
      isTracked: true,
      record: { state: 'canceled', executedQuantity: quantity('0.1') },
      unbooked: quantity('0'),
    });
    expect(on.fills).toMatchObject([{ quantity: quantity('0.1') }]);
  });

  test('I3, O16: an account that trades with itself, as STP NONE allows, is told both of its fills', async () => {
    const on = await world();
    for (const side of ['SELL', 'BUY'] as const) {
      const order = { ...on.order(side, limit('0.1', '60000')), selfTradePrevention: 'NONE' as const };
      await on.perform(on.submit(on.rest, order));
    }
    await on.time.advance(1000);
    expect(on.fills.map(({ tradeId, side }) => [tradeId, side]).sort()).toEqual([
      [1, 'BUY'],
      [1, 'SELL'],
    ]);
    expect(on.userStream.account.orders.unsettled()).toEqual([]);
  });

  test.each(['rest', 'api'] as const)(
    'R2: a ban that comes over %s is kept to by everybody, and afterwards the user stream is live again',
    async (via) => {
      const on = await world();
      let attempts = 0;
      const { wire } = on;
      const { send, connect } = { send: wire.send.bind(wire), connect: wire.connect.bind(wire) };
      wire.send = (request) => {
        attempts += 1;
        return send(request);
      };
      wire.connect = (url, listener) => {
        attempts += 1;
        return connect(url, listener);
      };
      const endpoint = ['GET /api/v3/ping', 'ping'];
      on.install({ faults: [{ fault: 'ban_address', ms: 600_000, where: { endpoint } }] });
      await on.perform(on[via].perform(calls.ping()));
      on.install({ faults: [] });
      await on.time.advance(590_000);
      // The request that was banned over REST; the attempt to connect anew that told of the ban over the socket.
      expect([attempts, on.userStream.isLive]).toEqual([1, false]);
      await on.time.advance(60_000);
      expect(on.userStream.isLive).toBe(true);
    },
  );

  test('U2: fills inside a cut of the user stream are told after it, once', async () => {
    const on = await world();
    const { orderId } = doneWith(
      await on.perform(on.rest.perform(calls.placeOrder(on.order('SELL', limit('0.3', '61000'))))),
    );
    on.houseOrder('BUY', '61000', '0.1');
    await on.time.advance(100);
    expect(on.fills).toHaveLength(1);
    on.wire.cutSockets();
    await on.time.advance(1);
    on.houseOrder('BUY', '61000', '0.1');
    expect(on.userStream.isLive).toBe(false);
    await on.time.advance(30_000);
    expect(on.userStream.isLive).toBe(true);
    on.houseOrder('BUY', '61000', '0.1');
    await on.time.advance(100);
    expect(on.fills.map(({ quantity: size }) => size)).toEqual(Array(3).fill(quantity('0.1')));
    expect(trueOrder(on, orderId).status).toBe('FILLED');
    expect(on.userStream.account.orders.byClientOrderId('BTCUSDT', 'order-1')?.record.state).toBe('filled');
    expect(on.conflicts).toEqual([]);
    expect(on.heardBalances()).toEqual(on.trueBalances());
  });
});

test('the local book equals the book of the exchange while a market trades', async () => {
  const on = await world({ hasTraders: true });
  const grid = new Grid(2, 5);
  const markets = [{ symbol: 'BTCUSDT', grid }];
  const { time } = on;
  const random = new SeededRandom(2);
  const snapshots = new SnapshotQueue({
    source: { depth: (symbol) => on.rest.perform(calls.depth(symbol, 5000)) },
    clock: time,
    timers: time,
  });
  const troubles: BookTrouble[] = [];
  const keeper = new BookKeeper({
    markets,
    snapshots,
    clock: time,
    timers: time,
    random,
    listener: {
      valid: () => undefined,
      changed: () => undefined,
      invalid: (_book, trouble) => troubles.push(trouble),
    },
  });
  const streams = new MarketStreams({
    markets,
    clock: time,
    timers: time,
    connect: (listener) =>
      new SocketConnector(
        {
          url: () => 'ws://exchange.test/stream',
          transport: on.wire,
          clock: time,
          timers: time,
          random,
          attempts: new ConnectionAttempts(time),
        },
        listener,
      ),
    listener: {
      depth: (depth) => keeper.depth(depth),
      up: (stream) => keeper.up(stream),
      down: (stream) => keeper.down(stream),
      restarted: (stream) => keeper.restarted(stream),
    },
  });
  expect(streams.subscribe([{ kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' }])).toEqual([]);
  let compared = 0;
  for (let round = 0; round < 20; round += 1) {
    await time.advance(3000);
    // Nothing is on its way any more.
    on.simulator.pauseMarket();
    await time.advance(300);
    const levels = keeper.book('BTCUSDT')?.levels;
    const truth = on.simulator.exchange.depth('BTCUSDT', 5000);
    for (const side of ['bids', 'asks'] as const) {
      const seen = levels?.[side];
      const ours = truth[side].map((_, at) => [seen?.priceAt(at), seen?.quantityAt(at)]);
      expect(ours).toEqual(
        truth[side].map(({ price: at, quantity: size }) => [grid.ticksOf(at), grid.lotsOf(size)]),
      );
      expect(seen?.length).toBe(truth[side].length);
      compared += truth[side].length;
    }
    on.simulator.startMarket();
  }
  expect(compared).toBeGreaterThan(100);
  expect(troubles).toEqual([]);
  streams.unsubscribe([{ kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' }]);
  expect(keeper.book('BTCUSDT')?.levels, 'a book that is not kept any more is not shown').toBeUndefined();
});
