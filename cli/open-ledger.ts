import { existsSync } from 'node:fs';
import { err, ok, type Result } from '@tradewind/core/result';
import {
  type DatabaseAddress,
  EmbeddedPostgres,
  type HeadFiles,
  LedgerReader,
  openHeadFiles,
} from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import type { OpenedLedger } from './ledger-access.ts';

/** Where a ledger lies: in the embedded database of a folder, or at the address of a server. */
export type LedgerPlace = HeadFiles & ({ readonly databaseFolder: string } | { readonly url: string });

/**
 * Opens a ledger to be looked at: that of the system that runs, or, where none does, with a server that is started for it and stopped
 * again. Nothing is made or brought up to date.
 */
export async function openLedger(place: LedgerPlace): Promise<Result<OpenedLedger, string>> {
  if ('url' in place) return await opened({ url: place.url }, place, async () => undefined);
  const { databaseFolder: dataFolder } = place;
  if (!(await EmbeddedPostgres.isIn(dataFolder))) {
    return err(
      `There is no ledger in ${dataFolder}: it is made when Tradewind starts there for the first time.`,
    );
  }
  const running = await EmbeddedPostgres.addressOfRunning(dataFolder);
  if (running !== undefined) return await opened(running, place, async () => undefined);
  const server = await EmbeddedPostgres.start({ dataFolder, timers: systemTimers });
  if (!server.ok) return server;
  return await opened(server.value.address, place, () => server.value.stop());
}

async function opened(
  address: DatabaseAddress,
  files: HeadFiles,
  after: () => Promise<void>,
): Promise<Result<OpenedLedger, string>> {
  const reader = await LedgerReader.open(address, systemTimers);
  if (!reader.ok) {
    await after();
    return reader;
  }
  const keeper =
    existsSync(files.headFile) && existsSync(files.keyFile) ? await openHeadFiles(files) : undefined;
  return ok({
    reader: reader.value,
    keeper,
    async close() {
      await reader.value.close();
      await after();
    },
  });
}
