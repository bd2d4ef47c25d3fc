import { shrunken } from './shrink.ts';
import { caseOf, type Failure, type FuzzCase, type FuzzTarget, judged, keyOf } from './target.ts';

/** How far a campaign has come. Plain data: it is kept in a file and goes from thread to thread. */
export interface Progress {
  /** The seed of the next case. */
  readonly next: number;
  readonly inputs: number;
  /** Processor time, ms. */
  readonly cpuMs: number;
  /** How many inputs ended how, by part and outcome. */
  readonly outcomes: Readonly<Record<string, number>>;
}

export const atStart = (seed: number): Progress => ({ next: seed, inputs: 0, cpuMs: 0, outcomes: {} });

export interface Found extends Failure {
  readonly seed: number;
  /** As small as it could be made. */
  readonly smallest: FuzzCase;
}

export interface CampaignListener {
  /** Before each case. */
  begins?(seed: number): void;
  /** Of each kind of failure the first. */
  found(found: Found): void;
  /** Told after every so many cases, and at the end. */
  progressed?(progress: Progress): void;
}

const TOLD_EVERY = 500;

/** Judges case after case, seed after seed, until so many inputs have been judged since `from`. */
export async function runCampaign(
  target: FuzzTarget,
  from: Progress,
  inputs: number,
  listener: CampaignListener,
): Promise<Progress> {
  const outcomes = new Map(Object.entries(from.outcomes));
  const known = new Set<string>();
  let seed = from.next;
  let judgedInputs = from.inputs;
  let before = process.threadCpuUsage();
  let { cpuMs } = from;
  const progress = (): Progress => {
    const { user, system } = process.threadCpuUsage(before);
    before = process.threadCpuUsage();
    cpuMs += (user + system) / 1000;
    return {
      next: seed,
      inputs: judgedInputs,
      cpuMs: Math.round(cpuMs),
      outcomes: Object.fromEntries(outcomes),
    };
  };
  while (judgedInputs < inputs) {
    listener.begins?.(seed);
    const fuzzed = caseOf(target, seed);
    const { outcome, failure } = await judged(target, fuzzed);
    if (failure !== undefined) {
      const key = keyOf(fuzzed, failure);
      if (!known.has(key)) {
        known.add(key);
        listener.found({ ...failure, seed, smallest: await shrunken(target, fuzzed, key) });
      }
    }
    seed += 1;
    judgedInputs += fuzzed.texts.length;
    const name = `${fuzzed.part}: ${outcome}`;
    outcomes.set(name, (outcomes.get(name) ?? 0) + fuzzed.texts.length);
    if (seed % TOLD_EVERY === 0) listener.progressed?.(progress());
  }
  const end = progress();
  listener.progressed?.(end);
  return end;
}

/** What a person needs to see it again and to look at it. */
export const describeFound = (target: string, { seed, kind, what, smallest }: Found): string =>
  [
    `${target} ${kind}, seed ${seed}: ${what}`,
    `  again: npm run fuzz -- --target ${target} --from ${seed} --count 1`,
    `  the smallest case, of the part ${smallest.part}:`,
    ...smallest.texts.map((text) => `    ${shownOf(text)}`),
  ].join('\n');

const SHOWN = 2000;
const shownOf = (text: string): string => {
  const json = JSON.stringify(text);
  return json.length <= SHOWN ? json : `${json.slice(0, SHOWN)}... (${text.length} characters)`;
};
