import { invariant } from '@tradewind/core/result';
import { type Clock, type Timer, TimerQueue, type Timers } from '@tradewind/utils';

/**
 * The time of the market: it passes with the time around it, stands still while it is paused, and can then be moved on at will. What is
 * due at one instant comes in the order in which it was set. Wall time is that of the exchange, always.
 */
export class MarketTime implements Clock, Timers {
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly waiting = new TimerQueue();
  private isPaused = false;
  /** What has passed up to `sinceMs` of the time around. */
  private passedMs = 0;
  private sinceMs: number;
  private alarm: { readonly timer: Timer; readonly atMs: number } | undefined;

  constructor(clock: Clock, timers: Timers) {
    this.clock = clock;
    this.timers = timers;
    this.sinceMs = clock.elapsedMs();
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  elapsedMs(): number {
    return this.isPaused ? this.passedMs : this.passedMs + this.clock.elapsedMs() - this.sinceMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const timer = this.waiting.add(this.elapsedMs() + Math.max(0, delayMs), callback);
    this.setAlarm();
    return timer;
  }

  pause(): void {
    if (this.isPaused) return;
    this.passedMs = this.elapsedMs();
    this.isPaused = true;
    this.alarm?.timer.cancel();
    this.alarm = undefined;
  }

  resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.sinceMs = this.clock.elapsedMs();
    this.setAlarm();
  }

  /** Lets so much time of the market pass at once, with all that comes due in it; only while it is paused. */
  advance(byMs: number): void {
    invariant(this.isPaused, 'a market is moved on while it stands still');
    const endMs = this.passedMs + byMs;
    for (
      let next = this.waiting.first();
      next !== undefined && next.atMs <= endMs;
      next = this.waiting.first()
    ) {
      this.passedMs = Math.max(this.passedMs, next.atMs);
      this.waiting.fire(next);
    }
    this.passedMs = endMs;
  }

  private setAlarm(): void {
    const next = this.waiting.first();
    if (this.isPaused || next === undefined || (this.alarm !== undefined && this.alarm.atMs <= next.atMs))
      return;
    this.alarm?.timer.cancel();
    const timer = this.timers.after(Math.max(0, next.atMs - this.elapsedMs()), () => this.ring());
    this.alarm = { timer, atMs: next.atMs };
  }

  private ring(): void {
    const dueMs = this.alarm!.atMs;
    this.alarm = undefined;
    // Only what was due at the alarm: what its callbacks set for this very instant waits for the next one.
    for (const timer of this.waiting.dueAt(dueMs)) this.waiting.fire(timer);
    this.setAlarm();
  }
}
