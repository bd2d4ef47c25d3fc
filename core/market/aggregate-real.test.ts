import { expect } from 'vitest';
import { readTestBars, type Window } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import {
  aggregateBars,
  type Bars,
  firstIndexFrom,
  Interval,
  type IntervalName,
  openTimeOf,
} from './index.ts';

interface Comparison {
  readonly compared: number;
  /** Opening times of the bars with another open, high, low or close. */
  readonly different: readonly string[];
  /** Opening times of the bars where the volume alone differs. */
  readonly otherVolume: readonly string[];
}

/** Holds aggregated bars against the exchange's own; only those that lack no finer bar, unless told to take the short ones too. */
function compare(finer: Bars, theirs: Bars, withShort = false): Comparison {
  const result = aggregateBars(finer, theirs.interval);
  if (!result.ok) throw new Error(result.error.reason);
  const ours = result.value.bars;
  const different: string[] = [];
  const otherVolume: string[] = [];
  let compared = 0;
  for (let i = 0; i < ours.length; i += 1) {
    const openTimeMs = openTimeOf(ours, i);
    const j = firstIndexFrom(theirs, openTimeMs);
    if (j === theirs.length || openTimeOf(theirs, j) !== openTimeMs) continue;
    if (!withShort && isShort(finer, theirs.interval, openTimeMs)) continue;
    compared += 1;
    const time = new Date(openTimeMs).toISOString().slice(0, 16);
    if (pricesAt(ours, i).join() !== pricesAt(theirs, j).join()) different.push(time);
    else if (!isSameVolume(volumeAt(ours, i), volumeAt(theirs, j))) otherVolume.push(time);
  }
  return { compared, different, otherVolume };
}

function isShort(finer: Bars, coarser: Interval, openTimeMs: number): boolean {
  const endMs = coarser.endOf(openTimeMs);
  let wanted = 0;
  for (let time = openTimeMs; time < endMs; time = finer.interval.endOf(time)) wanted += 1;
  return firstIndexFrom(finer, endMs) - firstIndexFrom(finer, openTimeMs) !== wanted;
}

const pricesAt = (bars: Bars, i: number): number[] =>
  [bars.open, bars.high, bars.low, bars.close].map(
    (column) => (column[i] ?? Number.NaN) / 10 ** bars.priceDecimals,
  );
const volumeAt = (bars: Bars, i: number): number =>
  (bars.volume[i] ?? Number.NaN) / 10 ** bars.volumeDecimals;
/** Old volumes carry float noise, so that they are equal to nine digits and not always to the last. */
const isSameVolume = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-9 * Math.max(a, b);

/**
 * In these minutes of April 2021 the exchange served 1m bars that lack trades, while its 5m and 1h bars of the same
 * minutes were complete: all differences that are left come from there.
 */
function lacksTrades(time: string): boolean {
  const [day, minute = ''] = time.split('T');
  if (day === '2021-04-22') return minute >= '02:00' && minute <= '02:20';
  return day === '2021-04-23' && minute >= '01:00' && minute <= '02:45';
}

/** A file below `klines/`, named after its symbol, interval and days. */
function readKlines(name: string, window?: Window): Bars {
  const interval = name.split('-')[1] as IntervalName;
  return readTestBars(`klines/${interval}/${name}.csv.gz`, interval, window);
}

const BTC_1H = 'BTCUSDT-1h-2017-08-17_2024-04-21';

/**
 * The numbers of bars compared and different are those that the description of the data states from its own comparison;
 * for the days of APE and BCH, which it does not compare, the days of the calendar without those that lack a bar.
 */
testWithSharedData.each([
  ['BTCUSDT-1m-2021-04-02_2021-05-20', BTC_1H, 1164, 3, 0],
  ['BTCUSDT-1m-2021-04-02_2021-05-20', 'BTCUSDT-5m-2021-01-01_2021-05-13', 11_883, 5, 11],
  ['ETHBTC-1m-2021-04-10_2021-05-20', 'ETHBTC-5m-2021-02-25_2021-05-20', 11_438, 9, 7],
  ['ADAUSDT-1m-2021-04-20_2021-05-20', 'ADAUSDT-1h-2018-04-17_2022-10-11', 714, 3, 0],
  ['BTCUSDT-1m-2021-09-17_2021-10-17', BTC_1H, 717, 0, 0],
  ['BTCUSDT-1m-2021-11-11_2021-12-11', BTC_1H, 719, 0, 0],
  ['BTCUSDT-1m-2024-07-26_2024-08-25', 'BTCUSDT-5m-2024-03-01_2025-07-02', 8641, 0, 0],
  ['BTCUSDT-1m-2025-05-20_2025-08-18', 'BTCUSDT-5m-2024-03-01_2025-07-02', 12_454, 0, 0],
  ['BTCUSDT-5m-2024-03-01_2025-07-02', BTC_1H, 1239, 0, 0],
  ['APEUSDT-5m-2022-03-17_2022-09-30', 'APEUSDT-1d-2022-03-17_2022-10-10', 196, 0, 0],
  ['BCHUSDT-5m-2019-11-28_2020-06-20', 'BCHUSDT-1d-2019-11-28_2022-10-10', 200, 0, 0],
  [BTC_1H, 'BTCUSDT-1d-2017-08-17_2022-10-10', 1852, 0, 0],
  // The description counts one difference here: it opens the bar of 2020-01-06 with a price at which nobody traded that day.
  ['FTTUSDT-1h-2019-12-20_2022-10-11', 'FTTUSDT-1d-2019-12-20_2022-10-10', 1011, 0, 0],
])(
  '%s built up equals %s: %i bars, %i different, %i in volume only',
  (finer, coarser, compared, different, otherVolume) => {
    const [fine, coarse] = overlapping(finer, coarser);
    const comparison = compare(fine, coarse);
    expect({
      compared: comparison.compared,
      different: comparison.different.length,
      otherVolume: comparison.otherVolume.length,
    }).toEqual({ compared, different, otherVolume });
    expect([...comparison.different, ...comparison.otherVolume].filter((time) => !lacksTrades(time))).toEqual(
      [],
    );
  },
);

/** Reads of the two files only the days that both may have: large files are mostly about other days. */
function overlapping(finer: string, coarser: string): [Bars, Bars] {
  const days = [finer, coarser].map((name) => name.split(/-1m-|-5m-|-1h-|-1d-/)[1]?.split('_') ?? []);
  const fromMs = Math.max(...days.map(([first = '']) => Date.parse(first)));
  const toMs = Math.min(...days.map(([, last = '']) => Date.parse(last))) + 86_400_000;
  return [readKlines(finer, { fromMs, toMs }), readKlines(coarser, { fromMs, toMs })];
}

testWithSharedData('days that a halt cut short equal those of the exchange too', () => {
  const comparison = compare(readKlines(BTC_1H), readKlines('BTCUSDT-1d-2017-08-17_2022-10-10'), true);
  expect(comparison).toEqual({ compared: 1881, different: [], otherVolume: [] });
});

/** Every two intervals of one market at one moment. The last bar of each was still open and is left away. */
testWithSharedData.each(['ETHUSDT-all-intervals-2018-07-16', 'BTCUSDT-all-intervals-2018-04-28'])(
  '%s: every interval built up from every finer one equals that of the exchange',
  (name) => {
    const series = Interval.names.flatMap((interval) => {
      const bars = readTestBars(`timeframes/${name}.csv.gz`, interval);
      if (bars.length === 0) return [];
      return readTestBars(`timeframes/${name}.csv.gz`, interval, { toMs: openTimeOf(bars, bars.length - 1) });
    });
    expect(series.map((bars) => bars.interval.name)).toEqual([
      '1m',
      '3m',
      '5m',
      '15m',
      '30m',
      '1h',
      '2h',
      '4h',
      '8h',
      '12h',
      '1d',
      '3d',
      '1w',
      '1M',
    ]);
    const pairs = series.flatMap((finer) =>
      series
        .filter((coarser) => coarser !== finer && finer.interval.nestsIn(coarser.interval))
        .map((coarser) => {
          // Days go back to the day of listing, which is inside a week and a month.
          const comparison = compare(finer, coarser, finer.interval.name === '1d');
          return { pair: `${finer.interval.name} to ${coarser.interval.name}`, ...comparison };
        }),
    );
    expect(pairs.filter(({ different, otherVolume }) => different.length + otherVolume.length > 0)).toEqual(
      [],
    );
    expect(pairs.filter(({ compared }) => compared > 0).length).toBeGreaterThan(60);
  },
);
