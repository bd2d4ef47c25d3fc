import type { Violation } from '../checks/check.ts';
import type { Plan } from '../happenings/plan.ts';
import { runSeed } from '../run/run-seed.ts';
import type { Variant } from './variant.ts';

/**
 * Runs a broken system seed by seed until a check notices: one that finds nothing in the system as it is with the same seed.
 * @returns what it noticed; undefined when none did
 */
export async function catchVariant(
  { replace }: Variant,
  { from, to, plan }: { readonly from: number; readonly to: number; readonly plan: Plan },
): Promise<Violation | undefined> {
  for (let seed = from; seed <= to; seed += 1) {
    const { violation } = await runSeed({ seed, plan, replace });
    if (violation === undefined) continue;
    const { violation: unbroken } = await runSeed({ seed, plan });
    if (unbroken === undefined) return violation;
  }
  return undefined;
}
