import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Donchian } from './donchian.ts';

const bars = fc.array(
  fc.tuple(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 20 })).map(([low, range]) => ({
    high: low + range,
    low,
  })),
  { maxLength: 120 },
);

function batchChannel(window: readonly { high: number; low: number }[], period: number): [number, number] {
  if (window.length < period) return [Number.NaN, Number.NaN];
  const last = window.slice(-period);
  return [Math.max(...last.map(({ high }) => high)), Math.min(...last.map(({ low }) => low))];
}

test('the channel takes in the latest bar, and a breakout looks at the one before', () => {
  const channel = new Donchian(2);
  expect(channel.update(10, 8)).toBeNaN();
  expect(channel.update(11, 7)).toBe(9);
  channel.update(15, 10);
  expect([channel.upper, channel.lower, channel.middle]).toEqual([15, 7, 11]);
  expect([channel.previousUpper, channel.previousLower]).toEqual([11, 7]);
  channel.update(12, 11);
  expect([channel.upper, channel.lower, channel.middle]).toEqual([15, 10, 12.5]);
  channel.update(12, 11);
  expect([channel.upper, channel.lower]).toEqual([12, 11]);
});

test('incremental channels equal those of each window taken anew', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), bars, (period, series) => {
      const channel = new Donchian(period);
      for (const [index, { high, low }] of series.entries()) {
        channel.update(high, low);
        expect([channel.upper, channel.lower]).toEqual(batchChannel(series.slice(0, index + 1), period));
        expect([channel.previousUpper, channel.previousLower]).toEqual(
          batchChannel(series.slice(0, index), period),
        );
      }
    }),
  );
});
