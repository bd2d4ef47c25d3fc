import { type Err, err } from '@tradewind/core/result';

/** What is told to a person instead of a result: one sentence that names the cause and, where it is not plain, the way out. */
export interface Complaint {
  readonly sentence: string;
  readonly exitCode: 1 | 2;
}

/** The exit codes of the command; `--help` shows them. */
export const EXIT_CODES = {
  0: 'done',
  1: 'the strategy failed, or Tradewind itself did',
  2: 'the command or its data are wrong, or the output could not be written; nothing was left half-written',
} as const;

/** What the person at the keyboard can put right. */
export const badInput = (sentence: string): Err<Complaint> => err({ sentence, exitCode: 2 });

/** 'did you mean ...' for a name that is nearly a known one; empty when none is near. */
export function nearest(name: string, known: readonly string[]): string {
  let best = '';
  let least = Math.max(2, Math.floor(name.length / 3)) + 1;
  for (const each of known) {
    const distance = editDistance(name.toLowerCase(), each.toLowerCase());
    if (distance < least) {
      least = distance;
      best = each;
    }
  }
  return best === '' ? '' : `; did you mean ${best}?`;
}

/** Levenshtein's: the fewest insertions, deletions and replacements of characters. */
function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const replaced = previous[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      current.push(Math.min(replaced, previous[column]! + 1, current[column - 1]! + 1));
    }
    previous = current;
  }
  return previous[b.length]!;
}
