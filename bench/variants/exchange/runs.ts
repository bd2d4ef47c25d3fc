import { httpRequest, loadOverHttp } from './http-load.ts';
import { restOrder, webSocketOrder } from './orders.ts';
import { type Handling, type ServerKind, ServerProcess } from './server-process.ts';
import { framesOf, WebSocketConnection } from './web-socket-connection.ts';

/** Orders a second by the clock, and what the server's process used for each. */
export interface ThroughputLine {
  readonly ordersPerSecond: number;
  readonly serverMicroseconds: number;
}

/** From the moment an order was written to its answer, in milliseconds; and how long of it the server had it in hand. */
export interface LatencyLine extends Handling {
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  /** How far behind the load itself was, at worst: what is late because the machine was busy elsewhere. */
  readonly loadLateMsMax: number;
}

/** Half of the orders is not counted: V8 needs tens of thousands of them until it has compiled everything. */
const WARM_UP = 1 / 2;
const REST_ORDERS = 80_000;
const REST_CONNECTIONS = 16;
const WEB_SOCKET_ORDERS = 200_000;
const WEB_SOCKETS = 4;
/** Orders on their way on each socket. */
const PIPELINE = 64;
const LATENCY_WARM_UP = 60_000;
const LATENCY_ORDERS = 15_000;
const LATENCY_RATE = 5000;

const rest = (kind: ServerKind) => ({
  run: () =>
    withServer(kind, async (server): Promise<ThroughputLine> => {
      const nowMs = Date.now();
      const requests = Array.from({ length: REST_ORDERS }, (_, i) => {
        const { apiKey, body } = restOrder(i, nowMs);
        return httpRequest('/api/v3/order', apiKey, body);
      });
      return measure(server, REST_ORDERS, (warmUp, counted) =>
        loadOverHttp(server.port, REST_CONNECTIONS, requests, warmUp, counted),
      );
    }),
});

const webSocket = (kind: ServerKind) => ({
  run: () =>
    withServer(kind, (server): Promise<ThroughputLine> => {
      const shares = share(WEB_SOCKET_ORDERS);
      return measure(server, WEB_SOCKET_ORDERS, async (warmUp, counted) => {
        let answers = 0;
        const finished = Promise.withResolvers<void>();
        const connections = await Promise.all(
          shares.map(async (frames) => {
            const connection = await WebSocketConnection.open(server.port, frames, (payload) => {
              check(payload, kind);
              answers += 1;
              if (answers === warmUp || answers === WEB_SOCKET_ORDERS) counted();
              if (answers === WEB_SOCKET_ORDERS) finished.resolve();
              connection.sendSoon();
            });
            return connection;
          }),
        );
        for (const connection of connections) connection.send(PIPELINE);
        await finished.promise;
        for (const connection of connections) connection.close();
      });
    }),
});

const latency = (kind: ServerKind) => ({
  run: () =>
    withServer(kind, async (server): Promise<LatencyLine> => {
      const orders = LATENCY_WARM_UP + LATENCY_ORDERS;
      const sentAt = new Float64Array(orders);
      const latencies: number[] = [];
      const isWarm = Promise.withResolvers<void>();
      const isFinished = Promise.withResolvers<void>();
      let answers = 0;
      const connections = await Promise.all(
        share(orders).map(async (frames) => {
          const connection = await WebSocketConnection.open(server.port, frames, (payload) => {
            check(payload, kind);
            const order = idOf(payload);
            if (order >= LATENCY_WARM_UP) latencies.push(performance.now() - sentAt[order]!);
            else if (connection.promised < LATENCY_WARM_UP / WEB_SOCKETS) connection.sendSoon();
            answers += 1;
            if (answers === LATENCY_WARM_UP) isWarm.resolve();
            if (answers === orders) isFinished.resolve();
          });
          return connection;
        }),
      );
      for (const connection of connections) connection.send(PIPELINE);
      await isWarm.promise;
      await server.handling();
      const loadLateMsMax = pace((order) => {
        sentAt[LATENCY_WARM_UP + order] = performance.now();
        connections[order % WEB_SOCKETS]!.send(1);
      });
      await isFinished.promise;
      for (const connection of connections) connection.close();
      latencies.sort((a, b) => a - b);
      const percentile = (part: number): number => latencies[Math.ceil(latencies.length * part) - 1]!;
      return {
        p50: percentile(0.5),
        p99: percentile(0.99),
        p999: percentile(0.999),
        loadLateMsMax: await loadLateMsMax,
        ...(await server.handling()),
      };
    }),
});

/**
 * Has orders sent at their times, whatever has been answered, so that a slow answer does not hide what waits behind it.
 * @returns how late the latest was, in milliseconds
 */
function pace(send: (order: number) => void): Promise<number> {
  return new Promise((resolve) => {
    const startMs = performance.now();
    let sent = 0;
    let lateMsMax = 0;
    const go = (): void => {
      const elapsedMs = performance.now() - startMs;
      for (; sent < LATENCY_ORDERS && (sent * 1000) / LATENCY_RATE <= elapsedMs; sent += 1) {
        lateMsMax = Math.max(lateMsMax, elapsedMs - (sent * 1000) / LATENCY_RATE);
        send(sent);
      }
      if (sent === LATENCY_ORDERS) {
        resolve(lateMsMax);
        return;
      }
      sleepUntil(startMs + (sent * 1000) / LATENCY_RATE);
      setImmediate(go);
    };
    go();
  });
}

/**
 * Nothing is heard meanwhile, so an answer counts as up to a fifth of a millisecond later than it came. A load that turns its event
 * loop instead keeps a processor busy, and with both of two busy a virtual machine is stopped for 4 to 40 ms at a time: it would measure
 * little else.
 */
function sleepUntil(dueMs: number): void {
  const ms = dueMs - performance.now();
  if (ms > 0) Atomics.wait(NOBODY_WAKES, 0, 0, ms);
}
const NOBODY_WAKES = new Int32Array(new SharedArrayBuffer(4));

/** Orders dealt out to the sockets, one each in turn. */
const share = (orders: number) => {
  const nowMs = Date.now();
  return Array.from({ length: WEB_SOCKETS }, (_, socket) =>
    framesOf(
      Array.from({ length: orders / WEB_SOCKETS }, (_, i) => webSocketOrder(i * WEB_SOCKETS + socket, nowMs)),
    ),
  );
};

const ID_START = '{"id":'.length;
const DIGIT_0 = 48;

function idOf(payload: Buffer): number {
  let id = 0;
  for (let at = ID_START; at < payload.length; at += 1) {
    const digit = payload[at]! - DIGIT_0;
    if (digit < 0 || digit > 9) break;
    id = id * 10 + digit;
  }
  return id;
}

/** An order that was refused is cheaper than one that was taken. */
function check(payload: Buffer, kind: ServerKind): void {
  if (kind !== 'simulator' && kind !== 'timed-simulator') return;
  if (payload.indexOf('"status":200') < 0) throw new Error(`not accepted: ${payload.toString()}`);
}

async function withServer<Line>(
  kind: ServerKind,
  work: (server: ServerProcess) => Promise<Line>,
): Promise<Line> {
  const server = await ServerProcess.start(kind);
  try {
    return await work(server);
  } finally {
    server.stop();
  }
}

/** Counts from the end of the warm-up to the last answer. */
async function measure(
  server: ServerProcess,
  orders: number,
  load: (warmUp: number, counted: () => void) => Promise<void>,
): Promise<ThroughputLine> {
  const warmUp = orders * WARM_UP;
  const instants: number[] = [];
  const cpu: Promise<number>[] = [];
  await load(warmUp, () => {
    instants.push(performance.now());
    cpu.push(server.cpuNanoseconds());
  });
  const [from, to] = await Promise.all(cpu);
  const [startMs, endMs] = instants;
  return {
    ordersPerSecond: ((orders - warmUp) * 1000) / (endMs! - startMs!),
    serverMicroseconds: (to! - from!) / 1000 / (orders - warmUp),
  };
}

export const runs = {
  rest: rest('simulator'),
  'rest-floor': rest('http'),
  'web-socket': webSocket('simulator'),
  'web-socket-floor': webSocket('echo'),
  latency: latency('timed-simulator'),
  'latency-floor': latency('timed-echo'),
} as const;
