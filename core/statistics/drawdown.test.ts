import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Drawdown } from './drawdown.ts';

const curve = fc.array(fc.double({ min: 1e-3, max: 1e9, noNaN: true }), { minLength: 1, maxLength: 60 });

/** The deepest fall of equities that are followed one after the other. */
function maxDrawdown(equity: readonly number[]): number | undefined {
  const drawdown = new Drawdown();
  for (const value of equity) drawdown.update(value);
  return drawdown.deepest;
}

/** The worst of all pairs of an earlier and a later moment. */
function worstPair(equity: readonly number[]): number {
  return equity.reduce((worst, earlier, index) => {
    const lowest = Math.min(...equity.slice(index));
    return Math.max(worst, (earlier - lowest) / earlier);
  }, 0);
}

test('the deepest fall is measured from the highest point before it', () => {
  // From 200 to 120 is 80 / 200; from 300 to 210 is 90 / 300.
  expect(maxDrawdown([100, 200, 120, 300, 210, 290])).toBe(0.4);
});

test('the start counts as a peak', () => {
  expect(maxDrawdown([100, 75, 90])).toBe(0.25);
});

test.each([
  { when: 'equity never falls', equity: [1, 1, 2], value: 0 },
  { when: 'all is lost', equity: [5, 0], value: 1 },
  { when: 'there is no equity', equity: [], value: undefined },
  { when: 'it starts at zero', equity: [0, 1, 0.5], value: undefined },
  { when: 'it starts below zero', equity: [-1, 1, 0.5], value: undefined },
  { when: 'a value is no number', equity: [1, Number.NaN, 0.5], value: undefined },
  { when: 'a value is infinite', equity: [1, Number.POSITIVE_INFINITY, 0.5], value: undefined },
])('it is $value when $when', ({ equity, value }) => {
  expect(maxDrawdown(equity)).toBe(value);
});

test('it is the worst of all pairs, and a fraction from 0 to 1', () => {
  fc.assert(
    fc.property(curve, (equity) => {
      const deepest = maxDrawdown(equity) ?? Number.NaN;
      expect(Math.abs(deepest - worstPair(equity))).toBeLessThanOrEqual(1e-12);
      expect(deepest).toBeGreaterThanOrEqual(0);
      expect(deepest).toBeLessThanOrEqual(1);
    }),
  );
});

test('the unit of equity does not matter', () => {
  fc.assert(
    fc.property(curve, (equity) => {
      expect(maxDrawdown(equity.map((value) => value * 1024))).toBe(maxDrawdown(equity));
    }),
  );
});

test('followed value by value, it knows the present fall and the deepest one', () => {
  const drawdown = new Drawdown();
  const seen = [80, 100, 75, 90, 120].map((equity) => {
    drawdown.update(equity);
    return [drawdown.current, drawdown.deepest];
  });
  expect(seen).toEqual([
    [0, 0],
    [0, 0],
    [0.25, 0.25],
    [0.1, 0.25],
    [0, 0.25],
  ]);
});

test('before the first equity there is no drawdown', () => {
  const drawdown = new Drawdown();
  expect(drawdown.current).toBeUndefined();
  expect(drawdown.deepest).toBeUndefined();
});

test('an equity without a value is never forgotten', () => {
  const drawdown = new Drawdown();
  for (const equity of [1, Number.NaN, 2, 1]) drawdown.update(equity);
  expect(drawdown.current).toBeUndefined();
  expect(drawdown.deepest).toBeUndefined();
});
