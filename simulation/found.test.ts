import { expect, test } from 'vitest';
import type { Happening } from './happenings/happening.ts';
import type { Plan } from './happenings/plan.ts';
import { runSeed } from './run/run-seed.ts';

/** What seeds have found, made as small as it still failed. Each has a test of its own beside the part that was wrong, too. */
const FOUND: readonly {
  readonly title: string;
  readonly seed: number;
  readonly deployment?: Plan['deployment'];
  readonly dangerMs: number;
  readonly happenings: readonly (Omit<Happening, 'id' | 'seed'> & Partial<Pick<Happening, 'seed'>>)[];
}[] = [
  {
    title: 'P4: one commit fails in a quiet market, and trading goes on when the store is back',
    seed: 7,
    dangerMs: 81_000,
    happenings: [{ kind: 'store_down', atMs: 75_000, forMs: 5_000 }],
  },
  {
    title: 'P4, X1: a process that starts while the store is down says so, and one that starts later trades',
    seed: 6,
    dangerMs: 60_000,
    happenings: [
      { kind: 'store_down', atMs: 10_000, forMs: 30_000 },
      { kind: 'kill', atMs: 11_000, forMs: 0 },
    ],
  },
  {
    title: 'X6: a process that is stopped while the store is down ends in order',
    seed: 15,
    dangerMs: 60_000,
    happenings: [
      { kind: 'store_down', atMs: 10_000, forMs: 20_000 },
      { kind: 'stop', atMs: 11_000, forMs: 0 },
    ],
  },
  {
    title:
      'M11, P11: the trades of a symbol that a start did not find listed are booked once it is listed again',
    seed: 44_549,
    deployment: 'apart',
    dangerMs: 86_000,
    happenings: [
      { kind: 'delisted', atMs: 14_583, forMs: 43_715, seed: 1_563_977_066 },
      { kind: 'failover', atMs: 15_440, forMs: 1_241, seed: 3_609_128_645 },
      { kind: 'all_killed', atMs: 36_564, forMs: 0, seed: 1_285_742_832 },
    ],
  },
  {
    title:
      'K2, X4: instances that value a fill of the day before by prices of their own say one beginning of the day',
    seed: 45_211,
    dangerMs: 111_000,
    happenings: [
      { kind: 'taken_and_unseen', atMs: 12_447, forMs: 4_846, seed: 3_684_533_068 },
      { kind: 'crash_loop', atMs: 52_154, forMs: 16_054, seed: 932_704_967 },
      { kind: 'replaced_while_paused', atMs: 87_638, forMs: 34_121, seed: 3_248_541_987 },
    ],
  },
  {
    title:
      'K8, M12: a list that ended before anybody could value it lets trading go on, in a market that goes on under coarser rules',
    seed: 81_341,
    deployment: 'apart',
    dangerMs: 146_000,
    happenings: [
      { kind: 'failover', atMs: 41_064, forMs: 550, seed: 2_679_503_344 },
      { kind: 'halted_symbol', atMs: 42_880, forMs: 25_318, seed: 923_254_226 },
      { kind: 'filter_coarser', atMs: 71_851, forMs: 27_436, seed: 2_061_124_911 },
      { kind: 'orders_expired_by_exchange', atMs: 143_380, forMs: 1_000, seed: 640_436_967 },
    ],
  },
  {
    title:
      'P11, K8: a risk manager in one process with the others notices that the ledger lost its end, though more was written at once',
    seed: 4,
    dangerMs: 80_000,
    happenings: [{ kind: 'failover', atMs: 64_000, forMs: 9_000, seed: 4 }],
  },
  {
    title:
      'K8, X1: an order of which a start knows the fill, and not that it is filled, holds nothing back once that is known',
    seed: 110_538,
    dangerMs: 46_000,
    happenings: [
      { kind: 'beginnings_unseen', atMs: 170, forMs: 27_927, seed: 1_439_250_423 },
      { kind: 'killed_in_flight', atMs: 5_285, forMs: 0, seed: 3_154_980_661 },
    ],
  },
];

for (const { title, seed, deployment = 'together', dangerMs, happenings } of FOUND)
  test(title, async () => {
    const plan = {
      deployment,
      dangerMs,
      happenings: happenings.map((each, id) => ({ id, seed: id, ...each })),
    };
    const { violation, struck } = await runSeed({ seed, plan });
    expect(violation).toBeUndefined();
    expect(happenings.map(({ kind }) => struck.get(kind))).toEqual(happenings.map(() => 1));
  });
