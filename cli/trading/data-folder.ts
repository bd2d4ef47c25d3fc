import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';

/** Where everything of one environment lies on this machine. Nothing else writes there. */
export interface DataFolder {
  readonly path: string;
  /** The signed end of the journal, and the key that was made here to sign it. */
  readonly ledgerHead: string;
  readonly ledgerHeadKey: string;
  /** The halt that outlives every database (faults.md I8). */
  readonly haltFile: string;
  readonly banFile: string;
  readonly startsFile: string;
  readonly blockedFile: string;
  /** Of the paper exchange and of the simulator. */
  readonly paperState: string;
  readonly simulatorState: string;
  readonly sessions: string;
  /** How the commands reach the services that run: address, token, process. */
  readonly runningFile: string;
}

export function dataFolderAt(folder: string): DataFolder {
  const path = resolve(folder);
  const at = (...names: string[]): string => join(path, ...names);
  return {
    path,
    ledgerHead: at('ledger-head.json'),
    ledgerHeadKey: at('keys', 'ledger-head.key'),
    haltFile: at('halt.json'),
    banFile: at('ban.json'),
    startsFile: at('starts.json'),
    blockedFile: at('blocked.json'),
    paperState: at('paper-exchange.json'),
    simulatorState: at('simulator.json'),
    sessions: at('sessions'),
    runningFile: at('running.json'),
  };
}

/**
 * Made where it is missing. Only its owner can look into it; others may pass through, which the account of the database must when we
 * are root. What is secret in it is readable for its owner alone.
 */
export async function makeDataFolder(folder: DataFolder): Promise<void> {
  await mkdir(folder.path, { recursive: true, mode: 0o711 });
  await mkdir(folder.sessions, { recursive: true });
}
