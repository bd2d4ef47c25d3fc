import type { Happening } from '../happenings/happening.ts';
import type { RunResult } from './run-seed.ts';

/**
 * Leaves happenings out of a run that fails for as long as it fails in the same way: halves first, then quarters, at last one by one
 * (A. Zeller, "Simplifying and isolating failure-inducing input", 2002).
 * @param run  plays these happenings alone
 * @returns the last run that still failed
 */
export async function minimise(
  failed: RunResult,
  run: (happenings: readonly Happening[]) => Promise<RunResult>,
): Promise<RunResult> {
  let smallest = failed;
  for (let size = Math.ceil(failed.plan.happenings.length / 2); size >= 1; ) {
    const { happenings } = smallest.plan;
    let hasShrunk = false;
    for (let from = 0; from < happenings.length; from += size) {
      const tried = await run([...happenings.slice(0, from), ...happenings.slice(from + size)]);
      if (tried.violation?.check !== failed.violation?.check) continue;
      smallest = tried;
      hasShrunk = true;
      break;
    }
    if (!hasShrunk) size = size === 1 ? 0 : Math.ceil(size / 2);
  }
  return smallest;
}
