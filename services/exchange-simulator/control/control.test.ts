import { expect, test } from 'vitest';
import { BODY_BYTES_MAX } from '../server/body.ts';
import { describeListenProblem, startServer } from '../server/server.ts';
import { someMarket, TestSimulator } from '../simulator.test-support.ts';
import { ControlFront } from './control-front.ts';

const HEADERS = { host: '127.0.0.1:8091' };

function opened() {
  const simulator = new TestSimulator({ market: someMarket(1) });
  const front = new ControlFront(simulator.host);
  const ask = (
    method: string,
    target: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = HEADERS,
  ) => {
    const [path = '', query = ''] = target.split('?');
    const text = body === undefined || typeof body === 'string' ? (body ?? '') : JSON.stringify(body);
    let answer: { status: number; body: string } | undefined;
    front.request(
      { method, path, query, headers, body: text, remoteAddress: '127.0.0.1' },
      { answer: (response) => (answer = response), cut: () => undefined },
    );
    return { status: answer!.status, body: JSON.parse(answer!.body) };
  };
  return { simulator, ask };
}

test('it says what it can do', () => {
  const { ask } = opened();
  const routes = ask('GET', '/').body.map(({ method, path }: Record<string, string>) => `${method} ${path}`);
  expect(routes).toContain('PUT /faults');
  expect(ask('GET', '/nothing')).toMatchObject({ status: 404 });
  expect(ask('DELETE', '/state')).toEqual({ status: 405, body: { error: '/state is for GET, PUT' } });
});

test('a fault plan is installed, watched and taken away', () => {
  const { simulator, ask } = opened();
  const plan = { faults: [{ fault: 'fail_request', name: 'down', error: 'timeout' }] };
  expect(ask('PUT', '/faults', plan)).toEqual({
    status: 200,
    body: [{ name: 'down', fault: 'fail_request', seen: 0, struck: 0 }],
  });
  expect(simulator.look('/api/v3/ping').status).toBe(504);
  expect(ask('GET', '/status').body.faults).toMatchObject([{ name: 'down', struck: 1 }]);
  expect(ask('GET', '/faults').body).toEqual(plan);
  expect(ask('DELETE', '/faults').status).toBe(200);
  expect(simulator.look('/api/v3/ping').status).toBe(200);
});

test('what is wrong with a plan, an action or a body is told', () => {
  const { ask } = opened();
  expect(ask('PUT', '/faults', { faults: [{ fault: 'nope' }] })).toEqual({
    status: 400,
    body: { error: 'field faults.0.fault: there is no kind of fault "nope"' },
  });
  expect(ask('PUT', '/faults', '{').body.error).toMatch(/^the body is not JSON: /);
  expect(ask('POST', '/actions', { fault: 'lose_answer' }).status).toBe(400);
  expect(
    ask('POST', '/actions', { fault: 'withdraw', account: 1, asset: 'BTC', amount: '11' }),
  ).toMatchObject({
    status: 400,
    body: { error: expect.stringMatching(/^field withdraw: /) },
  });
});

test('the true orders, fills, trades and balances can be seen, of one account or of all', () => {
  const { simulator, ask } = opened();
  simulator.order({ side: 'SELL', quantity: '0.5', price: '50000' });
  simulator.order({ side: 'BUY', quantity: '0.5', price: '50000' }, 2);
  expect(ask('GET', '/oracle/orders?symbol=BTCUSDT&account=2').body).toMatchObject([
    { account: 2, side: 'BUY', status: 'FILLED', price: '50000.00000000', executedQuantity: '0.50000000' },
  ]);
  expect(ask('GET', '/oracle/fills?symbol=BTCUSDT').body).toHaveLength(2);
  expect(ask('GET', '/oracle/trades?symbol=BTCUSDT').body).toMatchObject([{ price: '50000.00000000' }]);
  const [seller] = ask('GET', '/oracle/accounts').body;
  // 25 000 less 0.1 %.
  expect(seller.balances).toEqual([
    { asset: 'BTC', free: '9.50000000', locked: '0.00000000' },
    { asset: 'USDT', free: '1024975.00000000', locked: '0.00000000' },
  ]);
  expect(seller.standardCommission).toMatchObject({ maker: '0.001', taker: '0.001' });
  expect(ask('GET', '/oracle/lists').body).toEqual([]);
  expect(ask('GET', '/oracle/book?symbol=ETHUSDT').body).toMatchObject({ bids: [], asks: [] });
  expect(ask('GET', '/oracle/orders?symbol=NOPE')).toMatchObject({ status: 400 });
});

test('an action is done at once', () => {
  const { simulator, ask } = opened();
  expect(ask('POST', '/actions', { fault: 'set_status', symbol: 'BTCUSDT', status: 'HALT' }).status).toBe(
    200,
  );
  expect(simulator.look('/api/v3/exchangeInfo?symbol=BTCUSDT').body.symbols[0].status).toBe('HALT');
});

test('a state is saved and put back', () => {
  const { simulator, ask } = opened();
  const saved = ask('GET', '/state').body;
  simulator.order({ side: 'SELL', quantity: '0.5', price: '50000' });
  expect(ask('PUT', '/state', saved)).toEqual({ status: 200, body: null });
  expect(ask('GET', '/oracle/orders?symbol=BTCUSDT&account=1').body).toEqual([]);
  expect(ask('PUT', '/state', { some: 'thing' })).toMatchObject({ status: 400 });
});

test('a state may be longer than any request of the exchange', async () => {
  const { simulator, ask } = opened();
  const server = await startServer(new ControlFront(simulator.host), { host: '127.0.0.1', port: 0 });
  if (!server.ok) throw new Error(describeListenProblem(server.error));
  try {
    const body = JSON.stringify(ask('GET', '/state').body) + ' '.repeat(BODY_BYTES_MAX);
    const answer = await fetch(`http://127.0.0.1:${server.value.port}/state`, { method: 'PUT', body });
    expect(answer.status).toBe(200);
  } finally {
    await server.value.stop();
  }
});

test.each([
  ['no exchange', { version: 1, exchange: null }],
  ['an exchange without accounts', { version: 1, exchange: { version: 1, state: {} } }],
  ['accounts that are none', { version: 1, exchange: { version: 1, state: { accounts: [7] } } }],
])('a state with %s is refused, and everything goes on', (_, state) => {
  const { simulator, ask } = opened();
  simulator.order({ side: 'SELL', quantity: '0.5', price: '50000' });
  expect(ask('PUT', '/state', state).body.error).toContain('this state cannot be put back');
  expect(ask('GET', '/oracle/orders?symbol=BTCUSDT&account=1').body).toHaveLength(1);
});

test('the market is started, stopped and moved on', () => {
  const { simulator, ask } = opened();
  expect(ask('POST', '/market/start').status).toBe(200);
  expect(ask('POST', '/market/advance?ms=1000').body.error).toBe('the market runs; stop it first');
  expect(ask('POST', '/market/stop').status).toBe(200);
  expect(ask('POST', '/market/advance?ms=1000').status).toBe(200);
  expect(ask('POST', '/market/advance?ms=0').status).toBe(400);
  expect(simulator.exchange.lastUpdateId('BTCUSDT')).toBeGreaterThan(0);
});

test('S2, S3: a page in a browser cannot reach it, nor one that has this machine under another name', () => {
  const { ask } = opened();
  expect(ask('GET', '/status', undefined, { ...HEADERS, origin: 'https://example.com' }).status).toBe(403);
  expect(ask('GET', '/status', undefined, { host: 'rebound.example.com:8091' }).status).toBe(403);
  expect(ask('GET', '/status', undefined, {}).status).toBe(403);
  expect(ask('GET', '/status', undefined, { host: 'localhost:8091' }).status).toBe(200);
  expect(ask('GET', '/status', undefined, { host: '[::1]:8091' }).status).toBe(200);
});
