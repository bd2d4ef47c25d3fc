import { ExponentialAverage, type ExponentialAverageState } from './exponential-average.ts';
import { type Indicator, requirePeriod } from './indicator.ts';

export type EmaState = ExponentialAverageState;

/**
 * Exponential moving average with weight 2 / (period + 1), as TA-Lib defines it: seeded with the simple average of the
 * first `period` values. Others start from the first value alone and differ for some hundred bars. Warm after `period`
 * updates; the seed's own weight falls under 1 % only after about 2.3 x `period` more.
 */
export class Ema implements Indicator<EmaState> {
  readonly warmup: number;
  private readonly average: ExponentialAverage;

  constructor(period: number) {
    requirePeriod('period', period);
    this.average = new ExponentialAverage(period, 2 / (period + 1));
    this.warmup = period;
  }

  get value(): number {
    return this.average.value;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.value);
  }

  update(value: number): number {
    return this.average.update(value);
  }

  save(): EmaState {
    return this.average.save();
  }

  restore(state: EmaState): void {
    this.average.restore(state);
  }
}
