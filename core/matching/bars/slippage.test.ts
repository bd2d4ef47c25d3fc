import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Slippage } from './index.ts';

test.each([
  // 10151 x 1.0005 = 10156.0755 up; x 0.9995 = 10145.9245 down
  { price: 10_151, side: 'BUY', numerator: 5, tick: 1, moved: 10_157 },
  { price: 10_151, side: 'SELL', numerator: 5, tick: 1, moved: 10_145 },
  // 20000 x 1.0001 is a whole number: nothing to round
  { price: 20_000, side: 'BUY', numerator: 1, tick: 1, moved: 20_002 },
  { price: 20_000, side: 'SELL', numerator: 1, tick: 1, moved: 19_998 },
  // to the tick, which is coarser than the grid: 10010 and 9990 to multiples of 25
  { price: 10_000, side: 'BUY', numerator: 10, tick: 25, moved: 10_025 },
  { price: 10_000, side: 'SELL', numerator: 10, tick: 25, moved: 9_975 },
  // nothing can be sold for nothing
  { price: 3, side: 'SELL', numerator: 5000, tick: 5, moved: 3 },
  { price: 1, side: 'SELL', numerator: 5, tick: 1, moved: 1 },
  // a price that traded is not altered, not even to the tick
  { price: 10_003, side: 'BUY', numerator: 0, tick: 25, moved: 10_003 },
  { price: 10_003, side: 'SELL', numerator: 0, tick: 25, moved: 10_003 },
  // beyond 2^53 in between: 3e15 x 1.0003 = 3000900000000000
  { price: 3e15, side: 'BUY', numerator: 3, tick: 1, moved: 3_000_900_000_000_000 },
  { price: 3e15 + 1, side: 'BUY', numerator: 3, tick: 1, moved: 3_000_900_000_000_002 },
  { price: 3e15 + 1, side: 'SELL', numerator: 3, tick: 1, moved: 2_999_100_000_000_000 },
] as const)('$side at $price with $numerator bps and a tick of $tick trades at $moved', (given) => {
  expect(new Slippage(given.numerator, 10_000).move(given.price, given.side, given.tick)).toBe(given.moved);
});

test('a part of a basis point counts', () => {
  // 20000 x 1.000025 = 20000.5
  expect(new Slippage(25, 1_000_000).move(20_000, 'BUY', 1)).toBe(20_001);
  expect(new Slippage(25, 1_000_000).move(20_000, 'SELL', 1)).toBe(19_999);
});

test('the moved price is the nearest multiple of the tick that is not better for us, for prices of any size', () => {
  const prices = fc
    .oneof(
      fc.integer({ min: 1, max: 1_000_000 }),
      fc.maxSafeInteger().map((n) => 1 + Math.abs(n) / 2 ** 10),
    )
    .map(Math.floor);
  fc.assert(
    fc.property(
      prices,
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 1, max: 1000 }),
      (price, bps, tick) => {
        const unit = 10_000n * BigInt(tick);
        const up = BigInt(price) * BigInt(10_000 + bps);
        const down = BigInt(price) * BigInt(10_000 - bps);
        const slippage = new Slippage(bps, 10_000);
        expect(BigInt(slippage.move(price, 'BUY', tick))).toBe(((up + unit - 1n) / unit) * BigInt(tick));
        const multiples = down / unit;
        // Never below one tick, and never better than the price itself.
        const lower = (multiples > 0n ? multiples : 1n) * BigInt(tick);
        expect(BigInt(slippage.move(price, 'SELL', tick))).toBe(
          lower < BigInt(price) ? lower : BigInt(price),
        );
      },
    ),
  );
});
