import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Amount, add, formatAmount, zero } from '@tradewind/core/money';
import { Account } from '@tradewind/core/portfolio';
import { EmbeddedPostgres } from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, hasRedisServer, OwnRedis } from '../../tools/own-redis.ts';
import { loadEnvironment } from './environment.ts';
import {
  busy,
  environmentFile,
  exchangeAt,
  exchangeWith,
  run,
  start,
  type Tradewind,
  temporaryFolder,
  until,
} from './processes.test-support.ts';
import { readLedger } from './read-ledger.ts';

const SERVICES = ['market-data', 'risk-manager', 'order-execution', 'strategy-engine', 'gateway'] as const;

test.skipIf(!hasRedisServer)(
  'P9, X1: needs redis-server: services that run apart trade; Redis is emptied, one is killed and comes back, and books and exchange agree to the last digit',
  async () => {
    const folder = temporaryFolder();
    const redis = await OwnRedis.start();
    onTestFinished(() => redis.stop());
    const server = await EmbeddedPostgres.start({
      dataFolder: join(folder, 'postgres'),
      timers: systemTimers,
    });
    if (!server.ok) throw new Error(server.error);
    onTestFinished(() => server.value.stop());
    const { socketFolder, port, user, database } = server.value.address;
    const simulator = await exchangeWith(['apartKey:apartSecret:USDT=20000,BTC=0.5']);
    const reference = (name: string): string => `$\{env:${name}}`;
    const ports = await Promise.all(SERVICES.map(() => freePort()));
    const file = environmentFile(folder, {
      ...busy(),
      environment: 'development',
      mode: 'testnet',
      paper: undefined,
      exchange: exchangeAt(simulator, { apiKey: 'apartKey', names: ['APART_KEY', 'APART_SECRET'] }),
      // A busy machine takes its time to start what was killed.
      guards: { repeats_maximum: 1000, dead_man_after_ms: 120_000 },
      ledger: { url: reference('APART_DATABASE') },
      redis: { url: reference('APART_REDIS') },
      services: {
        token: reference('APART_TOKEN'),
        ...Object.fromEntries(SERVICES.slice(0, 4).map((name, i) => [name, { port: ports[i] }])),
      },
    });
    const environment = {
      APART_KEY: 'apartKey',
      APART_SECRET: 'apartSecret',
      APART_TOKEN: 'a token of sixteen characters or more',
      APART_DATABASE: `postgres://${user}@localhost:${port}/${database}?host=${encodeURIComponent(socketFolder)}`,
      APART_REDIS: redis.url,
    };
    const words = ['-e', file, '--data', join(folder, 'data')];
    const running = new Map<string, Tradewind>();
    const begin = (name: string): void => void running.set(name, start([name, ...words], environment));
    for (const name of SERVICES) begin(name);

    const fills = async (): Promise<number> => {
      const { code, out } = await run(['pnl', ...words, '--json'], environment);
      if (code !== 0) return 0;
      const { days } = JSON.parse(out) as { readonly days: readonly { readonly fills: number }[] };
      return days.reduce((sum, day) => sum + day.fills, 0);
    };
    const said = (): string =>
      [...running].map(([name, { said: text }]) => `${name}:\n${text.slice(-1500)}`).join('\n');
    await until(async () => (await fills()) >= 3, said, 180_000);
    await redis.flush();
    const flushed = await fills();
    await until(async () => (await fills()) >= flushed + 3, said, 180_000);
    await running.get('order-execution')!.end('SIGKILL');
    await pause(500);
    begin('order-execution');
    const before = await fills();
    await until(async () => (await fills()) >= before + 3, said, 180_000);

    simulator.host.simulator.pauseMarket();
    await pause(3000);
    for (const name of [...SERVICES].reverse()) {
      expect((await running.get(name)!.end('SIGTERM')).code, said()).toBe(0);
    }
    Object.assign(process.env, environment);
    onTestFinished(() => {
      for (const name of Object.keys(environment)) delete process.env[name];
    });
    const loaded = await loadEnvironment({ environment: file, data: join(folder, 'data') });
    if (!loaded.ok) throw new Error(loaded.error.sentence);
    const ledger = await readLedger(loaded.value);
    if (!ledger.ok) throw new Error(ledger.error);
    const { balances, breaks } = await ledger.value.reader.load();
    await ledger.value.close();
    expect(breaks).toEqual([]);
    const { exchange } = simulator.host.simulator;
    const held = exchange.balances(exchange.key('apartKey')!.account);
    for (const { asset, free, locked } of held) {
      const owned = balances
        .filter(
          (each) =>
            each.asset === asset && (each.account === Account.free || each.account === Account.locked),
        )
        .reduce((sum: Amount, each) => add(sum, each.amount), zero<Amount>());
      expect([asset, formatAmount(owned)]).toEqual([asset, formatAmount(add(free, locked))]);
    }
  },
  600_000,
);
