import { type BackoffTimes, backoffMs, type Random, type Timer, type Timers } from '@tradewind/utils';

/** Pauses that all end at once when their time is over. */
export class Waits {
  private readonly timers: Timers;
  private readonly random: Random;
  private readonly waiting = new Map<() => void, Timer>();
  private isOver = false;

  constructor({ timers, random }: { readonly timers: Timers; readonly random: Random }) {
    this.timers = timers;
    this.random = random;
  }

  wait(ms: number): Promise<void> {
    if (this.isOver) return Promise.resolve();
    return new Promise((resolve) => {
      const over = (): void => {
        this.waiting.delete(over);
        resolve();
      };
      this.waiting.set(over, this.timers.after(ms, over));
    });
  }

  /** @param failures  so far, from 0: each doubles the pause */
  backOff(times: BackoffTimes, failures: number): Promise<void> {
    return this.wait(backoffMs(times, failures, this.random));
  }

  /** Every pause ends now, and later ones take no time. */
  end(): void {
    this.isOver = true;
    for (const [over, timer] of [...this.waiting]) {
      timer.cancel();
      over();
    }
  }
}
