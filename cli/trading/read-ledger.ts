import { resolveSecret } from '@tradewind/config';
import { err, type Result } from '@tradewind/core/result';
import type { Command } from 'commander';
import type { LedgerAccess, OpenedLedger } from '../ledger-command.ts';
import { openLedger } from '../open-ledger.ts';
import {
  type EnvironmentOptions,
  type LoadedEnvironment,
  loadEnvironment,
  withEnvironment,
} from './environment.ts';
import { secretSources } from './secret-sources.ts';

/** The ledger of an environment, whether a system works on it or not. @returns a sentence where there is none */
export async function readLedger({
  config,
  folder,
}: LoadedEnvironment): Promise<Result<OpenedLedger, string>> {
  const files = { headFile: folder.ledgerHead, keyFile: folder.ledgerHeadKey };
  if (config.ledger === undefined) return openLedger({ ...files, databaseFolder: folder.path });
  const url = await resolveSecret(config.ledger.url, await secretSources(config));
  return url.ok
    ? openLedger({ ...files, url: url.value.reveal() })
    : err(`ledger.url: ${url.error.reference}: ${url.error.what}`);
}

/** How `tradewind ledger` finds it. */
export const ledgerOfEnvironment: LedgerAccess<EnvironmentOptions> = {
  withPlace: (command: Command) => withEnvironment(command),
  async open(options) {
    const environment = await loadEnvironment(options);
    return environment.ok ? readLedger(environment.value) : err(environment.error.sentence);
  },
};
