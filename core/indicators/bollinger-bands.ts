import { type Indicator, requireSame } from './indicator.ts';
import { RollingMoments, type RollingMomentsState } from './rolling-moments.ts';

export type BollingerBandsState = {
  readonly width: number;
  readonly moments: RollingMomentsState;
};

/**
 * Bollinger bands: `middle` is the simple average of the last `period` values, `upper` and `lower` lie `width`
 * population deviations (divided by N) away from it; usual are 20 and 2. A constant price has no width at all, and
 * nothing is ever NaN once warm. Warm after `period` updates. `update` returns `middle`.
 * Source: Bollinger (2001), Bollinger on Bollinger Bands.
 */
export class BollingerBands implements Indicator<BollingerBandsState> {
  readonly warmup: number;
  private readonly width: number;
  private readonly moments: RollingMoments;
  private center = Number.NaN;
  private reach = Number.NaN;

  /** @param width  in deviations, above zero */
  constructor(period: number, width: number) {
    if (!(width > 0 && width < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`width must be a number above 0, not ${width}`);
    }
    this.width = width;
    this.moments = new RollingMoments(period);
    this.warmup = period;
  }

  get middle(): number {
    return this.center;
  }

  get upper(): number {
    return this.center + this.reach;
  }

  get lower(): number {
    return this.center - this.reach;
  }

  get isReady(): boolean {
    return !Number.isNaN(this.center);
  }

  update(value: number): number {
    this.moments.update(value);
    this.read();
    return this.center;
  }

  save(): BollingerBandsState {
    return { width: this.width, moments: this.moments.save() };
  }

  restore(state: BollingerBandsState): void {
    requireSame('width', state.width, this.width);
    this.moments.restore(state.moments);
    this.read();
  }

  private read(): void {
    this.center = this.moments.mean;
    this.reach = this.width * Math.sqrt(this.moments.variance);
  }
}
