import { expect, test } from 'vitest';
import { KINDS } from './kinds.ts';
import { drawPlan } from './plan.ts';

const plans = Array.from({ length: 300 }, (_, seed) => drawPlan(seed));

test('a plan follows from its seed alone', () => {
  expect(plans.map((_, seed) => drawPlan(seed))).toEqual(plans);
});

test('everything in a plan is of a known kind, begins within the danger, and lasts as long as its kind may', () => {
  for (const { dangerMs, happenings } of plans)
    for (const { kind, atMs, forMs } of happenings) {
      const [least, most] = KINDS.get(kind)!.lastsMs;
      expect(atMs).toBeLessThanOrEqual(dangerMs);
      expect(forMs).toBeGreaterThanOrEqual(least);
      expect(forMs).toBeLessThanOrEqual(most);
    }
});

test('swarm: plans differ in which kinds they have at all, and every kind comes', () => {
  const kindsOf = plans.map(({ happenings }) => new Set(happenings.map(({ kind }) => kind)));
  for (const kind of KINDS.keys()) {
    const count = kindsOf.filter((kinds) => kinds.has(kind)).length;
    expect(count, kind).toBeGreaterThan(0);
    expect(count, kind).toBeLessThan(plans.length / 2);
  }
});

test('every kind names the rows of the fault catalogue that it brings about by their numbers', () => {
  for (const { name, rows } of KINDS.values())
    for (const row of rows) expect(row, name).toMatch(/^[OUMRCBPXKG]\d{1,2}$/);
});
