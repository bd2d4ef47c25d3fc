import type { OutsideSide } from './outside-side.ts';
import type { QueueSide } from './queue-side.ts';

/** Walks the prices of one side from the best on, those of our orders and those shown from outside together. */
export class LevelWalk {
  key = 0;
  /** The rank of the present price among the prices of our orders and among those shown; -1 where it is not there. */
  insideRank = -1;
  outsideRank = -1;
  private readonly inside: QueueSide;
  private readonly outside: OutsideSide;
  private nextInside = 0;
  private nextOutside = 0;

  constructor(inside: QueueSide, outside: OutsideSide) {
    this.inside = inside;
    this.outside = outside;
  }

  /** What other orders can meet at the present price. */
  get visible(): number {
    const inside = this.insideRank === -1 ? 0 : this.inside.visibleAt(this.insideRank);
    return inside + (this.outsideRank === -1 ? 0 : this.outside.availableAt(this.outsideRank));
  }

  /** Back to before the best price. */
  start(): void {
    this.nextInside = 0;
    this.nextOutside = 0;
  }

  /** Goes to the next price; false when there is none. */
  next(): boolean {
    const { inside, outside, nextInside, nextOutside } = this;
    const insideKey =
      nextInside < inside.levels ? inside.priceAt(nextInside) * inside.sign : Number.NEGATIVE_INFINITY;
    const outsideKey = nextOutside < outside.levels ? outside.keyAt(nextOutside) : Number.NEGATIVE_INFINITY;
    this.key = Math.max(insideKey, outsideKey);
    if (this.key === Number.NEGATIVE_INFINITY) return false;
    this.insideRank = insideKey === this.key ? this.nextInside++ : -1;
    this.outsideRank = outsideKey === this.key ? this.nextOutside++ : -1;
    return true;
  }
}
