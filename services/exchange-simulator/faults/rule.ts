import type { Test } from './facts.ts';
import type { Selection } from './selection.ts';

/** One fault of an installed plan with what it has done so far. */
export interface Rule<Kind, Facts> {
  readonly name: string;
  readonly fault: Kind;
  readonly matches: Test<Facts>;
  readonly selection: Selection;
}

/** The faults that strike one occurrence, in the order of the plan. */
export function struckBy<Kind, Facts>(
  rules: readonly Rule<Kind, Facts>[],
  facts: Facts,
  elapsedMs: number,
): Rule<Kind, Facts>[] {
  return rules.filter(
    ({ selection, matches }) => selection.isDue(elapsedMs) && matches(facts) && selection.strikes(),
  );
}
