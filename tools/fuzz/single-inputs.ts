import type { Mutator } from './mutator.ts';
import type { FuzzTarget, Verdict } from './target.ts';

/** A target, or a part of one, each case of which is one input. */
export const singleInputs = (
  name: string,
  make: (mutator: Mutator) => string,
  judge: (text: string) => Verdict | Promise<Verdict>,
): FuzzTarget => ({
  name,
  make: (mutator) => ({ part: name, texts: [make(mutator)] }),
  // Of a case that is being made smaller nothing may be left.
  judge: ({ texts: [text] }) => (text === undefined ? { outcome: 'nothing' } : judge(text)),
});
