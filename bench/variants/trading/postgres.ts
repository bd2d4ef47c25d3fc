import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedPostgres, openHeadFiles, PostgresLedger } from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';

/** A ledger on a server of its own, as `start` opens it. */
export async function openPostgres(folder: string) {
  const server = await EmbeddedPostgres.start({ dataFolder: folder, timers: systemTimers });
  if (!server.ok) throw new Error(server.error);
  const { address } = server.value;
  const ledger = await PostgresLedger.open({
    address,
    timers: systemTimers,
    stamp: { build: 'bench', configurationHash: 'bench' },
    headKeeper: await openHeadFiles({
      headFile: join(folder, 'ledger-head.json'),
      keyFile: join(folder, 'keys', 'ledger-head.key'),
    }),
  });
  if (!ledger.ok) throw new Error(ledger.error);
  return {
    ledger: ledger.value,
    address,
    async close() {
      await ledger.value.close();
      await server.value.stop();
    },
  };
}

export async function withFolder<Line>(use: (folder: string) => Promise<Line>): Promise<Line> {
  const folder = await mkdtemp(join(tmpdir(), 'tradewind-bench-'));
  try {
    // As root the server runs under another account, which has to get there.
    await chmod(folder, 0o755);
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
