import { describe, expect, test } from 'vitest';
import type { Plan } from '../happenings/plan.ts';
import { runSeed } from '../run/run-seed.ts';
import { catchVariant } from './catch-variant.ts';
import { VARIANTS } from './variants.ts';

type Struck = readonly [kind: string, atMs: number, forMs?: number];
const planOf = (dangerMs: number, ...struck: readonly Struck[]): Plan => ({
  deployment: 'together',
  dangerMs,
  happenings: struck.map(([kind, atMs, forMs = 0], id) => ({ id, kind, atMs, forMs, seed: id + 1 })),
});

/** The seed that is named is enough as a rule; a few more are for the day on which the world has changed. */
const SEEDS_MAX = 10;

type CaughtBy = Readonly<Record<string, readonly [seed: number, ...rules: string[]]>>;

/** What happens, and by variant a seed that is known to do and the rules that may be the first to notice. */
const RUNS: readonly { readonly happens: string; readonly plan: Plan; readonly caughtBy: CaughtBy }[] = [
  {
    happens: 'nothing unusual',
    plan: planOf(120_000),
    caughtBy: {
      'intent after the wire': [1, 'I1'],
      'a fill booked from both answer and event': [1, 'I3'],
      'a partial balance event replaces the wallet': [1, 'I5'],
      'dust sold for ever': [1, 'B3'],
      'fee in the base asset ignored': [1, 'I3'],
    },
  },
  {
    happens: 'orders in doubt',
    plan: planOf(
      70_000,
      ['taken_and_unseen', 2_000, 30_000],
      ['lost_answers', 33_000, 30_000],
      ['filled_before_cancel', 40_000, 30_000],
    ),
    caughtBy: {
      'resend on timeout': [18, 'I2', 'I6'],
      'absence after three not-found answers': [18, 'I4'],
      'reservation released on timeout': [12, 'I6'],
      'cancel counted as done without proof': [17, 'I4'],
    },
  },
  {
    happens: 'processes that end and overlap',
    plan: planOf(
      110_000,
      ['market_messages_lost', 1_000, 20_000],
      ['started_twice', 3_000, 40_000],
      ['kill', 45_000],
      ['halted_and_killed', 70_000],
    ),
    caughtBy: {
      'halt in memory only': [6, 'I8'],
      'restart resets the daily loss': [6, 'K2'],
      'two leaders': [6, 'I9', 'I3'],
      'book used across a gap': [6, 'M1'],
    },
  },
  {
    happens: 'services that run apart',
    plan: { ...planOf(120_000), deployment: 'apart' },
    caughtBy: {
      'intent after the wire': [1, 'I1'],
      'a fill booked from both answer and event': [1, 'I3'],
      'dust sold for ever': [1, 'B3'],
    },
  },
];

describe.each(RUNS)('with $happens', ({ plan, caughtBy }) => {
  const seeds = Object.values(caughtBy).map(([seed]) => seed);

  test.each([...new Set(seeds)])('the system as it is breaks no rule (seed %i)', async (seed) => {
    expect((await runSeed({ seed, plan })).violation).toBeUndefined();
  });

  test.each(Object.entries(caughtBy))('%s is caught', async (name, [seed, ...rules]) => {
    const variant = VARIANTS.find((each) => each.name === name)!;
    const { violation } = await runSeed({ seed, plan, replace: variant.replace });
    const later = { from: seed + 1, to: seed + SEEDS_MAX - 1, plan };
    const first = violation ?? (await catchVariant(variant, later));
    expect(rules).toContain(first?.check.split(' ')[0]);
  });
});

test('every broken system is caught in one of these runs', () => {
  const caught = RUNS.flatMap(({ caughtBy }) => Object.keys(caughtBy));
  expect([...new Set(caught)].sort()).toEqual(VARIANTS.map(({ name }) => name).sort());
});
