import type { Timer, Timers } from '@tradewind/utils';

/** Does something again and again, each time so long after the last has ended. @returns ends it */
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

/** Waits for something, but no longer than `waitMs`. @returns whether it came in time */
export function within(timers: Timers, waitMs: number, what: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = timers.after(waitMs, () => resolve(false));
    void what.then(() => {
      timer.cancel();
      resolve(true);
    });
  });
}
