import { join } from 'node:path';
import { EmbeddedPostgres } from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import {
  busy,
  environmentFile,
  exchangeAt,
  exchangeWith,
  run,
  start,
  temporaryFolder,
  until,
} from './processes.test-support.ts';

test('I9: of two systems on one ledger the second stands by, and takes over when the first is killed', async () => {
  const folder = temporaryFolder();
  const server = await EmbeddedPostgres.start({ dataFolder: join(folder, 'server'), timers: systemTimers });
  if (!server.ok) throw new Error(server.error);
  onTestFinished(() => server.value.stop());
  const { user, database, socketFolder } = server.value.address;
  const simulator = await exchangeWith(['pairKey:pairSecret:USDT=20000,BTC=0.5']);
  const file = environmentFile(folder, {
    ...busy(),
    environment: 'development',
    mode: 'testnet',
    paper: undefined,
    ledger: { url: '$' + '{env:PAIR_LEDGER}' },
    guards: { lease_ms: 3000 },
    exchange: exchangeAt(simulator, { apiKey: 'pairKey', names: ['PAIR_KEY', 'PAIR_SECRET'] }),
  });
  const environment = {
    PAIR_KEY: 'pairKey',
    PAIR_SECRET: 'pairSecret',
    PAIR_LEDGER: `postgresql://${user}@/${database}?host=${encodeURIComponent(socketFolder)}`,
  };
  const at = (data: string) => ['-e', file, '--data', join(folder, data)];
  const execution = async (data: string) => {
    const { code, out } = await run(['status', '--json', ...at(data)], environment);
    return code === 0 ? JSON.parse(out).execution : undefined;
  };
  const isIn = async (data: string, state: string) => (await execution(data))?.state === state;

  const first = start(at('one'), environment);
  await until(
    () => isIn('one', 'ready'),
    () => first.said,
  );
  const second = start(at('two'), environment);
  await until(
    () => isIn('two', 'standby'),
    () => second.said,
  );
  const { epoch } = await execution('one');

  await first.end('SIGKILL');
  await until(
    () => isIn('two', 'ready'),
    () => second.said,
  );
  expect((await execution('two')).epoch).toBeGreaterThan(epoch);
  const { exchange } = simulator.host.simulator;
  const orders = () => {
    const all = exchange.allOrders(exchange.key('pairKey')!.account, 'BTCUSDT', { limit: 1000 });
    return all.ok ? all.value.length : 0;
  };
  const before = orders();
  await until(
    () => orders() > before,
    () => second.said,
  );
  expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
});
