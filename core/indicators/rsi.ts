import { ExponentialAverage, type ExponentialAverageState } from './exponential-average.ts';
import { fromSaved, type Indicator, requirePeriod, toSaved } from './indicator.ts';

export type RsiState = {
  readonly previous: number | null;
  readonly gain: ExponentialAverageState;
  readonly loss: ExponentialAverageState;
};

/**
 * Relative strength index, 0 to 100: the share of the gains in all movement, both smoothed as Wilder did (weight
 * 1 / period, seeded with the mean of the first `period` changes). Warm after `period` + 1 updates, because a change
 * takes two values.
 *
 * While the price has not moved at all there is no share; the value is then 50, neither overbought nor oversold.
 * (TA-Lib long said 0 there and others say 100, and each makes a strategy trade on nothing.)
 * Source: Wilder (1978), New Concepts in Technical Trading Systems.
 */
export class Rsi implements Indicator<RsiState> {
  readonly warmup: number;
  private readonly gain: ExponentialAverage;
  private readonly loss: ExponentialAverage;
  private previous = Number.NaN;
  private current = Number.NaN;

  constructor(period: number) {
    requirePeriod('period', period);
    this.gain = new ExponentialAverage(period, 1 / period);
    this.loss = new ExponentialAverage(period, 1 / period);
    this.warmup = period + 1;
  }

  get value(): number {
    return this.current;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.current);
  }

  update(value: number): number {
    if (!Number.isNaN(this.previous)) {
      const change = value - this.previous;
      this.current = strength(this.gain.update(Math.max(change, 0)), this.loss.update(Math.max(-change, 0)));
    }
    this.previous = value;
    return this.current;
  }

  save(): RsiState {
    return { previous: toSaved(this.previous), gain: this.gain.save(), loss: this.loss.save() };
  }

  restore(state: RsiState): void {
    this.gain.restore(state.gain);
    this.loss.restore(state.loss);
    this.previous = fromSaved(state.previous);
    this.current = strength(this.gain.value, this.loss.value);
  }
}

function strength(gain: number, loss: number): number {
  const movement = gain + loss;
  // Divided first: 100 x gain can round up, and the value would be above 100.
  return movement === 0 ? 50 : 100 * (gain / movement);
}
