import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTestBars, readTestLines } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import {
  type Bars,
  BarsBuilder,
  firstIndexFrom,
  gapsOf,
  Interval,
  type IntervalName,
  openTimeOf,
} from './index.ts';

const MINUTE = 60_000;
const START = Date.UTC(2024, 0, 1);

function builder(name: IntervalName = '1m'): BarsBuilder {
  const interval = Interval.parse(name);
  if (interval === undefined) throw new Error(`no interval ${name}`);
  return new BarsBuilder('BTCUSDT', interval);
}

/** Bars of one price at the given minutes after the start. */
function barsAt(minutes: readonly number[]): Bars {
  const building = builder();
  for (const minute of minutes) building.append(START + minute * MINUTE, 1, 1, 1, 1, 0, 1, 0);
  return building.build();
}

test('keeps what it is given, in the order it came', () => {
  const building = builder();
  building.append(START, 10_005, 10_010, 9_990, 10_000, 2, 12_345, 5);
  building.append(START + MINUTE, 10_000, 10_001, 9_999, 10_001, 2, 0, 5);
  const bars = building.build();
  expect(bars).toMatchObject({ symbol: 'BTCUSDT', length: 2, priceDecimals: 2, volumeDecimals: 5 });
  expect(bars.interval.name).toBe('1m');
  expect([...bars.open]).toEqual([10_005, 10_000]);
  expect([...bars.high]).toEqual([10_010, 10_001]);
  expect([...bars.low]).toEqual([9_990, 9_999]);
  expect([...bars.close]).toEqual([10_000, 10_001]);
  expect([...bars.volume]).toEqual([12_345, 0]);
  expect(bars.runs).toEqual([{ start: 0, openTimeMs: START }]);
});

test('no bars at all are bars too', () => {
  const bars = builder().build();
  expect(bars.length).toBe(0);
  expect(gapsOf(bars)).toEqual([]);
  expect(firstIndexFrom(bars, START)).toBe(0);
});

test('counts all prices as finely as the finest needs, whichever came first', () => {
  const building = builder();
  building.append(START, 100, 101, 99, 100, 0, 7, 0);
  building.append(START + MINUTE, 1005, 1010, 990, 1000, 1, 25, 1);
  building.append(START + 2 * MINUTE, 100, 100, 100, 100, 0, 3, 0);
  const bars = building.build();
  expect([bars.priceDecimals, bars.volumeDecimals]).toEqual([1, 1]);
  expect([...bars.open]).toEqual([1000, 1005, 1000]);
  expect([...bars.high]).toEqual([1010, 1010, 1000]);
  expect([...bars.low]).toEqual([990, 990, 1000]);
  expect([...bars.close]).toEqual([1000, 1000, 1000]);
  expect([...bars.volume]).toEqual([70, 25, 30]);
});

test('prices take four bytes while they fit and eight when they do not', () => {
  const fitting = builder();
  fitting.append(START, 1, 2 ** 31 - 1, 1, 1, 0, 1, 0);
  expect(fitting.build().high).toBeInstanceOf(Int32Array);
  const building = builder();
  building.append(START, 1, 2 ** 31 - 1, 1, 1, 0, 1, 0);
  building.append(START + MINUTE, 2 ** 31, 2 ** 31, 5, 6, 0, 1, 0);
  building.append(START + 2 * MINUTE, 2 ** 32, 2 ** 32, 7, 8, 0, 1, 0);
  const bars = building.build();
  for (const column of [bars.open, bars.high, bars.low, bars.close])
    expect(column).toBeInstanceOf(Float64Array);
  expect([...bars.high]).toEqual([2 ** 31 - 1, 2 ** 31, 2 ** 32]);
  expect([...bars.low]).toEqual([1, 5, 7]);
});

test('finer decimals widen prices that were counted in four bytes', () => {
  const building = builder();
  building.append(START, 61_837, 61_838, 61_836, 61_837, 0, 1, 0);
  building.append(START + MINUTE, 6_183_700_000_001, 6_183_700_000_001, 1, 2, 8, 1, 0);
  const bars = building.build();
  expect(bars.close).toBeInstanceOf(Float64Array);
  expect([...bars.open]).toEqual([6_183_700_000_000, 6_183_700_000_001]);
  expect([...bars.close]).toEqual([6_183_700_000_000, 2]);
});

test('a price that cannot be counted below 2^53 breaks an assumption', () => {
  const building = builder();
  expect(() => building.append(START, 1, 2 ** 53, 1, 1, 0, 1, 0)).toThrow('a price counts below 2^53 ticks');
  building.append(START, 2 ** 52, 2 ** 52, 1, 1, 0, 1, 0);
  expect(() => building.append(START, 1, 1, 1, 1, 1, 1, 0)).toThrow('a price counts below 2^53 ticks');
});

test('where size and decimals of volumes do not fit together, size wins and the finest decimals go', () => {
  const building = builder();
  building.append(START, 1, 1, 1, 1, 0, 123_456_789, 8);
  building.append(START + MINUTE, 1, 1, 1, 1, 0, 9_007_199_254_740, 0);
  building.append(START + 2 * MINUTE, 1, 1, 1, 1, 0, 123_456_789, 8);
  const bars = building.build();
  expect(bars.volumeDecimals).toBe(3);
  expect([...bars.volume]).toEqual([1235, 9_007_199_254_740_000, 1235]);
});

test('decimals that go are rounded away exactly', () => {
  const building = builder();
  building.append(START, 1, 1, 1, 1, 0, 8_225_752_284_000_014, 1);
  building.append(START + MINUTE, 1, 1, 1, 1, 0, 9_007_199_254_740_000, 0);
  const bars = building.build();
  expect(bars.volumeDecimals).toBe(0);
  // 822575228400001.4; times the double 0.1 it would be 822575228400001.5.
  expect([...bars.volume]).toEqual([822_575_228_400_001, 9_007_199_254_740_000]);
});

test('a volume beyond 2^53 units is counted in tens, hundreds, ...', () => {
  const building = builder();
  building.append(START, 1, 1, 1, 1, 0, 12_345, 0);
  building.append(START + MINUTE, 1, 1, 1, 1, 0, 2 ** 53 * 64, 0);
  const bars = building.build();
  expect(bars.volumeDecimals).toBe(-2);
  expect([...bars.volume]).toEqual([123, Math.round((2 ** 53 * 64) / 100)]);
});

test('columns grow without losing a bar', () => {
  const building = builder();
  const count = 10_000;
  for (let i = 0; i < count; i += 1) building.append(START + i * MINUTE, i + 1, i + 1, i + 1, i + 1, 0, i, 0);
  const bars = building.build();
  expect(bars.length).toBe(count);
  for (const column of [bars.open, bars.high, bars.low, bars.close]) {
    expect(column).toHaveLength(count);
    expect(column.every((value, i) => value === i + 1)).toBe(true);
  }
  expect(bars.volume.every((value, i) => value === i)).toBe(true);
});

test('bars that were built do not change when the builder goes on', () => {
  const building = builder();
  building.append(START, 1, 1, 1, 1, 0, 1, 0);
  const bars = building.build();
  building.append(START + 5 * MINUTE, 2, 2, 2, 2, 1, 2, 1);
  expect(bars.runs).toHaveLength(1);
  expect([...bars.open]).toEqual([1]);
  expect(bars.priceDecimals).toBe(0);
});

test('a halt ends a run, and the gap says where it began and how many bars it cost', () => {
  const bars = barsAt([0, 1, 2, 10, 11, 13]);
  expect(bars.runs.map((run) => run.start)).toEqual([0, 3, 5]);
  expect(gapsOf(bars)).toEqual([
    { fromMs: START + 3 * MINUTE, missing: 7 },
    { fromMs: START + 12 * MINUTE, missing: 1 },
  ]);
  expect([0, 1, 2, 3, 4, 5].map((i) => (openTimeOf(bars, i) - START) / MINUTE)).toEqual([
    0, 1, 2, 10, 11, 13,
  ]);
});

test('a gap of centuries is counted at once', () => {
  const building = builder('1s');
  building.append(Date.UTC(2024, 0, 1), 1, 1, 1, 1, 0, 1, 0);
  building.append(Date.UTC(2424, 0, 1), 1, 1, 1, 1, 0, 1, 0);
  // Four hundred years have 146097 days of 86400 seconds; the first of them has its bar.
  expect(gapsOf(building.build())).toEqual([
    { fromMs: Date.UTC(2024, 0, 1) + 1000, missing: 146_097 * 86_400 - 1 },
  ]);
});

test('months have their own times, and one that is missing is a gap', () => {
  const building = builder('1M');
  const months = [Date.UTC(2023, 10, 1), Date.UTC(2023, 11, 1), Date.UTC(2024, 0, 1), Date.UTC(2024, 2, 1)];
  for (const month of months) building.append(month, 1, 1, 1, 1, 0, 1, 0);
  const bars = building.build();
  expect(months.map((_month, i) => openTimeOf(bars, i))).toEqual(months);
  expect(gapsOf(bars)).toEqual([{ fromMs: Date.UTC(2024, 1, 1), missing: 1 }]);
});

test('times, gaps and indexes equal those of a plain list of times', () => {
  const minutes = fc
    .uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1 })
    .map((list) => list.sort((a, b) => a - b));
  fc.assert(
    fc.property(minutes, fc.integer({ min: -5 * MINUTE, max: 205 * MINUTE }), (list, offset) => {
      const bars = barsAt(list);
      const times = list.map((minute) => START + minute * MINUTE);
      expect(times.map((_time, i) => openTimeOf(bars, i))).toEqual(times);
      const first = times.findIndex((time) => time >= START + offset);
      expect(firstIndexFrom(bars, START + offset)).toBe(first === -1 ? times.length : first);
      const missing = gapsOf(bars).reduce((total, gap) => total + gap.missing, 0);
      expect(missing + list.length).toBe((list.at(-1) ?? 0) - (list[0] ?? 0) + 1);
    }),
  );
});

testWithSharedData('reads a real file with halts back value by value', () => {
  const file = 'klines/1m/BTCUSDT-1m-2021-04-02_2021-05-20.csv.gz';
  const bars = readTestBars(file, '1m');
  expect(bars.length).toBe(69_927);
  expect(gapsOf(bars)).toEqual([
    { fromMs: Date.parse('2021-04-20T02:00:00Z'), missing: 150 },
    { fromMs: Date.parse('2021-04-25T04:01:00Z'), missing: 284 },
  ]);
  const lines = readTestLines(file).slice(1);
  const differing = lines.filter((line, i) => {
    const [time, ...values] = line.split(',').map(Number);
    const ours = [bars.open[i], bars.high[i], bars.low[i], bars.close[i]].map(
      (ticks) => (ticks ?? 0) / 10 ** bars.priceDecimals,
    );
    const volume = (bars.volume[i] ?? 0) / 10 ** bars.volumeDecimals;
    return (
      time !== openTimeOf(bars, i) || [...ours, volume].some((value, column) => value !== values[column])
    );
  });
  expect(differing).toEqual([]);
});
