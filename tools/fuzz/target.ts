import { SeededRandom } from '@tradewind/utils';
import { Mutator } from './mutator.ts';

/** What is given to a target at once. Each of `texts` is one spoilt input, or one that a spoilt order of others is made of. */
export interface FuzzCase {
  /** Which part of the target is to read them. */
  readonly part: string;
  readonly texts: readonly string[];
}

export interface Verdict {
  /** What became of the inputs, in a word that is counted: nobody learns anything where all of them are refused. */
  readonly outcome: string;
  /** What must not be, as a sentence; left out where all is as it must be. */
  readonly wrong?: string | undefined;
}

/** Something that reads what others have written, and what must hold whatever it reads. */
export interface FuzzTarget {
  readonly name: string;
  /** Equal chance makes an equal case. */
  readonly make: (mutator: Mutator) => FuzzCase;
  /** Alike for alike cases, whatever was judged before. What it throws is a crash of what reads. */
  readonly judge: (fuzzed: FuzzCase) => Verdict | Promise<Verdict>;
}

/** @param seed  a whole number below 2^31 */
export const caseOf = (target: FuzzTarget, seed: number): FuzzCase =>
  target.make(new Mutator(new SeededRandom(seed)));

/** Processor time of one case from which on it counts as a hang, in ms. */
export const HANG_MS = 1000;

export interface Failure {
  readonly kind: 'crash' | 'wrong' | 'hang';
  readonly what: string;
}
export interface Judged {
  readonly outcome: string;
  readonly failure: Failure | undefined;
}

/** Judges a case, by its own processor time: how busy the machine is makes no hang. */
export async function judged(target: FuzzTarget, fuzzed: FuzzCase): Promise<Judged> {
  const before = process.threadCpuUsage();
  try {
    const { outcome, wrong } = await target.judge(fuzzed);
    const { user, system } = process.threadCpuUsage(before);
    const took = (user + system) / 1000;
    if (wrong !== undefined) return { outcome, failure: { kind: 'wrong', what: wrong } };
    if (took <= HANG_MS) return { outcome, failure: undefined };
    return { outcome, failure: { kind: 'hang', what: `it took ${Math.round(took)} ms of the processor` } };
  } catch (error) {
    const what =
      error instanceof Error ? `${error.name}: ${error.message}\n${framesOf(error)}` : String(error);
    return { outcome: 'crashed', failure: { kind: 'crash', what } };
  }
}

/** Where it was thrown: the innermost calls, without those of the machine. */
const framesOf = ({ stack = '' }: Error): string =>
  stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .slice(0, 4)
    .join('\n');

/** Two failures with one key are taken for the same: crashes of one line, and sentences that differ in their numbers or after a colon. */
export function keyOf({ part }: FuzzCase, { kind, what }: Failure): string {
  const frame = what.split('\n').find((line) => /^\s+at /.test(line));
  const sentence = what.split(':')[0]!.replace(/\d+/g, '#');
  return `${part} ${kind} ${kind === 'hang' ? '' : (frame ?? sentence)}`;
}
