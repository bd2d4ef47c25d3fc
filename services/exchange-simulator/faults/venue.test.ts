import { describe, expect, test } from 'vitest';
import { SECONDS, START_MS, TestSimulator } from '../simulator.test-support.ts';

const SELL = { side: 'SELL', quantity: '1', price: '50000' };
const BUY = { side: 'BUY', quantity: '1', price: '50000' };
const free = (simulator: TestSimulator, asset: string, account = 1): string =>
  simulator
    .ask('GET', '/api/v3/account', {}, account)
    .body.balances.find((balance: { asset: string }) => balance.asset === asset).free;

describe('queries that lag', () => {
  const query = (simulator: TestSimulator, orderId: number) =>
    simulator.ask('GET', '/api/v3/order', { symbol: 'BTCUSDT', orderId: String(orderId) });
  const openIds = (simulator: TestSimulator): number[] =>
    simulator.ask('GET', '/api/v3/openOrders', {}).body.map((order: { orderId: number }) => order.orderId);

  test('O3: an order is not found for a while after it was placed, then it is there', async () => {
    const simulator = new TestSimulator({ faults: [{ fault: 'lag_queries', ms: 2000 }] });
    const { orderId } = simulator.order(SELL).body;
    expect(query(simulator, orderId)).toMatchObject({ status: 400, body: { code: -2013 } });
    expect(openIds(simulator)).toEqual([]);
    await simulator.time.advance(1999);
    expect(query(simulator, orderId).status).toBe(400);
    await simulator.time.advance(1);
    expect(query(simulator, orderId)).toMatchObject({ status: 200, body: { status: 'NEW' } });
    expect(openIds(simulator)).toEqual([orderId]);
  });

  test('O3, U2, B7: fills, balances and orders that have ended are seen late', async () => {
    const simulator = new TestSimulator();
    const { orderId } = simulator.order(SELL).body;
    simulator.install([{ fault: 'lag_queries', ms: 3000 }]);
    await simulator.time.advance(10 * SECONDS);
    simulator.order(BUY, 2);
    const trades = () => simulator.ask('GET', '/api/v3/myTrades', { symbol: 'BTCUSDT' }).body.length;
    const all = () => simulator.ask('GET', '/api/v3/allOrders', { symbol: 'BTCUSDT' }).body[0].status;
    expect([openIds(simulator), trades(), all(), free(simulator, 'USDT')]).toEqual([
      [orderId],
      0,
      'NEW',
      '1000000.00000000',
    ]);
    await simulator.time.advance(3000);
    // 50 000 less the fee of 0.1 %.
    expect([openIds(simulator), trades(), all(), free(simulator, 'USDT')]).toEqual([
      [],
      1,
      'FILLED',
      '1049950.00000000',
    ]);
  });

  test('lagging does not touch what is done, nor other requests', () => {
    const simulator = new TestSimulator({
      faults: [{ fault: 'lag_queries', ms: 60_000, where: { endpoint: 'GET /api/v3/order' } }],
    });
    const { orderId } = simulator.order(SELL).body;
    expect(openIds(simulator)).toEqual([orderId]);
    expect(query(simulator, orderId).status).toBe(400);
    const canceled = simulator.ask('DELETE', '/api/v3/order', {
      symbol: 'BTCUSDT',
      orderId: String(orderId),
    });
    expect(canceled).toMatchObject({ status: 200, body: { status: 'CANCELED' } });
  });
});

describe('orders that end otherwise', () => {
  test('O9: a fill is faster than a cancel, and its event comes later', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'fill_before_cancel', where: { endpoint: 'DELETE /api/v3/order' } },
        { fault: 'delay_event', ms: 5000, where: { fields: { x: 'TRADE' } } },
      ],
    });
    simulator.order({ side: 'SELL', quantity: '2', price: '49000' }, 2);
    const { orderId } = simulator.order(SELL).body;
    const user = simulator.userStream();
    const cancel = simulator.ask('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: String(orderId) });
    expect(cancel).toMatchObject({ status: 400, body: { code: -2011, msg: 'Unknown order sent.' } });
    expect(user.events).toEqual(['outboundAccountPosition']);
    await simulator.time.advance(5000);
    expect(user.events.slice(1)).toEqual(['TRADE FILLED 1.00000000']);
  });

  test('O7, O8: an order trades in part, then the exchange ends it', () => {
    const simulator = new TestSimulator({ faults: [{ fault: 'fill_then_expire', fraction: '0.25' }] });
    const user = simulator.userStream();
    expect(simulator.order(SELL)).toMatchObject({ status: 200, body: { status: 'NEW' } });
    expect(user.events.filter((event) => event !== 'outboundAccountPosition')).toEqual([
      'NEW NEW 0.00000000',
      'TRADE PARTIALLY_FILLED 0.25000000',
      'EXPIRED EXPIRED 0.25000000',
    ]);
  });

  test('a fault that finds nothing to do says why', () => {
    const simulator = new TestSimulator({ faults: [{ fault: 'fill_before_cancel' }] });
    simulator.ask('DELETE', '/api/v3/order', { symbol: 'BTCUSDT', orderId: '99' });
    expect(simulator.host.simulator.faults.status()).toMatchObject([
      { struck: 1, problem: expect.stringContaining('Order does not exist') },
    ]);
  });
});

describe('what the operator does', () => {
  test('B4, B5, B6: money comes, goes, and is locked elsewhere', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'deposit', account: 1, asset: 'BTC', amount: '1.5', when: { from_ms: 100 } },
        { fault: 'withdraw', account: 1, asset: 'BTC', amount: '11', when: { from_ms: 200 } },
        { fault: 'lock', account: 1, asset: 'BTC', amount: '0.25', when: { from_ms: 300 } },
        { fault: 'unlock', account: 1, asset: 'BTC', amount: '0.25', when: { from_ms: 400 } },
        {
          fault: 'withdraw',
          name: 'too much',
          account: 2,
          asset: 'BTC',
          amount: '11',
          when: { from_ms: 400 },
        },
      ],
    });
    const user = simulator.userStream();
    const amounts: string[] = [];
    for (let step = 0; step < 4; step += 1) {
      await simulator.time.advance(100);
      amounts.push(free(simulator, 'BTC'));
    }
    expect(amounts).toEqual(['11.50000000', '0.50000000', '0.25000000', '0.50000000']);
    expect(user.events.filter((event) => event !== 'outboundAccountPosition')).toEqual([
      'balanceUpdate',
      'balanceUpdate',
      'externalLockUpdate',
      'externalLockUpdate',
    ]);
    expect(simulator.host.simulator.faults.status().at(-1)).toMatchObject({
      name: 'too much',
      problem: expect.any(String),
    });
  });

  test('U10: somebody trades by hand with the same account', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'hand_order', account: 1, symbol: 'BTCUSDT', side: 'SELL', quantity: '0.5', price: '50000' },
        { fault: 'cancel_by_hand', account: 1, symbol: 'BTCUSDT', when: { from_ms: 50 } },
      ],
    });
    const user = simulator.userStream();
    await simulator.time.advance(100);
    expect(user.events.filter((event) => event !== 'outboundAccountPosition')).toEqual([
      'NEW NEW 0.00000000',
      'CANCELED CANCELED 0.00000000',
    ]);
  });

  test('M9, M10: a symbol stops trading for a while, with a status that is known or not', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'set_status', symbol: 'BTCUSDT', status: 'MOON', for_ms: 1000, when: { from_ms: 100 } },
      ],
    });
    const status = () => simulator.look('/api/v3/exchangeInfo?symbol=BTCUSDT').body.symbols[0].status;
    await simulator.time.advance(100);
    expect([status(), simulator.order(SELL).body.code]).toEqual(['MOON', -2010]);
    await simulator.time.advance(1000);
    expect([status(), simulator.order(SELL).status]).toEqual(['TRADING', 200]);
  });

  test('M12, M13: tick and lot change while orders rest, a filter goes', async () => {
    const simulator = new TestSimulator({
      faults: [
        {
          fault: 'set_filter',
          symbol: 'BTCUSDT',
          filter: { filterType: 'PRICE_FILTER', minPrice: '1.00', maxPrice: '0.00', tickSize: '1.00' },
          on_request: { where: { endpoint: 'POST *' }, when: { nth: 2 } },
        },
        { fault: 'remove_filter', symbol: 'BTCUSDT', filter_type: 'NOTIONAL', when: { from_ms: 100 } },
      ],
    });
    const cents = { ...SELL, price: '50000.01' };
    expect(simulator.order(cents).status).toBe(200);
    expect(simulator.order(cents)).toMatchObject({
      status: 400,
      body: { code: -1013, msg: 'Filter failure: PRICE_FILTER' },
    });
    await simulator.time.advance(100);
    const [entry] = simulator.look('/api/v3/exchangeInfo?symbol=BTCUSDT').body.symbols;
    const types = entry.filters.map(({ filterType }: { filterType: string }) => filterType);
    expect([types.includes('NOTIONAL'), types.includes('PRICE_FILTER')]).toEqual([false, true]);
  });

  test('M15: one trade is far away', async () => {
    const simulator = new TestSimulator({
      faults: [{ fault: 'print_trade', symbol: 'BTCUSDT', price: '500000', quantity: '0.01', side: 'BUY' }],
    });
    await simulator.time.advance(1);
    expect(simulator.look('/api/v3/ticker/price?symbol=BTCUSDT').body.price).toBe('500000.00000000');
  });

  test('O8: a taker ends where the price range of the exchange ends', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'set_reference_price', symbol: 'BTCUSDT', price: '50000' },
        { fault: 'set_price_range', symbol: 'BTCUSDT', bid_up: '1.01' },
      ],
    });
    await simulator.time.advance(1);
    for (const price of ['50000', '51000']) simulator.order({ side: 'SELL', quantity: '1', price }, 2);
    const taker = simulator.order({ side: 'BUY', quantity: '2', price: '51000' });
    // 51 000 is above 50 000 x 1.01.
    expect(taker.body).toMatchObject({
      status: 'EXPIRED',
      executedQty: '1.00000000',
      expiryReason: 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
    });
  });

  test('C1, C3: the clock of the exchange is wrong, or jumps', async () => {
    const simulator = new TestSimulator({
      faults: [{ fault: 'shift_clock', ms: -5000, for_ms: 1000, when: { from_ms: 100 } }],
    });
    await simulator.time.advance(100);
    expect(simulator.look('/api/v3/time').body.serverTime).toBe(START_MS + 100 - 5000);
    // The client of this test reads the exchange's clock; with its own it is 5 s ahead.
    expect(simulator.order(SELL).status).toBe(200);
    const early = simulator.ask('GET', '/api/v3/account', { recvWindow: '1000' });
    expect(early.status).toBe(200);
    await simulator.time.advance(1000);
    expect(simulator.look('/api/v3/time').body.serverTime).toBe(START_MS + 1100);
    expect(simulator.order(BUY, 2).body.status).toBe('FILLED');
  });

  test('G4: a key is revoked, an account may not trade any more', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'revoke_key', api_key: 'keyOfAccount1' },
        { fault: 'switch_account', account: 2, can_trade: false },
      ],
    });
    await simulator.time.advance(1);
    expect(simulator.order(SELL).body.code).toBe(-2015);
    expect(simulator.order(SELL, 2).body.code).toBe(-2010);
  });

  test('the exchange ends orders, and wipes everything as the testnet does', async () => {
    const simulator = new TestSimulator({
      faults: [
        { fault: 'expire_orders', symbol: 'BTCUSDT', when: { from_ms: 100 } },
        { fault: 'wipe', when: { from_ms: 200 } },
      ],
    });
    const { orderId } = simulator.order(SELL).body;
    const query = () =>
      simulator.ask('GET', '/api/v3/order', { symbol: 'BTCUSDT', orderId: String(orderId) });
    await simulator.time.advance(100);
    expect(query().body).toMatchObject({ status: 'EXPIRED', expiryReason: 'EXCHANGE_CANCELED' });
    await simulator.time.advance(100);
    expect(query().body.code).toBe(-2013);
    expect(free(simulator, 'BTC')).toBe('10.00000000');
  });

  test('a plan that names what does not exist is refused', () => {
    const simulator = new TestSimulator();
    expect(() => simulator.install([{ fault: 'set_status', symbol: 'NOPE', status: 'HALT' }])).toThrow(
      'field faults.0.symbol: the exchange has no symbol NOPE',
    );
    expect(() => simulator.install([{ fault: 'deposit', account: 9, asset: 'NOPE', amount: '1' }])).toThrow(
      'field faults.0.account: there is no account 9; they are numbered from 1, in the order of --account; ' +
        'field faults.0.asset: no symbol of the exchange is about NOPE',
    );
  });
});

test('R1, R3: weight that somebody else used up counts, and what is sent then is refused and banned', () => {
  const simulator = new TestSimulator({
    faults: [{ fault: 'burn_weight', weight: 6000, when: { nth: 1 } }],
  });
  const statuses = Array.from({ length: 12 }, () => simulator.look('/api/v3/ping').status);
  expect(statuses[0]).toBe(429);
  expect(statuses.at(-1)).toBe(418);
});

test('R2: a banned address is answered 418 until its time is over', async () => {
  const simulator = new TestSimulator({ faults: [{ fault: 'ban_address', ms: 120_000, when: { nth: 1 } }] });
  expect(simulator.look('/api/v3/ping')).toMatchObject({ status: 418, headers: { 'retry-after': '120' } });
  await simulator.time.advance(120_000);
  expect(simulator.look('/api/v3/ping').status).toBe(200);
});

test('a handshake is refused with a status', () => {
  const simulator = new TestSimulator({
    faults: [{ fault: 'refuse_socket', status: 429, retry_after_s: 9 }],
  });
  const asked = { method: 'GET', path: '/ws', query: '', headers: {}, body: '', remoteAddress: '192.0.2.1' };
  expect(simulator.host.upgrade(asked)).toEqual({
    kind: 'refused',
    response: { status: 429, headers: { 'retry-after': '9' }, body: '' },
  });
});
