import type { FuzzTarget } from './target.ts';

/** One target of several parts, each taken as often as the others. A case is read by the part that its `part` names. */
export function combined(name: string, parts: readonly FuzzTarget[]): FuzzTarget {
  const byName = new Map(parts.map((part) => [part.name, part]));
  return {
    name,
    make: (mutator) => mutator.oneOf(parts).make(mutator),
    judge: (fuzzed) => byName.get(fuzzed.part)!.judge(fuzzed),
  };
}
