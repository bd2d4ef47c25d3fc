import type { Bar } from './bar.ts';

/**
 * The newest bars of one interval, oldest first, 128 bytes each in one column of numbers: when it is full, each new bar takes the
 * place of the oldest.
 */
export class BarRing {
  length = 0;
  private numbers: Float64Array;
  private readonly capacity: number;
  private oldest = 0;

  /** @param capacity  how many bars are kept at most; room is made as they come */
  constructor(capacity: number) {
    this.capacity = capacity;
    this.numbers = new Float64Array(Math.min(capacity, FIRST_ROOM) * STRIDE);
  }

  push(bar: Bar): void {
    if (this.length < this.capacity) {
      if ((this.length + 1) * STRIDE > this.numbers.length) this.grow();
      this.length += 1;
    } else {
      this.oldest = (this.oldest + 1) % this.capacity;
    }
    const at = this.offsetOf(this.length - 1);
    const { numbers } = this;
    numbers[at + OPEN_TIME] = bar.openTime;
    numbers[at + 1] = bar.open;
    numbers[at + 2] = bar.high;
    numbers[at + 3] = bar.low;
    numbers[at + CLOSE] = bar.close;
    numbers[at + 5] = bar.count;
    numbers[at + 6] = bar.firstId;
    numbers[at + 7] = bar.lastId;
    for (let sum = 0; sum < SUMS.length; sum += 1) {
      const source = bar[SUMS[sum]!];
      numbers[at + 8 + 2 * sum] = source.high;
      numbers[at + 9 + 2 * sum] = source.low;
    }
  }

  load(index: number, bar: Bar): void {
    const at = this.offsetOf(index);
    const { numbers } = this;
    bar.openTime = numbers[at + OPEN_TIME]!;
    bar.open = numbers[at + 1]!;
    bar.high = numbers[at + 2]!;
    bar.low = numbers[at + 3]!;
    bar.close = numbers[at + CLOSE]!;
    bar.count = numbers[at + 5]!;
    bar.firstId = numbers[at + 6]!;
    bar.lastId = numbers[at + 7]!;
    for (let sum = 0; sum < SUMS.length; sum += 1) {
      const target = bar[SUMS[sum]!];
      target.high = numbers[at + 8 + 2 * sum]!;
      target.low = numbers[at + 9 + 2 * sum]!;
    }
  }

  openTimeAt(index: number): number {
    return this.numbers[this.offsetOf(index) + OPEN_TIME]!;
  }

  closeAt(index: number): number {
    return this.numbers[this.offsetOf(index) + CLOSE]!;
  }

  /** The index of the first bar that opens at or after an instant; `length` when none does. */
  firstIndexFrom(timeMs: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.openTimeAt(middle) < timeMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get isFull(): boolean {
    return this.length === this.capacity;
  }

  /** Where in `numbers` a bar begins; 0 is the oldest. */
  private offsetOf(index: number): number {
    return ((this.oldest + index) % this.capacity) * STRIDE;
  }

  /** Only before the ring has gone round, so that the oldest bar is still the first. */
  private grow(): void {
    const larger = new Float64Array(Math.min(this.capacity * STRIDE, this.numbers.length * 2));
    larger.set(this.numbers);
    this.numbers = larger;
  }
}

const STRIDE = 16;
const OPEN_TIME = 0;
const CLOSE = 4;
const SUMS = ['volume', 'quoteVolume', 'takerVolume', 'takerQuoteVolume'] as const;
const FIRST_ROOM = 64;
