/** Where time stood when something threw. */
export interface Moment {
  /** When the bar opened that was being told; undefined before the first. */
  readonly barOpenMs: number | undefined;
  /** The instant that time had come to, epoch ms. */
  readonly nowMs: number;
}

/**
 * Something threw during a run: the strategy, or what it called. The cause's stack tells whose fault it is; the run has no
 * result.
 */
export class RunFailure extends Error {
  override readonly name = 'RunFailure';
  readonly moment: Moment;

  constructor(moment: Moment, options: { readonly cause: unknown }) {
    super('the run ended early', options);
    this.moment = moment;
  }
}
