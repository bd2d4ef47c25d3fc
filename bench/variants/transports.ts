import { once } from 'node:events';
import { connect, createServer } from 'node:http2';
import { type AddressInfo, connect as openSocket } from 'node:net';
import { price, quantity } from '@tradewind/core/money';
import type { Approved, OrderIntent } from '@tradewind/core/orders';
import { type Bus, type CommittedEvent, LocalBus, type RiskManager } from '@tradewind/proto';
import { RedisBus } from '@tradewind/redis';
import { RiskManagerClient, startRpcServer } from '@tradewind/rpc';
import { SeededRandom, silentTelemetry, systemClock, systemTimers } from '@tradewind/utils';
import { OwnRedis } from '../../tools/own-redis.ts';

/** Microseconds of single round trips, one after the other; and how many a second with many at a time. */
export interface TransportLine {
  readonly p50: number;
  readonly p99: number;
  readonly perSecond: number;
}

const WARM_UP = 500;
const ROUND_TRIPS = 2_000;
const AT_A_TIME = 32;
const BURST = 5_000;
const LOCAL_BURST = 200_000;
const CAPACITY = 300_000;
const PONG_BYTES = '+PONG\r\n'.length;

const outside = {
  clock: systemClock,
  timers: systemTimers,
  random: new SeededRandom(1),
  telemetry: silentTelemetry,
};
const intent: OrderIntent = {
  clientOrderId: 'order-1',
  strategy: 'ema-cross',
  symbol: 'BTCUSDT',
  side: 'BUY',
  terms: { type: 'LIMIT', quantity: quantity('0.5'), price: price('60000.01'), timeInForce: 'GTC' },
  tag: 'entry',
  decidedAtMs: 1_700_000_000_000,
};
const event: CommittedEvent = {
  id: 'e1',
  correlationId: 'c1',
  atMs: 1_700_000_000_001,
  service: 'order-execution',
  seq: 1,
  kind: 'intent',
  wanted: intent,
  expiresAtMs: 1_700_000_005_000,
  epoch: 1,
};

async function measured(roundTrip: () => Promise<unknown>): Promise<TransportLine> {
  for (let count = 0; count < WARM_UP; count += 1) await roundTrip();
  const times: number[] = [];
  for (let count = 0; count < ROUND_TRIPS; count += 1) {
    const beganMs = performance.now();
    await roundTrip();
    times.push((performance.now() - beganMs) * 1000);
  }
  let left = BURST;
  const beganMs = performance.now();
  const worker = async (): Promise<void> => {
    for (; left > 0; left -= 1) await roundTrip();
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return { ...percentiles(times), perSecond: (BURST * 1000) / (performance.now() - beganMs) };
}

function percentiles(times: number[]): { readonly p50: number; readonly p99: number } {
  const sorted = times.sort((one, other) => one - other);
  return { p50: sorted[Math.floor(sorted.length / 2)]!, p99: sorted[Math.floor(sorted.length * 0.99)]! };
}

/** From publishing to the handler, one message at a time; then as many as go through. */
async function measuredBus(bus: Bus, burst: number): Promise<TransportLine> {
  let heard: () => void = () => undefined;
  let count = 0;
  bus.subscribe('orders', 'bench', () => {
    count += 1;
    heard();
  });
  const line = await measuredArrivals(
    () =>
      new Promise<void>((resolve) => {
        heard = resolve;
        void bus.publish('orders', event, 'c1');
      }),
  );
  const target = count + burst;
  const all = new Promise<void>((resolve) => {
    heard = () => {
      if (count === target) resolve();
    };
  });
  const beganMs = performance.now();
  for (let sent = 0; sent < burst; sent += 1000) {
    await Promise.all(Array.from({ length: 1000 }, () => bus.publish('orders', event, 'c1')));
  }
  await all;
  return { ...line, perSecond: (burst * 1000) / (performance.now() - beganMs) };
}

async function measuredArrivals(roundTrip: () => Promise<void>) {
  for (let count = 0; count < WARM_UP; count += 1) await roundTrip();
  const times: number[] = [];
  for (let count = 0; count < ROUND_TRIPS; count += 1) {
    const beganMs = performance.now();
    await roundTrip();
    times.push((performance.now() - beganMs) * 1000);
  }
  return percentiles(times);
}

async function rpc(): Promise<TransportLine> {
  const token = 'a token of the benchmark';
  const riskManager = {
    validate: async () => ({
      kind: 'approved',
      approved: intent as Approved<OrderIntent>,
      checks: [],
      epoch: { run: 'bench', changes: 0, letOn: 0, trips: [] },
    }),
  } as Partial<RiskManager> as RiskManager;
  const server = await startRpcServer({ contracts: { riskManager }, token, port: 0, ...outside });
  const client = new RiskManagerClient({
    service: 'risk-manager',
    host: server.host,
    port: server.port,
    token,
    name: 'bench',
    ...outside,
  });
  while (client.health.state !== 'up') await new Promise((resolve) => setTimeout(resolve, 1));
  const line = await measured(() => client.validate(intent, 'c1'));
  client.close();
  await server.close();
  return line;
}

/** As many bytes each way on one stream, and nothing done with them. */
async function http2(): Promise<TransportLine> {
  const body = Buffer.alloc(120, 1);
  const server = createServer();
  server.on('stream', (stream) => {
    stream.respond();
    stream.on('data', (bytes) => stream.write(bytes));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/echo' });
  await once(stream, 'response');
  const waiting: (() => void)[] = [];
  let heard = 0;
  stream.on('data', (bytes: Buffer) => {
    heard += bytes.length;
    for (; heard >= body.length; heard -= body.length) waiting.shift()!();
  });
  const line = await measured(
    () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        stream.write(body);
      }),
  );
  session.destroy();
  server.close();
  return line;
}

async function redis(): Promise<TransportLine> {
  const server = await OwnRedis.start();
  const bus = new RedisBus({
    url: server.url,
    consumer: 'bench',
    ...outside,
    settings: { capacity: CAPACITY },
  });
  const line = await measuredBus(bus, 20_000);
  await bus.close();
  await server.end();
  return line;
}

async function redisPing(): Promise<TransportLine> {
  const server = await OwnRedis.start();
  const socket = openSocket({ host: '127.0.0.1', port: server.port, noDelay: true });
  await once(socket, 'connect');
  const waiting: (() => void)[] = [];
  let bytes = 0;
  socket.on('data', (data) => {
    bytes += data.length;
    for (; bytes >= PONG_BYTES; bytes -= PONG_BYTES) waiting.shift()?.();
  });
  const line = await measured(
    () =>
      new Promise<void>((resolve) => {
        waiting.push(resolve);
        socket.write('PING\r\n');
      }),
  );
  socket.destroy();
  await server.end();
  return line;
}

async function local(): Promise<TransportLine> {
  const bus = new LocalBus({ ...outside, settings: { capacity: CAPACITY } });
  const line = await measuredBus(bus, LOCAL_BURST);
  await bus.close();
  return line;
}

export const runs = {
  rpc: { run: rpc },
  http2: { run: http2 },
  redis: { run: redis },
  'redis-ping': { run: redisPing },
  local: { run: local },
};
