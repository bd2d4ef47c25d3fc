import { requirePeriod, requireSame } from './indicator.ts';

export type ExponentialAverageState = {
  readonly period: number;
  /** How many values have gone into the seed, `period` when it is complete. */
  readonly seeded: number;
  /** The sum of the seed until it is complete, the average from then on. */
  readonly accumulated: number;
};

/**
 * An average that moves by `weight` of the way to each new value, seeded with the plain mean of its first `period`
 * values and NaN until then. The weight is 2 / (period + 1) for an EMA and 1 / period for Wilder's smoothing.
 */
export class ExponentialAverage {
  readonly period: number = 0;
  private readonly weight: number = 0.5;
  private seeded = 0;
  private seedSum = 0;
  private current = Number.NaN;

  constructor(period: number, weight: number) {
    requirePeriod('period', period);
    this.period = period;
    this.weight = weight;
  }

  get value(): number {
    return this.current;
  }

  update(value: number): number {
    if (this.seeded !== this.period) return this.seed(value);
    const { current, weight } = this;
    // With a period of 1 the step would bring back the rounding error of the value before. Else it is TA-Lib's own order of
    // operations, so that a crossing decided by the last bit is decided alike.
    const next = weight === 1 ? value : current + weight * (value - current);
    this.current = next;
    return next;
  }

  save(): ExponentialAverageState {
    const { period, seeded } = this;
    return { period, seeded, accumulated: seeded === period ? this.current : this.seedSum };
  }

  restore(state: ExponentialAverageState): void {
    requireSame('period', state.period, this.period);
    const isComplete = state.seeded === this.period;
    this.seeded = state.seeded;
    this.seedSum = isComplete ? 0 : state.accumulated;
    this.current = isComplete ? state.accumulated : Number.NaN;
  }

  private seed(value: number): number {
    this.seeded += 1;
    this.seedSum += value;
    if (this.seeded === this.period) this.current = this.seedSum / this.period;
    return this.current;
  }
}
