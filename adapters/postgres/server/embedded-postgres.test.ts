import { fork } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alert } from '@tradewind/proto/ledger/conformance';
import { systemTimers } from '@tradewind/utils';
import { afterAll, beforeAll, expect } from 'vitest';
import { LedgerReader } from '../ledger/ledger-reader.ts';
import { PostgresLedger } from '../ledger/postgres-ledger.ts';
import { verifyLedger } from '../ledger/verify.ts';
import { STAMP, testWithPostgres as test } from '../postgres.test-support.ts';
import { EmbeddedPostgres } from './embedded-postgres.ts';

let dataFolder: string;
beforeAll(async () => {
  dataFolder = mkdtempSync(join(tmpdir(), 'tradewind-server-'));
  await chmod(dataFolder, 0o755);
});
afterAll(() => rm(dataFolder, { recursive: true, force: true }));

async function started(): Promise<EmbeddedPostgres> {
  const server = await EmbeddedPostgres.start({ dataFolder, timers: systemTimers });
  if (!server.ok) throw new Error(server.error);
  return server.value;
}

async function ledgerOn(server: EmbeddedPostgres): Promise<PostgresLedger> {
  const ledger = await PostgresLedger.open({ address: server.address, timers: systemTimers, stamp: STAMP });
  if (!ledger.ok) throw new Error(ledger.error);
  return ledger.value;
}

test('what was written is there after a stop and a start, and a second start on the folder is refused with a sentence', async () => {
  const first = await started();
  const ledger = await ledgerOn(first);
  await ledger.commit([alert('1')]);
  const second = await EmbeddedPostgres.start({ dataFolder, timers: systemTimers });
  expect(second.ok ? '' : second.error).toContain(
    `in use by process ${process.pid}: only one Tradewind may run on it`,
  );
  expect(await EmbeddedPostgres.addressOfRunning(dataFolder)).toEqual(first.address);
  await ledger.close();
  await first.stop();
  expect(await EmbeddedPostgres.addressOfRunning(dataFolder)).toBeUndefined();
  const third = await started();
  const again = await ledgerOn(third);
  expect(await again.lastSeq()).toBe(1);
  await again.close();
  await third.stop();
});

test('a lock file whose process id is that of another program now does not stand in the way', async () => {
  const first = await started();
  await first.stop();
  await writeFile(
    join(dataFolder, 'postgres', 'database', 'postmaster.pid'),
    `${process.pid}\n/x\n1\n5432\n/x\n\n1 1\nready\n`,
  );
  await (await started()).stop();
});

test('a database stays where it is when its data folder is closed to others, and to look for one makes nothing', async () => {
  await chmod(dataFolder, 0o700);
  expect(await EmbeddedPostgres.isIn(dataFolder)).toBe(true);
  await chmod(dataFolder, 0o755);
  const none = join(dataFolder, 'none');
  expect(await EmbeddedPostgres.isIn(none)).toBe(false);
  expect(await EmbeddedPostgres.addressOfRunning(none)).toBeUndefined();
  expect(existsSync(none)).toBe(false);
});

test('a server that cannot start says why', async () => {
  const result = await EmbeddedPostgres.start({
    dataFolder,
    timers: systemTimers,
    settings: ['shared_buffers=nonsense'],
  });
  expect(result.ok ? '' : result.error).toMatch(/does not start: .*shared_buffers/);
});

test('P2: kill -9 of the owner and of the server while it commits loses nothing that was acknowledged', async () => {
  for (const victim of ['owner', 'both'] as const) {
    const child = fork(new URL('./committing-process.test-support.ts', import.meta.url), [dataFolder], {
      execArgv: [],
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    let acknowledged = 0;
    const reached = Promise.withResolvers<void>();
    child.on('message', (seq: number) => {
      acknowledged = seq;
      if (seq > 50) reached.resolve();
    });
    await reached.promise;
    if (victim === 'both') {
      const lock = await readFile(join(dataFolder, 'postgres', 'database', 'postmaster.pid'), 'utf8');
      process.kill(Number(lock.split('\n')[0]), 'SIGKILL');
    }
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await started();
    const reader = new LedgerReader(server.address, systemTimers);
    expect(await reader.lastSeq()).toBeGreaterThanOrEqual(acknowledged);
    expect((await verifyLedger(reader)).kind).toBe('whole');
    await reader.close();
    await server.stop();
  }
});
