import { nextState, ORDER_EVENT_KINDS, ORDER_STATES } from '@tradewind/core/orders';
import { expect, test } from 'vitest';
import { untouchedLines } from './coverage.ts';
import { runMany } from './many.ts';
import { runHere } from './run-here.ts';

/** How many the tests play; `npm run simulate` plays as many as there is time for. */
const SEEDS = 500;

/** Every cell of the table of an order's life that leads from one state to another. */
const MOVES = ORDER_STATES.flatMap((state) =>
  ORDER_EVENT_KINDS.flatMap((kind) => {
    const next = nextState(state, kind);
    return next.ok && next.value !== state ? [`${state} ${kind} ${next.value}`] : [];
  }),
);

test(`I1 I2 I3 I4 I5 I6 I7 I8 I9 I10 I11 I12: whatever happens to the world in ${SEEDS} seeds, no rule is broken and all becomes well`, async () => {
  const failed: string[] = [];
  const tally = await runMany({
    from: 1,
    to: SEEDS,
    jobs: 2,
    minutes: Number.POSITIVE_INFINITY,
    isCovered: true,
    ended: (_, { result: { seed, violation } }) => {
      if (violation !== undefined) failed.push(`seed ${seed}: ${violation.check}: ${violation.what}`);
    },
  });
  expect(failed).toEqual([]);
  expect(tally.seeds).toBe(SEEDS);
  // They reach everything of an order's life, and of where books and exchange are compared.
  const made = new Set(tally.coverages.flatMap(({ moves }) => [...moves]));
  expect(MOVES.filter((move) => !made.has(move))).toEqual([]);
  expect(untouchedLines(tally.coverages)).toEqual([]);
}, 1_800_000);

test('a seed that is played twice gives the same events, to the last byte of what was sent and written', async () => {
  const seed = 7;
  const once = await runHere({ seed });
  const again = await runHere({ seed });
  expect(again.hash).toBe(once.hash);
  expect(once.events).toBeGreaterThan(50);
  expect((await runHere({ seed: seed + 1 })).hash).not.toBe(once.hash);
});
