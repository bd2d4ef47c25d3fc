import { describe, expect, test } from 'vitest';
import type { Plan } from '../happenings/plan.ts';
import { runSeed } from '../run/run-seed.ts';
import { catchVariant } from './catch-variant.ts';
import { VARIANTS } from './variants.ts';

type Struck = readonly [kind: string, atMs: number, forMs?: number];
const planOf = (dangerMs: number, ...struck: readonly Struck[]): Plan => ({
  dangerMs,
  happenings: struck.map(([kind, atMs, forMs = 0], id) => ({ id, kind, atMs, forMs, seed: id + 1 })),
});

/** Known to be enough: the first seed as a rule, and a few more for the day on which the world has changed. */
const SEEDS_MAX = 10;

/** What happens, the first seed that is known to do, and the rules that may be the first to notice. */
const RUNS = [
  {
    happens: 'nothing unusual',
    seed: 1,
    plan: planOf(120_000),
    caughtBy: {
      'intent after the wire': ['I1'],
      'a fill booked from both answer and event': ['I3'],
      'a partial balance event replaces the wallet': ['I5'],
      'dust sold for ever': ['B3'],
      'fee in the base asset ignored': ['I3'],
    },
  },
  {
    happens: 'orders in doubt',
    seed: 18,
    plan: planOf(
      70_000,
      ['taken_and_unseen', 2_000, 30_000],
      ['lost_answers', 33_000, 30_000],
      ['filled_before_cancel', 40_000, 30_000],
    ),
    caughtBy: {
      'resend on timeout': ['I2', 'I6'],
      'absence after three not-found answers': ['I4'],
      'reservation released on timeout': ['I6'],
      'cancel counted as done without proof': ['I4'],
    },
  },
  {
    happens: 'processes that end and overlap',
    seed: 6,
    plan: planOf(
      110_000,
      ['market_messages_lost', 1_000, 20_000],
      ['started_twice', 3_000, 40_000],
      ['kill', 45_000],
      ['halted_and_killed', 70_000],
    ),
    caughtBy: {
      'halt in memory only': ['I8'],
      'restart resets the daily loss': ['K2'],
      'two leaders': ['I9', 'I3'],
      'book used across a gap': ['M1'],
    },
  },
];

describe.each(RUNS)('with $happens', ({ seed, plan, caughtBy }) => {
  test('the system as it is breaks no rule', async () => {
    expect((await runSeed({ seed, plan })).violation).toBeUndefined();
  });

  test.each(Object.entries(caughtBy))('%s is caught, by %s', async (name, rules) => {
    const variant = VARIANTS.find((each) => each.name === name)!;
    const { violation } = await runSeed({ seed, plan, replace: variant.replace });
    const later = { from: seed + 1, to: seed + SEEDS_MAX - 1, plan };
    const caughtBy = violation ?? (await catchVariant(variant, later))?.violation;
    expect(rules).toContain(caughtBy?.check.split(' ')[0]);
  });
});

test('every broken system is caught in one of these runs', () => {
  const caught = RUNS.flatMap(({ caughtBy }) => Object.keys(caughtBy));
  expect(caught.sort()).toEqual(VARIANTS.map(({ name }) => name).sort());
});
