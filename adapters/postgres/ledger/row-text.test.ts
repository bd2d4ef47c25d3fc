import { expect, test } from 'vitest';
import { rowsText } from './row-text.ts';

test('no rows are null, and a missing field is empty', () => {
  expect(rowsText([])).toBe(null);
  expect(rowsText([[1, null, true]])).toBe('{"(1,,true)"}');
});

test('a quote and a backslash are escaped for the row and once more for the array', () => {
  expect(rowsText([['a"b\\c']])).toBe('{"(\\"a\\\\\\"b\\\\\\\\c\\")"}');
});
