/**
 * Something threw while time stood at `nowMs`: the strategy, or what it called. The cause's stack tells whose fault it is;
 * the run has no result.
 */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  /** When the bar opened that was being told; undefined before the first. */
  readonly barOpenMs: number | undefined;
  /** The instant that time had come to, epoch ms. */
  readonly nowMs: number;

  constructor(barOpenMs: number | undefined, nowMs: number, cause: unknown) {
    super('the run ended early', { cause });
    this.barOpenMs = barOpenMs;
    this.nowMs = nowMs;
  }
}
