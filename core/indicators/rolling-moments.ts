import { requirePeriod, requireRing, requireSame } from './indicator.ts';

export type RollingMomentsState = {
  readonly period: number;
  /** Where the next value goes in `values`. */
  readonly position: number;
  /** In the order of the ring; fewer than `period` until the first window is full. */
  readonly values: readonly number[];
};

/**
 * Mean and population variance of the last `period` values; NaN until there are so many.
 *
 * A running sum that adds the new value and subtracts the old one keeps the rounding error of every value it ever saw:
 * after a fall from 1e5 to 1e-7 nothing of the sum is right. Here nothing is ever subtracted. The stream is cut into
 * blocks of `period` values, and a window is the tail of the last block and the head of the present one. The sums of
 * all tails are made once, when a block is complete (so an update is O(1) amortised, and one in `period` updates walks
 * the ring); the sum of the head grows with each value.
 *
 * Values are counted from the last one of the block before, which always lies in the window. So the spread of the
 * window, not the height of the price, bounds every number here, and the relative error of the variance stays below
 * about 2 x period^2 x 2^-53 for any prices; a window of equal values has a variance of exactly 0.
 */
export class RollingMoments {
  readonly period: number;
  private readonly values: Float64Array;
  /** At k: over the last block's values from k to its end, counted from the origin. NaN until there is such a block. */
  private readonly tailSums: Float64Array;
  private readonly tailSquares: Float64Array;
  private headSum = 0;
  private headSquares = 0;
  private origin = 0;
  private sum = Number.NaN;
  private squares = Number.NaN;
  private position = 0;
  private isFull = false;

  constructor(period: number) {
    requirePeriod('period', period);
    this.period = period;
    this.values = new Float64Array(period);
    this.tailSums = new Float64Array(period).fill(Number.NaN);
    this.tailSquares = new Float64Array(period).fill(Number.NaN);
  }

  get mean(): number {
    return this.origin + this.sum / this.period;
  }

  /** Divided by `period`, not by `period` - 1. Never below zero. */
  get variance(): number {
    return Math.max(0, (this.squares - (this.sum * this.sum) / this.period) / this.period);
  }

  update(value: number): void {
    this.values[this.position] = value;
    this.position += 1;
    if (this.position === this.period) {
      this.isFull = true;
      this.position = 0;
      this.sumTails();
      this.headSum = 0;
      this.headSquares = 0;
      this.sum = this.tailSums[0] as number;
      this.squares = this.tailSquares[0] as number;
    } else {
      this.addToHead(value);
      this.sum = this.headSum + (this.tailSums[this.position] as number);
      this.squares = this.headSquares + (this.tailSquares[this.position] as number);
    }
  }

  save(): RollingMomentsState {
    const { period, position } = this;
    return { period, position, values: Array.from(this.values.subarray(0, this.isFull ? period : position)) };
  }

  /** The sums are made again from the values, in the order in which they were made the first time. */
  restore(state: RollingMomentsState): void {
    requireSame('period', state.period, this.period);
    requireRing(state.position, state.values.length, this.period);
    this.values.set(state.values);
    this.position = state.position;
    this.isFull = state.values.length === this.period;
    this.origin = 0;
    this.tailSums.fill(Number.NaN);
    this.tailSquares.fill(Number.NaN);
    if (this.isFull) this.sumTails();
    this.headSum = 0;
    this.headSquares = 0;
    for (let k = 0; k < this.position; k++) this.addToHead(this.values[k] as number);
    this.sum = this.headSum + (this.tailSums[this.position] as number);
    this.squares = this.headSquares + (this.tailSquares[this.position] as number);
  }

  private addToHead(value: number): void {
    const distance = value - this.origin;
    this.headSum += distance;
    this.headSquares += distance * distance;
  }

  /** From `position` up the ring holds the values of the last block that are still in the window. */
  private sumTails(): void {
    const { values, tailSums, tailSquares, period } = this;
    const origin = values[period - 1] as number;
    let sum = 0;
    let squares = 0;
    for (let k = period - 1; k >= this.position; k--) {
      const distance = (values[k] as number) - origin;
      sum += distance;
      squares += distance * distance;
      tailSums[k] = sum;
      tailSquares[k] = squares;
    }
    this.origin = origin;
  }
}
