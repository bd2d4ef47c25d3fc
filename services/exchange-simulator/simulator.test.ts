import { expect, test } from 'vitest';
import { SECONDS, someMarket, TestSimulator, TestSocket } from './simulator.test-support.ts';

/** A session with everything in it: the texts of a stream's socket and of a user stream, and the answers to some orders. */
async function session(faults: readonly object[], faultSeed = 1): Promise<string[]> {
  const simulator = new TestSimulator({ faults, faultSeed, market: someMarket(7) });
  simulator.host.simulator.startMarket();
  const streams = new TestSocket(
    simulator,
    '/stream?streams=btcusdt@trade/btcusdt@depth@100ms/btcusdt@bookTicker',
  );
  const user = simulator.userStream();
  const answers: string[] = [];
  for (let round = 0; round < 20; round += 1) {
    await simulator.time.advance(500);
    const { status, body } = simulator.order({
      side: round % 2 === 0 ? 'BUY' : 'SELL',
      quantity: '0.01',
      price: '60000',
    });
    answers.push(`${status} ${JSON.stringify(body)}`);
  }
  simulator.host.stop();
  return [...streams.texts, ...user.texts, ...answers];
}

const NEVER = { rate: 0 };

test('faults that do not strike change no byte of anything', async () => {
  const untouched = await session([]);
  expect(untouched.length).toBeGreaterThan(200);
  const watched = await session([
    { fault: 'lose_answer', when: NEVER },
    { fault: 'edit_answer', set: { a: 1 }, when: NEVER },
    { fault: 'drop_event', when: NEVER },
    { fault: 'drop_message', when: NEVER },
    { fault: 'mute_socket', when: NEVER },
    { fault: 'lag_queries', ms: 1000, when: NEVER },
    { fault: 'wipe', on_request: { when: NEVER } },
  ]);
  expect(watched).toEqual(untouched);
});

test('the same seeds give the same market and the same misbehaviour', async () => {
  const faults = [
    { fault: 'lose_answer', when: { rate: 0.2 } },
    { fault: 'drop_message', when: { rate: 0.05 } },
    { fault: 'delay_event', ms: [0, 900], when: { rate: 0.5 } },
  ];
  const one = await session(faults);
  expect(await session(faults)).toEqual(one);
  expect(await session(faults, 2)).not.toEqual(one);
});

test('a socket is pinged, and ends after a day', async () => {
  const simulator = new TestSimulator();
  const sockets = ['/ws', '/ws-api/v3'].map((path) => new TestSocket(simulator, path));
  await simulator.time.advance(24 * 3600 * SECONDS - 1);
  expect(sockets.map(({ isOpen }) => isOpen)).toEqual([true, true]);
  await simulator.time.advance(1);
  expect(sockets.map(({ messages }) => messages.at(-1))).toEqual(['closed 1001', 'closed 1001']);
  expect(simulator.time.pending).toBe(0);
});

test('U8: everybody is told of a shutdown in the words of his own connection', async () => {
  const simulator = new TestSimulator({
    faults: [{ fault: 'shut_down', notice_ms: 1000, when: { from_ms: 50 } }],
  });
  const sockets = ['/ws', '/stream', '/ws-api/v3'].map((path) => new TestSocket(simulator, path));
  await simulator.time.advance(50);
  const event = { e: 'serverShutdown', E: 1_700_000_000_050 };
  expect(sockets.map(({ messages }) => messages)).toEqual([
    [event],
    [{ stream: '!serverShutdown', data: event }],
    [{ event }],
  ]);
  await simulator.time.advance(1000);
  expect(sockets.every(({ isOpen }) => !isOpen)).toBe(true);
});

test('a saved exchange goes on where it stood, with its market', async () => {
  const first = new TestSimulator({ market: someMarket(3) });
  first.host.simulator.startMarket();
  await first.time.advance(5 * SECONDS);
  const { orderId } = first.order({ side: 'BUY', quantity: '0.5', price: '40000' }).body;
  first.host.simulator.pauseMarket();
  const saved = JSON.parse(JSON.stringify(first.host.simulator.save()));
  const last = first.look('/api/v3/ticker/price?symbol=BTCUSDT').body.price;

  const second = new TestSimulator({ market: someMarket(4), saved });
  const query = { symbol: 'BTCUSDT', orderId: String(orderId) };
  expect(second.ask('GET', '/api/v3/order', query).body).toMatchObject({
    status: 'NEW',
    price: '40000.00000000',
  });
  expect(second.look('/api/v3/ticker/price?symbol=BTCUSDT').body.price).toBe(last);
  second.host.simulator.startMarket();
  await second.time.advance(10 * SECONDS);
  const now = Number(second.look('/api/v3/ticker/price?symbol=BTCUSDT').body.price);
  expect(Math.abs(now / Number(last) - 1)).toBeLessThan(0.05);
  // The former market's orders make room for those of the new one: the book has two sides that do not cross.
  const { bids, asks } = second.look('/api/v3/depth?symbol=BTCUSDT&limit=5').body;
  expect(Number(bids[0][0])).toBeLessThan(Number(asks[0][0]));
  second.host.stop();
});

test('a running exchange is put back to a state; sockets are cut and faults are gone', async () => {
  const simulator = new TestSimulator({ market: someMarket(3) });
  simulator.host.simulator.startMarket();
  await simulator.time.advance(2 * SECONDS);
  const saved = simulator.host.simulator.save();
  const { orderId } = simulator.order({ side: 'BUY', quantity: '0.5', price: '40000' }).body;
  simulator.install([{ fault: 'fail_request', error: 'timeout' }]);
  const user = simulator.userStream();
  expect(simulator.host.load(saved)).toMatchObject({ ok: true });
  expect(user.isOpen).toBe(false);
  expect(simulator.host.simulator.marketIsRunning).toBe(true);
  const query = { symbol: 'BTCUSDT', orderId: String(orderId) };
  expect(simulator.ask('GET', '/api/v3/order', query).body.code).toBe(-2013);
  simulator.host.stop();
  const strange = { version: 1, exchange: { version: 99, state: {} }, marketAccounts: [] };
  expect(simulator.host.load(strange as never)).toMatchObject({ ok: false });
});

test('a market that is stopped stands still, and can be moved on', async () => {
  const simulator = new TestSimulator({ market: someMarket(5) });
  const { host, time } = simulator;
  host.simulator.startMarket();
  await time.advance(2 * SECONDS);
  host.simulator.pauseMarket();
  const updates = () => simulator.exchange.lastUpdateId('BTCUSDT');
  const before = updates();
  await time.advance(60 * SECONDS);
  expect(updates()).toBe(before);
  expect(host.simulator.advanceMarket(5 * SECONDS)).toBeUndefined();
  const after = updates();
  expect(after).toBeGreaterThan(before + 20);
  host.simulator.startMarket();
  expect(host.simulator.advanceMarket(1)).toBe('it_runs');
  await time.advance(2 * SECONDS);
  expect(updates()).toBeGreaterThan(after);
  host.stop();
  const ended = updates();
  await time.advance(10 * SECONDS);
  expect(updates()).toBe(ended);
});

test('C3: the clock of the exchange may jump back and forth while the market runs and streams are open', async () => {
  const simulator = new TestSimulator({ market: someMarket(6) });
  simulator.host.simulator.startMarket();
  const streams =
    '/stream?streams=btcusdt@kline_1s/btcusdt@kline_1m/btcusdt@ticker/btcusdt@avgPrice/btcusdt@trade';
  const socket = new TestSocket(simulator, streams);
  for (const ms of [-5000, 5000, -3_600_000, 7_200_000, -86_400_000]) {
    await simulator.time.advance(3 * SECONDS);
    simulator.install([{ fault: 'shift_clock', ms }]);
    await simulator.time.advance(3 * SECONDS);
    expect(simulator.look('/api/v3/klines?symbol=BTCUSDT&interval=1s').status).toBe(200);
    expect(simulator.look('/api/v3/ticker/24hr?symbol=BTCUSDT').status).toBe(200);
    expect(simulator.order({ side: 'BUY', quantity: '0.01', price: '50000' }).status).toBe(200);
  }
  expect(socket.isOpen).toBe(true);
  expect(socket.messages.length).toBeGreaterThan(50);
  simulator.host.stop();
});
