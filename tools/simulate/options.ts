import { parseArgs } from 'node:util';
import type { Deployment } from '../../simulation/world/services.ts';

export const USAGE = `npm run simulate -- --seed N [--keep IDS] [--trace] [--deployment D]
npm run simulate -- --seeds A..B [--jobs N] [--coverage] [--deployment D]
npm run simulate -- --minutes M [--seeds A..] [--jobs N] [--coverage] [--deployment D]

Plays the whole system in virtual time, under whatever the seed makes happen to it, and holds every rule against it.

  --seed N      one run; one that fails is made smaller, and said how to play again
  --keep 3,7    of its happenings these alone, by their numbers ('none' for none)
  --trace       prints everything that happened in it
  --seeds A..B  all of them; 'A..' goes on until the time is over
  --minutes M   until so many minutes have passed (default: from seed 1)
  --jobs N      so many threads (default: 1)
  --deployment  'together' in one process or 'apart', each service in its own (default: drawn, one run in four apart)
  --coverage    says which moves of an order's life and which lines of the reconciliation they reached; takes longer

It ends with 0 when no rule was broken, with 1 when one was, with 2 for a bad command. docs/simulation.md says more.`;

export type Options =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'one';
      readonly seed: number;
      readonly keep: readonly number[] | undefined;
      readonly isTraced: boolean;
      readonly deployment: Deployment | undefined;
    }
  | {
      readonly kind: 'many';
      readonly from: number;
      readonly to: number;
      readonly jobs: number;
      readonly minutes: number;
      readonly isCovered: boolean;
      readonly deployment: Deployment | undefined;
    };

const SEED_MAXIMUM = 2 ** 31 - 1;
const JOBS_MAXIMUM = 64;

/** @returns a sentence about what is wrong, where something is */
export function readOptions(args: readonly string[]): Options | string {
  let values: Readonly<Record<string, string | boolean | undefined>>;
  try {
    values = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string' },
        keep: { type: 'string' },
        trace: { type: 'boolean' },
        seeds: { type: 'string' },
        minutes: { type: 'string' },
        jobs: { type: 'string' },
        coverage: { type: 'boolean' },
        deployment: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    return (error as Error).message;
  }
  const { seed, keep, trace, seeds, minutes, jobs, coverage, deployment, help } = values;
  if (help === true) return { kind: 'help' };
  if (deployment !== undefined && !isDeployment(deployment))
    return `--deployment ${deployment}: expected together or apart`;
  if (seed !== undefined) {
    if ([seeds, minutes, jobs, coverage].some((each) => each !== undefined))
      return '--seed is one run: it goes with --keep, --trace and --deployment alone';
    const number = wholeNumber(seed, SEED_MAXIMUM);
    if (number === undefined) return `--seed ${seed}: expected a whole number up to ${SEED_MAXIMUM}`;
    const kept = keep === undefined ? undefined : idsOf(String(keep));
    if (typeof kept === 'string') return kept;
    return { kind: 'one', seed: number, keep: kept, isTraced: trace === true, deployment };
  }
  if (keep !== undefined || trace === true) return '--keep and --trace go with --seed';
  if (seeds === undefined && minutes === undefined) return 'one of --seed, --seeds and --minutes is needed';
  const many = readMany(seeds, minutes, jobs, coverage === true);
  return typeof many === 'string' ? many : { ...many, deployment };
}

const isDeployment = (text: unknown): text is Deployment => text === 'together' || text === 'apart';

type Given = string | boolean | undefined;

function readMany(
  seeds: Given,
  minutes: Given,
  jobs: Given,
  isCovered: boolean,
): Omit<Extract<Options, { kind: 'many' }>, 'deployment'> | string {
  const [, first, last] = /^(\d{1,10})\.\.(\d{0,10})$/.exec(String(seeds ?? '1..')) ?? [];
  const from = wholeNumber(first, SEED_MAXIMUM);
  const to = last === '' ? SEED_MAXIMUM : wholeNumber(last, SEED_MAXIMUM);
  if (from === undefined || to === undefined || to < from)
    return `--seeds ${seeds}: expected a first and a last one, as in 1..500`;
  if (last === '' && minutes === undefined) return `--seeds ${seeds} has no end: --minutes says when to stop`;
  const time = Number(minutes ?? Number.POSITIVE_INFINITY);
  if (!(time > 0)) return `--minutes ${minutes}: expected a number above 0`;
  const threads = wholeNumber(jobs ?? '1', JOBS_MAXIMUM);
  if (threads === undefined || threads === 0)
    return `--jobs ${jobs}: expected a whole number from 1 to ${JOBS_MAXIMUM}`;
  return { kind: 'many', from, to, jobs: threads, minutes: time, isCovered };
}

function wholeNumber(text: Given, maximum: number): number | undefined {
  const number = /^\d{1,10}$/.test(String(text)) ? Number(text) : Number.NaN;
  return number <= maximum ? number : undefined;
}

function idsOf(text: string): readonly number[] | string {
  if (text === 'none') return [];
  const ids = text.split(',');
  return ids.every((id) => /^\d{1,4}$/.test(id))
    ? ids.map(Number)
    : `--keep ${text}: expected numbers of happenings, as in 3,7`;
}
