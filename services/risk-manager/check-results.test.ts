import { type Amount, formatAmount, fromUnits } from '@tradewind/core/money';
import type { CheckMade } from '@tradewind/core/risk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CheckTexts } from './check-results.ts';

const priceAge = (was: number): CheckMade => ({
  check: 'reference_price_age',
  isPassed: true,
  was,
  limit: 5000,
  unit: 'ms',
});

test.each([
  [52.81115899999713, '52.811159'],
  [0, '0'],
  [0.1 + 0.2, '0.3'],
  [5000.000001, '5000.000001'],
  [Number.NaN, 'NaN'],
])('a number that was measured, %s, is recorded as %s, without what only a float has', (was, text) => {
  expect(new CheckTexts().resultsOf([priceAge(was)])).toEqual([
    { check: 'reference_price_age', isPassed: true, was: text, limit: '5000', unit: 'ms' },
  ]);
});

const value = fc.oneof(
  fc.integer({ min: 0, max: 3 }),
  fc.bigInt({ min: -2n, max: 2n }).map((units) => fromUnits<Amount>(units)),
);
const check: fc.Arbitrary<CheckMade> = fc.oneof(
  fc.record({ check: fc.constantFrom('one', 'other'), isPassed: fc.boolean() }),
  fc.record({
    check: fc.constantFrom('one', 'other'),
    isPassed: fc.boolean(),
    was: value,
    limit: fc.oneof(value, fc.constant('none' as const)),
    unit: fc.constantFrom('BTC', 'ms'),
  }),
);

/** Each by itself, out of nothing but its own numbers. */
const shownByItself = ({ check, isPassed, was, limit, unit }: CheckMade) => {
  const text = (each: Amount | number): string => (typeof each === 'number' ? `${each}` : formatAmount(each));
  if (limit === undefined) return { check, isPassed };
  if (limit === 'none') return { check, isPassed, limit };
  return { check, isPassed, was: text(was!), limit: text(limit), unit };
};

test('whatever verdicts came before, each check is recorded with its own name, outcome and numbers', () =>
  fc.assert(
    fc.property(fc.array(fc.array(check, { maxLength: 4 }), { maxLength: 8 }), (verdicts) => {
      const texts = new CheckTexts();
      for (const made of verdicts) expect(texts.resultsOf(made)).toEqual(made.map(shownByItself));
    }),
  ));
