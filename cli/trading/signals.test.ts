import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { isFinal } from '@tradewind/core/orders';
import { EmbeddedPostgres, LedgerReader } from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import { expect, onTestFinished, test } from 'vitest';
import { loadEnvironment } from './environment.ts';
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

const KEYS = { SIGNAL_KEY: 'signalKey', SIGNAL_SECRET: 'signalSecret' };

/** An exchange whose answers to orders take a while, and a ledger that several processes can share. */
async function tradingPlace() {
  const folder = temporaryFolder();
  const server = await EmbeddedPostgres.start({ dataFolder: join(folder, 'server'), timers: systemTimers });
  if (!server.ok) throw new Error(server.error);
  onTestFinished(() => server.value.stop());
  const { address } = server.value;
  const simulator = await exchangeWith(['signalKey:signalSecret:USDT=20000,BTC=0.5']);
  const { exchange, faults } = simulator.host.simulator;
  const { account } = exchange.key('signalKey')!;
  const file = environmentFile(folder, {
    ...busy(),
    environment: 'development',
    mode: 'testnet',
    paper: undefined,
    ledger: { url: '$' + '{env:SIGNAL_LEDGER}' },
    guards: { lease_ms: 4_000 },
    exchange: exchangeAt(simulator, { apiKey: 'signalKey', names: ['SIGNAL_KEY', 'SIGNAL_SECRET'] }),
  });
  const secrets = {
    ...KEYS,
    SIGNAL_LEDGER: `postgresql://${address.user}@/${address.database}?host=${encodeURIComponent(address.socketFolder)}`,
  };
  const at = (data: string) => ['-e', file, '--data', join(folder, data)];
  const readLedger = async () => {
    const reader = await LedgerReader.open(address, systemTimers);
    if (!reader.ok) throw new Error(reader.error);
    const state = await reader.value.load();
    const events = await reader.value.read({ afterSeq: 0, limit: 10_000 });
    await reader.value.close();
    return { state, events };
  };
  return {
    file,
    begin: (data: string) => start(at(data), secrets),
    stateOf: async (data: string) => {
      const { code, out } = await run(['status', '--json', ...at(data)], secrets);
      return code === 0 ? JSON.parse(out).execution.state : undefined;
    },
    orders: () => {
      const all = exchange.allOrders(account, 'BTCUSDT', { limit: 1000 });
      return all.ok ? all.value : [];
    },
    slowAnswers: () => {
      const slow = {
        fault: 'delay_answer',
        ms: [1_000, 1_500],
        where: { endpoint: ['POST *', 'order.place'] },
      };
      const installed = faults.install({ faults: [slow] } as never);
      if (!installed.ok) throw new Error('the plan fits this exchange');
    },
    readLedger,
  };
}

test('X6, G6: asked to end with orders in flight, it hears of them first; and what it ran with stands in the journal before any order', async () => {
  const place = await tradingPlace();
  const system = place.begin('one');
  place.slowAnswers();
  await until(
    () => place.orders().length > 0,
    () => system.said,
    120_000,
  );
  // A new order is on its way, and its answer is not.
  const before = place.orders().length;
  await until(
    () => place.orders().length > before,
    () => system.said,
    120_000,
  );
  expect(await system.end('SIGTERM')).toMatchObject({ code: 0 });

  const { state, events } = await place.readLedger();
  const unanswered = state.orders.filter(({ record }) =>
    ['created', 'in_flight', 'unknown'].includes(record.state),
  );
  expect(unanswered.map(({ intent, record }) => [intent.clientOrderId, record.state])).toEqual([]);
  const known = new Set(
    events.flatMap((event) => (event.kind === 'order' ? [event.record.clientOrderId] : [])),
  );
  expect(place.orders().filter(({ placedClientOrderId }) => !known.has(placedClientOrderId))).toEqual([]);

  const loaded = await loadEnvironment({ environment: place.file });
  if (!loaded.ok) throw new Error(loaded.error.sentence);
  const hash = createHash('sha256').update(JSON.stringify(loaded.value.config)).digest('hex');
  expect(events.find(({ kind }) => kind === 'configuration')).toMatchObject({
    hash,
    environment: 'development',
  });
  const seqOf = (kind: string): number => events.find((event) => event.kind === kind)!.seq;
  expect(seqOf('configuration')).toBeLessThan(seqOf('intent'));
});

test('X4: a leader that is stopped in mid-order and wakes up when another leads sends and writes nothing more', async () => {
  const place = await tradingPlace();
  const first = place.begin('one');
  place.slowAnswers();
  await until(
    () => place.orders().length > 1,
    () => first.said,
    120_000,
  );
  const second = place.begin('two');
  await until(
    async () => (await place.stateOf('two')) === 'standby',
    () => second.said,
    120_000,
  );
  first.child.kill('SIGSTOP');
  onTestFinished(() => void first.child.kill('SIGCONT'));
  await until(
    async () => (await place.stateOf('two')) === 'ready',
    () => second.said,
    120_000,
  );
  first.child.kill('SIGCONT');
  const before = place.orders().length;
  await until(
    () => place.orders().length > before + 1,
    () => second.said,
    120_000,
  );
  await pause(3_000);
  expect(await second.end('SIGTERM')).toMatchObject({ code: 0 });
  await first.end('SIGKILL');

  const { state, events } = await place.readLedger();
  const leaders = events.filter((event) => event.kind === 'leader');
  const [, takenOver] = leaders;
  const epochOf = new Map<string, number>();
  for (const event of events)
    if (event.kind === 'intent' && !('kind' in event.wanted)) {
      epochOf.set(event.wanted.clientOrderId, event.epoch);
      if (event.seq > takenOver!.seq) expect(event.epoch).toBeGreaterThanOrEqual(takenOver!.epoch);
    }
  const names = place.orders().map(({ placedClientOrderId }) => placedClientOrderId);
  expect(new Set(names).size).toBe(names.length);
  // By the clock of the exchange, which runs in this process.
  const late = place.orders().filter(({ createdAtMs }) => createdAtMs > takenOver!.atMs + 1_000);
  expect(late.length).toBeGreaterThan(0);
  for (const { placedClientOrderId } of late)
    expect(epochOf.get(placedClientOrderId)).toBeGreaterThanOrEqual(takenOver!.epoch);
  expect(state.breaks).toEqual([]);
  expect(state.orders.filter(({ record }) => !isFinal(record.state) && record.state === 'unknown')).toEqual(
    [],
  );
});
