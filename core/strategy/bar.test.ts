import { describe, expect, test } from 'vitest';
import { type Bars, BarsBuilder, Interval, type IntervalName } from '../market/index.ts';
import { formatPrice } from '../money/index.ts';
import { BarCursor } from './index.ts';

/** A bar at each opening time, whose close is 100.00, 100.01 and so on; its volume 0.5, 1.5, ... */
function barsAt(name: IntervalName, openTimesMs: readonly number[]): Bars {
  const builder = new BarsBuilder('BTCUSDT', Interval.parse(name)!);
  for (const [i, openTimeMs] of openTimesMs.entries()) {
    const close = 10_000 + i;
    builder.append(openTimeMs, close - 1, close + 5, close - 7, close, 2, 5 + 10 * i, 1);
  }
  return builder.build();
}

const MINUTE = 60_000;
const minutes = (...places: number[]): number[] => places.map((place) => place * MINUTE);

/** Steps through all bars: 'count close open time, close time, next close' with times in units of `unit`. */
function walk(cursor: BarCursor, unit: number): string[] {
  const seen: string[] = [];
  while (cursor.nextCloseMs !== Number.POSITIVE_INFINITY) {
    cursor.advance();
    const { view } = cursor;
    seen.push(
      `${view.count} ${view.close} ${view.openTimeMs / unit} ${view.closeTimeMs / unit} ${cursor.nextCloseMs / unit}`,
    );
  }
  return seen;
}

describe('a cursor', () => {
  test('stands before the first bar and knows when that will close', () => {
    const cursor = new BarCursor(barsAt('1m', minutes(3, 4)));
    expect([cursor.index, cursor.count, cursor.nextCloseMs]).toEqual([-1, 0, 4 * MINUTE]);
    expect([cursor.openTimeMs, cursor.closeTimeMs]).toEqual([Number.NaN, Number.NaN]);
  });

  test('goes through gaps bar by bar, and each bar keeps its own time', () => {
    expect(walk(new BarCursor(barsAt('1m', minutes(0, 1, 5, 6, 9))), MINUTE)).toEqual([
      '1 100 0 1 2',
      '2 100.01 1 2 6',
      '3 100.02 5 6 7',
      '4 100.03 6 7 10',
      '5 100.04 9 10 Infinity',
    ]);
  });

  test('knows that months differ', () => {
    const day = 86_400_000;
    const months = [0, 31, 59, 120].map((place) => place * day);
    // January, February and March of 1970, then May: April is missing.
    expect(walk(new BarCursor(barsAt('1M', months)), day)).toEqual([
      '1 100 0 31 59',
      '2 100.01 31 59 90',
      '3 100.02 59 90 151',
      '4 100.03 120 151 Infinity',
    ]);
  });

  test('of a part of a history neither counts nor reaches the bars around it', () => {
    const cursor = new BarCursor(barsAt('1m', minutes(0, 1, 5, 6, 9, 10)), 1, 4);
    expect(walk(cursor, MINUTE)).toEqual(['1 100.01 1 2 6', '2 100.02 5 6 7', '3 100.03 6 7 Infinity']);
    expect(cursor.view.closeAgo(2)).toBe(100.01);
    expect(() => cursor.view.closeAgo(3)).toThrow(RangeError);
  });

  test('may begin at a gap, and an empty part has no bar', () => {
    const bars = barsAt('1m', minutes(0, 1, 5, 6));
    expect(walk(new BarCursor(bars, 2), MINUTE)).toEqual(['1 100.02 5 6 7', '2 100.03 6 7 Infinity']);
    expect(walk(new BarCursor(bars, 2, 2), MINUTE)).toEqual([]);
  });
});

describe('the view of a bar', () => {
  const cursor = new BarCursor(barsAt('1m', minutes(0, 1, 2)));
  cursor.advance();
  cursor.advance();
  const { view } = cursor;

  test('shows its numbers, and its prices exactly', () => {
    expect([view.symbol, view.interval.name, view.count]).toEqual(['BTCUSDT', '1m', 2]);
    expect([view.open, view.high, view.low, view.close, view.volume]).toEqual([
      100, 100.06, 99.94, 100.01, 1.5,
    ]);
    const prices = [view.openPrice, view.highPrice, view.lowPrice, view.closePrice];
    expect(prices.map(formatPrice)).toEqual(['100', '100.06', '99.94', '100.01']);
  });

  test('looks back as far as bars have closed', () => {
    const ago = [view.openAgo(1), view.highAgo(1), view.lowAgo(1), view.closeAgo(1), view.volumeAgo(1)];
    expect(ago).toEqual([99.99, 100.05, 99.93, 100, 0.5]);
    expect([view.closeAgo(0), view.openAgo(0)]).toEqual([view.close, view.open]);
  });

  test.each([2, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('has no bar %s bars ago', (ago) => {
    for (const look of ['openAgo', 'highAgo', 'lowAgo', 'closeAgo', 'volumeAgo'] as const) {
      expect(() => view[look](ago)).toThrow(`no bar ${ago} bars ago: 2 have closed`);
    }
  });

  test('is one object that moves on', () => {
    const own = new BarCursor(barsAt('1m', minutes(0, 1)));
    own.advance();
    const kept = own.view;
    own.advance();
    expect(own.view).toBe(kept);
    expect(kept.close).toBe(100.01);
  });
});
