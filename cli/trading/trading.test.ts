import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readDuration } from './read-duration.ts';
import { startCounterAt } from './start-counter-file.ts';
import { fitted, paintFor, tableOf, wrapped } from './table.ts';

test.each([
  ['500ms', 500],
  ['90s', 90_000],
  ['10m', 600_000],
  ['1.5h', 5_400_000],
  ['2d', 172_800_000],
])('%s lasts %i ms', (text, ms) => {
  expect(readDuration(text)).toBe(ms);
});

test.each(['', '10', 's', '-1s', '0s', '1 m', '1e3s', '10M', 'Infinitys'])('%j is no duration', (text) => {
  expect(readDuration(text)).toBeUndefined();
});

test('a table is as wide as what stands in it, numbers to the right', () => {
  const columns = [{ title: 'symbol' }, { title: 'price', isNumber: true }];
  const rows = [
    ['BTCUSDT', '50000.1'],
    ['X', '2'],
  ];
  expect(tableOf(columns, rows, paintFor(false))).toEqual([
    'symbol     price',
    'BTCUSDT  50000.1',
    'X              2',
  ]);
});

test('X5: the starts of the last hour are counted across processes, and a broken file counts none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tradewind-starts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'starts.json');
  const HOUR = 3_600_000;
  expect(await startCounterAt(file).add(1000)).toEqual([1000]);
  expect(await startCounterAt(file).add(2000)).toEqual([1000, 2000]);
  expect(await startCounterAt(file).add(HOUR + 1500)).toEqual([2000, HOUR + 1500]);
  writeFileSync(file, '{"broken"');
  expect(await startCounterAt(file).add(HOUR + 2000)).toEqual([HOUR + 2000]);
});

test('a line is cut to the width of a terminal, and its colours are ended all the same', () => {
  const red = paintFor(true)('red', 'halted');
  expect(fitted(`it is ${red} now`, 9)).toBe(`it is ${red.replace('halted', 'hal')}`);
  expect(fitted('short', 9)).toBe('short');
});

test('a text is broken between words, and a word that is too long stands alone', () => {
  expect(wrapped('make room at once or unavoidablylong end', 12)).toEqual([
    'make room at',
    'once or',
    'unavoidablylong',
    'end',
  ]);
});
