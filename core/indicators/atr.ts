import { ExponentialAverage, type ExponentialAverageState } from './exponential-average.ts';
import { fromSaved, type Indicator, requirePeriod, toSaved } from './indicator.ts';

export type AtrState = {
  readonly previousClose: number | null;
  readonly average: ExponentialAverageState;
};

/**
 * Average true range in quote per base: how far the price moves in a bar, gaps to the bar before included, smoothed as
 * Wilder did (weight 1 / period, seeded with the mean of the first `period` ranges). The first bar has no close before
 * it and so no true range, as in TA-Lib: warm after `period` + 1 updates.
 * Source: Wilder (1978), New Concepts in Technical Trading Systems.
 */
export class Atr implements Indicator<AtrState> {
  readonly warmup: number;
  private readonly average: ExponentialAverage;
  private previousClose = Number.NaN;

  constructor(period: number) {
    requirePeriod('period', period);
    this.average = new ExponentialAverage(period, 1 / period);
    this.warmup = period + 1;
  }

  get value(): number {
    return this.average.value;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.value);
  }

  update(high: number, low: number, close: number): number {
    if (!Number.isNaN(this.previousClose)) {
      this.average.update(Math.max(high, this.previousClose) - Math.min(low, this.previousClose));
    }
    this.previousClose = close;
    return this.average.value;
  }

  save(): AtrState {
    return { previousClose: toSaved(this.previousClose), average: this.average.save() };
  }

  restore(state: AtrState): void {
    this.average.restore(state.average);
    this.previousClose = fromSaved(state.previousClose);
  }
}
