import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filters } from '../market/index.ts';
import { instrumentWith } from '../market/market.test-support.ts';
import { fromUnits, type Price, price, priceToNumber, quantity, quoteAmount } from '../money/index.ts';
import type { MarketTerms } from '../orders/index.ts';
import { market, spend } from '../orders/terms.test-support.ts';
import { fitsClearly } from './clear-fit.ts';
import { checkPricedFilters } from './priced-filters.ts';
import { checkStatedBounds } from './stated-filters.ts';
import { intentOf } from './world.test-support.ts';

/** What the exact checks say. */
function refusalOf(terms: MarketTerms, filters: Filters, reference: Price) {
  const intent = intentOf('BUY', terms);
  return (
    checkStatedBounds(intent, filters) ?? checkPricedFilters(intent, instrumentWith({ filters }), reference)
  );
}

const btc: Filters = {
  price: { tick: price('0.01') },
  lot: { minimum: quantity('0.00001'), maximum: quantity('9000'), step: quantity('0.00001') },
  marketLot: { maximum: quantity('141') },
  notional: {
    minimum: quoteAmount('5'),
    minimumAppliesToMarket: true,
    maximum: quoteAmount('9000000'),
    maximumAppliesToMarket: false,
    averageMinutes: 5,
  },
};

test.each([
  ['an ordinary quantity', market('0.25'), true],
  ['an ordinary quote amount', spend('10000'), true],
  ['a quantity off the step', market('0.250001'), false],
  ['a quantity at a bound', market('141'), false],
  ['a quantity beyond a bound', market('142'), false],
  ['a quantity whose worth is a bound', market('0.0001'), false],
  ['a quantity of too little worth', market('0.00009'), false],
  ['a quote amount at a bound', spend('5'), false],
  ['a quote amount that buys too much', spend('7100000'), false],
  ['a worth above a bound that does not bind market orders', spend('9000001'), false],
] as const)('%s is clear: %s -> %s', (_, terms, isClear) => {
  expect(fitsClearly(terms, btc, 50_000)).toBe(isClear);
});

test('nothing is clear without a price, and no quantity where two steps bind', () => {
  expect(fitsClearly(spend('100'), { price: {}, lot: {} }, 0)).toBe(false);
  expect(fitsClearly(market('1'), { price: {}, lot: {} }, 0)).toBe(false);
  expect(fitsClearly(spend('100'), { price: {}, lot: {} }, Number.NaN)).toBe(false);
  expect(fitsClearly(market('1'), { price: {}, lot: {} }, Number.NaN)).toBe(false);
  const steps = { lot: { step: quantity('0.1') }, marketLot: { step: quantity('0.3') } };
  expect(fitsClearly(market('0.6'), { price: {}, ...steps }, 1)).toBe(false);
});

/** The multiples of a few numbers and a unit beside them, so that they meet and just miss one another. */
const near = (...scales: bigint[]) =>
  fc
    .tuple(fc.constantFrom(...scales), fc.bigInt(1n, 40n), fc.bigInt(-1n, 1n))
    .map(([scale, count, beside]) => fromUnits<never>(scale * count + (scale === 1n ? 0n : beside)));
const [small, middle, large] = [
  near(1n, 10n ** 3n),
  near(1n, 10n ** 3n, 10n ** 8n, 2n ** 53n),
  near(10n ** 8n, 2n ** 53n, 10n ** 17n, 10n ** 21n),
];
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const lots = fc.record({ minimum: perhaps(small), maximum: perhaps(large), step: perhaps(small) });

test('what is clear passes the exact checks, whatever the filters', () => {
  let [clear, passing] = [0, 0];
  fc.assert(
    fc.property(
      fc.record({ lot: lots, marketLot: perhaps(lots) }),
      fc.record({ minimum: perhaps(middle), maximum: perhaps(large) }),
      fc.boolean(),
      middle,
      fc.tuple(fc.constantFrom('quantity', 'quoteAmount'), fc.oneof(middle, large)),
      (quantities, worths, binds, reference, [of, size]) => {
        const terms = { type: 'MARKET', [of]: size } as unknown as MarketTerms;
        const notional = { ...worths, minimumAppliesToMarket: binds, maximumAppliesToMarket: binds };
        const filters = {
          price: {},
          ...quantities,
          notional: { ...notional, averageMinutes: 5 },
        } as unknown as Filters;
        const isRefused = refusalOf(terms, filters, reference) !== undefined;
        const isClear = fitsClearly(terms, filters, priceToNumber(reference));
        if (!isRefused) passing += 1;
        if (isClear) clear += 1;
        expect(isClear && isRefused).toBe(false);
      },
    ),
    { numRuns: 20_000 },
  );
  // The property says something: much is clear, and much is refused.
  expect(clear).toBeGreaterThan(500);
  expect(passing).toBeLessThan(15_000);
});
