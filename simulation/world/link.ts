import type { Timer, Timers } from '@tradewind/utils';

/** The way of one connection: each message takes its own time, and none overtakes another, as in TCP. */
export class Link implements Timers {
  /** What stands for "on the way" where a socket asks for a delay. */
  readonly latencyMs = 1;
  isSilent = false;
  cut: () => void = () => undefined;
  private readonly time: Timers;
  private readonly drawLatencyMs: () => number;
  private readonly waiting: (() => void)[] = [];

  constructor(time: Timers, drawLatencyMs: () => number) {
    this.time = time;
    this.drawLatencyMs = drawLatencyMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    // The near end's own doing needs no way.
    if (delayMs === 0) return this.time.after(0, callback);
    this.waiting.push(callback);
    this.time.after(this.drawLatencyMs(), () => {
      // Whoever arrives hands on the oldest: so each waits for those before it, and none longer than the slowest of them.
      const oldest = this.waiting.shift();
      if (!this.isSilent) oldest?.();
    });
    return { cancel: () => undefined };
  }
}
