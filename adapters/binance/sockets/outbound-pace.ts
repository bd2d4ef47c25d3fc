import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Pace } from './connector-options.ts';

/** Lets at most so many texts out in any second, in their order; the rest waits in a bounded queue. */
export class OutboundPace {
  private readonly pace: Pace;
  private readonly clock: Clock;
  private readonly timers: Timers;
  private readonly deliver: (text: string) => void;
  private readonly waiting: string[] = [];
  /** When the latest texts left, oldest first; never more than one second holds. */
  private readonly left: number[] = [];
  private timer: Timer | undefined;

  constructor(pace: Pace, clock: Clock, timers: Timers, deliver: (text: string) => void) {
    this.pace = pace;
    this.clock = clock;
    this.timers = timers;
    this.deliver = deliver;
  }

  send(text: string): 'sent' | 'queued' | 'queue_full' {
    if (this.waiting.length === 0 && this.waitMs() <= 0) {
      this.release(text);
      return 'sent';
    }
    if (this.waiting.length >= this.pace.waitingMax) return 'queue_full';
    this.waiting.push(text);
    this.wake();
    return 'queued';
  }

  /** Forgets what waits. */
  stop(): void {
    this.timer?.cancel();
    this.waiting.length = 0;
  }

  private wake(): void {
    if (this.timer !== undefined) return;
    this.timer = this.timers.after(Math.max(0, this.waitMs()), () => {
      this.timer = undefined;
      while (this.waiting.length > 0 && this.waitMs() <= 0) this.release(this.waiting.shift() as string);
      if (this.waiting.length > 0) this.wake();
    });
  }

  /** How long until one more fits into the second that ends then. */
  private waitMs(): number {
    if (this.left.length < this.pace.messagesPerSecond) return 0;
    return (this.left[0] as number) + SECOND_MS - this.clock.elapsedMs();
  }

  private release(text: string): void {
    this.left.push(this.clock.elapsedMs());
    if (this.left.length > this.pace.messagesPerSecond) this.left.shift();
    this.deliver(text);
  }
}

const SECOND_MS = 1000;
