import { expect, test } from 'vitest';
import { chartCsv } from './csv-files.ts';

const logOf = (names: readonly string[], samples: readonly (readonly number[])[]) => ({
  names,
  *[Symbol.iterator]() {
    for (const [minute, values] of samples.entries()) yield { timeMs: minute * 60_000, values };
  },
});

test('the chart has a column for each line, and an empty cell where a line has a hole', () => {
  const log = logOf(
    ['upper', 'stop, raised'],
    [
      [101.1 + 0.2, Number.NaN],
      [102, 98.5],
    ],
  );
  expect([...chartCsv(log)].join('')).toBe('time,upper,"stop, raised"\n0,101.3,\n60000,102,98.5\n');
});

test('a strategy without lines has a chart without lines', () => {
  expect([...chartCsv(logOf([], []))].join('')).toBe('time\n');
});

test('the pieces of a long chart make the whole', () => {
  const samples = Array.from({ length: 25_000 }, (_, bar) => [bar]);
  const pieces = [...chartCsv(logOf(['bar'], samples))];
  expect(pieces.length).toBeGreaterThan(2);
  const lines = pieces.join('').split('\n');
  expect(lines).toHaveLength(25_002);
  expect(lines[25_000]).toBe(`${24_999 * 60_000},24999`);
});
