import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { gapsOf, Interval } from '@tradewind/core/market';
import { expect, test } from 'vitest';
import {
  folderWith,
  HEADER,
  LONG_HEADER,
  LONG_ROWS,
  MINUTE_MS,
  minuteRows,
  ROWS,
  rowsOf,
  START_MS,
  TEXT,
  zip,
} from './history.test-support.ts';
import { describeProblem, type LoadOptions, loadBars } from './index.ts';

async function loadOne(sources: string[], options: LoadOptions = {}) {
  const loaded = await loadBars(sources, options);
  if (!loaded.ok) throw new Error(describeProblem(loaded.error));
  expect(loaded.value.series).toHaveLength(1);
  return loaded.value.series[0]!;
}

test.each([
  { form: 'plain', name: 'BTCUSDT-1m.csv', content: TEXT },
  { form: 'without a line end at the end', name: 'BTCUSDT-1m.csv', content: TEXT.trimEnd() },
  { form: 'with empty lines at the end', name: 'BTCUSDT-1m.csv', content: `${TEXT}\n\r\n` },
  { form: 'with a header', name: 'BTCUSDT-1m.csv', content: `${HEADER}\n${TEXT}` },
  { form: 'with a byte order mark', name: 'BTCUSDT-1m.csv', content: `\ufeff${HEADER}\n${TEXT}` },
  { form: 'with a byte order mark and no header', name: 'BTCUSDT-1m.csv', content: `\ufeff${TEXT}` },
  {
    form: 'with Windows line ends',
    name: 'BTCUSDT-1m.csv',
    content: `${HEADER}\n${TEXT}`.replaceAll('\n', '\r\n'),
  },
  { form: 'of 12 columns', name: 'BTCUSDT-1m.csv', content: LONG_ROWS.join('\n') },
  {
    form: 'of 12 columns with a header',
    name: 'BTCUSDT-1m.csv',
    content: [LONG_HEADER, ...LONG_ROWS].join('\r\n'),
  },
  {
    form: 'with times in µs',
    name: 'BTCUSDT-1m.csv',
    content: TEXT.replaceAll('000,', '000000,').replaceAll('29000000,', '29000,'),
  },
  {
    form: 'with ms and µs mixed',
    name: 'BTCUSDT-1m.csv',
    content: TEXT.replace(`${START_MS}`, `${START_MS}000`),
  },
  {
    form: 'with exponents',
    name: 'BTCUSDT-1m.csv',
    content: TEXT.replace('29000,29010.5', '2.9e4,2901050E-2'),
  },
  {
    form: 'with zeros behind',
    name: 'BTCUSDT-1m.csv',
    content: TEXT.replace('29010.5', '29010.5000000000000'),
  },
  { form: 'in gzip', name: 'BTCUSDT-1m-2021-01.csv.gz', content: gzipSync(TEXT) },
  { form: 'in gzip under a plain name', name: 'BTCUSDT-1m.csv', content: gzipSync(TEXT) },
  { form: 'plain under the name of a gzip file', name: 'BTCUSDT-1m.csv.gz', content: TEXT },
  {
    form: 'in a zip archive',
    name: 'BTCUSDT-1m-2021-01.zip',
    content: zip({ 'BTCUSDT-1m-2021-01.csv': TEXT }),
  },
  {
    form: 'stored in a zip archive',
    name: 'all.zip',
    content: zip({ 'BTCUSDT-1m-2021-01.csv': TEXT }, 'stored'),
  },
  {
    form: 'as one of several files in a zip archive',
    name: 'all.zip',
    content: zip({
      'BTCUSDT-1m-a.csv': ROWS.slice(0, 2).join('\n'),
      'BTCUSDT-1m-b.csv': ROWS[2]!,
      'readme.txt': 'bars',
      '__MACOSX/._BTCUSDT-1m-a.csv': '?',
    }),
  },
])('bars $form are read', async ({ name, content }) => {
  const loaded = await loadOne([join(folderWith({ [name]: content }), name)]);
  expect(rowsOf(loaded.bars)).toEqual(ROWS);
  const plain = await loadOne([join(folderWith({ 'BTCUSDT-1m.csv': TEXT }), 'BTCUSDT-1m.csv')]);
  expect(loaded.fingerprint).toBe(plain.fingerprint);
  expect(loaded.bars).toMatchObject({
    symbol: 'BTCUSDT',
    interval: { name: '1m' },
    length: 3,
    priceDecimals: 2,
  });
});

test('float noise is rounded half up to 8 decimals and counted', async () => {
  const rows = minuteRows([
    '24.299999999999997,24.3,24.2,24.25,26543873.8999999999',
    '24.3,24.300000005,24.3,24.3,1e-9',
  ]);
  const { bars, roundedValues } = await loadOne([
    join(folderWith({ 'A1USDT-1m.csv': rows.join('\n') }), 'A1USDT-1m.csv'),
  ]);
  expect(rowsOf(bars)).toEqual(
    minuteRows(['24.3,24.3,24.2,24.25,26543873.9', '24.3,24.30000001,24.3,24.3,0']),
  );
  expect(roundedValues).toEqual({ prices: 2, volumes: 2 });
});

test('a volume whose digits pass 2^53 keeps fewer decimals', async () => {
  const rows = minuteRows(['1,1,1,1,123456789012345.678']);
  const { bars } = await loadOne([join(folderWith({ 'A1USDT-1m.csv': rows.join('\n') }), 'A1USDT-1m.csv')]);
  expect([bars.volume[0], bars.volumeDecimals]).toEqual([1234567890123457, 1]);
});

test('a text longer than one piece is read across the seams', async () => {
  const rows = minuteRows(
    Array.from({ length: 10_000 }, (_, i) => `${100 + i},${100 + i}.5,${100 + i},${100 + i},1`),
  );
  const folder = folderWith({
    'BTCUSDT-1m.csv': rows.join('\r\n'),
    'ETHUSDT-1m.csv.gz': gzipSync(rows.join('\n')),
  });
  const loaded = await loadBars([folder]);
  expect(loaded.ok && loaded.value.series.map(({ bars }) => rowsOf(bars))).toEqual([rows, rows]);
});

test.each(['1m', '5m', '1h', '1d', '1w', '1M'])(
  'an interval of %s that no name tells is the smallest spacing',
  async (name) => {
    const interval = Interval.parse(name)!;
    let time = interval.endOf(interval.startOf(START_MS));
    const rows: string[] = [];
    for (let i = 0; i < 6; i += 1, time = interval.endOf(time)) if (i !== 1) rows.push(`${time},1,1,1,1,1`);
    const path = join(folderWith({ 'BTCUSDT.csv': rows.join('\n') }), 'BTCUSDT.csv');
    const { bars, isIntervalInferred } = await loadOne([path]);
    expect([bars.interval.name, isIntervalInferred, bars.length]).toEqual([name, true, 5]);
    expect(gapsOf(bars)).toMatchObject([{ missing: 1 }]);
  },
);

test('the range takes bars that open from its first instant up to, and not at, its last', async () => {
  const path = join(folderWith({ 'BTCUSDT-1m.csv': TEXT }), 'BTCUSDT-1m.csv');
  const { bars } = await loadOne([path], { fromMs: START_MS + MINUTE_MS, toMs: START_MS + 2 * MINUTE_MS });
  expect(rowsOf(bars)).toEqual([ROWS[1]]);
});

test('a folder gives one series per symbol, in the order of their names', async () => {
  const folder = folderWith({
    'ETHUSDT-1m.csv': TEXT,
    'BTCUSDT-1m-2021-01.zip': zip({ 'BTCUSDT-1m-2021-01.csv': TEXT }),
    'notes.txt': 'x',
    '.hidden.csv': 'x',
    '币安人生USDT-1m.csv': TEXT,
  });
  const loaded = await loadBars([folder]);
  expect(loaded.ok && loaded.value.series.map(({ bars }) => bars.symbol)).toEqual([
    'BTCUSDT',
    'ETHUSDT',
    '币安人生USDT',
  ]);
  expect((await loadOne([folder], { symbol: 'ETHUSDT' })).files).toEqual([join(folder, 'ETHUSDT-1m.csv')]);
});

test('files of one symbol are joined in the order of time, whatever the order of their names', async () => {
  const folder = folderWith({
    'BTCUSDT-1m-1.csv': ROWS[1]!,
    'BTCUSDT-1m-2.csv': ROWS[2]!,
    'BTCUSDT-1m-3.csv': ROWS[0]!,
  });
  const { bars, files } = await loadOne([folder, join(folder, 'BTCUSDT-1m-2.csv')]);
  expect(rowsOf(bars)).toEqual(ROWS);
  expect(files).toHaveLength(3);
});

test('bars that two files share, the same in both, are merged', async () => {
  const padded = ROWS[1]!.replace('29002,', '29002.00000000,');
  const folder = folderWith({
    'BTCUSDT-1m-1.csv': `${ROWS[0]}\n${ROWS[1]}\n`,
    'BTCUSDT-1m-2.csv': `${padded}\n${ROWS[2]}`,
  });
  const { bars, repeatedBars, fingerprint } = await loadOne([folder]);
  expect([rowsOf(bars), repeatedBars]).toEqual([ROWS, 1]);
  expect(fingerprint).toBe((await loadOne([folderWith({ 'BTCUSDT-1m.csv': TEXT })])).fingerprint);
});

test.each([
  { file: 'data.csv', options: { symbol: 'ETHBTC', interval: Interval.parse('1m')! } },
  { file: 'data-1m.csv', options: { symbol: 'ETHBTC' } },
  { file: 'KLINES.csv', options: { symbol: 'ETHBTC' } },
])('$file is of the symbol that was asked for', async ({ file, options }) => {
  const { bars } = await loadOne([join(folderWith({ [file]: TEXT }), file)], options);
  expect([bars.symbol, bars.interval.name]).toEqual(['ETHBTC', '1m']);
});
