import { setTimeout as pause } from 'node:timers/promises';
import { HttpPool, WebSockets } from '@tradewind/binance';
import { isFinal } from '@tradewind/core/orders';
import type { CommittedEvent } from '@tradewind/proto';
import { systemTimers } from '@tradewind/utils';
import type { VariantOptions } from '../options.ts';
import { eventsOf } from './journal.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { openPostgres, withFolder } from './postgres.ts';
import { orderAtTrades } from './strategies.ts';
import { startSystem, telemetryIn } from './system.ts';
import { connectionOver, urlsAt } from './venue.ts';
import { VenueChild } from './venue-child.ts';

export interface OrdersLine {
  readonly ticks: number;
  readonly perSecond: number;
  /** From the first tick until the last order had ended in the ledger. */
  readonly seconds: number;
  readonly intents: number;
  /** What the exchange has taken, and how many client order ids that are different. */
  readonly taken: number;
  readonly takenOnce: number;
  /** Orders whose last event in the ledger is a final one. */
  readonly ended: number;
  /** Intents of which it is proven that they never left: they had become too old. */
  readonly tooLate: number;
  /** Other intents that the exchange does not know, and orders there that no intent is of. */
  readonly lost: number;
  readonly unknown: number;
  /** Whether what was filled there is what was booked here, to the last digit. */
  readonly isBookedAlike: boolean;
  /** Ms from the trade at the exchange to its order there, by our own records. */
  readonly toAnswer: Percentiles;
  /** Of the process of the system, for each order. */
  readonly cpuMicroseconds: number;
}

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
/** Of each symbol; they take turns at its trades. */
const STRATEGIES = 5;
const WARM_UP = 2_000;
const WARM_UP_PER_SECOND = 200;
const PER_SECOND = 500;
const ENDED_WITHIN_MS = 60_000;

/** Trades come at their rate, each wants an order, and half of the strategies' orders are filled. */
async function sustained({ bars: ticks }: VariantOptions): Promise<OrdersLine> {
  return withFolder(async (folder) => {
    const venueChild = await VenueChild.start(SYMBOLS);
    const postgres = await openPostgres(folder);
    const telemetry = telemetryIn(folder);
    const http = new HttpPool({ timers: systemTimers });
    const connection = connectionOver(
      telemetry,
      { http, sockets: new WebSockets() },
      urlsAt(venueChild.host),
    );
    const system = await startSystem({
      folder,
      telemetry,
      ledger: postgres.ledger,
      symbols: SYMBOLS,
      instances: SYMBOLS.flatMap((symbol, place) =>
        Array.from({ length: STRATEGIES }, (_, phase) => ({
          strategy: `orders-${place}-${phase}`,
          definition: orderAtTrades,
          symbols: [symbol],
          interval: '1m' as const,
          parameters: {
            every: String(STRATEGIES),
            phase: String(phase),
            filled: String((place + phase) % 2),
          },
          startsByItself: true,
        })),
      ),
      market: connection,
      venue: connection,
    });
    // Until the books are proven.
    await pause(1500);
    const { orderExecution } = system;
    const isIdle = async (): Promise<void> => {
      const untilMs = performance.now() + ENDED_WITHIN_MS;
      for (let idle = 0; idle < 5 && performance.now() < untilMs; ) {
        await pause(100);
        idle = (await orderExecution.openOrders()).length === 0 ? idle + 1 : 0;
      }
    };
    await venueChild.trades(SYMBOLS, WARM_UP, WARM_UP_PER_SECOND);
    await isIdle();
    const cpu = process.cpuUsage();
    const firstSeq = await postgres.ledger.lastSeq();
    const made = await venueChild.trades(SYMBOLS, ticks, PER_SECOND);
    await isIdle();
    const { user, system: kernel } = process.cpuUsage(cpu);
    const taken = await venueChild.orders(SYMBOLS);
    await system.stop();
    const events = await eventsOf(postgres.ledger, ['signal', 'intent', 'order', 'answer', 'fill']);
    venueChild.stop();
    await http.destroy();
    await postgres.close();
    return {
      ...compare(events, firstSeq, taken),
      ticks,
      perSecond: PER_SECOND,
      ...timesOf(events, firstSeq, made.atMs),
      cpuMicroseconds: (user + kernel) / ticks,
    };
  });
}

function compare(
  events: readonly CommittedEvent[],
  firstSeq: number,
  { clientOrderIds, executedQuantity }: Awaited<ReturnType<VenueChild['orders']>>,
) {
  const intents = new Set<string>();
  const ended = new Set<string>();
  const absent = new Set<string>();
  let counted = 0;
  let booked = 0n;
  for (const event of events) {
    if (event.kind === 'intent' && !('kind' in event.wanted)) {
      intents.add(event.wanted.clientOrderId);
      if (event.seq > firstSeq) counted += 1;
    } else if (event.kind === 'order' && event.isOurs && isFinal(event.record.state)) {
      ended.add(event.record.clientOrderId);
      if (event.record.state === 'absent') absent.add(event.record.clientOrderId);
    } else if (event.kind === 'fill') booked += BigInt(event.fill.quantity as unknown as bigint);
  }
  const taken = new Set(clientOrderIds);
  const before = intents.size - counted;
  return {
    intents: counted,
    taken: clientOrderIds.length - before,
    takenOnce: taken.size - before,
    ended: ended.size - before,
    tooLate: absent.size,
    lost: [...intents].filter((id) => !taken.has(id) && !absent.has(id)).length,
    unknown: [...taken].filter((id) => !intents.has(id)).length,
    isBookedAlike: String(booked) === executedQuantity,
  };
}

function timesOf(
  events: readonly CommittedEvent[],
  firstSeq: number,
  madeAtMs: Readonly<Record<string, number>>,
): Pick<OrdersLine, 'seconds' | 'toAnswer'> {
  const latencies: number[] = [];
  let lastMs = 0;
  for (const { seq, kind, correlationId, atMs } of events) {
    if (seq <= firstSeq) continue;
    lastMs = Math.max(lastMs, atMs);
    const madeMs = madeAtMs[correlationId];
    // Events have whole milliseconds: on average half of one is cut off.
    if (kind === 'answer' && madeMs !== undefined) latencies.push(atMs + 0.5 - madeMs);
  }
  const firstMs = Math.min(...Object.values(madeAtMs).slice(0, 10));
  return { seconds: (lastMs - firstMs) / 1000, toAnswer: percentilesOf(latencies) };
}

export const runs = { orders: { run: sustained } };
