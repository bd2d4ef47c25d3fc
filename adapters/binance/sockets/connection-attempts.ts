import { invariant } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';

/**
 * The attempts to connect that one IP may make, shared by every connector: the exchange refuses more than 300 in 5 minutes
 * (binance-spot.md section 3.1). Counted over a sliding window, which no fixed one can be stricter than.
 */
export class ConnectionAttempts {
  private readonly clock: Clock;
  private readonly attemptsMax: number;
  private readonly windowMs: number;
  /** Instants of the latest attempts, oldest first, on the elapsed clock. */
  private readonly made: number[] = [];
  private heldUntilElapsedMs = 0;

  constructor(clock: Clock, limit: { readonly attemptsMax: number; readonly windowMs: number } = LIMIT) {
    invariant(limit.attemptsMax > 0, 'at least one attempt fits the window');
    this.clock = clock;
    this.attemptsMax = limit.attemptsMax;
    this.windowMs = limit.windowMs;
  }

  /** Takes one attempt, which may be made now (0), or takes none and tells how many ms to wait before asking again. */
  take(): number {
    const now = this.clock.elapsedMs();
    if (now < this.heldUntilElapsedMs) return this.heldUntilElapsedMs - now;
    while (this.made[0] !== undefined && this.made[0] <= now - this.windowMs) this.made.shift();
    const oldest = this.made[0];
    if (oldest !== undefined && this.made.length >= this.attemptsMax) return oldest + this.windowMs - now;
    this.made.push(now);
    return 0;
  }

  /** The exchange has banned this IP: nobody connects before then (epoch ms). A shorter hold does not end a longer one. */
  holdUntil(untilMs: number): void {
    const untilElapsedMs = this.clock.elapsedMs() + (untilMs - this.clock.nowMs());
    this.heldUntilElapsedMs = Math.max(this.heldUntilElapsedMs, untilElapsedMs);
  }
}

/** A tenth below the exchange's limit: other programs may share the IP. */
const LIMIT = { attemptsMax: 270, windowMs: 300_000 };
