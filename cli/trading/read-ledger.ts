import { existsSync } from 'node:fs';
import { resolveSecret } from '@tradewind/config';
import { err, ok, type Result } from '@tradewind/core/result';
import {
  type DatabaseAddress,
  EmbeddedPostgres,
  type HeadFiles,
  type HeadKeeper,
  LedgerReader,
  openHeadFiles,
} from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import { type EnvironmentOptions, type LoadedEnvironment, loadEnvironment } from './environment.ts';
import { secretSources } from './secret-sources.ts';

/** A ledger to be looked at. */
export interface ReadableLedger {
  readonly reader: LedgerReader;
  /** Keeps its signed end; undefined where none was ever kept. */
  readonly keeper: HeadKeeper | undefined;
  close(): Promise<void>;
}

/** Where a ledger lies: in the embedded database of a folder, or at the address of a server. */
type LedgerPlace = HeadFiles & ({ readonly databaseFolder: string } | { readonly url: string });

/** The ledger of an environment, whether a system works on it or not. @returns a sentence where there is none */
export async function readLedger({
  config,
  folder,
}: Pick<LoadedEnvironment, 'config' | 'folder'>): Promise<Result<ReadableLedger, string>> {
  const files = { headFile: folder.ledgerHead, keyFile: folder.ledgerHeadKey };
  if (config.ledger === undefined) return readLedgerAt({ ...files, databaseFolder: folder.path });
  const url = await resolveSecret(config.ledger.url, await secretSources(config));
  return url.ok
    ? readLedgerAt({ ...files, url: url.value.reveal() })
    : err(`ledger.url: ${url.error.reference}: ${url.error.what}`);
}

export async function readLedgerOf(options: EnvironmentOptions): Promise<Result<ReadableLedger, string>> {
  const environment = await loadEnvironment(options);
  return environment.ok ? readLedger(environment.value) : err(environment.error.sentence);
}

/**
 * Opens a ledger to be looked at: that of the system that runs, or, where none does, with a server that is started for it and stopped
 * again. Nothing is made or brought up to date.
 */
export async function readLedgerAt(place: LedgerPlace): Promise<Result<ReadableLedger, string>> {
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
): Promise<Result<ReadableLedger, string>> {
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
