import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StopType } from '../orders/index.ts';
import { isReached, TrailingStop, trailingThreshold } from './trigger.ts';

test.each([
  { isAbove: true, last: 99, fires: false },
  { isAbove: true, last: 100, fires: true },
  { isAbove: true, last: 101, fires: true },
  { isAbove: false, last: 101, fires: false },
  { isAbove: false, last: 100, fires: true },
  { isAbove: false, last: 99, fires: true },
])('a stop at 100 that waits above ($isAbove) fires at $last: $fires', ({ isAbove, last, fires }) => {
  expect(isReached(isAbove, 100, last)).toBe(fires);
});

// The worked examples of the exchange's page on trailing stops, as in binance-vectors.json; in ticks of 0.5.
interface Scenario {
  readonly id: string;
  readonly type: StopType;
  readonly side: 'BUY' | 'SELL';
  readonly stopPrice: number | undefined;
  readonly delta: number;
  readonly path: readonly number[];
  readonly followsFrom: number;
  readonly extreme: number;
}
const SCENARIOS: readonly Scenario[] = [
  {
    id: 'A',
    type: 'STOP_LOSS_LIMIT',
    side: 'BUY',
    stopPrice: 44_000,
    delta: 500,
    path: [37_000, 44_000, 45_000, 46_000, 42_000, 44_100],
    followsFrom: 44_000,
    extreme: 42_000,
  },
  {
    id: 'B',
    type: 'STOP_LOSS_LIMIT',
    side: 'SELL',
    stopPrice: 39_000,
    delta: 1000,
    path: [41_500, 39_000, 37_000, 41_000, 36_900],
    followsFrom: 39_000,
    extreme: 41_000,
  },
  {
    id: 'C',
    type: 'TAKE_PROFIT_LIMIT',
    side: 'BUY',
    stopPrice: 38_000,
    delta: 850,
    path: [42_000, 38_000, 37_000, 39_000, 38_000, 40_145],
    followsFrom: 38_000,
    extreme: 37_000,
  },
  {
    id: 'D',
    type: 'TAKE_PROFIT_LIMIT',
    side: 'SELL',
    stopPrice: 42_000,
    delta: 750,
    path: [41_500, 39_000, 42_000, 45_000, 44_000, 46_500, 43_012.5],
    followsFrom: 42_000,
    extreme: 46_500,
  },
  {
    id: 'E',
    type: 'STOP_LOSS_LIMIT',
    side: 'SELL',
    stopPrice: undefined,
    delta: 700,
    path: [42_000, 39_500, 45_500, 42_315],
    followsFrom: 42_000,
    extreme: 45_500,
  },
];
test.each(SCENARIOS)(
  'trailing stop, scenario $id: fires at the last price of its path and not before',
  (scenario) => {
    const { type, side, stopPrice, delta, path } = scenario;
    const stop = new TrailingStop(type, side, delta, stopPrice === undefined ? undefined : stopPrice * 2);
    const firstExtreme = path.find((price) => {
      expect(stop.observe(price * 2)).toBe(false);
      return stop.isActive;
    });
    expect(firstExtreme).toBe(scenario.followsFrom);
    expect(stop.extreme).toBe(scenario.followsFrom * 2);
    const rest = path.slice(path.indexOf(scenario.followsFrom) + 1);
    expect(rest.map((price) => stop.observe(price * 2))).toEqual(rest.map((_, at) => at === rest.length - 1));
    expect(stop.extreme).toBe(scenario.extreme * 2);
    expect(stop.firesAt).toBe((path.at(-1) as number) * 2);
  },
);

test('a trailing stop that is not active yet has no extreme and no price to fire at', () => {
  const stop = new TrailingStop('STOP_LOSS', 'SELL', 100, 50);
  expect([stop.isActive, stop.extreme, stop.firesAt]).toEqual([false, undefined, undefined]);
});

const delta = fc.integer({ min: 1, max: 10_000 });
const price = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }),
  fc.maxSafeInteger().filter((ticks) => ticks > 0),
);

test('the threshold is the first tick that fires, to the last unit, for every price below 2^53', () => {
  fc.assert(
    fc.property(price, delta, (extreme, bps) => {
      const lowest = Math.ceil(extreme / 2);
      const buy = BigInt(trailingThreshold('BUY', lowest, bps));
      const sell = BigInt(trailingThreshold('SELL', extreme, bps));
      // The exchange's rule, cross-multiplied in bigint.
      const firesBuy = (last: bigint) => last * 10_000n >= BigInt(lowest) * BigInt(10_000 + bps);
      const firesSell = (last: bigint) => last * 10_000n <= BigInt(extreme) * BigInt(10_000 - bps);
      expect([firesBuy(buy), firesBuy(buy - 1n)]).toEqual([true, false]);
      expect([firesSell(sell), firesSell(sell + 1n)]).toEqual([true, false]);
    }),
  );
});
