import { setTimeout as pause } from 'node:timers/promises';
import { HttpPool, WebSockets } from '@tradewind/binance';
import { isFinal } from '@tradewind/core/orders';
import type { CommittedEvent, Ledger } from '@tradewind/proto';
import type { TradingSystem } from '@tradewind/trading-system';
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
  /** Intents of which it was not known what became of them when the system had stopped, and after the start that followed. */
  readonly inDoubtAtStop: number;
  readonly inDoubt: number;
  /** Signals that were told no, by why. */
  readonly refused: Readonly<Record<string, number>>;
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
const ENDED_WITHIN_MS = 120_000;

/** Trades come at their rate, each wants an order, and half of the strategies' orders are filled. */
async function sustained({ bars: ticks }: VariantOptions): Promise<OrdersLine> {
  return withFolder(async (folder) => {
    const venueChild = await VenueChild.start(SYMBOLS);
    const postgres = await openPostgres(folder);
    const http = new HttpPool({ timers: systemTimers });
    const open = (): Promise<TradingSystem> => {
      const telemetry = telemetryIn(folder);
      const wire = { http, sockets: new WebSockets() };
      const connection = connectionOver(telemetry, wire, urlsAt(venueChild.host));
      return startSystem({
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
    };
    const system = await open();
    // Until the books are proven.
    await pause(1500);
    await venueChild.trades(SYMBOLS, WARM_UP, WARM_UP_PER_SECOND);
    await untilIdle(system, postgres.ledger);
    const cpu = process.cpuUsage();
    const firstSeq = await postgres.ledger.lastSeq();
    const made = await venueChild.trades(SYMBOLS, ticks, PER_SECOND);
    await untilIdle(system, postgres.ledger);
    const { user, system: kernel } = process.cpuUsage(cpu);
    await system.stop();
    const inDoubtAtStop = inDoubtIn(await eventsOf(postgres.ledger, ['intent', 'order']));
    if (inDoubtAtStop > 0) {
      // Whatever was left is found out at the next start.
      const next = await open();
      await untilIdle(next, postgres.ledger);
      await next.stop();
    }
    const taken = await venueChild.orders(SYMBOLS);
    const events = await eventsOf(postgres.ledger, ['verdict', 'intent', 'order', 'answer', 'fill']);
    venueChild.stop();
    await http.destroy();
    await postgres.close();
    return {
      ...compare(events, firstSeq, taken),
      inDoubtAtStop,
      inDoubt: inDoubtIn(events),
      refused: refusedIn(events, firstSeq),
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

/** Intents without a final event. */
function inDoubtIn(events: readonly CommittedEvent[]): number {
  const open = new Set<string>();
  for (const event of events) {
    if (event.kind === 'intent' && !('kind' in event.wanted)) open.add(event.wanted.clientOrderId);
    else if (event.kind === 'order' && isFinal(event.record.state)) open.delete(event.record.clientOrderId);
  }
  return open.size;
}

function refusedIn(events: readonly CommittedEvent[], firstSeq: number): Readonly<Record<string, number>> {
  const reasons: Record<string, number> = {};
  for (const event of events) {
    if (event.kind !== 'verdict' || event.isApproved || event.seq <= firstSeq) continue;
    const { reason } = event.refusal!;
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

/** Nothing has been open or written for a while, or it takes too long. An intent that is being written is no open order yet. */
async function untilIdle({ orderExecution }: TradingSystem, ledger: Ledger): Promise<void> {
  const untilMs = performance.now() + ENDED_WITHIN_MS;
  for (let [idle, seq] = [0, 0]; idle < 5 && performance.now() < untilMs; ) {
    await pause(100);
    const before = seq;
    seq = await ledger.lastSeq();
    const { state, openOrders } = await orderExecution.state();
    idle = state === 'ready' && openOrders === 0 && seq === before ? idle + 1 : 0;
  }
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
