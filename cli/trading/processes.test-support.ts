import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { systemClock, systemTimers } from '@tradewind/utils';
import { onTestFinished } from 'vitest';
import { readSimulatorOptions } from '../simulator-options.ts';
import { type RunningSimulator, startSimulator } from '../start-simulator.ts';

const TRADEWIND = fileURLToPath(new URL('../bin/tradewind.js', import.meta.url));
const LOCAL = fileURLToPath(new URL('../../config/local.json', import.meta.url));
const BUSY = fileURLToPath(new URL('busy-strategy.test-support.ts', import.meta.url));

/** How a process ended, and what it said. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** A tradewind command in a process of its own. */
export class Tradewind {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  private out = '';
  private error = '';

  constructor(words: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.child = spawn(process.execPath, [TRADEWIND, ...words], {
      env: { ...process.env, ...environment },
    });
    this.child.stdout?.on('data', (chunk) => {
      this.out += String(chunk);
    });
    this.child.stderr?.on('data', (chunk) => {
      this.error += String(chunk);
    });
    this.ended = new Promise((resolve) =>
      this.child.once('close', (code) => resolve({ code, out: this.out, error: this.error })),
    );
  }

  get said(): string {
    return this.out + this.error;
  }

  end(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<Ended> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** A command that ends by itself. */
export const run = (words: readonly string[], environment?: Readonly<Record<string, string>>) =>
  new Tradewind(words, environment).ended;

/** A system that is started, and ended with the test at the latest. */
export function start(words: readonly string[], environment?: Readonly<Record<string, string>>): Tradewind {
  const system = new Tradewind(['start', '--output', 'plain', ...words], environment);
  onTestFinished(async () => void (await system.end('SIGKILL')));
  return system;
}

/** Looks again and again until something is so. @throws Error with what was last seen, after a while */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  seen: () => string,
  withinMs = 60_000,
): Promise<void> {
  const end = systemClock.elapsedMs() + withinMs;
  while (!(await isSo())) {
    if (systemClock.elapsedMs() > end) throw new Error(`it did not come to be:\n${seen()}`);
    await pause(100);
  }
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-cli-'));
  // As root the database runs under another account, which has to get there.
  chmodSync(folder, 0o755);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The local environment with the changes that are named, on a port that is free. @returns the file */
export function environmentFile(folder: string, changes: Readonly<Record<string, unknown>> = {}): string {
  const local = JSON.parse(readFileSync(LOCAL, 'utf8'));
  const file = join(folder, `environment-${Object.keys(changes).join('-').slice(0, 40)}.json`);
  const config = { ...local, $schema: undefined, gateway: { port: 0 }, ...changes };
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

/** A strategy that orders on every bar, limits wide enough for it. */
export function busy(): Record<string, unknown> {
  const local = JSON.parse(readFileSync(LOCAL, 'utf8'));
  const { limits } = local;
  return {
    symbols: ['BTCUSDT'],
    strategies: {
      busy: { definition: BUSY, symbols: ['BTCUSDT'], interval: '1s', capital: { USDT: '8000' } },
    },
    limits: {
      ...limits,
      strategies: {
        busy: { ...limits.strategies['ema-btc'], consecutive_losses_maximum: 'none', order_rate: 'none' },
      },
      symbols: { BTCUSDT: limits.symbols.BTCUSDT },
      account: { ...limits.account, order_rate: 'none', daily_loss_maximum: 'none' },
    },
  };
}

/** An exchange in the process of the test, with the accounts that are named. */
export async function exchangeWith(account: readonly string[]): Promise<RunningSimulator> {
  const request = readSimulatorOptions({
    port: '0',
    host: '127.0.0.1',
    seed: '1',
    symbols: 'BTCUSDT,ETHUSDT',
    account,
    traders: true,
  });
  if (!request.ok) throw new Error(request.error.sentence);
  const running = await startSimulator(request.value, { clock: systemClock, timers: systemTimers });
  if (!running.ok) throw new Error(running.error.sentence);
  onTestFinished(async () => void (await running.value.stop()));
  return running.value;
}

/** What a configuration says of such an exchange. @param key  the names of the environment variables of key and secret */
export function exchangeAt(
  { address, host }: RunningSimulator,
  key: { readonly apiKey: string; readonly names: readonly [string, string]; readonly account?: number },
): object {
  const at = `127.0.0.1:${address.port}`;
  const account = key.account ?? host.simulator.exchange.key(key.apiKey)!.account;
  const [apiKey, secret] = key.names.map((name) => `$${`{env:${name}}`}`);
  return {
    profile: 'simulator',
    urls: { rest: `http://${at}`, streams: `ws://${at}`, websocket_api: `ws://${at}/ws-api/v3` },
    key: { api_key: apiKey, secret, account },
  };
}
