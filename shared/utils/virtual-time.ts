import type { Clock, Timer, Timers } from './clock.ts';
import { TimerQueue } from './timer-queue.ts';

/**
 * A clock and timers that stand still until they are told to go on. Timers of one instant fire in the order in which they were
 * set; between two of them every promise that can settle does, so that code written with `await` runs as it would in real time.
 */
export class VirtualTime implements Clock, Timers {
  private now: number;
  private readonly startMs: number;
  private readonly waiting = new TimerQueue();
  private readonly afterEach: () => void;

  /**
   * @param startMs  epoch ms, a whole number
   * @param afterEach  called after every timer, when all promises that could settle have; what it throws ends `advance`
   */
  constructor(startMs: number, afterEach: () => void = () => undefined) {
    this.startMs = startMs;
    this.now = startMs;
    this.afterEach = afterEach;
  }

  nowMs(): number {
    return Math.floor(this.now);
  }

  elapsedMs(): number {
    return this.now - this.startMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.waiting.add(this.now + Math.max(0, delayMs), callback);
  }

  /** How many timers wait. */
  get pending(): number {
    return this.waiting.size;
  }

  /** Lets `durationMs` pass, with everything that is due in it. */
  async advance(durationMs: number): Promise<void> {
    const endMs = this.now + durationMs;
    await settlePromises();
    for (
      let next = this.waiting.first();
      next !== undefined && next.atMs <= endMs;
      next = this.waiting.first()
    ) {
      this.now = next.atMs;
      this.waiting.fire(next);
      await settlePromises();
      this.afterEach();
    }
    this.now = endMs;
  }

  /**
   * Lets time pass in steps until a promise has settled.
   * @throws Error when that takes longer than `longestMs`
   */
  async until<T>(promise: Promise<T>, stepMs: number, longestMs: number): Promise<T> {
    let isSettled = false;
    const settled = (): void => {
      isSettled = true;
    };
    promise.then(settled, settled);
    for (const endMs = this.now + longestMs; !isSettled && this.now < endMs; ) await this.advance(stepMs);
    if (!isSettled) throw new Error(`it has not settled within ${longestMs} ms`);
    return promise;
  }
}

/** Every promise that waits for nothing but other promises has settled when the event loop comes round. */
const settlePromises = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
