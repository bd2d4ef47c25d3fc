import { statfs } from 'node:fs/promises';
import type { RiskManager } from '@tradewind/proto';
import { every, type Log, type Timers } from '@tradewind/utils';

export interface DiskGuardParts {
  readonly timers: Timers;
  readonly log: Log;
  readonly riskManager: Pick<RiskManager, 'halt'>;
  /** Where ledger, recordings and halts are written. */
  readonly folder: string;
  /** @returns which share of the disk is free, 0 to 1. Rejects when that cannot be known */
  readonly freeShareOf?: (folder: string) => Promise<number>;
}

const LOOK_EVERY_MS = 2_000;
/** What is left is for the records of orders that are open and of getting out of them (faults.md P8). */
const FREE_LEAST = 0.05;

/**
 * Before the disk is full new risk is halted, while it can still be written down; selling and canceling go on. A person lets it on once
 * there is room. A disk of which nothing can be known is left to the ledger, which fails when it is full.
 * @returns what ends it
 */
export function guardDisk({
  timers,
  log,
  riskManager,
  folder,
  freeShareOf = freeShare,
}: DiskGuardParts): () => void {
  let isTold = false;
  const look = async (): Promise<void> => {
    const free = await freeShareOf(folder).catch(() => undefined);
    if (free === undefined) return;
    if (free >= FREE_LEAST) isTold = false;
    if (free >= FREE_LEAST || isTold) return;
    const why = `${(free * 100).toFixed(1)} % of the disk of ${folder} is free: make room, then resume`;
    log.write('error', 'disk_nearly_full', { folder, free });
    await riskManager
      .halt({ scope: { kind: 'system' }, state: 'reducing', cancelsOrders: false, by: 'disk', why })
      .then(() => {
        isTold = true;
      })
      // Tried again at the next look.
      .catch((error: unknown) => log.write('error', 'halt_not_taken', { why, detail: String(error) }));
  };
  return every(timers, LOOK_EVERY_MS, () => void look());
}

async function freeShare(folder: string): Promise<number> {
  const { bavail, blocks } = await statfs(folder);
  return blocks === 0 ? 1 : bavail / blocks;
}
