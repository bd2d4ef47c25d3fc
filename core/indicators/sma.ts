import type { Indicator } from './indicator.ts';
import { RollingMoments, type RollingMomentsState } from './rolling-moments.ts';

export type SmaState = RollingMomentsState;

/** Simple moving average: the mean of the last `period` values. Warm after `period` updates. */
export class Sma implements Indicator<SmaState> {
  readonly warmup: number;
  private readonly moments: RollingMoments;
  private current = Number.NaN;

  constructor(period: number) {
    this.moments = new RollingMoments(period);
    this.warmup = period;
  }

  get value(): number {
    return this.current;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.current);
  }

  update(value: number): number {
    this.moments.update(value);
    this.current = this.moments.mean;
    return this.current;
  }

  save(): SmaState {
    return this.moments.save();
  }

  restore(state: SmaState): void {
    this.moments.restore(state);
    this.current = this.moments.mean;
  }
}
