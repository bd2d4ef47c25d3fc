import { type Bars, openTimeOf } from '@tradewind/core/market';
import { invariant } from '@tradewind/core/result';
import { pointsOfBar } from '../bar-points.ts';
import type { PricePath } from './price-path.ts';

/**
 * The prices of recorded bars, one after the other without the halts between them: within a bar from the open over the nearer and
 * the farther extreme to the close, in straight lines. After the last bar its close stays.
 */
export class HistoryPath implements PricePath {
  private readonly bars: Bars;
  private readonly speed: number;
  private readonly barMs: number;

  /** @param speed  1 is as it happened, 60 an hour in a minute */
  constructor(bars: Bars, speed: number) {
    invariant(bars.length > 0, 'a history has bars');
    this.bars = bars;
    this.speed = speed;
    const { lengthMs } = bars.interval;
    this.barMs = lengthMs ?? bars.interval.endOf(openTimeOf(bars, 0)) - openTimeOf(bars, 0);
  }

  priceAt(elapsedMs: number): number {
    const position = (elapsedMs * this.speed) / this.barMs;
    const index = Math.min(Math.floor(position), this.bars.length - 1);
    return priceWithin(this.bars, index, Math.min(1, position - index));
  }
}

/** @param part  of the bar that has passed, 0 to 1 */
function priceWithin(bars: Bars, index: number, part: number): number {
  const scale = 10 ** bars.priceDecimals;
  const points = pointsOfBar(bars, index);
  const at = part * 3;
  const leg = Math.min(2, Math.floor(at));
  const from = points[leg]!;
  return (from + (points[leg + 1]! - from) * (at - leg)) / scale;
}
