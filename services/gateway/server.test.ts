import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { NOTHING_TRIPPED } from '@tradewind/core/risk';
import { PrometheusMetrics } from '@tradewind/telemetry';
import { silentTelemetry, VirtualTime } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { Gateway, type GatewayParts, startGateway } from './index.ts';

const TOKEN = 'canary-token-of-the-test';

/** What the commanded services were asked for; the rest of them is not there, and not asked. */
async function runningGateway() {
  const asked: unknown[] = [];
  const parts = {
    clock: new VirtualTime(0),
    startedAtMs: 0,
    riskManager: {
      halt: async (order: unknown) => {
        asked.push(order);
        return {
          breakers: NOTHING_TRIPPED,
          storedIn: ['ledger', 'file'],
          canceled: ['BTCUSDT'],
          unproven: [],
        };
      },
      resume: async () => ({
        kind: 'refused',
        reason: 'not_stored',
        detail: 'the halt file cannot be written',
      }),
    },
    orderExecution: {
      cancel: async (command: unknown) => {
        asked.push(command);
        return { kind: 'unknown', detail: 'no answer came' };
      },
      cancelAll: async () => {
        throw new Error(`a failure with ${TOKEN}`);
      },
    },
  } as unknown as GatewayParts;
  const running = await startGateway({
    gateway: new Gateway(parts),
    host: '127.0.0.1',
    port: 0,
    token: TOKEN,
    operated: { metrics: new PrometheusMetrics(), obstacles: () => [] },
    telemetry: silentTelemetry,
  });
  onTestFinished(() => running.stop());
  return { asked, port: running.port };
}

interface Sent {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}
const authorized = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };
const HALT = {
  scope: { kind: 'system' },
  state: 'halted',
  cancels_orders: true,
  by: 'a person',
  why: 'a test',
};

function send(
  port: number,
  { method = 'POST', path = '/api/v1/halt', headers = authorized, body = JSON.stringify(HALT) }: Sent,
) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const request = httpRequest({ host: '127.0.0.1', port, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

test('a halt is handed on, and the answer says where it is stored and what is canceled', async () => {
  const { port, asked } = await runningGateway();
  const answer = await send(port, {});
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    trips: [],
    stored_in: ['ledger', 'file'],
    canceled: ['BTCUSDT'],
    unproven: [],
  });
  expect(asked).toEqual([
    { scope: { kind: 'system' }, state: 'halted', cancelsOrders: true, by: 'a person', why: 'a test' },
  ]);
});

test('what a service refuses is a 409 with its reason, and what nobody knows is told as unknown', async () => {
  const { port, asked } = await runningGateway();
  const resume = await send(port, {
    path: '/api/v1/resume',
    body: JSON.stringify({ scope: { kind: 'system' }, by: 'p', why: 'w' }),
  });
  expect([resume.status, JSON.parse(resume.body)]).toEqual([
    409,
    { reason: 'not_stored', detail: 'the halt file cannot be written' },
  ]);
  const cancel = await send(port, {
    path: '/api/v1/orders/cancel',
    body: JSON.stringify({ symbol: 'BTCUSDT', client_order_id: 'order-1', by: 'p' }),
  });
  expect([cancel.status, JSON.parse(cancel.body)]).toEqual([
    200,
    { outcome: 'unknown', detail: 'no answer came' },
  ]);
  expect(asked).toMatchObject([{ symbol: 'BTCUSDT', clientOrderId: 'order-1', by: 'p' }]);
});

test.each<[string, Sent, number]>([
  ['S5: no token', { headers: { 'content-type': 'application/json' } }, 401],
  ['S5: a wrong token', { headers: { ...authorized, authorization: 'Bearer wrong' } }, 401],
  [
    'S5: a token that begins like ours',
    { headers: { ...authorized, authorization: `Bearer ${TOKEN}x` } },
    401,
  ],
  ['S2: text instead of JSON', { headers: { ...authorized, 'content-type': 'text/plain' } }, 415],
  [
    'S2: a form instead of JSON',
    { headers: { ...authorized, 'content-type': 'application/x-www-form-urlencoded' } },
    415,
  ],
  ['S3: the host of a page that points here', { headers: { ...authorized, host: 'attacker.example' } }, 421],
  ['S7: a prototype', { body: '{"__proto__":{"a":1}}' }, 400],
  ['S7: a constructor', { body: '{"constructor":{"prototype":{"a":1}}}' }, 400],
  ['S8: a body over 16 kB', { body: JSON.stringify({ ...HALT, why: 'x'.repeat(20_000) }) }, 413],
  ['S8: a hundred thousand levels', { body: `${'['.repeat(8000)}${']'.repeat(8000)}` }, 400],
  ['S11: a field too many', { body: JSON.stringify({ ...HALT, bypassRisk: true }) }, 400],
  ['a field that is missing', { body: JSON.stringify({ ...HALT, why: undefined }) }, 400],
  ['no JSON', { body: '{' }, 400],
  ['a path that is none', { path: '/api/v1/nothing' }, 404],
])('%s is refused, and nobody is asked for anything', async (_title, sent, status) => {
  const { port, asked } = await runningGateway();
  const answer = await send(port, sent);
  expect([answer.status, asked]).toEqual([status, []]);
  expect(answer.body).not.toContain(TOKEN);
  expect(answer.body).not.toMatch(/\bat .*:\d+:\d+/);
});

test('S1: a failure inside is told without its words', async () => {
  const { port } = await runningGateway();
  const answer = await send(port, {
    path: '/api/v1/cancel-all',
    body: JSON.stringify({ by: 'p', why: 'w' }),
  });
  expect(answer).toEqual({
    status: 500,
    body: '{"reason":"failed","detail":"the gateway could not answer; its log says why"}',
  });
});

test('S9: sockets that never finish a request do not keep a halt from getting through', async () => {
  const { port } = await runningGateway();
  const slow = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
  onTestFinished(() => slow.forEach((socket) => void socket.destroy()));
  for (const socket of slow) {
    socket.on('error', () => undefined);
    socket.write('POST /api/v1/halt HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ');
  }
  expect((await send(port, {})).status).toBe(200);
});

test('health and metrics need no token', async () => {
  const { port } = await runningGateway();
  for (const path of ['/health', '/ready', '/metrics']) {
    expect((await send(port, { method: 'GET', path, headers: {}, body: '' })).status).toBe(200);
  }
});

test('a port that is taken is told as such', async () => {
  const { port } = await runningGateway();
  await expect(
    startGateway({
      gateway: new Gateway({ startedAtMs: 0 } as unknown as GatewayParts),
      host: '127.0.0.1',
      port,
      token: TOKEN,
      operated: { metrics: new PrometheusMetrics(), obstacles: () => [] },
      telemetry: silentTelemetry,
    }),
  ).rejects.toThrow(`gateway 127.0.0.1:${port}: another program listens there`);
});
