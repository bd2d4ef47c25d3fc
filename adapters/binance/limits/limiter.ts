import type { CallCost, LimitCount, LimitKind, Priority } from './limits.ts';

/** What a call takes from each kind of limiter. */
export function costOf(cost: CallCost, kind: LimitKind): number {
  switch (kind) {
    case 'weight':
      return cost.weight;
    case 'raw_requests':
      return cost.rawRequests ?? 0;
    case 'orders':
      return cost.orders ?? 0;
    case 'connections':
      return cost.connections ?? 0;
  }
}

/** The bounds of one limiter: what the venue allows, what we allow ourselves, and what is kept for exits. */
export interface LimiterBounds {
  /** As far as it is known; exits may go up to it. */
  readonly limit?: number;
  /** Our own, for everything that is not an exit. */
  readonly ceiling?: number;
  /** The part of `limit` that only exits may use, from 0 to 1. */
  readonly reserve: number;
}

/** What one call has taken from one limiter. */
export interface Taken {
  readonly cost: number;
  readonly underway: number;
  readonly interval: number;
}

/**
 * One limit over fixed calendar intervals: a minute's begins at second 0, a day's at 00:00 UTC (binance-spot.md section 3.1).
 * What is used is what the venue last stated, what has been sent since without such a statement, and what is under way.
 */
export class Limiter {
  readonly kind: LimitKind;
  readonly intervalMs: number;
  private bounds: LimiterBounds;
  private interval = 0;
  private stated = 0;
  private statedBy = 0;
  private unstated = 0;
  private underway = 0;

  constructor(kind: LimitKind, intervalMs: number, bounds: LimiterBounds) {
    this.kind = kind;
    this.intervalMs = intervalMs;
    this.bounds = bounds;
  }

  get name(): string {
    return `${this.kind} per ${this.intervalMs / 1000} s`;
  }

  /** The venue has told its limit; our own ceiling stays. A limit of nothing is not believed: it would end all calls for ever. */
  learn(limit: number): void {
    if (limit >= 1) this.bounds = { ...this.bounds, limit };
  }

  intervalAt(nowMs: number): number {
    return Math.floor(nowMs / this.intervalMs);
  }

  intervalEndMs(nowMs: number): number {
    return (this.intervalAt(nowMs) + 1) * this.intervalMs;
  }

  /** The most that one interval gives to calls of this priority. */
  boundFor(priority: Priority): number {
    const { limit = Number.POSITIVE_INFINITY, ceiling = Number.POSITIVE_INFINITY, reserve } = this.bounds;
    if (priority === 'exit') return limit;
    const withoutReserve = Number.isFinite(limit) ? limit - Math.ceil(limit * reserve) : limit;
    return Math.min(withoutReserve, ceiling);
  }

  hasRoom(cost: number, priority: Priority, nowMs: number): boolean {
    this.roll(nowMs);
    return this.stated + this.unstated + this.underway + cost <= this.boundFor(priority);
  }

  /** Where the venue has no such limit, ours is on what we send, when we send it: nothing of it is under way. */
  take(cost: number, nowMs: number): Taken {
    this.roll(nowMs);
    const isOurs = this.bounds.limit === undefined;
    if (isOurs) this.unstated += cost;
    else this.underway += cost;
    return { cost, underway: isOurs ? 0 : cost, interval: this.interval };
  }

  /** What was taken has not been used. */
  giveBack({ cost, underway, interval }: Taken): void {
    this.underway -= underway;
    if (underway === 0 && interval === this.interval) this.unstated = Math.max(0, this.unstated - cost);
  }

  /**
   * What was taken has been used.
   * @param sequence  its place among all that were sent
   * @param count  what the answer states; undefined when it states nothing, or there was none
   */
  use({ underway, interval }: Taken, sequence: number, count: number | undefined, nowMs: number): void {
    this.roll(nowMs);
    this.underway -= underway;
    // An answer over the boundary of two intervals does not say which of them it counted.
    if (count === undefined || interval !== this.interval) this.unstated += underway;
    else this.state(count, sequence);
  }

  /** A count that came without a request of ours: now, for the present interval. */
  observe(count: number, sequence: number, nowMs: number): void {
    this.roll(nowMs);
    this.state(count, sequence);
  }

  /** The venue's count is the truth (faults.md R3). Weight only grows within an interval; the order count can fall by fills. */
  private state(count: number, sequence: number): void {
    if (this.kind === 'orders') {
      if (sequence < this.statedBy) return;
      this.stated = count;
    } else {
      this.stated = Math.max(this.stated, count);
    }
    this.statedBy = Math.max(this.statedBy, sequence);
    this.unstated = 0;
  }

  private roll(nowMs: number): void {
    const interval = this.intervalAt(nowMs);
    if (interval === this.interval) return;
    this.interval = interval;
    this.stated = 0;
    this.unstated = 0;
  }
}

export const countFor = (limiter: Limiter, counts: readonly LimitCount[]): LimitCount | undefined =>
  counts.find(({ kind, intervalMs }) => kind === limiter.kind && intervalMs === limiter.intervalMs);
