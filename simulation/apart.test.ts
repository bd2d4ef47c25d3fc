import { expect, test } from 'vitest';
import type { Plan } from './happenings/plan.ts';
import { runSeed } from './run/run-seed.ts';

const nothingHappens = (deployment: Plan['deployment']): Plan => ({
  deployment,
  dangerMs: 60_000,
  happenings: [],
});

test('services that run apart trade, and all rules hold: over calls and a bus whose messages take their time', async () => {
  const seed = 4;
  const apart = await runSeed({ seed, plan: nothingHappens('apart'), isTraced: true });
  expect(apart.violation).toBeUndefined();
  // Each order leaves the process of order execution, as much is traded as in one process, and nothing else is known of it there.
  const together = await runSeed({ seed, plan: nothingHappens('together'), isTraced: true });
  const filled = (trace: string): number => trace.match(/ exchange TRADE /g)?.length ?? 0;
  expect(filled(together.trace)).toBeGreaterThan(5);
  expect(filled(apart.trace)).toBeGreaterThan(filled(together.trace) / 2);
  expect(apart.trace).toMatch(/ order-execution-\d+ -> POST /);
  expect(apart.trace).not.toMatch(/ (market-data|strategy-engine|gateway)-\d+ -> POST /);
});

test('M11: order execution alone starts while a symbol of its own is not listed, and is there for the others', async () => {
  const { violation, trace, struck } = await runSeed({
    seed: 4,
    plan: {
      deployment: 'apart',
      dangerMs: 45_000,
      happenings: [
        { id: 0, kind: 'delisted', atMs: 1_000, forMs: 41_000, seed: 1 },
        { id: 1, kind: 'killed_in_flight', atMs: 3_000, forMs: 0, seed: 1 },
      ],
    },
    isTraced: true,
  });
  expect(violation).toBeUndefined();
  expect(struck.get('delisted')).toBe(1);
  expect(trace).toMatch(/ order-execution-6 /);
  expect(trace).not.toMatch(/order-execution-\d+ does not start/);
});

test('P11: services apart whose store comes back without its last commits stop, and agree with the exchange once all are started again', async () => {
  const { violation, trace } = await runSeed({
    seed: 21,
    plan: {
      deployment: 'apart',
      dangerMs: 60_000,
      happenings: [{ id: 0, kind: 'failover', atMs: 40_000, forMs: 5_000, seed: 210 }],
    },
    isTraced: true,
  });
  expect(violation).toBeUndefined();
  expect(trace).toMatch(/ ledger comes back without what was written after \d+/);
});
