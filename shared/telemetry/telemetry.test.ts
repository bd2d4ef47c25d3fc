import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { jsonLog, operatorPage, otlpProcessor, PrometheusMetrics, Redaction, tracing } from './index.ts';

const CANARY = 'canary-4711/+';

function logging(level: 'debug' | 'info' = 'info') {
  const lines: string[] = [];
  const redaction = new Redaction();
  redaction.hide(CANARY);
  const log = jsonLog({
    service: 'order-execution',
    level,
    clock: new VirtualTime(Date.UTC(2026, 0, 5, 12)),
    redaction,
    destination: { write: (line) => void lines.push(line) },
  });
  return { log, lines };
}

describe('a log line', () => {
  test('is one JSON object with the fields of the contract first', () => {
    const { log, lines } = logging();
    log.write('info', 'order_sent', { symbol: 'BTCUSDT', quantity: '0.01' }, 'BTCUSDT-t7');
    expect(JSON.parse(lines[0]!)).toEqual({
      timestamp: '2026-01-05T12:00:00.000Z',
      level: 'info',
      service: 'order-execution',
      correlation_id: 'BTCUSDT-t7',
      event: 'order_sent',
      symbol: 'BTCUSDT',
      quantity: '0.01',
    });
    expect(lines[0]!.endsWith('\n')).toBe(true);
  });

  test('below the level is not written', () => {
    const { log, lines } = logging();
    log.write('debug', 'tick');
    expect(lines).toEqual([]);
  });

  test('S1: holds no secret, neither by the name of its field nor by its value anywhere', () => {
    const { log, lines } = logging();
    log.write('error', 'call_failed', {
      api_key: 'anything',
      signature: 'abc',
      url: `https://x/?key=${encodeURIComponent(CANARY)}&a=1`,
      message: `the key ${CANARY} is wrong`,
    });
    const line = lines[0]!;
    expect(line).not.toContain('anything');
    expect(line).not.toContain('abc');
    expect(line).not.toContain(CANARY);
    expect(line).not.toContain(encodeURIComponent(CANARY));
    expect(JSON.parse(line)).toMatchObject({ message: 'the key [redacted] is wrong' });
  });

  test('S10: cannot be forged by a value with line breaks, terminal sequences or marks of direction', () => {
    const { log, lines } = logging();
    log.write('warn', 'odd', { asset: 'BTC\n{"level":"error"}\u001b[31m\u202eUSDT' });
    expect(lines).toHaveLength(1);
    for (const mark of ['\n', '\u001b', '\u202e']) expect(lines[0]!.trimEnd()).not.toContain(mark);
  });
});

test('metrics have the names and labels that Prometheus reads, and are made once', async () => {
  const metrics = new PrometheusMetrics();
  const placed = metrics.counter('orders_placed_total', 'orders', ['status', 'symbol']);
  placed.add({ status: 'filled', symbol: 'BTCUSDT' });
  metrics
    .counter('orders_placed_total', 'orders', ['status', 'symbol'])
    .add({ status: 'filled', symbol: 'BTCUSDT' }, 2);
  metrics.gauge('balance_usd', 'balance', ['asset']).set({ asset: 'BTC' }, 12.5);
  metrics
    .histogram('execution_latency_seconds', 'latency', ['operation'])
    .observe({ operation: 'place' }, 0.0003);
  const text = await metrics.text();
  expect(text).toContain('orders_placed_total{status="filled",symbol="BTCUSDT"} 3');
  expect(text).toContain('balance_usd{asset="BTC"} 12.5');
  expect(text).toContain('execution_latency_seconds_bucket{le="0.00025",operation="place"} 0');
  expect(text).toContain('execution_latency_seconds_bucket{le="0.0005",operation="place"} 1');
});

describe('spans', () => {
  const kept = (share: number) => {
    const exporter = new InMemorySpanExporter();
    const tracer = tracing({
      service: 'risk-manager',
      share,
      processor: new SimpleSpanProcessor({ exporter }),
    });
    return { exporter, tracer };
  };

  test('of one correlation id stand in one trace, also when two services made them', () => {
    const [one, other] = [kept(1), kept(1)];
    one.tracer.start('tick', 'BTCUSDT-t7').end();
    other.tracer.start('verdict', 'BTCUSDT-t7', { symbol: 'BTCUSDT' }).end({ outcome: 'approved' });
    const [tick] = one.exporter.getFinishedSpans();
    const [verdict] = other.exporter.getFinishedSpans();
    expect(tick!.spanContext().traceId).toBe(verdict!.spanContext().traceId);
    expect(verdict!.attributes).toEqual({
      correlation_id: 'BTCUSDT-t7',
      symbol: 'BTCUSDT',
      outcome: 'approved',
    });
  });

  test('are kept for about the share of ids that is asked for, all of an id or none', () => {
    const { exporter, tracer } = kept(0.1);
    for (let i = 0; i < 10_000; i += 1) {
      tracer.start('tick', `BTCUSDT-t${i}`).end();
      tracer.start('signal', `BTCUSDT-t${i}`).end();
    }
    const spans = exporter.getFinishedSpans();
    expect(spans.length / 20_000).toBeCloseTo(0.1, 1);
    const byTrace = Map.groupBy(spans, (span) => span.spanContext().traceId);
    for (const ofTrace of byTrace.values()) expect(ofTrace).toHaveLength(2);
  });

  test('go nowhere without harm when their address never answers', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const tracer = tracing({
      service: 's',
      share: 1,
      processor: otlpProcessor(`http://127.0.0.1:${port}/v1/traces`),
    });
    for (let i = 0; i < 5000; i += 1) tracer.start('tick', `t${i}`).end();
    await expect(tracer.close()).resolves.toBeUndefined();
    server.closeAllConnections();
    server.close();
  });
});

test('a service is alive as soon as it runs, and ready when nothing keeps it from its work', async () => {
  const metrics = new PrometheusMetrics();
  const obstacles: string[] = ['the user stream is down'];
  const page = (path: string) => operatorPage(path, { metrics, obstacles: () => obstacles });
  expect(await page('/health')).toMatchObject({ status: 200 });
  expect(await page('/ready')).toMatchObject({
    status: 503,
    body: '{"status":"not_ready","obstacles":["the user stream is down"]}',
  });
  obstacles.pop();
  expect(await page('/ready')).toMatchObject({ status: 200 });
  expect((await page('/metrics'))?.contentType).toContain('text/plain');
  expect(await page('/other')).toBeUndefined();
});
