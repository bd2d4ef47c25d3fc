import type { Clock } from '@tradewind/utils';
import type { LoopState } from './loop-state.ts';

export interface LoopWatchOptions {
  readonly state: LoopState;
  readonly clock: Pick<Clock, 'elapsedMs'>;
  /** From then on nothing new is risked, ms without a beat. */
  readonly haltAfterMs: number;
  /** From then on the process is ended, ms without a beat. */
  readonly endAfterMs: number;
  /** Ends the process for the instance that was running (0: none of them). Does not return in life. */
  readonly end: (instance: number) => void;
}

/** Judges the heartbeat of an event loop from another thread (faults.md X3). `look` is called a few times within the shorter limit. */
export class LoopWatch {
  private readonly options: LoopWatchOptions;
  private beats: number;
  private sinceMs: number;
  private lookedMs: number;
  private isEnded = false;

  constructor(options: LoopWatchOptions) {
    this.options = options;
    this.beats = options.state.beats;
    this.sinceMs = options.clock.elapsedMs();
    this.lookedMs = this.sinceMs;
  }

  look(): void {
    const { state, clock, haltAfterMs, endAfterMs, end } = this.options;
    const nowMs = clock.elapsedMs();
    const { beats } = state;
    // A watchdog that could not look itself proves nothing: the whole process stood still (faults.md C5).
    if (beats !== this.beats || nowMs - this.lookedMs >= haltAfterMs) {
      this.beats = beats;
      this.sinceMs = nowMs;
    }
    this.lookedMs = nowMs;
    const silentMs = nowMs - this.sinceMs;
    if (silentMs >= haltAfterMs && !state.isRiskHalted) state.haltRisk(state.running);
    if (silentMs >= endAfterMs && !this.isEnded) {
      this.isEnded = true;
      end(state.blockedBy);
    }
  }
}
