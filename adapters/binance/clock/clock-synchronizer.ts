import { err, type Result } from '@tradewind/core/result';
import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Outcome } from '../outcome.ts';
import type { ClockReading, ClockRefusal, ServerClock, TimeSample } from './server-clock.ts';

/** Why the venue's time is not known better than before. */
export type SynchronizationFailure = ClockRefusal | { readonly reason: 'no_answer'; readonly last: string };

/** How long a failed synchronization is not tried again for the sake of a single call. */
const PAUSE_MS = 10_000;
/** Each may take as long as a call may. */
const FAILURES_MAX = 2;

/** Asks for the venue's time a few times in a row and adjusts the clock. Whoever asks while it is under way waits for the same. */
export class ClockSynchronizer {
  private readonly clock: Clock;
  private readonly serverClock: ServerClock;
  private readonly ask: () => Promise<Outcome<number>>;
  private readonly samples: number;
  private lastBeganAtMs = Number.NEGATIVE_INFINITY;
  private underway: Promise<Result<ClockReading, SynchronizationFailure>> | undefined;

  /**
   * @param ask  asks once for the venue's time, epoch ms, over whatever connection
   * @param samples  how many questions make one measurement; at least 1
   */
  constructor(clock: Clock, serverClock: ServerClock, ask: () => Promise<Outcome<number>>, samples = 5) {
    this.clock = clock;
    this.serverClock = serverClock;
    this.ask = ask;
    this.samples = samples;
  }

  synchronize(): Promise<Result<ClockReading, SynchronizationFailure>> {
    this.underway ??= this.measure().finally(() => {
      this.underway = undefined;
    });
    return this.underway;
  }

  /**
   * Synchronizes a clock that is not trusted, unless that was tried a moment ago: a call must not wait for it again and again.
   * @returns undefined when there is nothing to wait for
   */
  restoreTrust(): Promise<unknown> | undefined {
    const isRecent = this.clock.elapsedMs() - this.lastBeganAtMs < PAUSE_MS;
    if (this.serverClock.isTrusted() || (isRecent && this.underway === undefined)) return undefined;
    return this.synchronize();
  }

  /**
   * Synchronizes now and then again and again, so that no order waits for it and no drift adds up; after a failure sooner.
   * @returns ends it
   */
  keepInStep(timers: Timers, everyMs: number): () => void {
    let isOver = false;
    let timer: Timer | undefined;
    const step = async (): Promise<void> => {
      const result = await this.synchronize();
      if (!isOver) timer = timers.after(result.ok ? everyMs : Math.min(everyMs, PAUSE_MS), () => void step());
    };
    void step();
    return () => {
      isOver = true;
      timer?.cancel();
    };
  }

  private async measure(): Promise<Result<ClockReading, SynchronizationFailure>> {
    this.lastBeganAtMs = this.clock.elapsedMs();
    const first = await this.measureOnce();
    // A jump is believed when a second measurement says the same.
    return !first.ok && first.error.reason === 'jumped' ? this.measureOnce() : first;
  }

  private async measureOnce(): Promise<Result<ClockReading, SynchronizationFailure>> {
    const samples: TimeSample[] = [];
    let last = '';
    let failures = 0;
    for (let i = 0; i < this.samples && failures < FAILURES_MAX; i++) {
      const sentAtMs = this.clock.elapsedMs();
      const outcome = await this.ask();
      const receivedAtMs = this.clock.elapsedMs();
      if (outcome.kind === 'done') samples.push({ sentAtMs, receivedAtMs, serverTimeMs: outcome.value });
      else {
        failures += 1;
        last = outcome.kind === 'failed' ? outcome.failure.reason : outcome.cause.reason;
      }
    }
    return samples.length === 0 ? err({ reason: 'no_answer', last }) : this.serverClock.adjust(samples);
  }
}
