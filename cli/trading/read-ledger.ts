import { resolveSecret } from '@tradewind/config';
import { err, ok, type Result } from '@tradewind/core/result';
import { type DatabaseAddress, EmbeddedPostgres, LedgerReader } from '@tradewind/postgres';
import { systemTimers } from '@tradewind/utils';
import type { LoadedEnvironment } from './environment.ts';
import { secretSources } from './secret-sources.ts';

/** A ledger that is read, and not changed. */
export interface ReadLedger {
  readonly ledger: LedgerReader;
  readonly address: DatabaseAddress;
  close(): Promise<void>;
}

/** The ledger of an environment, whether a system works on it or not. @returns a sentence where there is none */
export async function readLedger(environment: LoadedEnvironment): Promise<Result<ReadLedger, string>> {
  const found = await addressOf(environment);
  if (!found.ok) return found;
  const { address, stop } = found.value;
  const ledger = await LedgerReader.open(address, systemTimers);
  if (!ledger.ok) {
    await stop();
    return ledger;
  }
  return ok({
    ledger: ledger.value,
    address,
    async close() {
      await ledger.value.close();
      await stop();
    },
  });
}

interface FoundDatabase {
  readonly address: DatabaseAddress;
  stop(): Promise<void>;
}

async function addressOf({ config, folder }: LoadedEnvironment): Promise<Result<FoundDatabase, string>> {
  const stop = async (): Promise<void> => undefined;
  if (config.ledger !== undefined) {
    const url = await resolveSecret(config.ledger.url, await secretSources(config));
    return url.ok
      ? ok({ address: { url: url.value.reveal() }, stop })
      : err(`ledger.url: ${url.error.reference}: ${url.error.what}`);
  }
  const running = await EmbeddedPostgres.addressOfRunning(folder.path);
  if (running !== undefined) return ok({ address: running, stop });
  // Nobody works on it: its server is started for as long as it is read.
  const server = await EmbeddedPostgres.start({ dataFolder: folder.path, timers: systemTimers });
  return server.ok ? ok({ address: server.value.address, stop: () => server.value.stop() }) : server;
}
