import type { RiskEpoch } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';

/**
 * How long it may be believed what a risk manager in another process has told of its epoch, from when it was asked, ms. A halt is answered
 * only after that time, and so never before every approval that it covers has become unsendable (faults.md I8). Several signs of life of
 * order execution fit into it: one that is late costs nothing.
 */
export const EPOCH_LASTS_MS = 1_000;

/** The epoch of a risk manager in another process, as far as it is known. */
export class ToldEpoch {
  private readonly clock: Clock;
  private told: { readonly epoch: RiskEpoch; readonly untilMs: number } | undefined;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** undefined while nobody knows. */
  get now(): RiskEpoch | undefined {
    return this.told !== undefined && this.clock.elapsedMs() < this.told.untilMs
      ? this.told.epoch
      : undefined;
  }

  /**
   * Answers of one run may overtake one another: the later epoch counts.
   * @param askedAtMs  when what told it was asked, elapsed ms
   */
  hear(epoch: RiskEpoch, askedAtMs: number): void {
    const known = this.told?.epoch;
    const isSameRun = known?.run === epoch.run;
    if (isSameRun && epoch.changes < known.changes) return;
    const untilMs = askedAtMs + EPOCH_LASTS_MS;
    const isSame = isSameRun && epoch.changes === known.changes;
    this.told = { epoch, untilMs: isSame ? Math.max(untilMs, this.told?.untilMs ?? untilMs) : untilMs };
  }

  forget(): void {
    this.told = undefined;
  }
}
