import { fromSaved, type Indicator, requirePeriod, requireRing, requireSame, toSaved } from './indicator.ts';

export type DonchianState = {
  readonly period: number;
  /** Where the next bar goes in `highs` and `lows`. */
  readonly position: number;
  /** In the order of the ring, folded as the class says; fewer than `period` until the first channel is complete. */
  readonly highs: readonly number[];
  readonly lows: readonly number[];
  readonly previousUpper: number | null;
  readonly previousLower: number | null;
};

/**
 * Donchian channel: `upper` is the highest high and `lower` the lowest low of the last `period` bars, the latest one
 * INCLUDED; `middle` lies half way. Warm after `period` updates. `update` returns `middle`.
 *
 * A close can never leave a channel that its own bar belongs to. A breakout compares it with `previousUpper` and
 * `previousLower`: the channel of the `period` bars before the latest one, defined one update later.
 *
 * The bars are cut into blocks of `period`, and a window is the tail of the last block and the head of the present one.
 * When a block is complete its ring is folded, so that place k holds the extreme of all places from k to the end; the
 * head's extreme grows with each bar. One update in `period` walks the ring, all others take one comparison.
 */
export class Donchian implements Indicator<DonchianState> {
  readonly warmup: number;
  private readonly period: number;
  /** Below `position`: the present block's bars. From `position` up: the last block, folded; NaN until there is one. */
  private readonly highs: Float64Array;
  private readonly lows: Float64Array;
  private headHigh = Number.NEGATIVE_INFINITY;
  private headLow = Number.POSITIVE_INFINITY;
  private highest = Number.NaN;
  private lowest = Number.NaN;
  private highestBefore = Number.NaN;
  private lowestBefore = Number.NaN;
  private position = 0;

  constructor(period: number) {
    requirePeriod('period', period);
    this.period = period;
    this.warmup = period;
    this.highs = new Float64Array(period).fill(Number.NaN);
    this.lows = new Float64Array(period).fill(Number.NaN);
  }

  get upper(): number {
    return this.highest;
  }

  get lower(): number {
    return this.lowest;
  }

  get middle(): number {
    return (this.highest + this.lowest) / 2;
  }

  get previousUpper(): number {
    return this.highestBefore;
  }

  get previousLower(): number {
    return this.lowestBefore;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.highest);
  }

  update(high: number, low: number): number {
    this.highestBefore = this.highest;
    this.lowestBefore = this.lowest;
    this.highs[this.position] = high;
    this.lows[this.position] = low;
    this.position += 1;
    if (this.position === this.period) {
      this.position = 0;
      this.fold();
      this.headHigh = Number.NEGATIVE_INFINITY;
      this.headLow = Number.POSITIVE_INFINITY;
    } else {
      this.headHigh = Math.max(this.headHigh, high);
      this.headLow = Math.min(this.headLow, low);
    }
    this.read();
    return this.middle;
  }

  save(): DonchianState {
    const { period, position } = this;
    // Only while the first block fills is the place of the next bar still NaN.
    const length = Number.isNaN(this.highs[position]) ? position : period;
    return {
      period,
      position,
      highs: Array.from(this.highs.subarray(0, length)),
      lows: Array.from(this.lows.subarray(0, length)),
      previousUpper: toSaved(this.highestBefore),
      previousLower: toSaved(this.lowestBefore),
    };
  }

  restore(state: DonchianState): void {
    requireSame('period', state.period, this.period);
    requireRing(state.position, state.highs.length, this.period);
    requireRing(state.position, state.lows.length, this.period);
    this.highs.fill(Number.NaN).set(state.highs);
    this.lows.fill(Number.NaN).set(state.lows);
    this.position = state.position;
    this.headHigh = Number.NEGATIVE_INFINITY;
    this.headLow = Number.POSITIVE_INFINITY;
    for (let k = 0; k < this.position; k++) {
      this.headHigh = Math.max(this.headHigh, this.highs[k] as number);
      this.headLow = Math.min(this.headLow, this.lows[k] as number);
    }
    this.read();
    this.highestBefore = fromSaved(state.previousUpper);
    this.lowestBefore = fromSaved(state.previousLower);
  }

  /** Math.max and Math.min with a NaN are NaN, which keeps the channel undefined while the first block fills. */
  private read(): void {
    this.highest = Math.max(this.headHigh, this.highs[this.position] as number);
    this.lowest = Math.min(this.headLow, this.lows[this.position] as number);
  }

  private fold(): void {
    const { highs, lows } = this;
    for (let k = this.period - 2; k >= 0; k--) {
      highs[k] = Math.max(highs[k] as number, highs[k + 1] as number);
      lows[k] = Math.min(lows[k] as number, lows[k + 1] as number);
    }
  }
}
