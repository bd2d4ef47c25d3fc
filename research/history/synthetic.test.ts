import { type Bars, gapsOf, Interval, openTimeOf } from '@tradewind/core/market';
import { price } from '@tradewind/core/money';
import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import { fingerprintOf, generateBars } from './index.ts';

const MINUTE = Interval.parse('1m')!;
const START_MS = 1_704_067_200_000;
const minutes = (bars: number, seed = 42): Bars =>
  generateBars({ symbol: 'BTCUSDT', interval: MINUTE, extent: { bars }, seed });

/** xoshiro128** 1.1 and its filling, as published, with arithmetic on big integers. */
function* model(seed: number): Generator<number> {
  const M = 0xffffffffn;
  let counter = BigInt(seed) & M;
  const fill = (): bigint => {
    counter = (counter + 0x9e3779b9n) & M;
    let z = counter;
    z = ((z ^ (z >> 16n)) * 0x85ebca6bn) & M;
    z = ((z ^ (z >> 13n)) * 0xc2b2ae35n) & M;
    return z ^ (z >> 16n);
  };
  const rotl = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (32n - k))) & M;
  const s = [fill(), fill(), fill(), fill() | 1n] as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotl((s[1] * 5n) & M, 7n) * 9n) & M);
    const t = (s[1] << 9n) & M;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 11n);
  }
}

test.each([0, 1, 42, 0xffffffff])('seed %d draws what the published algorithm draws', (seed) => {
  const random = new SeededRandom(seed);
  const slow = model(seed);
  for (let i = 0; i < 1000; i += 1) expect(random.nextUint32()).toBe(slow.next().value);
});

test('draws lie in their ranges, with the mean and deviation they promise', () => {
  const random = new SeededRandom(7);
  const normals = Array.from({ length: 100_000 }, () => random.nextNormal());
  const mean = normals.reduce((sum, x) => sum + x, 0) / normals.length;
  const variance = normals.reduce((sum, x) => sum + x * x, 0) / normals.length;
  expect(Math.abs(mean)).toBeLessThan(0.02);
  expect(Math.abs(variance - 1)).toBeLessThan(0.02);
  for (let i = 0; i < 10_000; i += 1) {
    for (const fraction of [random.nextFraction(), random.nextSmallFraction()]) {
      expect(fraction >= 0 && fraction < 1).toBe(true);
    }
  }
});

test.each(Interval.names)('bars of %s are sound and without gaps', (name) => {
  const interval = Interval.parse(name)!;
  const startMs = interval.startOf(START_MS);
  const bars = generateBars({ symbol: 'ETHUSDT', interval, extent: { bars: 2000 }, seed: 1, startMs });
  expect([bars.length, bars.symbol, bars.interval.name, openTimeOf(bars, 0)]).toEqual([
    2000,
    'ETHUSDT',
    name,
    startMs,
  ]);
  expect(gapsOf(bars)).toEqual([]);
  for (let i = 0; i < bars.length; i += 1) {
    const [open, high, low, close] = [bars.open[i]!, bars.high[i]!, bars.low[i]!, bars.close[i]!];
    expect(low > 0 && low <= Math.min(open, close) && high >= Math.max(open, close)).toBe(true);
    expect(bars.volume[i]! > 0 && Number.isSafeInteger(bars.volume[i]!)).toBe(true);
    expect([open, high, low, close].every(Number.isSafeInteger)).toBe(true);
  }
});

test('equal seeds give equal bars, other seeds others, and a longer series begins with the shorter one', () => {
  expect(fingerprintOf(minutes(5000))).toBe(fingerprintOf(minutes(5000)));
  expect(fingerprintOf(minutes(5000, 43))).not.toBe(fingerprintOf(minutes(5000)));
  expect(minutes(9000).close.slice(0, 5000)).toEqual(minutes(5000).close);
});

test('a duration counts the bars that close within it', () => {
  const extent = { durationMs: 86_400_000 + 59_999 };
  expect(generateBars({ symbol: 'BTCUSDT', interval: MINUTE, extent, seed: 1 }).length).toBe(1440);
  const month = Interval.parse('1M')!;
  const year = { durationMs: 366 * 86_400_000 };
  expect(generateBars({ symbol: 'BTCUSDT', interval: month, extent: year, seed: 1 }).length).toBe(12);
});

test('the walk starts at the start price and counts in its ticks', () => {
  const options = { symbol: 'DOGEUSDT', interval: MINUTE, extent: { bars: 500 }, seed: 3 };
  const bars = generateBars({ ...options, startPrice: price('0.07'), priceDecimals: 5, volumeDecimals: 0 });
  expect([bars.priceDecimals, bars.volumeDecimals]).toEqual([5, 0]);
  expect(Math.abs(bars.open[0]! - 7000)).toBeLessThanOrEqual(1);
});

test('a price of a single tick stays above zero', () => {
  const startPrice = price('0.00000001');
  const options = { symbol: 'BTTBTC', interval: Interval.parse('1d')!, extent: { bars: 2000 }, seed: 3 };
  const bars = generateBars({ ...options, startPrice, priceDecimals: 8, volumeDecimals: 0 });
  expect(bars.low.every((low) => low >= 1)).toBe(true);
});

test('volatility comes in clusters, volume follows it, and the price stays in the neighbourhood', () => {
  const bars = minutes(300_000);
  const returns = Float64Array.from({ length: bars.length - 1 }, (_, i) =>
    Math.abs(bars.close[i + 1]! / bars.close[i]! - 1),
  );
  expect(correlation(returns.subarray(1), returns.subarray(0, -1))).toBeGreaterThan(0.1);
  expect(correlation(returns, bars.volume.subarray(1))).toBeGreaterThan(0.2);
  const deviation = Math.sqrt(returns.reduce((sum, x) => sum + x * x, 0) / returns.length);
  expect(deviation > 0.0004 && deviation < 0.0008).toBe(true);
  const lowest = Math.min(...Array.from({ length: 300 }, (_, i) => bars.low[i * 1000]!));
  const highest = Math.max(...Array.from({ length: 300 }, (_, i) => bars.high[i * 1000]!));
  expect(lowest > 300_000 && highest < 30_000_000).toBe(true);
});

function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (x: Float64Array) => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    ab += (a[i]! - meanA) * (b[i]! - meanB);
    aa += (a[i]! - meanA) ** 2;
    bb += (b[i]! - meanB) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

test('options that make no market are broken assumptions', () => {
  const options = { symbol: 'BTCUSDT', interval: MINUTE, extent: { bars: 1 }, seed: 1 };
  expect(() => generateBars({ ...options, startPrice: price('0.001') })).toThrow('whole number of ticks');
  expect(() => generateBars({ ...options, startMs: 1 })).toThrow("on the interval's grid");
});
