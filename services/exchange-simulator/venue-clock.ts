import type { Clock } from '@tradewind/utils';

/** The exchange's own idea of the time: a clock that can be set wrong. What has elapsed is not touched by it. */
export class VenueClock implements Clock {
  private readonly clock: Clock;
  private ahead = 0;

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Moves the clock by so many ms, whole, forward or, below zero, back. */
  shift(byMs: number): void {
    this.ahead += byMs;
  }

  /** How far it is ahead of the clock behind it. */
  get aheadMs(): number {
    return this.ahead;
  }

  nowMs(): number {
    return this.clock.nowMs() + this.ahead;
  }

  elapsedMs(): number {
    return this.clock.elapsedMs();
  }
}
