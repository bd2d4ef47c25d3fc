import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BookSide } from './book-side.ts';
import type { Lots, Ticks } from './index.ts';

const ticks = (value: number) => value as Ticks;
const lots = (value: number) => value as Lots;

const levelsOf = (side: BookSide): [number, number][] =>
  Array.from({ length: side.length }, (_, depth) => [side.priceAt(depth), side.quantityAt(depth)]);

function sideOf(better: 'higher' | 'lower', levels: readonly (readonly [number, number])[]): BookSide {
  const side = new BookSide(better);
  for (const [price, quantity] of levels) side.set(ticks(price), lots(quantity));
  return side;
}

const LEVELS = [
  [100, 5],
  [102, 7],
  [101, 3],
] as const;

test('bids stand from the highest down and asks from the lowest up', () => {
  expect(levelsOf(sideOf('higher', LEVELS))).toEqual([
    [102, 7],
    [101, 3],
    [100, 5],
  ]);
  expect(levelsOf(sideOf('lower', LEVELS))).toEqual([
    [100, 5],
    [101, 3],
    [102, 7],
  ]);
});

test('the best level moves as levels come and go', () => {
  const bids = sideOf('higher', LEVELS);
  expect([bids.bestPrice, bids.bestQuantity]).toEqual([102, 7]);
  bids.set(ticks(102), lots(0));
  expect([bids.bestPrice, bids.bestQuantity]).toEqual([101, 3]);
  bids.set(ticks(105), lots(1));
  expect([bids.bestPrice, bids.bestQuantity]).toEqual([105, 1]);
  bids.clear();
  expect([bids.bestPrice, bids.bestQuantity]).toEqual([undefined, undefined]);
});

test('a quantity replaces the one before, and removing what is not there changes nothing', () => {
  const asks = sideOf('lower', LEVELS);
  asks.set(ticks(101), lots(9));
  for (const price of [1, 99, 103, 1000]) asks.set(ticks(price), lots(0));
  expect(levelsOf(asks)).toEqual([
    [100, 5],
    [101, 9],
    [102, 7],
  ]);
});

test('tells the quantity at one price and within a number of levels', () => {
  const asks = sideOf('lower', LEVELS);
  expect([99, 100, 101, 102, 103].map((price) => asks.quantityOf(ticks(price)))).toEqual([0, 5, 3, 7, 0]);
  expect([0, 1, 2, 3, 100].map((levels) => asks.quantityWithin(levels))).toEqual([0, 5, 8, 15, 15]);
  expect(new BookSide('higher').quantityOf(ticks(1))).toBe(0);
});

/** Prices close together, so that levels are hit again, with the far ones that make a side deep. */
const prices = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2000 }));
const quantities = fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 1000 }));
const changes = fc.array(fc.tuple(prices, quantities), { maxLength: 1500, size: 'max' });

test.each(['higher', 'lower'] as const)(
  'equals a map of prices after any changes, the %s price being better',
  (better) => {
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 30 }), (list, depth) => {
        const side = new BookSide(better);
        const model = new Map<number, number>();
        for (const [price, quantity] of list) {
          side.set(ticks(price), lots(quantity));
          if (quantity === 0) model.delete(price);
          else model.set(price, quantity);
        }
        const sorted = [...model].sort(([a], [b]) => (better === 'higher' ? b - a : a - b));
        expect(levelsOf(side)).toEqual(sorted);
        expect(side.bestPrice).toBe(sorted[0]?.[0]);
        expect(side.quantityWithin(depth)).toBe(
          sorted.slice(0, depth).reduce((total, [, quantity]) => total + quantity, 0),
        );
        for (const [price] of list.slice(0, 20))
          expect(side.quantityOf(ticks(price))).toBe(model.get(price) ?? 0);
      }),
    );
  },
);

test('holds thousands of levels, from whichever end they come', () => {
  for (const step of [1, -1]) {
    const side = new BookSide('higher');
    for (let i = 0; i < 5000; i += 1) side.set(ticks(10_000 + step * i), lots(i + 1));
    expect(side.length).toBe(5000);
    expect(side.bestPrice).toBe(step === 1 ? 14_999 : 10_000);
    for (let i = 0; i < 5000; i += 2) side.set(ticks(10_000 + step * i), lots(0));
    expect(side.length).toBe(2500);
    expect(side.priceAt(2499)).toBe(step === 1 ? 10_001 : 5001);
    expect(side.quantityWithin(2500)).toBe(2500 * 2501);
  }
});
