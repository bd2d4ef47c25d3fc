import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Bars, gapsOf, openTimeOf } from '@tradewind/core/market';
import Big from 'big.js';
import { expect } from 'vitest';
import { sharedData, testWithSharedData } from '../../tools/shared-data.ts';
import { type LoadedSeries, loadBars } from './index.ts';

interface IndexEntry {
  readonly file: string;
  readonly symbol: string;
  readonly interval: string;
  readonly check: {
    readonly rows: number;
    readonly first: string;
    readonly last: string;
    readonly gaps: number;
    readonly missing_bars: number;
    /** The first gaps, not always all. */
    readonly gap_list: readonly { from: string; bars: number }[];
    readonly zero_volume_bars: number;
    readonly prices_over_8_decimals: number;
    readonly volumes_over_8_decimals: number;
  };
}

async function load(file: string): Promise<LoadedSeries> {
  const loaded = await loadBars([sharedData(file)]);
  if (!loaded.ok) throw new Error(loaded.error.what);
  return loaded.value.series[0]!;
}

const filesBelow = (folder: string): string[] =>
  readdirSync(sharedData(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.csv.gz'))
    .map((name) => join(folder, name));

const instant = (timeMs: number): string => new Date(timeMs).toISOString().replace('.000', '');

/** Two million values are read; on a busy machine that takes its time. */
const SLOW_MACHINE_MS = 60_000;

testWithSharedData(
  'every recording loads as its index describes it',
  async () => {
    const { files } = JSON.parse(readFileSync(sharedData('index.json'), 'utf8')) as { files: IndexEntry[] };
    const index = new Map(files.map((entry) => [entry.file, entry]));
    const names = filesBelow('klines');
    expect(names.length).toBeGreaterThan(50);
    for (const file of names) {
      const { symbol, interval, check } = index.get(file)!;
      const { bars, roundedValues } = await load(file);
      const gaps = gapsOf(bars);
      expect({
        symbol: bars.symbol,
        interval: bars.interval.name,
        rows: bars.length,
        first: instant(openTimeOf(bars, 0)),
        last: instant(openTimeOf(bars, bars.length - 1)),
        gaps: gaps.length,
        missing: gaps.reduce((sum, { missing }) => sum + missing, 0),
        firstGaps: gaps
          .slice(0, check.gap_list.length)
          .map(({ fromMs, missing }) => ({ from: instant(fromMs), bars: missing })),
        zeroVolumeBars: bars.volume.filter((volume) => volume === 0).length,
        roundedPrices: roundedValues.prices,
      }).toEqual({
        symbol,
        interval,
        rows: check.rows,
        first: check.first,
        last: check.last,
        gaps: check.gaps,
        missing: check.missing_bars,
        firstGaps: check.gap_list,
        zeroVolumeBars: check.zero_volume_bars,
        roundedPrices: check.prices_over_8_decimals,
      });
      // A volume can also be too large to keep its 8 decimals.
      expect(roundedValues.volumes).toBeGreaterThanOrEqual(check.volumes_over_8_decimals);
    }
  },
  SLOW_MACHINE_MS,
);

/** Old bars with noise in prices or volumes, prices of 7 decimals, 12 columns, the first bar of a listing, thin markets. */
const EXACT = [
  'klines/5m/ETHBTC-5m-2018-01-10_2018-01-30.csv.gz',
  'klines/1d/DOTUSDT-1d-2020-08-18_2022-10-10.csv.gz',
  'klines/1d/AAVEUSDT-1d-2020-10-15_2022-10-10.csv.gz',
  'klines/1d/BCHUSDT-1d-2019-11-28_2022-10-10.csv.gz',
  'klines/1m/BTCBUSD-1m-2022-12-13_2022-12-13.csv.gz',
  'klines/1m/XRPETH-1m-2019-10-11_2019-10-13.csv.gz',
  'klines/5m/BUSDUSDT-5m-2021-09-24_2021-10-24.csv.gz',
];

testWithSharedData.each(EXACT)(
  'every value of %s is what big.js reads',
  async (file) => {
    const { bars, roundedValues } = await load(file);
    const rows = gunzipSync(readFileSync(sharedData(file)))
      .toString()
      .trim()
      .split('\n')
      .slice(1);
    const expected = rows.map((row) => row.split(',').slice(1, 6).map(read));
    expect(valuesOf(bars)).toEqual(expected.map((row) => row.map(({ value }) => value)));
    expect(roundedValues).toEqual({
      prices: expected.flatMap((row) => row.slice(0, 4)).filter(({ isRounded }) => isRounded).length,
      volumes: expected.filter((row) => row[4]!.isRounded).length,
    });
  },
  SLOW_MACHINE_MS,
);

testWithSharedData(
  'volumes too large for 8 decimals keep as many as fit, and are nowhere off by more than half the last',
  async () => {
    const file = 'klines/1d/ALGOUSDT-1d-2019-06-22_2022-10-10.csv.gz';
    const { bars } = await load(file);
    const rows = gunzipSync(readFileSync(sharedData(file)))
      .toString()
      .trim()
      .split('\n')
      .slice(1);
    const largest = rows.map((row) => new Big(row.split(',')[5]!)).reduce((a, b) => (a.gt(b) ? a : b));
    expect(largest.times(`1e${bars.volumeDecimals + 1}`).gt(Number.MAX_SAFE_INTEGER)).toBe(true);
    for (const [i, row] of rows.entries()) {
      const difference = new Big(row.split(',')[5]!)
        .minus(decimal(bars.volume[i]!, bars.volumeDecimals))
        .abs();
      expect(difference.lte(`0.5000001e-${bars.volumeDecimals}`)).toBe(true);
    }
  },
);

function read(text: string): { value: string; isRounded: boolean } {
  const exact = new Big(text);
  const rounded = exact.round(8, Big.roundHalfUp);
  return { value: rounded.toFixed(), isRounded: !exact.eq(rounded) };
}

const valuesOf = (bars: Bars): string[][] =>
  Array.from({ length: bars.length }, (_, i) => [
    ...[bars.open, bars.high, bars.low, bars.close].map((column) => decimal(column[i]!, bars.priceDecimals)),
    decimal(bars.volume[i]!, bars.volumeDecimals),
  ]);

const decimal = (mantissa: number, decimals: number): string => new Big(`${mantissa}e-${decimals}`).toFixed();
