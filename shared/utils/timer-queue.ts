import type { Timer } from './clock.ts';

/** A timer that waits. */
export interface WaitingTimer {
  readonly atMs: number;
  /** Of timers of one instant, which was set first. */
  readonly order: number;
  readonly callback: () => void;
}

/** Timers that wait for their instants; those of one instant in the order in which they were set. Its owner says what the time is. */
export class TimerQueue {
  private readonly waiting = new Set<WaitingTimer>();
  private count = 0;

  add(atMs: number, callback: () => void): Timer {
    const timer: WaitingTimer = { atMs, order: this.count, callback };
    this.count += 1;
    this.waiting.add(timer);
    return { cancel: () => void this.waiting.delete(timer) };
  }

  get size(): number {
    return this.waiting.size;
  }

  first(): WaitingTimer | undefined {
    let first: WaitingTimer | undefined;
    for (const timer of this.waiting) if (first === undefined || isBefore(timer, first)) first = timer;
    return first;
  }

  /** All whose instant is not after `atMs`, in order; they still wait. */
  dueAt(atMs: number): WaitingTimer[] {
    const due = [...this.waiting].filter((timer) => timer.atMs <= atMs);
    return due.sort((one, other) => (isBefore(one, other) ? -1 : 1));
  }

  /** Calls back, once; nothing happens when the timer does not wait any more. */
  fire(timer: WaitingTimer): void {
    if (this.waiting.delete(timer)) timer.callback();
  }
}

const isBefore = (one: WaitingTimer, other: WaitingTimer): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
