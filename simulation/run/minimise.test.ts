import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Happening } from '../happenings/happening.ts';
import { minimise } from './minimise.ts';
import type { RunResult } from './run-seed.ts';

const happening = (id: number): Happening => ({ id, kind: 'kill', atMs: id, forMs: 0, seed: id });

const ended = (happenings: readonly Happening[], check: string | undefined): RunResult => ({
  seed: 1,
  plan: { deployment: 'together', dangerMs: 1, happenings },
  violation: check === undefined ? undefined : { check, what: '', atMs: 0 },
  hash: '',
  virtualMs: 0,
  struck: new Map(),
  events: 0,
  trace: '',
});

test('of a run that fails because of some happenings together these alone are left', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 30 }).chain((count) =>
        fc.record({
          count: fc.constant(count),
          needed: fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { maxLength: 4 }),
        }),
      ),
      async ({ count, needed }) => {
        const all = Array.from({ length: count }, (_, id) => happening(id));
        const run = async (kept: readonly Happening[]): Promise<RunResult> =>
          ended(kept, needed.every((id) => kept.some((each) => each.id === id)) ? 'I3' : undefined);
        const smallest = await minimise(ended(all, 'I3'), run);
        expect(smallest.plan.happenings.map(({ id }) => id)).toEqual(needed.sort((a, b) => a - b));
      },
    ),
  );
});

test('a run that fails in another way with less is not taken for a smaller one', async () => {
  const all = [happening(0), happening(1)];
  const run = async (kept: readonly Happening[]): Promise<RunResult> =>
    ended(kept, kept.length === 2 ? 'I3' : 'I5');
  expect((await minimise(ended(all, 'I3'), run)).plan.happenings).toEqual(all);
});
