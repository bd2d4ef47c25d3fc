import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Amount, add, amount, formatAmount, zero } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import type { CommittedEvent } from '@tradewind/proto';
import { SeededRandom, systemClock, systemTimers } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { readSimulatorOptions } from '../simulator-options.ts';
import { type RunningSimulator, startSimulator } from '../start-simulator.ts';
import { loadEnvironment } from './environment.ts';
import { readLedger } from './read-ledger.ts';

const TRADEWIND = fileURLToPath(new URL('../bin/tradewind.js', import.meta.url));
const BUSY = fileURLToPath(new URL('busy-strategy.test-support.ts', import.meta.url));
const LOCAL = fileURLToPath(new URL('../../config/local.json', import.meta.url));
/** How often the process is killed, after a few more fills each time; more by hand: E2E_KILLS=50. */
const KILLS = Number(process.env.E2E_KILLS ?? 3);
const SEED = Number(process.env.E2E_SEED ?? 1);
const FILLS_WITHIN_MS = 180_000;
const ASSETS = ['USDT', 'BTC'];

async function exchange(): Promise<RunningSimulator> {
  const request = readSimulatorOptions({
    port: '0',
    host: '127.0.0.1',
    seed: String(SEED),
    symbols: 'BTCUSDT',
    account: ['testKeyOne:testSecretOne:USDT=20000,BTC=0.5'],
    traders: true,
  });
  if (!request.ok) throw new Error(request.error.sentence);
  const running = await startSimulator(request.value, { clock: systemClock, timers: systemTimers });
  if (!running.ok) throw new Error(running.error.sentence);
  onTestFinished(async () => void (await running.value.stop()));
  return running.value;
}

/** The local environment, turned to trade with a key on an exchange that runs already. */
function configurationFor({ address, host }: RunningSimulator, folder: string): string {
  const at = `127.0.0.1:${address.port}`;
  const { account } = host.simulator.exchange.key('testKeyOne')!;
  const local = JSON.parse(readFileSync(LOCAL, 'utf8'));
  const limits = {
    ...local.limits,
    strategies: {
      busy: { ...local.limits.strategies['ema-btc'], consecutive_losses_maximum: 'none', order_rate: 'none' },
    },
    symbols: { BTCUSDT: local.limits.symbols.BTCUSDT },
    account: { ...local.limits.account, order_rate: 'none', daily_loss_maximum: 'none' },
  };
  const config = {
    ...local,
    $schema: undefined,
    environment: 'development',
    mode: 'testnet',
    paper: undefined,
    symbols: ['BTCUSDT'],
    exchange: {
      profile: 'simulator',
      urls: { rest: `http://${at}`, streams: `ws://${at}`, websocket_api: `ws://${at}/ws-api/v3` },
      key: { api_key: '$' + '{env:E2E_KEY}', secret: '$' + '{env:E2E_SECRET}', account },
    },
    strategies: {
      busy: { definition: BUSY, symbols: ['BTCUSDT'], interval: '1s', capital: { USDT: '8000' } },
    },
    limits,
    guards: { sweep_every_ms: 10_000, lease_ms: 3000, repeats_maximum: 1000 },
    gateway: { port: 0 },
  };
  const file = join(folder, 'e2e.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return file;
}

class System {
  private child: ChildProcess | undefined;
  private output = '';
  private readonly file: string;
  private readonly data: string;

  constructor(file: string, data: string) {
    this.file = file;
    this.data = data;
  }

  start(): void {
    this.output = '';
    // Kills come in a row here that a supervisor would slow down; that has tests of its own (faults.md X5).
    rmSync(join(this.data, 'starts.json'), { force: true });
    const environment = { ...process.env, E2E_KEY: 'testKeyOne', E2E_SECRET: 'testSecretOne' };
    const child = spawn(
      process.execPath,
      [TRADEWIND, 'start', '-e', this.file, '--data', this.data, '--output', 'plain'],
      {
        env: environment,
      },
    );
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk) => (this.output += String(chunk)));
    this.child = child;
  }

  /** @returns the exit code; null when it was killed */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child === undefined || child.exitCode !== null) return child?.exitCode ?? null;
    const code = new Promise<number | null>((resolve) => child.once('exit', (exit) => resolve(exit)));
    child.kill(signal);
    return code;
  }

  /** Resolves when this run has told of so many fills. */
  async hasFilled(fills: number): Promise<void> {
    const until = systemClock.elapsedMs() + FILLS_WITHIN_MS;
    while ((this.output.match(/ (bought|sold) /g)?.length ?? 0) < fills) {
      if (systemClock.elapsedMs() > until) throw new Error(`no ${fills} fills came:\n${this.output}`);
      await pause(50);
    }
  }

  get log(): string {
    return this.output;
  }
}

test(`killed ${KILLS} times while it trades, at the end books and exchange agree to the last digit and no intent has two orders`, {
  timeout: 3_600_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-e2e-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const simulator = await exchange();
  const file = configurationFor(simulator, folder);
  const system = new System(file, join(folder, 'data'));
  onTestFinished(async () => void (await system.end('SIGKILL')));
  const random = new SeededRandom(SEED);

  for (let run = 0; run <= KILLS; run += 1) {
    system.start();
    await system.hasFilled(2 + Math.floor(random.nextFraction() * 4));
    // At any point of what an order goes through.
    await pause(random.nextFraction() * 500);
    if (run < KILLS) await system.end('SIGKILL');
    // Each start asks for a lot at once; a long row of them has to stay within the exchange's limit of weight for a minute.
    if (KILLS > 5) await pause(8000);
  }
  // The market stands still, so that what is compared does not move; what it has filled until then has time to be heard.
  simulator.host.simulator.pauseMarket();
  await pause(3000);
  expect(await system.end('SIGTERM'), system.log.slice(-4000)).toBe(0);

  const { exchange: oracle } = simulator.host.simulator;
  const { account } = oracle.key('testKeyOne')!;
  const environment = await loadEnvironment({ environment: file, data: join(folder, 'data') });
  if (!environment.ok) throw new Error(environment.error.sentence);
  const opened = await readLedger(environment.value);
  if (!opened.ok) throw new Error(opened.error);
  const { reader: ledger, close } = opened.value;
  const state = await ledger.load();
  const events: CommittedEvent[] = [];
  for (let page = await ledger.read({ afterSeq: 0, limit: 5000 }); page.length > 0; ) {
    events.push(...page);
    page = await ledger.read({ afterSeq: page.at(-1)!.seq, limit: 5000 });
  }
  await close();

  const owned = (asset: string): Amount =>
    state.balances
      .filter(
        (each) => each.asset === asset && (each.account === Account.free || each.account === Account.locked),
      )
      .reduce((sum: Amount, each) => add(sum, each.amount), zero<Amount>());
  const held = (asset: string): Amount => {
    const balance = oracle.balances(account).find((each) => each.asset === asset);
    return balance === undefined ? amount(asset, '0') : add(balance.free, balance.locked);
  };
  const fills = events.filter(({ kind }) => kind === 'fill');
  expect(fills.length).toBeGreaterThan(3);
  expect(state.breaks).toEqual([]);
  for (const asset of ASSETS)
    expect([asset, formatAmount(owned(asset))]).toEqual([asset, formatAmount(held(asset))]);

  const orders = oracle.allOrders(account, 'BTCUSDT', { limit: 1000 });
  if (!orders.ok) throw new Error('the exchange knows its orders');
  const names = orders.value.map(({ placedClientOrderId }) => placedClientOrderId);
  expect(names.length - new Set(names).size).toBe(0);
  const intents = new Set(
    events.flatMap((event) =>
      event.kind === 'intent' && !('kind' in event.wanted) ? [event.wanted.clientOrderId] : [],
    ),
  );
  // Intent before wire (faults.md I1): whatever the exchange has, the journal had first.
  expect(names.filter((name) => !intents.has(name))).toEqual([]);
  const executed = orders.value.reduce(
    (sum, order) => sum + BigInt(order.executedQuantity as unknown as bigint),
    0n,
  );
  const booked = fills.reduce(
    (sum, event) => sum + (event.kind === 'fill' ? (event.fill.quantity as unknown as bigint) : 0n),
    0n,
  );
  expect(booked).toBe(executed);
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, i) => i + 1));
});
