import type { Secret } from '@tradewind/config';
import { err, ok, type Result } from '@tradewind/core/result';
import { EmbeddedPostgres, openHeadFiles, PostgresLedger } from '@tradewind/postgres';
import { type Log, systemTimers } from '@tradewind/utils';
import { VERSION } from '../version.ts';
import type { LoadedEnvironment } from './environment.ts';

/** A ledger that is open, with the server behind it where that is ours. */
export interface OpenLedger {
  readonly ledger: PostgresLedger;
  close(): Promise<void>;
}

/**
 * Opens the ledger of an environment: a PostgreSQL of our own in the data folder, or the one that the configuration names.
 * @param keepsHead  whether this process writes down the signed end of the journal; of several that share a ledger, one does
 * @returns a sentence where it cannot be had
 */
export async function openLedger(
  { config, hash, folder }: Pick<LoadedEnvironment, 'config' | 'hash' | 'folder'>,
  url: Secret | undefined,
  log: Log,
  keepsHead: boolean,
): Promise<Result<OpenLedger, string>> {
  const timers = systemTimers;
  const server =
    config.ledger === undefined
      ? await EmbeddedPostgres.start({ dataFolder: folder.path, timers })
      : ok(undefined);
  if (!server.ok) return server;
  const stop = async (): Promise<void> => server.value?.stop();
  const address = server.value?.address ?? (url && { url: url.reveal() });
  if (address === undefined) return err('ledger.url: no address was resolved');
  const ledger = await PostgresLedger.open({
    address,
    timers,
    stamp: { build: VERSION, configurationHash: hash },
    ...(keepsHead
      ? { headKeeper: await openHeadFiles({ headFile: folder.ledgerHead, keyFile: folder.ledgerHeadKey }) }
      : {}),
    log,
  });
  if (!ledger.ok) {
    await stop();
    return ledger;
  }
  return ok({
    ledger: ledger.value,
    async close() {
      await ledger.value.close();
      await stop();
    },
  });
}
