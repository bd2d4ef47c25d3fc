import Big from 'big.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPlainRow } from './plain-row.ts';
import { emptyRow, type Row, readRowWithCare } from './row.ts';

const COLUMNS = 6;
const TIME = '1609459200000';

/** A decimal as text in any plain spelling: zeros in front and behind, up to 14 decimals. */
const plainDecimal = fc
  .tuple(fc.stringMatching(/^[0-9]{1,9}$/), fc.stringMatching(/^[0-9]{0,14}$/))
  .map(([whole, fraction]) => (fraction === '' ? whole : `${whole}.${fraction}`));
const anyDecimal = fc.oneof(plainDecimal, fc.double({ min: 1e-7, max: 1e7, noNaN: true }).map(String));

/** Four prices that make a sound bar, smallest in the middle of the row and largest before it. */
const bar = (decimal: fc.Arbitrary<string>) =>
  fc.tuple(fc.tuple(decimal, decimal, decimal, decimal), decimal).map(([prices, volume]) => {
    const [low, open, close, high] = prices.sort((a, b) => new Big(a).cmp(b));
    return [open, high, low, close, volume] as string[];
  });

/** Half up at 8 decimals, after big.js. */
const rounded = (text: string): string => new Big(text).round(8, Big.roundHalfUp).toFixed();
const valuesOf = (row: Row): string[] =>
  Array.from(row.mantissas, (mantissa, i) =>
    new Big(mantissa).div(new Big(10).pow(row.decimals[i]!)).toFixed(),
  );
const roundedCount = (texts: readonly string[]): number =>
  texts.filter((text) => !new Big(text).eq(rounded(text))).length;

const asBytes = (cells: readonly string[]): Uint8Array => Buffer.from(`${[TIME, ...cells].join()}\n`);
/** Counted in 10^-8, the value stays below 2^53. */
const fits = (text: string): boolean => new Big(rounded(text)).times(1e8).lte(Number.MAX_SAFE_INTEGER);

test('rows of plain spelling are read at once, to the last digit', () => {
  fc.assert(
    fc.property(bar(plainDecimal), (cells) => {
      fc.pre(cells.every(fits) && new Big(rounded(cells[2]!)).gt(0));
      const row = emptyRow();
      const bytes = asBytes(cells);
      expect(readPlainRow(bytes, 0, COLUMNS, row)).toBe(bytes.length);
      expect(valuesOf(row)).toEqual(cells.map(rounded));
      expect([row.openTimeMs, row.roundedPrices]).toEqual([Number(TIME), roundedCount(cells.slice(0, 4))]);
      expect(row.roundedVolumes).toBe(roundedCount(cells.slice(4)));
    }),
    { numRuns: 1000 },
  );
});

test('rows of any spelling are read with care, to the last digit', () => {
  fc.assert(
    fc.property(bar(anyDecimal), (cells) => {
      fc.pre(cells.every(fits) && new Big(rounded(cells[2]!)).gt(0));
      const row = emptyRow();
      expect(readRowWithCare([TIME, ...cells].join(), COLUMNS, row)).toBeUndefined();
      expect(valuesOf(row)).toEqual(cells.map(rounded));
      expect(row.roundedPrices + row.roundedVolumes).toBe(roundedCount(cells));
    }),
    { numRuns: 1000 },
  );
});

test('what is read at once is what reading with care gives', () => {
  const cell = fc.oneof(plainDecimal, fc.stringMatching(/^[0-9.eE+-]{0,20}$/));
  fc.assert(
    fc.property(fc.oneof(bar(plainDecimal), fc.array(cell, { minLength: 4, maxLength: 6 })), (cells) => {
      const [fast, careful] = [emptyRow(), emptyRow()];
      const bytes = asBytes(cells);
      if (readPlainRow(bytes, 0, COLUMNS, fast) < 0) return;
      expect(readRowWithCare([TIME, ...cells].join(), COLUMNS, careful)).toBeUndefined();
      expect(fast).toEqual(careful);
    }),
    { numRuns: 1000 },
  );
});
