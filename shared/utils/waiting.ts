import { type BackoffTimes, backoffMs } from './backoff.ts';
import type { Timer, Timers } from './clock.ts';
import type { Random } from './random.ts';

/** Resolves after so long. For what nobody ends earlier; `Waits` are for the rest. */
export const pause = (timers: Timers, ms: number): Promise<void> =>
  new Promise((resolve) => {
    timers.after(ms, resolve);
  });

/** Does something again and again, each time so long after the last has ended; it must not fail. @returns ends it */
export function every(timers: Timers, periodMs: number, act: () => void | Promise<void>): () => void {
  let isOver = false;
  let timer: Timer;
  const wait = (): void => {
    timer = timers.after(periodMs, () => {
      void Promise.resolve(act()).then(() => {
        if (!isOver) wait();
      });
    });
  };
  wait();
  return () => {
    isOver = true;
    timer.cancel();
  };
}

/** Waits for something, but no longer than `waitMs`. @returns whether it was done by then; what fails is not done */
export function doneWithin(timers: Timers, waitMs: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = timers.after(waitMs, () => resolve(false));
    const end = (isDone: boolean): void => {
      timer.cancel();
      resolve(isDone);
    };
    work.then(
      () => end(true),
      () => end(false),
    );
  });
}

/** Waits that all end at once when their time is over. */
export class Waits {
  private readonly timers: Timers;
  private readonly random: Random;
  private readonly waiting = new Map<() => void, Timer>();
  private hasEnded = false;

  constructor({ timers, random }: { readonly timers: Timers; readonly random: Random }) {
    this.timers = timers;
    this.random = random;
  }

  get isOver(): boolean {
    return this.hasEnded;
  }

  /** @returns false when there is nothing to wait for any more */
  wait(ms: number): Promise<boolean> {
    if (this.hasEnded) return Promise.resolve(false);
    return new Promise((resolve) => {
      const over = (): void => {
        this.waiting.delete(over);
        resolve(!this.hasEnded);
      };
      this.waiting.set(over, this.timers.after(ms, over));
    });
  }

  /** @param failures  before the last one, from 0: each doubles the wait */
  backOff(times: BackoffTimes, failures: number): Promise<boolean> {
    return this.wait(backoffMs(times, failures, this.random));
  }

  /** Every wait ends now, and later ones take no time. */
  end(): void {
    this.hasEnded = true;
    for (const [over, timer] of [...this.waiting]) {
      timer.cancel();
      over();
    }
  }
}
