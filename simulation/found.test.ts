import { expect, test } from 'vitest';
import type { Happening } from './happenings/happening.ts';
import { runSeed } from './run/run-seed.ts';

/** What seeds have found, made as small as it still failed. Each has a test of its own beside the part that was wrong, too. */
const FOUND: readonly {
  readonly title: string;
  readonly seed: number;
  readonly dangerMs: number;
  readonly happenings: readonly Omit<Happening, 'id' | 'seed'>[];
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
];

test.each(FOUND)('$title', async ({ seed, dangerMs, happenings }) => {
  const plan = {
    deployment: 'together' as const,
    dangerMs,
    happenings: happenings.map((each, id) => ({ ...each, id, seed: id })),
  };
  const { violation, struck } = await runSeed({ seed, plan });
  expect(violation).toBeUndefined();
  expect([...struck.values()]).toEqual(happenings.map(() => 1));
});
