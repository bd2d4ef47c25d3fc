import type { Timer, Timers } from '@tradewind/utils';

interface Waiting {
  readonly callback: () => void;
  isCanceled: boolean;
}

/** Timers that can stand still: what comes due meanwhile is called when they go on, in the order in which it came due. */
export class PausableTimers implements Timers {
  private readonly timers: Timers;
  private isPaused = false;
  private due: Waiting[] = [];

  constructor(timers: Timers) {
    this.timers = timers;
  }

  after(delayMs: number, callback: () => void): Timer {
    const waiting: Waiting = { callback, isCanceled: false };
    const timer = this.timers.after(delayMs, () => {
      if (this.isPaused) this.due.push(waiting);
      else callback();
    });
    return {
      cancel: () => {
        waiting.isCanceled = true;
        timer.cancel();
      },
    };
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    const due = this.due;
    this.due = [];
    for (const { callback, isCanceled } of due) if (!isCanceled) this.timers.after(0, callback);
  }
}
