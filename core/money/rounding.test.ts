import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatUnits } from './decimal.ts';
import { NOTIONAL_SCALE } from './exact.ts';
import {
  asAsset,
  averagePrice,
  compareNotional,
  formatAmount,
  formatPrice,
  formatRatio,
  fromUnits,
  inverseRateOf,
  isMultiple,
  type Notional,
  notional,
  type Price,
  price,
  type Quantity,
  type QuoteAmount,
  quantity,
  quantityFor,
  quoteAmount,
  type Ratio,
  rateOf,
  ratio,
  scalePrice,
  settle,
  share,
  toMultiple,
  unitsOf,
} from './index.ts';
import { divide } from './rounding.ts';

const exactly = Big();
exactly.DP = 60;
exactly.PE = 1000;
exactly.NE = -1000;
/** One unit of 8 decimals. */
const UNIT = '0.00000001';

const notionalText = (value: Notional): string => formatUnits(unitsOf(value), NOTIONAL_SCALE);

/** Amounts of every size: a uniform draw alone would hardly ever be small. */
const unitsFrom = (least: bigint) =>
  fc.oneof(fc.bigInt(least, 1000n), fc.bigInt(least, 10n ** 10n), fc.bigInt(least, 10n ** 23n));
const signedUnits = fc
  .tuple(unitsFrom(0n), fc.boolean())
  .map(([units, isBelowZero]) => (isBelowZero ? -units : units));

const amounts = signedUnits.map((units) => fromUnits<QuoteAmount>(units));
const amountsAboveZero = unitsFrom(1n).map((units) => fromUnits<QuoteAmount>(units));
const quantities = unitsFrom(0n).map((units) => fromUnits<Quantity>(units));
const quantitiesAboveZero = unitsFrom(1n).map((units) => fromUnits<Quantity>(units));
const prices = unitsFrom(1n).map((units) => fromUnits<Price>(units));
const ratios = signedUnits.map((units) => fromUnits<Ratio>(units));

/** Holds that both roundings enclose the exact value and differ by one unit, or not at all where it is exact. */
function expectEnclosed(floor: string, exact: Big, ceiling: string, unit: string): void {
  const [low, high] = [exactly(floor), exactly(ceiling)];
  if (low.eq(high)) {
    expect(low.eq(exact)).toBe(true);
  } else {
    expect(low.lt(exact) && exact.lt(high)).toBe(true);
    expect(high.minus(low).eq(unit)).toBe(true);
  }
}

test.each([
  [7n, 2n, 3n, 4n],
  [-7n, 2n, -4n, -3n],
  [8n, 2n, 4n, 4n],
  [-8n, 2n, -4n, -4n],
  [0n, 5n, 0n, 0n],
  [1n, 3n, 0n, 1n],
  [-1n, 3n, -1n, 0n],
])('%s / %s lies between %s and %s', (numerator, denominator, floor, ceiling) => {
  expect(divide(numerator, denominator, 'floor')).toBe(floor);
  expect(divide(numerator, denominator, 'ceiling')).toBe(ceiling);
});

test('settling rounds up what we pay and down what we receive', () => {
  const exact = notional(price('0.00000003'), quantity('1.5'));
  expect(settle(exact, 'pay')).toBe(quoteAmount('0.00000005'));
  expect(settle(exact, 'receive')).toBe(quoteAmount('0.00000004'));
  expect(settle(notional(price('2'), quantity('1.5')), 'pay')).toBe(quoteAmount('3'));
});

test('settling never favours us, and never by a whole unit', () => {
  fc.assert(
    fc.property(prices, quantities, (aPrice, aQuantity) => {
      const exact = notional(aPrice, aQuantity);
      const [pay, receive] = [settle(exact, 'pay'), settle(exact, 'receive')];
      expectEnclosed(formatAmount(receive), exactly(notionalText(exact)), formatAmount(pay), UNIT);
    }),
  );
});

test('a notional below zero settles to the same sides', () => {
  expect(settle(fromUnits<Notional>(-1n), 'pay')).toBe(quoteAmount('0'));
  expect(settle(fromUnits<Notional>(-1n), 'receive')).toBe(quoteAmount('-0.00000001'));
});

test('a fee is the rate of the amount, rounded up, and keeps the unit of the amount', () => {
  expect(share(quantity('0.00012345'), ratio('0.001'), 'pay')).toBe(quantity('0.00000013'));
  expect(share(quantity('0.00012345'), ratio('0.001'), 'receive')).toBe(quantity('0.00000012'));
  expect(share(quoteAmount('1000'), ratio('0.001'), 'pay')).toBe(quoteAmount('1'));
  const exact = notional(price('0.00000001'), quantity('0.00000001'));
  expect(notionalText(share(exact, ratio('2'), 'pay'))).toBe('0.0000000000000002');
});

test('a share encloses amount x ratio', () => {
  fc.assert(
    fc.property(amounts, ratios, (amount, rate) => {
      const exact = exactly(formatAmount(amount)).times(formatRatio(rate));
      const [receive, pay] = [share(amount, rate, 'receive'), share(amount, rate, 'pay')];
      expectEnclosed(formatAmount(receive), exact, formatAmount(pay), UNIT);
    }),
  );
});

test('a scaled price encloses price x ratio', () => {
  expect(scalePrice(price('0.00000007'), ratio('0.5'), 'floor')).toBe(price('0.00000003'));
  expect(scalePrice(price('0.00000007'), ratio('0.5'), 'ceiling')).toBe(price('0.00000004'));
  fc.assert(
    fc.property(prices, ratios, (aPrice, factor) => {
      const exact = exactly(formatPrice(aPrice)).times(formatRatio(factor));
      const [floor, ceiling] = [scalePrice(aPrice, factor, 'floor'), scalePrice(aPrice, factor, 'ceiling')];
      expectEnclosed(formatPrice(floor), exact, formatPrice(ceiling), UNIT);
    }),
  );
});

test('the quantity for a budget costs no more than the budget, and one unit more would', () => {
  expect(quantityFor(quoteAmount('100'), price('3'))).toBe(quantity('33.33333333'));
  expect(quantityFor(quoteAmount('60000'), price('60000'))).toBe(quantity('1'));
  fc.assert(
    fc.property(amountsAboveZero, prices, (budget, aPrice) => {
      const bought = exactly(formatAmount(quantityFor(budget, aPrice)));
      const limit = exactly(formatAmount(budget));
      expect(bought.times(formatPrice(aPrice)).lte(limit)).toBe(true);
      expect(bought.plus(UNIT).times(formatPrice(aPrice)).gt(limit)).toBe(true);
    }),
  );
});

test('an average price times its quantity encloses the cost', () => {
  expect(averagePrice(quoteAmount('100'), quantity('3'), 'floor')).toBe(price('33.33333333'));
  expect(averagePrice(quoteAmount('100'), quantity('3'), 'ceiling')).toBe(price('33.33333334'));
  expect(averagePrice(quoteAmount('90'), quantity('0.003'), 'ceiling')).toBe(price('30000'));
  fc.assert(
    fc.property(amounts, quantitiesAboveZero, (cost, bought) => {
      const exact = exactly(formatAmount(cost));
      const low = exactly(formatPrice(averagePrice(cost, bought, 'floor')));
      const high = exactly(formatPrice(averagePrice(cost, bought, 'ceiling')));
      expect(low.times(formatAmount(bought)).lte(exact)).toBe(true);
      expect(high.times(formatAmount(bought)).gte(exact)).toBe(true);
      expect(high.minus(low).lte(UNIT)).toBe(true);
    }),
  );
});

test('a price is a rate of the same number', () => {
  expect(rateOf(price('61837.63'))).toBe(ratio('61837.63'));
  fc.assert(
    fc.property(prices, (aPrice) => {
      expect(formatRatio(rateOf(aPrice))).toBe(formatPrice(aPrice));
    }),
  );
});

test('a price goes to the tick on the named side', () => {
  expect(toMultiple(price('100.017'), price('0.01'), 'floor')).toBe(price('100.01'));
  expect(toMultiple(price('100.017'), price('0.01'), 'ceiling')).toBe(price('100.02'));
  expect(toMultiple(price('100.02'), price('0.01'), 'floor')).toBe(price('100.02'));
  expect(toMultiple(quantity('7'), quantity('2.5'), 'floor')).toBe(quantity('5'));
  expect(toMultiple(quantity('-7'), quantity('2.5'), 'floor')).toBe(quantity('-7.5'));
  expect(toMultiple(quantity('-7'), quantity('2.5'), 'ceiling')).toBe(quantity('-5'));
});

test('the multiple is on its side, less than one increment away, and stays where it is', () => {
  fc.assert(
    fc.property(amounts, amountsAboveZero, (value, increment) => {
      const floor = toMultiple(value, increment, 'floor');
      const ceiling = toMultiple(value, increment, 'ceiling');
      const distance = unitsOf(ceiling) - unitsOf(floor);
      expect(isMultiple(floor, increment) && isMultiple(ceiling, increment)).toBe(true);
      expect(unitsOf(floor) <= unitsOf(value) && unitsOf(value) <= unitsOf(ceiling)).toBe(true);
      expect(distance).toBe(isMultiple(value, increment) ? 0n : unitsOf(increment));
      expect(toMultiple(floor, increment, 'ceiling')).toBe(floor);
    }),
  );
});

test('a multiple is anchored at zero', () => {
  expect(isMultiple(price('100.02'), price('0.01'))).toBe(true);
  expect(isMultiple(price('100.025'), price('0.01'))).toBe(false);
  expect(isMultiple(price('-100.02'), price('0.01'))).toBe(true);
  expect(isMultiple(price('0'), price('0.01'))).toBe(true);
});

test('an amount of base or quote becomes an amount of a named asset unchanged', () => {
  expect(asAsset(quantity('1.5'))).toBe(quantity('1.5'));
});

/** Near values whose quotient is whole, or a unit beside it: where an approximation could fall on the wrong side. */
const besideWhole = fc.tuple(
  fc.bigInt(1n, 10n ** 15n),
  fc.bigInt(1n, 10n ** 12n),
  fc.constantFrom(-1n, 0n, 1n),
);

test('what a budget buys is the greatest quantity that it can pay for, also where it comes out even', () => {
  fc.assert(
    fc.property(besideWhole, ([each, count, beside]) => {
      // A price of `each` units buys `count` units of quantity for count x each / 10^8 units of quote.
      const spend = (each * count) / 10n ** 8n + beside;
      fc.pre(spend >= 0n);
      const bought = unitsOf(quantityFor(fromUnits(spend), fromUnits(each)));
      expect(bought * each <= spend * 10n ** 8n).toBe(true);
      expect((bought + 1n) * each > spend * 10n ** 8n).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('what a budget buys in steps is the greatest multiple of the step that it can pay for, also where it comes out even', () => {
  fc.assert(
    fc.property(besideWhole, fc.constantFrom(1n, 3n, 1000n, 10n ** 8n), ([each, count, beside], step) => {
      const spend = (each * count * step) / 10n ** 8n + beside;
      fc.pre(spend >= 0n);
      const bought = unitsOf(quantityFor(fromUnits(spend), fromUnits(each), fromUnits(step)));
      expect(bought % step).toBe(0n);
      expect(bought * each <= spend * 10n ** 8n).toBe(true);
      expect((bought + step) * each > spend * 10n ** 8n).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a share is enclosed by its two roundings, also where it comes out even', () => {
  const one = 10n ** 18n;
  fc.assert(
    fc.property(besideWhole, fc.constantFrom(1n, 10n, 75n, 1000n), ([whole, count, beside], parts) => {
      const [amount, rate] = [whole * parts + beside, (count * one) / (10n ** 12n * parts)];
      const [low, high] = (['receive', 'pay'] as const).map((direction) =>
        unitsOf(share(fromUnits<QuoteAmount>(amount), fromUnits<Ratio>(rate), direction)),
      ) as [bigint, bigint];
      const exact = amount * rate;
      expect(low * one <= exact && exact < (low + 1n) * one).toBe(true);
      expect(high * one >= exact && exact > (high - 1n) * one).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test('a product is compared with an amount by every digit', () => {
  fc.assert(
    fc.property(
      prices,
      quantities,
      signedUnits,
      fc.constantFrom(-1n, 0n, 1n),
      (price, quantity, other, beside) => {
        const product = unitsOf(price) * unitsOf(quantity);
        for (const bound of [other, product / 10n ** 8n + beside]) {
          const expected = product - bound * 10n ** 8n;
          const compared = compareNotional(price, quantity, fromUnits(bound));
          expect([compared < 0, compared > 0]).toEqual([expected < 0n, expected > 0n]);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test('the inverse of a price turns quote into base, rounded to the named side at 18 decimals', () => {
  expect(inverseRateOf(price('4'), 'floor')).toBe(ratio('0.25'));
  expect(inverseRateOf(price('3'), 'floor')).toBe(ratio('0.333333333333333333'));
  expect(inverseRateOf(price('3'), 'ceiling')).toBe(ratio('0.333333333333333334'));
  expect(inverseRateOf(price('16000'), 'ceiling')).toBe(ratio('0.0000625'));
});
