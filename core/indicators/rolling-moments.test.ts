import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RollingMoments } from './rolling-moments.ts';

// Prices are whole numbers of ticks, so that bigint knows mean and variance of every window exactly.
const TICKS_OF_ONE_DOLLAR = 10_000_000;
const price = fc.oneof(
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 10 }), withCrossShrink: true },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 0, max: 3 }).map((step) => 100_000 * TICKS_OF_ONE_DOLLAR + step),
  },
);
/** Stretches of quiet prices at 1e-7 and at 1e5 with sudden falls and jumps between them. */
const nastySeries = fc
  .array(fc.tuple(price, fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 })), {
    minLength: 1,
    maxLength: 12,
  })
  .map((stretches) => stretches.flatMap(([level, steps]) => steps.map((step) => level + step)));

function exactMoments(window: readonly number[]): { mean: number; variance: number } {
  const count = BigInt(window.length);
  let sum = 0n;
  let squares = 0n;
  for (const value of window) {
    sum += BigInt(value);
    squares += BigInt(value) ** 2n;
  }
  return {
    mean: Number(sum) / window.length,
    variance: Number(count * squares - sum * sum) / window.length ** 2,
  };
}

const relativeError = (value: number, exact: number): number =>
  value === exact ? 0 : Math.abs(value - exact) / Math.abs(exact);

test('mean and variance are exact to 1e-11 through falls from 1e5 to 1e-7 and nearly constant prices', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), nastySeries, (period, series) => {
      const moments = new RollingMoments(period);
      for (const [index, value] of series.entries()) {
        moments.update(value);
        if (index + 1 < period) {
          expect(moments.mean).toBeNaN();
          expect(moments.variance).toBeNaN();
          continue;
        }
        const exact = exactMoments(series.slice(index + 1 - period, index + 1));
        expect(relativeError(moments.mean, exact.mean)).toBeLessThan(1e-11);
        expect(relativeError(moments.variance, exact.variance)).toBeLessThan(1e-11);
      }
    }),
  );
});

test('nothing has drifted after 300 000 values', () => {
  const period = 200;
  const moments = new RollingMoments(period);
  const ticks = (index: number): number => 1e12 + ((index * 7919) % 1013) * (index % 5000 === 0 ? 1e9 : 1);
  const last: number[] = [];
  for (let index = 0; index < 300_000; index++) {
    moments.update(ticks(index));
    if (index >= 300_000 - period) last.push(ticks(index));
  }
  const exact = exactMoments(last);
  expect(relativeError(moments.mean, exact.mean)).toBeLessThan(1e-12);
  expect(relativeError(moments.variance, exact.variance)).toBeLessThan(1e-11);
});

test('a constant price has exactly its own mean and no variance, from the first full window on', () => {
  const moments = new RollingMoments(7);
  for (let update = 1; update <= 50; update++) {
    moments.update(0.1);
    expect(moments.mean).toBe(update < 7 ? Number.NaN : 0.1);
    expect(moments.variance).toBe(update < 7 ? Number.NaN : 0);
  }
});

test('a value that is not finite spoils the windows it is in and no other', () => {
  for (let place = 0; place < 12; place++) {
    const moments = new RollingMoments(4);
    for (let index = 0; index < 24; index++) {
      moments.update(index === place ? Number.NaN : 5);
      const isSpoilt = index >= place && index < place + 4;
      expect(moments.mean, `${place} ${index}`).toBe(index < 3 || isSpoilt ? Number.NaN : 5);
    }
  }
});
