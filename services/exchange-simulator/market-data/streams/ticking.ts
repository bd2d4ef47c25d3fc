import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Feed } from './feed.ts';

const STEP_MS = 100;

/** Calls the feeds that have a period at its multiples by the wall clock, as long as there are any. */
export class Ticking {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly feeds = new Set<Feed>();
  private timer: Timer | undefined;
  private lastMs = 0;

  constructor(clock: Clock, timers: Timers) {
    this.clock = clock;
    this.timers = timers;
  }

  add(feed: Feed): void {
    if (feed.periodMs === undefined) return;
    this.feeds.add(feed);
    if (this.timer !== undefined) return;
    this.lastMs = this.clock.nowMs();
    this.wait();
  }

  remove(feed: Feed): void {
    this.feeds.delete(feed);
    if (this.feeds.size > 0) return;
    this.timer?.cancel();
    this.timer = undefined;
  }

  private wait(): void {
    this.timer = this.timers.after(STEP_MS - (this.clock.nowMs() % STEP_MS), this.tick);
  }

  private readonly tick = (): void => {
    const before = this.lastMs;
    const now = this.clock.nowMs();
    this.lastMs = now;
    this.wait();
    // A clock that jumps back, or a process that stood still, costs ticks but stops none.
    for (const feed of this.feeds) {
      const period = feed.periodMs!;
      if (Math.floor(now / period) !== Math.floor(before / period)) feed.tick?.();
    }
  };
}
