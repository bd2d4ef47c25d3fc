import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { repositoryPath } from '../../harness/child.ts';
import { OUR_KEY } from './venue.ts';

/** What differs between the benchmarks that run the command itself. */
export interface EnvironmentOptions {
  readonly folder: string;
  /** Host and port of the exchange. */
  readonly venue: string;
  readonly symbols: readonly string[];
  readonly strategies: Readonly<Record<string, object>>;
  readonly services?: object;
}

const EVERYTHING = '100000000';
const RATE = { orders: 100_000, window_ms: 1000, kept_for_reducing: 10 };

/** The account of our key at the exchange of the benchmark is its first one. */
const ACCOUNT = 1;

/** The local environment, turned to trade with a key on an exchange that runs already; every limit stated, none reached. */
export function writeEnvironment(options: EnvironmentOptions): string {
  const { folder, venue, symbols, strategies, services } = options;
  const open_orders_maximum = 10_000;
  const exposure_maximum = EVERYTHING;
  const each = <T>(names: readonly string[], value: T): Record<string, T> =>
    Object.fromEntries(names.map((name) => [name, value]));
  const config = {
    environment: 'development',
    mode: 'testnet',
    equity_asset: 'USDT',
    symbols,
    exchange: {
      profile: 'simulator',
      urls: { rest: `http://${venue}`, streams: `ws://${venue}`, websocket_api: `ws://${venue}/ws-api/v3` },
      key: { api_key: reference('BENCH_KEY'), secret: reference('BENCH_SECRET'), account: ACCOUNT },
    },
    strategies,
    limits: {
      account: {
        order_notional_maximum: '100000',
        order_share_of_equity_maximum: '0.5',
        exposure_maximum,
        open_orders_maximum,
        order_rate: RATE,
        daily_loss_maximum: EVERYTHING,
        drawdown_maximum: '0.9',
      },
      strategies: each(Object.keys(strategies), {
        exposure_maximum,
        open_orders_maximum,
        order_rate: RATE,
        consecutive_losses_maximum: 1_000_000,
      }),
      symbols: each(symbols, {
        position_maximum: '100000',
        exposure_maximum,
        open_orders_maximum,
        price_collar: '0.1',
        price_age_ms_maximum: 60_000,
      }),
      assets: each(
        symbols.map((symbol) => symbol.slice(0, -'USDT'.length)),
        { exposure_maximum, share_of_equity_maximum: '0.9' },
      ),
    },
    guards: {
      repeats_maximum: 100_000,
      weight_per_minute_maximum: 1_000_000_000,
      orders_per_second_maximum: 1_000_000,
    },
    gateway: { port: 0 },
    recording: { enabled: false },
    ...services,
  };
  const file = join(folder, 'bench.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

/** Where a secret is. */
export const reference = (name: string): string => `\${env:${name}}`;

/** The command in a process of its own; what it says is in a file of the folder. */
export class Tradewind {
  private readonly folder: string;
  private readonly secrets: Readonly<Record<string, string>>;

  constructor(folder: string, secrets: Readonly<Record<string, string>> = {}) {
    this.folder = folder;
    this.secrets = secrets;
  }

  start(file: string, service?: string): ChildProcess {
    const log = openSync(join(this.folder, `${service ?? 'system'}.log`), 'a');
    const child = spawn(
      process.execPath,
      [
        repositoryPath('cli/bin/tradewind.js'),
        'start',
        ...(service === undefined ? [] : [service]),
        ...['-e', file, '--data', join(this.folder, 'data'), '--output', 'json'],
      ],
      {
        stdio: ['ignore', log, log],
        env: { ...process.env, BENCH_KEY: OUR_KEY.apiKey, BENCH_SECRET: OUR_KEY.held, ...this.secrets },
      },
    );
    closeSync(log);
    return child;
  }

  said(service = 'system'): string {
    return readFileSync(join(this.folder, `${service}.log`), 'utf8').slice(-2000);
  }
}

export async function ended(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() =>
        address !== null && typeof address === 'object' ? resolve(address.port) : reject(),
      );
    });
  });
}
