import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTestBars } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { Interval, type IntervalName, openTimeOf } from './index.ts';

const DAY = 86_400_000;
const interval = (name: IntervalName): Interval => {
  const found = Interval.parse(name);
  if (found === undefined) throw new Error(`no interval ${name}`);
  return found;
};
const iso = (timeMs: number) => new Date(timeMs).toISOString();

test('knows the names of the exchange and of its archives, and the same name is the same interval', () => {
  expect(Interval.names.map((name) => Interval.parse(name)?.name)).toEqual([
    '1s',
    '1m',
    '3m',
    '5m',
    '15m',
    '30m',
    '1h',
    '2h',
    '4h',
    '6h',
    '8h',
    '12h',
    '1d',
    '3d',
    '1w',
    '1M',
  ]);
  expect(Interval.parse('1mo')).toBe(interval('1M'));
  expect(Interval.parse('5m')).toBe(interval('5m'));
});

test.each(['', '1H', '7m', '60', '1 m', 'toString', '__proto__', '1D'])('%j is no interval', (text) => {
  expect(Interval.parse(text)).toBeUndefined();
});

test('finds the interval of a length, months apart', () => {
  expect(Interval.ofLength(60_000)).toBe(interval('1m'));
  expect(Interval.ofLength(7 * DAY)).toBe(interval('1w'));
  expect(Interval.ofLength(30 * DAY)).toBeUndefined();
  expect(Interval.ofLength(61_000)).toBeUndefined();
  expect(interval('1M').lengthMs).toBeUndefined();
});

test.each([
  ['1s', '2024-02-29T23:59:59.999Z', '2024-02-29T23:59:59.000Z', '2024-03-01T00:00:00.000Z'],
  ['1m', '2021-05-19T12:55:59.999Z', '2021-05-19T12:55:00.000Z', '2021-05-19T12:56:00.000Z'],
  ['5m', '2021-05-19T12:55:00.000Z', '2021-05-19T12:55:00.000Z', '2021-05-19T13:00:00.000Z'],
  ['4h', '2021-05-19T23:00:00.000Z', '2021-05-19T20:00:00.000Z', '2021-05-20T00:00:00.000Z'],
  ['1d', '2020-02-29T12:00:00.000Z', '2020-02-29T00:00:00.000Z', '2020-03-01T00:00:00.000Z'],
  // 2017-08-17 was a Thursday; its week began on Monday the 14th.
  ['1w', '2017-08-17T04:00:00.000Z', '2017-08-14T00:00:00.000Z', '2017-08-21T00:00:00.000Z'],
  ['1w', '1970-01-01T00:00:00.000Z', '1969-12-29T00:00:00.000Z', '1970-01-05T00:00:00.000Z'],
  ['3d', '2017-08-19T23:59:59.999Z', '2017-08-17T00:00:00.000Z', '2017-08-20T00:00:00.000Z'],
  ['1M', '2024-02-29T23:59:59.999Z', '2024-02-01T00:00:00.000Z', '2024-03-01T00:00:00.000Z'],
  ['1M', '2023-12-31T23:59:59.999Z', '2023-12-01T00:00:00.000Z', '2024-01-01T00:00:00.000Z'],
  ['1M', '2000-02-29T00:00:00.000Z', '2000-02-01T00:00:00.000Z', '2000-03-01T00:00:00.000Z'],
  ['1M', '2100-02-28T23:00:00.000Z', '2100-02-01T00:00:00.000Z', '2100-03-01T00:00:00.000Z'],
] as const)('the %s bucket of %s is %s to %s', (name, instant, start, end) => {
  const found = interval(name).startOf(Date.parse(instant));
  expect(iso(found)).toBe(start);
  expect(iso(interval(name).endOf(found))).toBe(end);
});

test('months begin and end where the calendar says, from 1900 to 2200', () => {
  const month = interval('1M');
  const instants = fc.integer({ min: Date.UTC(1900, 0, 1), max: Date.UTC(2200, 0, 1) });
  fc.assert(
    fc.property(instants, (timeMs) => {
      const date = new Date(timeMs);
      const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
      expect(month.startOf(timeMs)).toBe(start);
      expect(month.endOf(start)).toBe(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1));
    }),
    { numRuns: 2000 },
  );
});

test('every day of the Gregorian cycle of 400 years falls into its month', () => {
  const month = interval('1M');
  for (let day = Date.UTC(1970, 0, 1); day < Date.UTC(2370, 0, 1); day += DAY) {
    const date = new Date(day);
    const start = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
    if (month.startOf(day) !== start) expect.fail(`${iso(day)} falls into ${iso(month.startOf(day))}`);
  }
});

test('an instant lies in its bucket, and the bucket after begins where it ends', () => {
  const names = fc.constantFrom(...Interval.names);
  fc.assert(
    fc.property(names, fc.integer({ min: -DAY * 1000, max: DAY * 40_000 }), (name, timeMs) => {
      const { lengthMs } = interval(name);
      const start = interval(name).startOf(timeMs);
      const end = interval(name).endOf(start);
      expect(start <= timeMs && timeMs < end).toBe(true);
      expect(interval(name).startOf(start)).toBe(start);
      expect(interval(name).startOf(end - 1)).toBe(start);
      expect(interval(name).startOf(end)).toBe(end);
      if (lengthMs !== undefined) expect(end - start).toBe(lengthMs);
    }),
  );
});

test('one interval nests in another exactly where no border of the other cuts its buckets', () => {
  // Borders within a day repeat daily; two years hold every way in which weeks, threes of days and months can lie.
  const from = Date.UTC(2023, 0, 1);
  for (const [index, finer] of Interval.names.entries()) {
    for (const [coarserIndex, coarser] of Interval.names.entries()) {
      const isShort = (interval(coarser).lengthMs ?? DAY) < DAY;
      const untilMs = from + (isShort ? 1 : 730) * DAY;
      let isNested = index <= coarserIndex;
      for (
        let timeMs = interval(coarser).startOf(from);
        isNested && timeMs < untilMs;
        timeMs = interval(coarser).endOf(timeMs)
      ) {
        isNested = interval(finer).startOf(timeMs) === timeMs;
      }
      expect([finer, coarser, interval(finer).nestsIn(interval(coarser))]).toEqual([
        finer,
        coarser,
        isNested,
      ]);
    }
  }
});

testWithSharedData('real bars of every interval open on the grid of their interval', () => {
  for (const file of ['ETHUSDT-all-intervals-2018-07-16', 'BTCUSDT-all-intervals-2018-04-28']) {
    for (const name of Interval.names.filter((each) => !['1s', '6h'].includes(each))) {
      const bars = readTestBars(`timeframes/${file}.csv.gz`, name);
      expect(bars.length).toBeGreaterThan(0);
      for (let i = 0; i < bars.length; i += 1) {
        const openTimeMs = openTimeOf(bars, i);
        if (interval(name).startOf(openTimeMs) !== openTimeMs)
          expect.fail(`${name} bar at ${iso(openTimeMs)}`);
      }
    }
  }
});
