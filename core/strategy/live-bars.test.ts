import { describe, expect, test } from 'vitest';
import { BarsBuilder, Interval } from '../market/index.ts';
import { formatPrice } from '../money/index.ts';
import { InvariantViolation } from '../result.ts';
import { type Bar, BarCursor, LiveBars } from './index.ts';

const MINUTE = Interval.parse('1m')!;

/** Closes of 0.1, 0.2, ...: numbers that have no exact double, so that every rounding would show. */
function history(count: number) {
  const builder = new BarsBuilder('BTCUSDT', MINUTE);
  for (let i = 0; i < count; i += 1) builder.append(i * 60_000, i + 1, i + 9, i + 1, i + 3, 1, 7 + 10 * i, 3);
  return builder.build();
}

const numbersOf = (bar: Bar): unknown[] => [
  ...[bar.symbol, bar.interval.name, bar.openTimeMs, bar.closeTimeMs, bar.count],
  ...[bar.open, bar.high, bar.low, bar.close, bar.volume],
  ...[bar.openPrice, bar.highPrice, bar.lowPrice, bar.closePrice].map(formatPrice),
];
const looks = ['openAgo', 'highAgo', 'lowAgo', 'closeAgo', 'volumeAgo'] as const;

test('show what a cursor over the same bars shows, as far back as they are kept', () => {
  const cursor = new BarCursor(history(40));
  const live = new LiveBars('BTCUSDT', MINUTE, 8);
  while (cursor.nextCloseMs !== Number.POSITIVE_INFINITY) {
    cursor.advance();
    live.append(cursor.view);
    expect(numbersOf(live.view)).toEqual(numbersOf(cursor.view));
    for (let ago = 0; ago < Math.min(8, cursor.count); ago += 1)
      for (const look of looks) expect(live.view[look](ago)).toBe(cursor.view[look](ago));
  }
  expect(live.count).toBe(40);
});

describe('a look', () => {
  const live = new LiveBars('BTCUSDT', MINUTE, 2);
  const cursor = new BarCursor(history(7));
  for (let i = 0; i < 7; i += 1) {
    cursor.advance();
    live.append(cursor.view);
  }

  // Two are kept at least; when the room for four was full, the oldest two were forgotten: 7 = 4 - 2 + 2 - 2 + 1.
  test.each([3, -1, 0.5, Number.NaN])('at a bar %s bars ago is refused', (ago) => {
    expect(live.length).toBe(3);
    for (const look of looks)
      expect(() => live.view[look](ago)).toThrow(
        `no bar ${ago} bars ago: 7 have closed, of which 3 are kept`,
      );
  });

  test('before the first bar is refused, and so is keeping none', () => {
    const empty = new LiveBars('BTCUSDT', MINUTE, 1);
    expect(() => empty.view.close).toThrow('no bar 0 bars ago');
    expect(() => empty.view.closePrice).toThrow('no bar has closed yet');
    expect(() => new LiveBars('BTCUSDT', MINUTE, 0)).toThrow(InvariantViolation);
  });
});
