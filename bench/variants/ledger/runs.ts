import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres, LedgerReader, PostgresLedger, verifyLedger } from '@tradewind/postgres';
import type { TradingEvent } from '@tradewind/proto';
import { systemTimers } from '@tradewind/utils';
import type { VariantOptions } from '../options.ts';
import { orderLife } from './workload.ts';

/** Times in microseconds. */
export interface Latency {
  readonly p50: number;
  readonly p99: number;
}

export interface LedgerLine {
  /** One write of 1000 bytes and fdatasync. */
  readonly file: Latency;
  /** One row of 1000 bytes into a table without an index, committed. */
  readonly row: Latency;
  /** One event, committed. */
  readonly single: Latency;
  /** Signal, verdict and intent in one commit: what lies before the wire. */
  readonly decision: Latency;
  readonly eventsPerSecond: number;
  /** As many committers as are at work at the same time. */
  readonly committers: number;
}

export interface RestartLine {
  readonly events: number;
  readonly orders: number;
  readonly writeEventsPerSecond: number;
  readonly serverStartMs: number;
  readonly openMs: number;
  readonly loadMs: number;
  readonly verifiedPerSecond: number;
}

const SAMPLES = 400;
const COMMITTERS = 64;
const GROUP_MS = 4000;
const STAMP = { build: 'bench', configurationHash: 'bench' };

/** Commits of one ledger on a new server, and what the disk and the database take by themselves, in turns. */
async function commits(): Promise<LedgerLine> {
  return await withFolder(async (folder) => {
    const server = await started(folder);
    const ledger = await openedLedger(server);
    const epoch = await leaseOf(ledger);
    const bare = new LedgerReader(server.address, systemTimers);
    await bare.rows({ text: 'CREATE TABLE floor (payload text)' });
    const file = openSync(join(folder, 'floor'), 'a');
    const text = 'x'.repeat(1000);
    const times: Record<'file' | 'row' | 'single' | 'decision', number[]> = {
      file: [],
      row: [],
      single: [],
      decision: [],
    };
    for (let number = 0; number < SAMPLES; number += 1) {
      const [decision, answer] = orderLife(number, epoch);
      times.file.push(
        await microseconds(async () => {
          writeSync(file, text);
          fdatasyncSync(file);
        }),
      );
      times.row.push(
        await microseconds(() =>
          bare.rows({ name: 'floor', text: 'INSERT INTO floor VALUES ($1)', values: [text] }),
        ),
      );
      times.decision.push(await microseconds(() => committed(ledger, decision!)));
      times.single.push(await microseconds(() => committed(ledger, answer!.slice(0, 1))));
    }
    closeSync(file);
    await bare.close();
    const eventsPerSecond = await groupRate(ledger, epoch);
    await ledger.close();
    await server.stop();
    const latency = (name: keyof typeof times): Latency => percentiles(times[name]);
    return {
      file: latency('file'),
      row: latency('row'),
      single: latency('single'),
      decision: latency('decision'),
      eventsPerSecond,
      committers: COMMITTERS,
    };
  });
}

/** Writes a ledger of many events, starts its server again, and measures what stands between that and trading. */
async function restart({ bars: wanted }: VariantOptions): Promise<RestartLine> {
  return await withFolder(async (folder) => {
    const first = await started(folder);
    const writer = await openedLedger(first);
    const epoch = await leaseOf(writer);
    const begin = performance.now();
    let orders = 0;
    for (let seq = 0; seq < wanted; ) {
      const lives = Array.from({ length: 500 }, () => orderLife(orders++, epoch));
      const results = await Promise.all(lives.flat().map((events) => committed(writer, events)));
      seq += results.reduce((sum, count) => sum + count, 0);
      await leaseOf(writer);
    }
    const writeSeconds = (performance.now() - begin) / 1000;
    await writer.close();
    await first.stop();

    const [server, serverStartMs] = await timed(() => started(folder));
    const [ledger, openMs] = await timed(() => openedLedger(server));
    const [state, loadMs] = await timed(() => ledger.load());
    const reader = new LedgerReader(server.address, systemTimers);
    const [verification, verifyMs] = await timed(() => verifyLedger(reader));
    if (verification.kind !== 'whole') throw new Error(verification.what);
    await reader.close();
    await ledger.close();
    await server.stop();
    return {
      events: state.seq,
      orders: state.orders.length,
      writeEventsPerSecond: state.seq / writeSeconds,
      serverStartMs,
      openMs,
      loadMs,
      verifiedPerSecond: state.seq / (verifyMs / 1000),
    };
  });
}

export const runs = { commits: { run: commits }, restart: { run: restart } };

/** Committers that each wait for the answer before they commit again, as services do. */
async function groupRate(ledger: PostgresLedger, epoch: number): Promise<number> {
  let number = 10_000_000;
  let count = 0;
  const begin = performance.now();
  const work = async (): Promise<void> => {
    while (performance.now() - begin < GROUP_MS) {
      number += 1;
      for (const events of orderLife(number, epoch)) {
        const written = await committed(ledger, events);
        count += written;
      }
    }
  };
  await Promise.all(Array.from({ length: COMMITTERS }, work));
  return count / ((performance.now() - begin) / 1000);
}

async function committed(ledger: PostgresLedger, events: readonly TradingEvent[]): Promise<number> {
  const result = await ledger.commit(events);
  if (result.kind !== 'committed') throw new Error(JSON.stringify(result));
  return events.length;
}

async function leaseOf(ledger: PostgresLedger): Promise<number> {
  const lease = await ledger.acquireLease({ holder: 'bench', durationMs: 3_600_000 });
  if (lease.kind !== 'held') throw new Error(JSON.stringify(lease));
  return lease.epoch;
}

async function started(dataFolder: string): Promise<EmbeddedPostgres> {
  const server = await EmbeddedPostgres.start({ dataFolder, timers: systemTimers });
  if (!server.ok) throw new Error(server.error);
  return server.value;
}

async function openedLedger(server: EmbeddedPostgres): Promise<PostgresLedger> {
  const ledger = await PostgresLedger.open({ address: server.address, timers: systemTimers, stamp: STAMP });
  if (!ledger.ok) throw new Error(ledger.error);
  return ledger.value;
}

async function withFolder<Line>(use: (folder: string) => Promise<Line>): Promise<Line> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
  try {
    // As root the server runs under another account, which has to get there.
    await chmod(folder, 0o755);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begin = performance.now();
  return [await work(), performance.now() - begin];
}

const microseconds = async (work: () => Promise<unknown>): Promise<number> => (await timed(work))[1] * 1000;

function percentiles(values: readonly number[]): Latency {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]!;
  return { p50: at(0.5), p99: at(0.99) };
}
