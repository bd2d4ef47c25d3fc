import type { Bars } from '@tradewind/core/market';

/** The prices that a bar is taken to have passed, in ticks: its open, the nearer extreme, the farther one, its close. */
export function pointsOfBar(bars: Bars, index: number): readonly [number, number, number, number] {
  const open = bars.open[index]!;
  const high = bars.high[index]!;
  const low = bars.low[index]!;
  const close = bars.close[index]!;
  return high - open < open - low ? [open, high, low, close] : [open, low, high, close];
}
