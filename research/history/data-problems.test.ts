import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Interval } from '@tradewind/core/market';
import { expect, test } from 'vitest';
import {
  folderWith,
  HEADER,
  LONG_HEADER,
  LONG_ROWS,
  MINUTE_MS,
  ROWS,
  START_MS,
  TEXT,
  zip,
} from './history.test-support.ts';
import { describeProblem, type LoadOptions, loadBars } from './index.ts';

async function problemOf(sources: string[], options: LoadOptions = {}) {
  const loaded = await loadBars(sources, options);
  if (loaded.ok) throw new Error('no problem was found');
  return loaded.error;
}

/** What the third line of a file with header looks like, and what is said about it. */
const rowProblems: { row: string; kind: string; field?: string; says: string }[] = [
  { row: '1609459260000,1,1,1,1', kind: 'wrong_column_count', says: '5 columns instead of 6' },
  { row: '1609459260000,1,1,1,1,1,1', kind: 'wrong_column_count', says: '7 columns instead of 6' },
  { row: '', kind: 'wrong_column_count', says: 'the line is empty' },
  { row: '1609459260000,1,1,1,1,', kind: 'not_a_number', field: 'volume', says: '"" is not a number' },
  { row: '1609459260000,1,abc,1,1,1', kind: 'not_a_number', field: 'high', says: '"abc" is not a number' },
  { row: '1609459260000,NaN,1,1,1,1', kind: 'not_a_number', field: 'open', says: '"NaN" is not a number' },
  {
    row: '1609459260000,1,Infinity,1,1,1',
    kind: 'not_a_number',
    field: 'high',
    says: '"Infinity" is not a number',
  },
  { row: '1609459260000,1,1, 1,1,1', kind: 'not_a_number', field: 'low', says: '" 1" is not a number' },
  {
    row: '1609459260000,1,1,1,1.2.3,1',
    kind: 'not_a_number',
    field: 'close',
    says: '"1.2.3" is not a number',
  },
  { row: '1609459260000,1,1,1.,1,1', kind: 'not_a_number', field: 'low', says: '"1." is not a number' },
  { row: '1609459260000,.5,1,1,1,1', kind: 'not_a_number', field: 'open', says: '".5" is not a number' },
  { row: '1609459260000,1,1,0x1,1,1', kind: 'not_a_number', field: 'low', says: '"0x1" is not a number' },
  { row: '1609459260000,1\u0000,1,1,1,1', kind: 'not_a_number', field: 'open', says: '"1?" is not a number' },
  { row: '1609459260000,1,1,0,1,1', kind: 'price_not_above_zero', field: 'low', says: '0 is not above zero' },
  {
    row: '1609459260000,1,1,1,-0.5,1',
    kind: 'price_not_above_zero',
    field: 'close',
    says: '-0.5 is not above zero',
  },
  {
    row: '1609459260000,1,1,1e-9,1,1',
    kind: 'price_not_above_zero',
    field: 'low',
    says: '1e-9 is not above zero',
  },
  { row: '1609459260000,1,1,1,1,-3', kind: 'negative_volume', field: 'volume', says: '-3 is below zero' },
  {
    row: '1609459260000,1,90071992547409.92,1,1,1',
    kind: 'too_many_digits',
    field: 'high',
    says: 'more digits',
  },
  {
    row: '1609459260000,1,900000000000000,0.001,1,1',
    kind: 'too_many_digits',
    field: 'high',
    says: 'more digits',
  },
  { row: '1609459260000,1,900000000000000,1,1,1', kind: 'too_many_digits', field: 'high', says: 'together' },
  { row: '1609459260000,1,1,1,1,1e17', kind: 'too_many_digits', field: 'volume', says: 'more digits' },
  {
    row: '1609459260000,12.4,12.3,12.5,12.4,1',
    kind: 'high_below_low',
    field: 'high',
    says: '12.3 is below low 12.5',
  },
  { row: '1609459260000,5,4,2,3,1', kind: 'outside_high_and_low', field: 'open', says: '5 is above high 4' },
  { row: '1609459260000,1,4,2,3,1', kind: 'outside_high_and_low', field: 'open', says: '1 is below low 2' },
  {
    row: '1609459260000,3,4,2,4.01,1',
    kind: 'outside_high_and_low',
    field: 'close',
    says: '4.01 is above high 4',
  },
  {
    row: '1609459260000,3,4,2,1.99,1',
    kind: 'outside_high_and_low',
    field: 'close',
    says: '1.99 is below low 2',
  },
  {
    row: '2021-01-01,1,1,1,1,1',
    kind: 'not_a_number',
    field: 'open_time',
    says: '"2021-01-01" is not a time',
  },
  { row: '-1609459260000,1,1,1,1,1', kind: 'not_a_number', field: 'open_time', says: 'is not a time' },
  {
    row: '1609459260,1,1,1,1,1',
    kind: 'wrong_time_unit',
    field: 'open_time',
    says: '"1609459260" is in seconds',
  },
  { row: '1609459260000000000,1,1,1,1,1', kind: 'wrong_time_unit', field: 'open_time', says: 'nanoseconds' },
  { row: '16094592600000,1,1,1,1,1', kind: 'wrong_time_unit', field: 'open_time', says: '14 digits' },
  {
    row: '1609459140000,1,1,1,1,1',
    kind: 'time_going_backwards',
    field: 'open_time',
    says: '2020-12-31T23:59:00.000Z comes after 2021-01-01T00:00:00.000Z',
  },
  {
    row: '1609459200000,1,1,1,1,1',
    kind: 'duplicate_bar',
    field: 'open_time',
    says: 'a second bar of 2021-01-01T00:00:00.000Z',
  },
  {
    row: '1609459260001,1,1,1,1,1',
    kind: 'off_the_grid',
    field: 'open_time',
    says: 'no 1m bar opens at 2021-01-01T00:01:00.001Z',
  },
  {
    row: '1609459230000,1,1,1,1,1',
    kind: 'off_the_grid',
    field: 'open_time',
    says: 'no 1m bar opens at 2021-01-01T00:00:30.000Z',
  },
  {
    row: '1609459260000001,1,1,1,1,1',
    kind: 'off_the_grid',
    field: 'open_time',
    says: 'not a whole millisecond',
  },
  { row: `1609459260000,${'1'.repeat(5000)}`, kind: 'wrong_column_count', says: '2 columns instead of 6' },
];

test.each(rowProblems)('$row: $kind', async ({ row, kind, field, says }) => {
  const content = [HEADER, '1609459200000,1.001,1.5,1,1,1', row, '1609459320000,1,1,1,1,1', ''].join('\n');
  const path = join(folderWith({ 'BTCUSDT-1m.csv': content }), 'BTCUSDT-1m.csv');
  const problem = await problemOf([path]);
  expect(problem).toMatchObject({ kind, file: path, line: 3 });
  expect(problem.field).toBe(field);
  expect(describeProblem(problem)).toContain(
    `${path} line 3${field === undefined ? '' : `, field ${field}`}: `,
  );
  expect(problem.what).toContain(says);
});

test('the lines of a file without header count from 1, and Windows line ends do not count', async () => {
  const path = join(
    folderWith({ 'BTCUSDT-1m.csv': '1609459200000,1,1,1,1,1\r\n1609459260000,1,1,1,1,x\r\n' }),
    'BTCUSDT-1m.csv',
  );
  expect(describeProblem(await problemOf([path]))).toBe(`${path} line 2, field volume: "x" is not a number`);
});

test('a row of 12 columns with one too few is no row', async () => {
  const content = [LONG_HEADER, LONG_ROWS[0], LONG_ROWS[1]!.slice(0, -2)].join('\n');
  const path = join(folderWith({ 'BTCUSDT-1m.csv': content }), 'BTCUSDT-1m.csv');
  expect(await problemOf([path])).toMatchObject({ kind: 'wrong_column_count', line: 3 });
});

const GZIP = gzipSync(TEXT);
const ZIP = zip({ 'BTCUSDT-1m.csv': TEXT });
const changed = (bytes: Buffer, at: number): Buffer => {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 0xff;
  return copy;
};
const encrypted = Buffer.from(ZIP);
for (const header of [6, ZIP.indexOf('PK\x01\x02') + 8]) encrypted[header]! |= 1;

const fileProblems: {
  what: string;
  name?: string;
  content: string | Uint8Array;
  kind: string;
  line?: number;
}[] = [
  { what: 'nothing in it', content: '', kind: 'file_empty' },
  { what: 'only a header', content: `${HEADER}\n`, kind: 'file_empty' },
  { what: 'only line ends', content: '\r\n\n', kind: 'file_empty' },
  { what: 'nothing packed in it', content: gzipSync(''), kind: 'file_empty' },
  {
    what: 'a web page',
    content: '<!DOCTYPE html>\n<html><body>Not found</body></html>',
    kind: 'html',
    line: 1,
  },
  {
    what: 'a web page under the name of an archive',
    name: 'BTCUSDT-1m.zip',
    content: '  <html>',
    kind: 'html',
    line: 1,
  },
  {
    what: 'a long web page without a line end',
    content: `<html>${'x'.repeat(10_000)}`,
    kind: 'html',
    line: 1,
  },
  { what: 'no line end for ever', content: `${HEADER}\n${'1'.repeat(10_000)}`, kind: 'not_klines', line: 2 },
  { what: 'other columns', content: 'time,open,close,high,low,volume\n', kind: 'not_klines', line: 1 },
  { what: 'JSON', content: '[[1609459200000,"1"]]', kind: 'not_klines', line: 1 },
  { what: 'bytes of no text', content: Buffer.from([0, 1, 2, 3, 10, 255]), kind: 'not_klines', line: 1 },
  {
    what: 'trades of 7 columns',
    content: '1,29000,0.5,14500,1609459200000,True,True\n',
    kind: 'wrong_column_count',
    line: 1,
  },
  { what: 'a header of 7 columns', content: `${HEADER},more\n`, kind: 'wrong_column_count', line: 1 },
  { what: 'a gzip file cut short', content: GZIP.subarray(0, -12), kind: 'archive_truncated' },
  { what: 'a gzip file cut in its header', content: GZIP.subarray(0, 6), kind: 'archive_truncated' },
  { what: 'a wrong checksum in gzip', content: changed(GZIP, GZIP.length - 6), kind: 'archive_damaged' },
  { what: 'a damaged gzip file', content: changed(GZIP, 12), kind: 'archive_damaged' },
  {
    what: 'no gzip file under such a name',
    name: 'BTCUSDT-1m.csv.gz',
    content: changed(GZIP, 0),
    kind: 'archive_damaged',
  },
  { what: 'a zip archive cut short', content: ZIP.subarray(0, -30), kind: 'archive_truncated' },
  { what: 'a damaged zip archive', content: changed(ZIP, 46), kind: 'archive_damaged' },
  {
    what: 'a wrong checksum in a zip archive',
    content: changed(ZIP, ZIP.indexOf('PK\x01\x02') + 16),
    kind: 'archive_damaged',
  },
  {
    what: 'a zip archive damaged where it is not packed',
    content: changed(zip({ 'a.csv': TEXT }, 'stored'), 60),
    kind: 'archive_damaged',
  },
  { what: 'an encrypted zip archive', content: encrypted, kind: 'archive_damaged' },
  { what: 'a zip archive without CSV', content: zip({ 'a.txt': TEXT }), kind: 'archive_without_csv' },
  { what: 'a zip archive with an empty file', content: zip({ 'a.csv': '' }, 'stored'), kind: 'file_empty' },
];

test.each(fileProblems)(
  'a file with $what: $kind',
  async ({ name = 'BTCUSDT-1m.csv', content, kind, line }) => {
    const path = join(folderWith({ [name]: content }), name);
    const problem = await problemOf([path]);
    expect([problem.kind, problem.file, problem.line]).toEqual([kind, path, line]);
  },
);

test('a damaged archive is named rather than the strange row that it makes', async () => {
  const stored = zip({ 'BTCUSDT-1m.csv': TEXT }, 'stored');
  stored.write('x', stored.indexOf('29000'));
  const path = join(folderWith({ 'BTCUSDT-1m.zip': stored }), 'BTCUSDT-1m.zip');
  expect(await problemOf([path])).toMatchObject({ kind: 'archive_damaged' });
});

test('a file inside an archive of several is named with it', async () => {
  const folder = folderWith({
    'all.zip': zip({ 'BTCUSDT-1m-1.csv': ROWS[0]!, 'BTCUSDT-1m-2.csv': 'x,1,1,1,1,1' }),
  });
  expect(await problemOf([folder])).toMatchObject({
    file: join(folder, 'all.zip/BTCUSDT-1m-2.csv'),
    line: 1,
  });
});

test('different bars of one time in two files are a problem that names both places', async () => {
  const other = ROWS[1]!.replace('29001.25', '29001.5');
  const folder = folderWith({
    'BTCUSDT-1m-1.csv': TEXT,
    'BTCUSDT-1m-2.csv': `${HEADER}\n${other}\n${ROWS[2]}`,
  });
  const problem = await problemOf([folder]);
  expect(problem).toMatchObject({
    kind: 'conflicting_bars',
    file: join(folder, 'BTCUSDT-1m-2.csv'),
    line: 2,
    field: 'open_time',
  });
  expect(problem.what).toBe(
    `the bar of 2021-01-01T00:01:00.000Z differs from the one in ${join(folder, 'BTCUSDT-1m-1.csv')} line 2`,
  );
});

const hourly = `${START_MS},1,1,1,1,1\n${START_MS + 3_600_000},1,1,1,1,1`;
const sevenMinutes = `${START_MS},1,1,1,1,1\n${START_MS + 420_000},1,1,1,1,1`;
const callProblems: {
  what: string;
  files: Record<string, string>;
  options?: LoadOptions;
  kind: string;
  says: string;
}[] = [
  { what: 'a name without a symbol', files: { 'data.csv': TEXT }, kind: 'symbol_unknown', says: '--symbol' },
  {
    what: 'another symbol',
    files: { 'BTCUSDT-1m.csv': TEXT },
    options: { symbol: 'ETHUSDT' },
    kind: 'symbol_not_found',
    says: 'no file of ETHUSDT, only of BTCUSDT',
  },
  {
    what: 'another interval',
    files: { 'BTCUSDT-1m.csv': TEXT },
    options: { interval: Interval.parse('1h')! },
    kind: 'interval_not_found',
    says: 'no file of 1h bars, only of 1m',
  },
  {
    what: 'two symbols where one is allowed',
    files: { 'BTCUSDT-1m.csv': TEXT, 'ETHUSDT-1m.csv': TEXT },
    options: { onlyOneSymbol: true },
    kind: 'mixed_symbols',
    says: 'BTCUSDT, ETHUSDT',
  },
  {
    what: 'two intervals',
    files: { 'BTCUSDT-1m.csv': TEXT, 'BTCUSDT-1h.csv': hourly },
    kind: 'mixed_intervals',
    says: '--interval',
  },
  {
    what: 'one bar of an unnamed interval',
    files: { 'BTCUSDT.csv': ROWS[0]! },
    kind: 'interval_unknown',
    says: '--interval',
  },
  {
    what: 'a spacing of no interval',
    files: { 'BTCUSDT.csv': sevenMinutes },
    kind: 'interval_unknown',
    says: '420 s',
  },
  {
    what: 'bars of another interval than the name says',
    files: { 'BTCUSDT-1h.csv': TEXT },
    kind: 'off_the_grid',
    says: 'no 1h bar',
  },
  {
    what: 'no bar in the range',
    files: { 'BTCUSDT-1m.csv': TEXT },
    options: { fromMs: START_MS + 10 * MINUTE_MS },
    kind: 'empty_range',
    says: 'from 2021-01-01T00:00:00.000Z to 2021-01-01T00:02:00.000Z',
  },
  {
    what: 'an empty range',
    files: { 'BTCUSDT-1m.csv': TEXT },
    options: { fromMs: START_MS, toMs: START_MS },
    kind: 'empty_range',
    says: 'no bar opens',
  },
  {
    what: 'no data in the folder',
    files: { 'notes.txt': 'x' },
    kind: 'folder_without_data',
    says: 'holds no',
  },
];

test.each(callProblems)('$what: $kind', async ({ files, options, kind, says }) => {
  const folder = folderWith(files);
  const problem = await problemOf([folder], options);
  expect(problem.kind).toBe(kind);
  expect(problem.file).toContain(folder);
  expect(describeProblem(problem)).toContain(says);
});

test('a file that is not there is a problem, and so is no source at all', async () => {
  expect(await problemOf(['/nowhere/BTCUSDT-1m.csv'])).toMatchObject({
    kind: 'file_missing',
    file: '/nowhere/BTCUSDT-1m.csv',
  });
  expect(await problemOf([join(folderWith({ a: '' }), 'a/b.csv')])).toMatchObject({ kind: 'file_missing' });
  expect(await problemOf([])).toMatchObject({ kind: 'no_sources' });
});
