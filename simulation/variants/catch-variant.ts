import type { Violation } from '../checks/check.ts';
import { runSeed } from '../run/run-seed.ts';
import type { Variant } from './variant.ts';

export interface Caught {
  readonly seed: number;
  /** How many seeds it took. */
  readonly seeds: number;
  readonly violation: Violation;
}

/**
 * Runs a broken system seed by seed until a check notices: one that finds nothing in the system as it is with the same seed.
 * @returns undefined when none did
 */
export async function catchVariant(
  { replace }: Variant,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Caught | undefined> {
  for (let seed = from; seed <= to; seed += 1) {
    const { violation } = await runSeed({ seed, replace });
    if (violation === undefined) continue;
    const { violation: unbroken } = await runSeed({ seed });
    if (unbroken === undefined) return { seed, seeds: seed - from + 1, violation };
  }
  return undefined;
}
