import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { HttpPool, WebSockets } from '@tradewind/binance';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import { systemTimers } from '@tradewind/utils';
import { repositoryPath } from '../../harness/child.ts';
import type { VariantOptions } from '../options.ts';
import { eventsOf } from './journal.ts';
import type { LineAnswer, LineQuestion } from './line-process.ts';
import { places } from './market-line.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { openPostgres, withFolder } from './postgres.ts';
import { looker, orderAtTrades } from './strategies.ts';
import { startSystem, telemetryIn } from './system.ts';
import { connectionOver, urlsAt } from './venue.ts';
import { VenueChild } from './venue-child.ts';

export interface UpdatesLine {
  readonly sent: number;
  /** What the strategies were told of it. */
  readonly heard: number;
  readonly perSecond: number;
  /** From the moment at which an update was due at the exchange to that at which a strategy had it, ms. */
  readonly age: Percentiles;
  /** Of the system's process, for each update. */
  readonly cpuMicroseconds: number;
  readonly orders: number;
}

export interface MemoryLine extends UpdatesLine {
  readonly minutes: number;
  /** By minute: the median of what was left after a collection of all garbage. */
  readonly byMinute: readonly { readonly minute: number; readonly heapMb: number; readonly rssMb: number }[];
  /** After a collection of all garbage, at the beginning and at the end of the second half. */
  readonly heapMb: readonly [number, number];
  readonly rssMb: readonly [number, number];
  /** MB an hour, by the line that fits the second half best. */
  readonly heapMbPerHour: number;
  readonly rssMbPerHour: number;
}

const SYMBOLS = ['BTCUSDT', 'ETHUSDT', 'BNBUSDT', 'SOLUSDT'];
/** A strategy of each symbol that hears everything, one that orders now and then, and the ready ones. */
const ORDER_EVERY_TRADES: Readonly<Record<number, number>> = { 20000: 100, 5000: 50 };
const WARM_UP_SECONDS = 5;
const SAMPLE_MS = 5_000;

class LineChild {
  private readonly child;
  readonly port: number;

  private constructor(child: ReturnType<typeof fork>, port: number) {
    this.child = child;
    this.port = port;
  }

  static async start(): Promise<LineChild> {
    const child = fork(repositoryPath('bench/variants/trading/line-process.ts'), [JSON.stringify(SYMBOLS)]);
    const [port] = await once(child, 'message');
    return new LineChild(child, port as number);
  }

  async run(question: LineQuestion): Promise<LineAnswer> {
    this.child.send(question);
    const [answer] = await once(this.child, 'message');
    return answer as LineAnswer;
  }

  stop(): void {
    this.child.disconnect();
  }
}

/** What the strategies of this process have heard. */
class Ears {
  heard = 0;
  isOn = false;
  private ages: Float64Array = new Float64Array(0);
  private began: LineAnswer = { beganAtMs: 0, firstPlace: 0 };
  private everyMs = 1;

  begin(began: LineAnswer, perSecond: number, count: number): void {
    this.began = began;
    this.everyMs = 1000 / perSecond;
    this.ages = new Float64Array(Math.min(count, AGES_MAX));
    this.heard = 0;
    this.isOn = true;
  }

  hear(place: number): void {
    const { beganAtMs, firstPlace } = this.began;
    if (!this.isOn || place < firstPlace) return;
    const dueMs = beganAtMs + (place - firstPlace) * this.everyMs;
    // Of a long run the latest are kept.
    this.ages[this.heard % this.ages.length] = performance.timeOrigin + performance.now() - dueMs;
    this.heard += 1;
  }

  /** Resolves when all have been heard, or when nobody would wait for the rest any longer. */
  async all(count: number): Promise<void> {
    for (let before = -1; this.heard < count && (before < this.heard || !this.isOn); ) {
      before = this.heard;
      await pause(QUIET_MS);
    }
  }

  get age(): Percentiles {
    return percentilesOf(this.ages.subarray(0, Math.min(this.heard, this.ages.length)));
  }
}
const AGES_MAX = 2_000_000;
const QUIET_MS = 10_000;

async function withSystem<Line>(
  perSecond: number,
  use: (line: LineChild, ears: Ears) => Promise<Line>,
): Promise<Line & { orders: number }> {
  return withFolder(async (folder) => {
    const [line, venue] = [await LineChild.start(), await VenueChild.start(SYMBOLS)];
    const postgres = await openPostgres(folder);
    const telemetry = telemetryIn(folder);
    const ears = new Ears();
    const place = places(SYMBOLS);
    const listening: StrategyDefinition = looker({
      trade: (symbol, id) => ears.hear(place.ofTrade(symbol, id)),
      quote: (updateId) => ears.hear(place.ofQuote(updateId)),
      book: (symbol, updateId) => ears.hear(place.ofBook(symbol, updateId)),
    });
    const http = new HttpPool({ timers: systemTimers });
    const wire = { http, sockets: new WebSockets() };
    const first = line.run({ count: 1_000, perSecond: 250 });
    const system = await startSystem({
      folder,
      telemetry,
      ledger: postgres.ledger,
      symbols: SYMBOLS,
      instances: SYMBOLS.flatMap((symbol, number) => [
        {
          strategy: `looks-${number}`,
          definition: listening,
          symbols: [symbol],
          interval: '1m',
          parameters: {},
          startsByItself: true,
        } as const,
        {
          strategy: `orders-${number}`,
          definition: orderAtTrades,
          symbols: [symbol],
          interval: '1m',
          parameters: { every: String(ORDER_EVERY_TRADES[perSecond] ?? 1) },
          startsByItself: true,
        } as const,
      ]),
      market: connectionOver(telemetry, wire, urlsAt(`127.0.0.1:${line.port}`)),
      venue: connectionOver(telemetry, wire, urlsAt(venue.host)),
    });
    await first;
    await pause(2_000);
    const warmUp = perSecond * WARM_UP_SECONDS;
    await line.run({ count: warmUp, perSecond });
    await pause(WARM_UP_SECONDS * 1000 + 1_000);
    const measured = await use(line, ears);
    await system.stop();
    const intents = await eventsOf(postgres.ledger, ['intent']);
    line.stop();
    venue.stop();
    await http.destroy();
    await postgres.close();
    return { ...measured, orders: intents.length };
  });
}

/** @param bars  how many updates */
async function sustained({ bars: count }: VariantOptions): Promise<UpdatesLine> {
  const perSecond = 20_000;
  return withSystem(perSecond, async (line, ears) => {
    const cpu = process.cpuUsage();
    ears.begin(await line.run({ count, perSecond }), perSecond, count);
    await ears.all(count);
    const { user, system } = process.cpuUsage(cpu);
    return {
      sent: count,
      heard: ears.heard,
      perSecond,
      age: ears.age,
      cpuMicroseconds: (user + system) / count,
    };
  });
}

/** The floor: the same messages over the same wire, each counted and no more. */
async function counted({ bars: count }: VariantOptions): Promise<UpdatesLine> {
  const perSecond = 20_000;
  const line = await LineChild.start();
  const ears = new Ears();
  let place = 0;
  await new Promise<void>((resolve) => {
    const socket = new WebSockets().connect(`ws://127.0.0.1:${line.port}`, {
      opened: resolve,
      message: () => {
        ears.hear(place);
        place += 1;
      },
      pinged: () => undefined,
      closed: () => socket.terminate(),
    });
  });
  await line.run({ count: perSecond, perSecond });
  await pause(2_000);
  const cpu = process.cpuUsage();
  ears.begin(await line.run({ count, perSecond }), perSecond, count);
  await ears.all(count);
  const { user, system } = process.cpuUsage(cpu);
  line.stop();
  return {
    sent: count,
    heard: ears.heard,
    perSecond,
    age: ears.age,
    cpuMicroseconds: (user + system) / count,
    orders: 0,
  };
}

/** @param bars  how many updates */
async function memory({ bars: count }: VariantOptions): Promise<MemoryLine> {
  const perSecond = 5_000;
  const { gc } = globalThis;
  if (gc === undefined) throw new Error('to be run with --expose-gc');
  return withSystem(perSecond, async (line, ears) => {
    const cpu = process.cpuUsage();
    ears.begin(await line.run({ count, perSecond }), perSecond, Math.min(count, 100_000));
    const endMs = performance.now() + (count * 1000) / perSecond;
    const samples: Sample[] = [];
    while (performance.now() < endMs) {
      await pause(SAMPLE_MS);
      gc();
      const { heapUsed, external, rss } = process.memoryUsage();
      samples.push({
        hours: performance.now() / 3_600_000,
        heap: (heapUsed + external) / 1e6,
        rss: rss / 1e6,
      });
    }
    const { user, system } = process.cpuUsage(cpu);
    const half = samples.slice(samples.length / 2);
    const [from, to] = [half[0]!, half.at(-1)!];
    return {
      sent: count,
      heard: ears.heard,
      perSecond,
      age: ears.age,
      cpuMicroseconds: (user + system) / count,
      minutes: count / perSecond / 60,
      byMinute: minutesOf(samples),
      heapMb: [from.heap, to.heap] as const,
      rssMb: [from.rss, to.rss] as const,
      heapMbPerHour: slopeOf(half.map(({ hours, heap }) => [hours, heap])),
      rssMbPerHour: slopeOf(half.map(({ hours, rss }) => [hours, rss])),
    };
  });
}

interface Sample {
  readonly hours: number;
  /** MB. */
  readonly heap: number;
  readonly rss: number;
}

function minutesOf(samples: readonly Sample[]): MemoryLine['byMinute'] {
  const began = samples[0]!.hours;
  const minutes = Map.groupBy(samples, ({ hours }) => Math.floor((hours - began) * 60));
  const middle = (values: readonly number[]): number => percentilesOf(values).p50;
  return [...minutes].map(([minute, within]) => ({
    minute,
    heapMb: middle(within.map(({ heap }) => heap)),
    rssMb: middle(within.map(({ rss }) => rss)),
  }));
}

/** Of the straight line with the least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (place: 0 | 1): number => points.reduce((sum, point) => sum + point[place], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const over = points.reduce((sum, [px, py]) => sum + (px - x) * (py - y), 0);
  return over / points.reduce((sum, [px]) => sum + (px - x) ** 2, 0);
}

export const runs = { updates: { run: sustained }, counted: { run: counted }, memory: { run: memory } };
