import type { ClockSynchronizer } from '../clock/clock-synchronizer.ts';
import { INVALID_TIMESTAMP } from '../errors/error-table.ts';
import type { Outcome } from '../outcome.ts';

export type Synchronizer = Pick<ClockSynchronizer, 'restoreTrust' | 'synchronize'>;

/**
 * Makes a signed attempt with a time that is trusted, and a second one when the venue refused the first for its timestamp: that
 * is refused before the engine (binance-spot.md section 2.4), so a second attempt cannot be a second order (faults.md C1).
 */
export async function withTrustedTime<T>(
  synchronizer: Synchronizer,
  attempt: () => Promise<Outcome<T>>,
): Promise<Outcome<T>> {
  const restoring = synchronizer.restoreTrust();
  // As a rule there is nothing to wait for, and the text leaves before this returns.
  if (restoring !== undefined) await restoring;
  const first = await attempt();
  const isRefused =
    first.kind === 'failed' && first.failure.reason === 'refused' && first.failure.code === INVALID_TIMESTAMP;
  if (!isRefused) return first;
  return (await synchronizer.synchronize()).ok ? attempt() : first;
}
