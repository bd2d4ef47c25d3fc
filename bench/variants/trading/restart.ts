import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { repositoryPath } from '../../harness/child.ts';
import { ended, Tradewind, writeEnvironment } from './environment.ts';
import { withFolder } from './postgres.ts';
import { VenueChild } from './venue-child.ts';

export interface RestartLine {
  /** From the start of the process to the first answer in which it is ready, s. */
  readonly secondsToReady: number;
  /** The same without a ledger, an order, or anybody who was killed: the first start. */
  readonly secondsOfFirstStart: number;
  /** At the kill, by the exchange; and when ready, by the system and by the exchange. */
  readonly openAtKill: number;
  readonly openWhenReady: number;
  readonly breaks: number;
  readonly inDoubt: number;
}

const SYMBOL = 'BTCUSDT';
const STRATEGIES = 4;
const ORDERS_OF_EACH = 55;
const OPEN = 200;
/** Each leads to a cancel and a new order of every strategy. */
const TRADES_PER_SECOND = 4;
const LOAD_SECONDS = 600;
const POLL_MS = 20;
const WITHIN_MS = 90_000;

interface Status {
  readonly execution: {
    readonly state: string;
    readonly open_orders: number;
    readonly in_doubt: number;
    readonly breaks: readonly unknown[];
  };
}

/** kill -9 while orders are on their way, and the next start on the same data: until it is ready. */
async function restart(): Promise<RestartLine> {
  return withFolder(async (folder) => {
    const venue = await VenueChild.start([SYMBOL]);
    const file = writeEnvironment({
      folder,
      venue: venue.host,
      symbols: [SYMBOL],
      strategies: Object.fromEntries(
        Array.from({ length: STRATEGIES }, (_, number) => [
          `rests-${number}`,
          {
            definition: repositoryPath('bench/strategies/resting-orders.ts'),
            symbols: [SYMBOL],
            interval: '1m',
            parameters: { open: ORDERS_OF_EACH },
            capital: { USDT: '100000' },
          },
        ]),
      ),
    });
    const tradewind = new Tradewind(folder);
    const data = join(folder, 'data');
    const until = async (child: ChildProcess, isIt: (status: Status) => boolean): Promise<Status> => {
      const limitMs = performance.now() + WITHIN_MS;
      for (;;) {
        const status = await statusOf(data, child.pid);
        if (status !== undefined && isIt(status)) return status;
        if (performance.now() > limitMs)
          throw new Error(`not there: ${JSON.stringify(status?.execution)} ${tradewind.said()}`);
        await pause(POLL_MS);
      }
    };
    const firstMs = performance.now();
    const first = tradewind.start(file);
    await until(first, ({ execution }) => execution.state === 'ready');
    const secondsOfFirstStart = (performance.now() - firstMs) / 1000;
    venue.load([SYMBOL], TRADES_PER_SECOND * LOAD_SECONDS, TRADES_PER_SECOND);
    await until(first, ({ execution }) => execution.open_orders >= OPEN);
    await ended(first, 'SIGKILL');
    const { open: openAtKill } = await venue.orders([SYMBOL]);

    const beganMs = performance.now();
    const second = tradewind.start(file);
    const { execution } = await until(second, (status) => status.execution.state === 'ready');
    const secondsToReady = (performance.now() - beganMs) / 1000;
    await ended(second, 'SIGTERM');
    venue.stop();
    return {
      secondsToReady,
      secondsOfFirstStart,
      openAtKill,
      openWhenReady: execution.open_orders,
      breaks: execution.breaks.length,
      inDoubt: execution.in_doubt,
    };
  });
}

/** undefined while that process does not answer. */
async function statusOf(data: string, pid: number | undefined): Promise<Status | undefined> {
  try {
    const running = JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as {
      readonly host: string;
      readonly port: number;
      readonly token: string;
      readonly pid: number;
    };
    if (running.pid !== pid) return undefined;
    const answer = await fetch(`http://${running.host}:${running.port}/api/v1/status`, {
      headers: { authorization: `Bearer ${running.token}` },
    });
    return answer.ok ? ((await answer.json()) as Status) : undefined;
  } catch {
    return undefined;
  }
}

export const runs = { restart: { run: restart } };
