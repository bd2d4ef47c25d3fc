import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { EmbeddedPostgres, PostgresLedger } from '@tradewind/postgres';
import type { CommittedEvent } from '@tradewind/proto';
import { systemTimers } from '@tradewind/utils';
import { OwnRedis } from '../../../tools/own-redis.ts';
import { repositoryPath } from '../../harness/child.ts';
import type { VariantOptions } from '../options.ts';
import { ended, freePort, reference, Tradewind, writeEnvironment } from './environment.ts';
import { eventsOf } from './journal.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { withFolder } from './postgres.ts';
import { VenueChild } from './venue-child.ts';

/** Milliseconds; events have whole ones. */
export interface ApartLine {
  readonly ticks: number;
  readonly answered: number;
  /** From the trade at the exchange to its answer to our order, over five processes of ours. */
  readonly toAnswer: Percentiles;
  /** Of it: from the trade to the order being handed to the exchange's connection. */
  readonly toSend: Percentiles;
  /** Of it: from the order's last byte out to the answer's last byte in. */
  readonly atExchange: Percentiles;
}

const SYMBOLS = ['BTCUSDT', 'ETHUSDT'];
const SERVICES = ['market-data', 'risk-manager', 'order-execution', 'strategy-engine'] as const;
const PER_SECOND = 20;
const WARM_UP = 600;
const READY_WITHIN_MS = 60_000;

/** Each service is a process of its own, started by the command; Redis, PostgreSQL and the exchange are others. */
async function apart({ bars: ticks }: VariantOptions): Promise<ApartLine> {
  return withFolder(async (folder) => {
    const venue = await VenueChild.start(SYMBOLS);
    const redis = await OwnRedis.start();
    const server = await EmbeddedPostgres.start({
      dataFolder: join(folder, 'postgres'),
      timers: systemTimers,
    });
    if (!server.ok) throw new Error(server.error);
    const { socketFolder, user, database, port } = server.value.address;
    const url = `postgres://${user}@${encodeURIComponent(socketFolder)}:${port}/${database}`;
    const places: Record<string, { readonly port: number; readonly operator_port: number }> = {};
    for (const name of SERVICES) places[name] = { port: await freePort(), operator_port: await freePort() };
    const file = writeEnvironment({
      folder,
      venue: venue.host,
      symbols: SYMBOLS,
      strategies: Object.fromEntries(
        SYMBOLS.map((symbol, number) => [
          `orders-${number}`,
          {
            definition: repositoryPath('bench/strategies/order-at-trades.ts'),
            symbols: [symbol],
            interval: '1m',
            capital: { USDT: '100000' },
          },
        ]),
      ),
      services: {
        ledger: { url: reference('BENCH_LEDGER') },
        redis: { url: reference('BENCH_REDIS') },
        services: { token: reference('BENCH_TOKEN'), ...places },
      },
    });
    const tradewind = new Tradewind(folder, {
      BENCH_LEDGER: url,
      BENCH_REDIS: redis.url,
      BENCH_TOKEN: 'a token of the benchmark',
    });
    const children: ChildProcess[] = SERVICES.map((name) => tradewind.start(file, name));
    try {
      await isReady(places, tradewind);
      // Until the books are proven and the strategies open.
      await pause(3_000);
      await venue.trades(SYMBOLS, WARM_UP, PER_SECOND);
      const { atMs } = await venue.trades(SYMBOLS, ticks, PER_SECOND);
      await pause(2_000);
      const ledger = await PostgresLedger.open({
        address: server.value.address,
        timers: systemTimers,
        stamp: { build: 'bench', configurationHash: 'bench' },
      });
      if (!ledger.ok) throw new Error(ledger.error);
      const events = await eventsOf(ledger.value, ['answer']);
      await ledger.value.close();
      return lineOf(events, atMs, ticks);
    } finally {
      for (const child of children.toReversed()) await ended(child, 'SIGTERM');
      await server.value.stop();
      await redis.end();
      venue.stop();
    }
  });
}

function lineOf(
  events: readonly CommittedEvent[],
  madeAtMs: Readonly<Record<string, number>>,
  ticks: number,
): ApartLine {
  const times: Record<'toAnswer' | 'toSend' | 'atExchange', number[]> = {
    toAnswer: [],
    toSend: [],
    atExchange: [],
  };
  for (const event of events) {
    const madeMs = madeAtMs[event.correlationId];
    if (event.kind !== 'answer' || madeMs === undefined) continue;
    // Of a whole millisecond half is cut off on average.
    const toAnswer = event.atMs + 0.5 - madeMs;
    times.toAnswer.push(toAnswer);
    times.toSend.push(toAnswer - event.latencyMs);
    times.atExchange.push(event.latencyMs);
  }
  return {
    ticks,
    answered: times.toAnswer.length,
    toAnswer: percentilesOf(times.toAnswer),
    toSend: percentilesOf(times.toSend),
    atExchange: percentilesOf(times.atExchange),
  };
}

async function isReady(
  places: Readonly<Record<string, { readonly operator_port: number }>>,
  tradewind: Tradewind,
): Promise<void> {
  const untilMs = performance.now() + READY_WITHIN_MS;
  for (const [name, { operator_port }] of Object.entries(places)) {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${operator_port}/ready`).catch(() => undefined);
      if (answer?.ok) break;
      if (performance.now() > untilMs) throw new Error(`${name} is not ready: ${tradewind.said(name)}`);
      await pause(100);
    }
  }
}

export const runs = { apart: { run: apart } };
