import type { Clock } from './clock.ts';

/**
 * Sees that the machine slept, or that somebody set its clock: the wall clock goes on, or back, while the elapsed clock does not
 * (faults.md C5).
 */
export class ClockGap {
  private readonly clock: Clock;
  private wallAheadMs: number;

  constructor(clock: Clock) {
    this.clock = clock;
    this.wallAheadMs = this.wallAhead();
  }

  /** @returns by how much the wall clock went on more than the elapsed clock since this was asked last, ms; below zero: less */
  sinceLastLook(): number {
    const now = this.wallAhead();
    const byMs = now - this.wallAheadMs;
    this.wallAheadMs = now;
    return byMs;
  }

  private wallAhead(): number {
    return this.clock.nowMs() - this.clock.elapsedMs();
  }
}
