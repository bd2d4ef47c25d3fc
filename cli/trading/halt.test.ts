import { readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
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

const KEYS = { HALT_KEY: 'haltKey', HALT_SECRET: 'haltSecret' };

/** A system that trades with a key on an exchange in this process, whose orders can be counted whatever the system says. */
async function tradingSystem() {
  const simulator = await exchangeWith(['haltKey:haltSecret:USDT=20000,BTC=0.5']);
  const { exchange } = simulator.host.simulator;
  const { account } = exchange.key('haltKey')!;
  const folder = temporaryFolder();
  const file = environmentFile(folder, {
    ...busy(),
    environment: 'development',
    mode: 'testnet',
    paper: undefined,
    exchange: exchangeAt(simulator, { apiKey: 'haltKey', names: ['HALT_KEY', 'HALT_SECRET'] }),
  });
  const data = join(folder, 'data');
  const where = ['-e', file, '--data', data];
  const orders = () => {
    const all = exchange.allOrders(account, 'BTCUSDT', { limit: 1000 });
    return all.ok ? all.value : [];
  };
  return {
    data,

    begin: () => start(where, KEYS),
    ask: (...words: string[]) => run([...words, ...where]),
    placed: () => orders().length,
    open: () => orders().filter(({ status }) => status === 'NEW' || status === 'PARTIALLY_FILLED').length,
  };
}

test('K7: with the gateway gone and the database killed a halt is obeyed, stays through kill -9 and restart, and only resume ends it', async () => {
  const { data, begin, ask, placed, open } = await tradingSystem();
  const first = begin();
  await until(
    () => open() > 1,
    () => first.said,
  );

  const database = readFileSync(join(data, 'postgres', 'database', 'postmaster.pid'), 'utf8');
  process.kill(Number(database.split('\n')[0]), 'SIGKILL');
  renameSync(join(data, 'running.json'), join(data, 'hidden.json'));
  const halted = await ask('halt', '--why', 'a test');
  expect(halted).toMatchObject({ code: 3, out: expect.stringContaining('the system is halted by') });
  expect(halted.error).toContain('the gateway was not reached');
  await until(
    () => open() === 0,
    () => `${open()} orders are open\n${first.said}`,
    10_000,
  );
  const before = placed();
  await pause(2500);
  expect([placed() - before, open()]).toEqual([0, 0]);

  await first.end('SIGKILL');
  const second = begin();
  const status = async () => {
    const { code, out } = await ask('status', '--json');
    return code === 0 ? JSON.parse(out) : undefined;
  };
  await until(
    async () => (await status())?.execution.state === 'ready',
    () => second.said,
  );
  expect((await status()).risk.trips).toMatchObject([{ scope: 'the system', state: 'halted' }]);
  await pause(2500);
  expect([placed() - before, open()]).toEqual([0, 0]);

  expect(await ask('resume', '--why', 'the test goes on')).toMatchObject({ code: 0, error: '' });
  await until(
    () => placed() > before,
    () => second.said,
  );
  expect((await status()).risk.trips).toEqual([]);
  expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
});
