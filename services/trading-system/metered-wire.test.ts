import type { Call, Caller, HttpTransport, Outcome } from '@tradewind/binance';
import { err, ok } from '@tradewind/core/result';
import { PrometheusMetrics } from '@tradewind/telemetry';
import { expect, test } from 'vitest';
import { meteredCaller, meteredHttp } from './metered-wire.ts';

const lines = async (metrics: PrometheusMetrics): Promise<readonly string[]> =>
  (await metrics.text()).split('\n').filter((line) => line.startsWith('api_requests_total{'));

test('I11: a request is counted by its path and status, and nothing of its query is kept', async () => {
  const metrics = new PrometheusMetrics();
  const answers = [
    ok({ status: 200, headers: {}, body: '' }),
    ok({ status: 429, headers: {}, body: '' }),
    err({ kind: 'timed_out' as const }),
  ];
  const http: HttpTransport = { send: async () => answers.shift()! };
  const metered = meteredHttp(http, metrics);
  for (let i = 0; i < 3; i += 1) {
    await metered.send({
      method: 'GET',
      url: 'https://api.example/api/v3/order?signature=canary',
      headers: {},
      timeoutMs: 1,
    });
  }
  expect(await lines(metrics)).toEqual([
    'api_requests_total{endpoint="/api/v3/order",status_code="200"} 1',
    'api_requests_total{endpoint="/api/v3/order",status_code="429"} 1',
    'api_requests_total{endpoint="/api/v3/order",status_code="timed_out"} 1',
  ]);
});

test('a call over the WebSocket API is counted by its method, with the status that REST would have', async () => {
  const metrics = new PrometheusMetrics();
  const outcomes: Outcome<never>[] = [
    { kind: 'failed', failure: { reason: 'refused', code: -2010, message: '', status: 400, retry: 'never' } },
    { kind: 'failed', failure: { reason: 'held_back', limiter: 'weight', retryAtMs: 0 } },
    { kind: 'unknown', cause: { reason: 'server_error', status: 503, message: '' } },
  ];
  const caller: Caller = { perform: async () => outcomes.shift()! };
  const metered = meteredCaller(caller, metrics);
  for (let i = 0; i < 3; i += 1)
    await metered.perform({ socketMethod: 'order.place', path: '/api/v3/order' } as Call<never>);
  expect(await lines(metrics)).toEqual([
    'api_requests_total{endpoint="order.place",status_code="400"} 1',
    'api_requests_total{endpoint="order.place",status_code="held_back"} 1',
    'api_requests_total{endpoint="order.place",status_code="503"} 1',
  ]);
});
