import type { Clock, Timer, Timers } from '@tradewind/utils';

/**
 * What ties one process to the world: its timers, and everything that comes to it from outside. When the process is killed nothing
 * reaches it any more, whatever it was in the middle of; while it is paused all waits, and comes at once when it goes on.
 */
export class Lifeline implements Timers {
  private readonly time: Timers;
  private state: 'alive' | 'paused' | 'dead' = 'alive';
  private held: (() => void)[] = [];

  constructor(time: Timers) {
    this.time = time;
  }

  get isAlive(): boolean {
    return this.state !== 'dead';
  }

  get isRunning(): boolean {
    return this.state === 'alive';
  }

  after(delayMs: number, callback: () => void): Timer {
    let isCanceled = false;
    const timer = this.time.after(delayMs, () =>
      this.deliver(() => {
        if (!isCanceled) callback();
      }),
    );
    return {
      cancel: () => {
        isCanceled = true;
        timer.cancel();
      },
    };
  }

  /** Calls back now, later or never, as the process is. */
  deliver(callback: () => void): void {
    if (this.state === 'alive') callback();
    else if (this.state === 'paused') this.held.push(callback);
  }

  /** An answer from outside, which a process that has died never hears. */
  hear<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => this.deliver(() => resolve(value)),
        (error: unknown) => this.deliver(() => reject(error as Error)),
      );
    });
  }

  kill(): void {
    this.state = 'dead';
    this.held = [];
  }

  pause(): void {
    if (this.state === 'alive') this.state = 'paused';
  }

  resume(): void {
    if (this.state !== 'paused') return;
    this.state = 'alive';
    const { held } = this;
    this.held = [];
    // Each by itself, so that a kill can come between any two.
    for (const callback of held) this.time.after(0, () => this.deliver(callback));
  }
}

/** The clock of one machine: its wall can be wrong, and both stand while it sleeps. */
export class MachineClock implements Clock {
  private readonly time: Clock;
  private offsetMs = 0;
  private latestBeforeMs = 0;
  private asleepMs = 0;
  private sleeps = 0;
  private asleepSinceMs = 0;

  constructor(time: Clock) {
    this.time = time;
  }

  nowMs(): number {
    return this.time.nowMs() + this.offsetMs;
  }

  /** The latest that it has ever shown. */
  latestMs(): number {
    return Math.max(this.latestBeforeMs, this.nowMs());
  }

  elapsedMs(): number {
    return (this.sleeps > 0 ? this.asleepSinceMs : this.time.elapsedMs()) - this.asleepMs;
  }

  /** @param byMs  added to what the wall shows; may be below zero */
  shift(byMs: number): void {
    this.latestBeforeMs = this.latestMs();
    this.offsetMs += byMs;
  }

  /** From now on what passes is not counted as elapsed. */
  fallAsleep(): void {
    if (this.sleeps === 0) this.asleepSinceMs = this.time.elapsedMs();
    this.sleeps += 1;
  }

  /** @returns whether it is awake now: it sleeps as long as anything makes it sleep */
  wakeUp(): boolean {
    this.sleeps -= 1;
    if (this.sleeps > 0) return false;
    this.asleepMs += this.time.elapsedMs() - this.asleepSinceMs;
    return true;
  }
}
