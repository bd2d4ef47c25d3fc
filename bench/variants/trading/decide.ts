import { setTimeout as pause } from 'node:timers/promises';
import type { SocketTransport } from '@tradewind/binance';
import { MemoryWire } from '@tradewind/paper-exchange';
import { LedgerReader } from '@tradewind/postgres';
import type { Ledger, TradingEvent } from '@tradewind/proto';
import { MemoryLedger } from '@tradewind/proto/ledger';
import { systemClock, systemTimers, type Timers } from '@tradewind/utils';
import { webSocketOrder } from '../exchange/orders.ts';
import type { VariantOptions } from '../options.ts';
import { LineWire } from './line-wire.ts';
import { MarketLine } from './market-line.ts';
import { NumberingLedger } from './numbering-ledger.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { openPostgres, withFolder } from './postgres.ts';
import { orderAtTrades } from './strategies.ts';
import { startSystem, telemetryIn } from './system.ts';
import { BenchVenue, connectionOver, urlsAt } from './venue.ts';

/** Microseconds. */
export interface DecideLine {
  readonly orders: number;
  /** From the moment at which the bytes of the tick were handed over to that at which the transport had the signed order. */
  readonly fromTick: Percentiles;
  /** From the moment at which the tick was due: what was late because the process was busy is in it. */
  readonly fromDue: Percentiles;
}

export interface DecideLines {
  /** 5000 messages and 250 orders a second, each when it is due. */
  readonly openLoop: DecideLine;
  /** Four times as many of both: a processor has forgotten less of what it ran last. */
  readonly busy: DecideLine;
  /** An order about every ms, when all that the one before led to is over. */
  readonly oneByOne: DecideLine;
}

export interface DurableLine extends DecideLine {
  /** One row of 1000 bytes, committed by the same server in between. */
  readonly row: Percentiles;
  /** One event, committed by the ledger in between. */
  readonly single: Percentiles;
}

const SYMBOLS = ['BTCUSDT'];
/** Two of ten messages are trades. */
const MESSAGES_PER_TRADE = 5;
/** A tick whose order does not come was refused, and nothing that is measured after it is true. */
const ANSWERED_WITHIN_MS = 5_000;
/** Of the event loop between two messages of a load that waits, enough for an answer to come and to be booked. */
const TURNS = 10;
/** 5000 messages a second, one in twenty of which leads to an order. */
const OPEN_LOOP = { ordersPerSecond: 250, tradesPerOrder: 4 };
const BUSY = 4;
/** One after the other: V8 compiles what has run often, and what has run half as often is not compiled to the end. */
const WARM_UP_ORDERS = 10_000;
const DURABLE = { ordersPerSecond: 40, tradesPerOrder: 1 };
const DURABLE_WARM_UP_ORDERS = 1_500;
const DURABLE_WARM_UP_PER_SECOND = 150;

/** Messages that are delivered when they are due, whatever became of those before. */
class OpenLoop {
  private fromTick: number[] = [];
  private fromDue: number[] = [];
  private readonly deliver: (message: Buffer) => void;
  private readonly line: MarketLine;
  private readonly sentTicks: {
    readonly dueMs: number;
    readonly atMs: number;
  }[] = [];
  private answered = 0;
  private readonly tradesPerOrder: number;

  constructor(line: MarketLine, tradesPerOrder: number, deliver: (message: Buffer) => void) {
    this.line = line;
    this.tradesPerOrder = tradesPerOrder;
    this.deliver = deliver;
  }

  /** An order is with the transport. Orders leave in the order of their ticks. */
  ordered(): void {
    const nowMs = performance.now();
    const tick = this.sentTicks[this.answered];
    // What was ordered before the load began is not counted.
    if (tick === undefined) return;
    this.answered += 1;
    this.fromTick.push((nowMs - tick.atMs) * 1000);
    this.fromDue.push((nowMs - tick.dueMs) * 1000);
  }

  async run(orders: number, perSecond: number, between?: () => Promise<void>): Promise<void> {
    const { messagesPerOrder } = this;
    const everyMs = 1000 / (perSecond * messagesPerOrder);
    const beginMs = performance.now();
    let work: Promise<void> | undefined;
    for (let sent = 0; sent < orders * messagesPerOrder; sent += 1) {
      const dueMs = beginMs + sent * everyMs;
      const next = this.nextMessage();
      // At least once, so that what is late does not keep the others waiting even longer.
      do await new Promise((resolve) => setImmediate(resolve));
      while (performance.now() < dueMs);
      this.send(next, dueMs);
      // Five messages after a trade its order has long been answered.
      if (between !== undefined && sent % messagesPerOrder === 0) {
        await work;
        work = between();
      }
    }
    await work;
    const untilMs = performance.now() + ANSWERED_WITHIN_MS;
    while (this.answered < this.sentTicks.length) {
      this.mustBeAnsweredBefore(untilMs);
      await pause(5);
    }
  }

  /** One order after the other, and much else in between: what a processor has not run for a while it has to fetch again. */
  async runOneByOne(orders: number): Promise<void> {
    for (let sent = 0; sent < orders * this.messagesPerOrder; sent += 1) {
      const nowMs = performance.now();
      this.send(this.nextMessage(), nowMs);
      for (let turn = 0; turn < TURNS || this.answered < this.sentTicks.length; turn += 1) {
        if (turn >= TURNS) this.mustBeAnsweredBefore(nowMs + ANSWERED_WITHIN_MS);
        await new Promise((resolve) => setImmediate(resolve));
      }
    }
  }

  private mustBeAnsweredBefore(untilMs: number): void {
    if (performance.now() > untilMs)
      throw new Error(`${this.sentTicks.length} ticks and ${this.answered} orders`);
  }

  private get messagesPerOrder(): number {
    return MESSAGES_PER_TRADE * this.tradesPerOrder;
  }

  private nextMessage(): { readonly bytes: Buffer; readonly wantsOrder: boolean } {
    const message = this.line.next();
    const [, id] = /@trade".*"t":(\d+)/.exec(message) ?? [];
    return {
      bytes: Buffer.from(message),
      wantsOrder: id !== undefined && Number(id) % this.tradesPerOrder === 0,
    };
  }

  private send({ bytes, wantsOrder }: { bytes: Buffer; wantsOrder: boolean }, dueMs: number): void {
    if (wantsOrder) this.sentTicks.push({ dueMs, atMs: performance.now() });
    this.deliver(bytes);
  }

  /** What was measured since the last time. */
  taken(): DecideLine {
    const { fromTick, fromDue } = this;
    this.fromTick = [];
    this.fromDue = [];
    return {
      orders: fromTick.length,
      fromTick: percentilesOf(fromTick),
      fromDue: percentilesOf(fromDue),
    };
  }
}

/** What takes no time comes with the next turn of the event loop, not a millisecond later. */
const AT_ONCE: Timers = {
  after(delayMs, callback) {
    if (delayMs > 0) return systemTimers.after(delayMs, callback);
    const immediate = setImmediate(callback);
    return { cancel: () => clearImmediate(immediate) };
  },
};

/** A transport that says when the text of an order has been handed to it. */
const watched = (sockets: SocketTransport, ordered: () => void): SocketTransport => ({
  connect(url, listener) {
    const socket = sockets.connect(url, listener);
    return {
      send: (text) => {
        if (text.includes('"order.place"')) ordered();
        return socket.send(text);
      },
      close: () => socket.close(),
      terminate: () => socket.terminate(),
    };
  },
});

/** The whole system with an exchange and a market in memory. */
async function start(
  folder: string,
  ledger: Ledger,
  tradesPerOrder: number,
): Promise<{ loop: OpenLoop; stop: () => Promise<void> }> {
  const line = new MarketLine(SYMBOLS);
  const lineWire = new LineWire(line);
  const loop = new OpenLoop(line, tradesPerOrder, (message) => lineWire.deliver(message));
  const { simulator } = new BenchVenue({ clock: systemClock, timers: systemTimers }, SYMBOLS);
  const wire = new MemoryWire(simulator, AT_ONCE, { latencyMs: 0, remoteAddress: '127.0.0.1' });
  const first = setInterval(() => lineWire.deliver(Buffer.from(line.next())), 20);
  const telemetry = telemetryIn(folder);
  const system = await startSystem({
    folder,
    telemetry,
    ledger,
    symbols: SYMBOLS,
    instances: [
      {
        strategy: 'orders',
        definition: orderAtTrades,
        symbols: SYMBOLS,
        interval: '1m',
        // Nothing is wanted while it is being opened.
        parameters: { every: String(tradesPerOrder) },
        startsByItself: true,
      },
    ],
    market: connectionOver(telemetry, { http: lineWire, sockets: lineWire }, urlsAt('line')),
    venue: connectionOver(
      telemetry,
      { http: wire, sockets: watched(wire, () => loop.ordered()) },
      urlsAt('venue'),
    ),
  });
  // Until every feed is live, books included.
  await pause(500);
  clearInterval(first);
  await pause(200);
  return { loop, stop: () => system.stop() };
}

/** Every limit stated, and nothing written: events are numbered and forgotten. */
async function memory({ bars: orders }: VariantOptions): Promise<DecideLines> {
  return withFolder(async (folder) => {
    const ledger = new NumberingLedger(new MemoryLedger({ clock: systemClock }));
    const { loop, stop } = await start(folder, ledger, OPEN_LOOP.tradesPerOrder);
    await ledger.begin();
    const lines = await bothLoads(loop, orders);
    await stop();
    return lines;
  });
}

/** The floor: what is signed and handed over is made of nothing but its number. */
async function signature({ bars: orders }: VariantOptions): Promise<DecideLines> {
  const { tradesPerOrder } = OPEN_LOOP;
  let trades = 0;
  const loop = new OpenLoop(new MarketLine(SYMBOLS), tradesPerOrder, (message) => {
    if (!message.includes('@trade"')) return;
    trades += 1;
    if (trades % tradesPerOrder !== 0) return;
    if (webSocketOrder(trades, Date.now()).includes('"order.place"')) loop.ordered();
  });
  return bothLoads(loop, orders);
}

async function bothLoads(loop: OpenLoop, orders: number): Promise<DecideLines> {
  await loop.runOneByOne(WARM_UP_ORDERS);
  loop.taken();
  await loop.run(orders, OPEN_LOOP.ordersPerSecond);
  const openLoop = loop.taken();
  await loop.run(orders, BUSY * OPEN_LOOP.ordersPerSecond);
  const busy = loop.taken();
  await loop.runOneByOne(orders);
  return { openLoop, busy, oneByOne: loop.taken() };
}

/** The intent is on the disk before the order leaves; single commits of the same server in between. */
async function durable({ bars: orders }: VariantOptions): Promise<DurableLine> {
  return withFolder(async (folder) => {
    const postgres = await openPostgres(folder);
    const { loop, stop } = await start(folder, postgres.ledger, DURABLE.tradesPerOrder);
    await loop.run(DURABLE_WARM_UP_ORDERS, DURABLE_WARM_UP_PER_SECOND);
    loop.taken();
    const bare = new LedgerReader(postgres.address, systemTimers);
    await bare.rows({ text: 'CREATE TABLE floor (payload text)' });
    const text = 'x'.repeat(1000);
    const times: Record<'row' | 'single', number[]> = { row: [], single: [] };
    let turn = 0;
    await loop.run(orders, DURABLE.ordersPerSecond, async () => {
      turn += 1;
      const which = turn % 2 === 0 ? 'row' : 'single';
      const beganMs = performance.now();
      if (which === 'single') await postgres.ledger.commit([eventOf(turn)]);
      else await bare.rows({ name: 'floor', text: 'INSERT INTO floor VALUES ($1)', values: [text] });
      times[which].push((performance.now() - beganMs) * 1000);
    });
    const line = loop.taken();
    await stop();
    await bare.close();
    await postgres.close();
    return { ...line, row: percentilesOf(times.row), single: percentilesOf(times.single) };
  });
}

const eventOf = (number: number): TradingEvent => ({
  id: `bench-${number}`,
  correlationId: 'bench',
  atMs: Date.now(),
  service: 'cli',
  kind: 'alert',
  severity: 'info',
  name: 'bench',
  message: 'one event',
  fields: {},
});

export const runs = { signature: { run: signature }, memory: { run: memory }, durable: { run: durable } };
