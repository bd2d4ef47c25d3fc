import { Ema, type EmaState } from './ema.ts';
import { type Indicator, requirePeriod } from './indicator.ts';

export interface MacdPeriods {
  readonly fast: number;
  readonly slow: number;
  readonly signal: number;
}

export type MacdState = {
  readonly fast: EmaState;
  readonly slow: EmaState;
  readonly signal: EmaState;
};

/**
 * Moving average convergence divergence: `macd` is fast EMA - slow EMA, `signal` the EMA of `macd`, `histogram`
 * macd - signal; usual periods are 12, 26 and 9. `macd` is defined after `slow` updates, `signal` and `histogram`
 * after `slow` + `signal` - 1, which is the warm-up. `update` returns `macd`.
 *
 * Each EMA is seeded with its own first values. (TA-Lib's MACD lets the fast one begin later, so that both seeds end
 * on the same bar; the two agree after some hundred bars.)
 */
export class Macd implements Indicator<MacdState> {
  readonly warmup: number;
  private readonly fastEma: Ema;
  private readonly slowEma: Ema;
  private readonly signalEma: Ema;
  private current = Number.NaN;

  constructor({ fast, slow, signal }: MacdPeriods) {
    requirePeriod('fast', fast);
    requirePeriod('slow', slow);
    requirePeriod('signal', signal);
    if (fast >= slow) throw new RangeError(`fast must be below slow, not ${fast} against ${slow}`);
    this.fastEma = new Ema(fast);
    this.slowEma = new Ema(slow);
    this.signalEma = new Ema(signal);
    this.warmup = slow + signal - 1;
  }

  get macd(): number {
    return this.current;
  }

  get signal(): number {
    return this.signalEma.value;
  }

  get histogram(): number {
    return this.current - this.signalEma.value;
  }

  get isReady(): boolean {
    return this.signalEma.isReady;
  }

  update(value: number): number {
    this.current = this.fastEma.update(value) - this.slowEma.update(value);
    if (!Number.isNaN(this.current)) this.signalEma.update(this.current);
    return this.current;
  }

  save(): MacdState {
    return { fast: this.fastEma.save(), slow: this.slowEma.save(), signal: this.signalEma.save() };
  }

  restore(state: MacdState): void {
    this.fastEma.restore(state.fast);
    this.slowEma.restore(state.slow);
    this.signalEma.restore(state.signal);
    this.current = this.fastEma.value - this.slowEma.value;
  }
}
