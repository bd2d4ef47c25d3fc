import type { Violation } from '../checks/check.ts';
import { drawPlan, type Plan } from '../happenings/plan.ts';
import { runSeed } from '../run/run-seed.ts';
import type { Variant } from './variant.ts';

interface Caught {
  readonly seed: number;
  /** How many seeds it took. */
  readonly seeds: number;
  readonly violation: Violation;
}

/**
 * Runs a broken system seed by seed until a check notices: one that finds nothing in the system as it is with the same seed.
 * @param plan  left out: what happens is drawn from each seed
 * @returns undefined when none did
 */
export async function catchVariant(
  { replace }: Variant,
  { from, to, plan }: { readonly from: number; readonly to: number; readonly plan?: Plan },
): Promise<Caught | undefined> {
  for (let seed = from; seed <= to; seed += 1) {
    const options = { seed, plan: plan ?? drawPlan(seed) };
    const { violation } = await runSeed({ ...options, replace });
    if (violation === undefined) continue;
    const { violation: unbroken } = await runSeed(options);
    if (unbroken === undefined) return { seed, seeds: seed - from + 1, violation };
  }
  return undefined;
}
