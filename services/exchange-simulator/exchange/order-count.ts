import type { OrderCount } from './commands.ts';
import type { Refusal } from './model.ts';
import { tooManyOrders } from './refusals.ts';

export interface OrderLimiter {
  readonly interval: OrderCount['interval'];
  readonly intervalNum: number;
  readonly limit: number;
}

/**
 * How many orders of an account have not been filled, per interval. Intervals are fixed buckets of the calendar (UTC), a cancel
 * gives nothing back, the first fill of an order takes from every bucket. Source: binance-spot.md sections 3.1 and 3.3.
 */
export class UnfilledOrders {
  private readonly limiters: readonly OrderLimiter[];
  private readonly counts: number[];
  private readonly buckets: number[];
  /** Between these two no bucket turns. */
  private fromMs = 0;
  private untilMs = 0;

  constructor(limiters: readonly OrderLimiter[]) {
    this.limiters = limiters;
    this.counts = limiters.map(() => 0);
    this.buckets = limiters.map(() => 0);
  }

  /** Why `adding` orders more are too many, if they are. */
  refusalOf(adding: number, nowMs: number): Refusal | undefined {
    this.turn(nowMs);
    for (let at = this.limiters.length - 1; at >= 0; at--) {
      const limiter = this.limiters[at]!;
      if (this.counts[at]! + adding <= limiter.limit) continue;
      const retryAtMs = (this.buckets[at]! + 1) * lengthMs(limiter);
      return tooManyOrders(limiter.limit, limiter.intervalNum, limiter.interval, retryAtMs);
    }
    return undefined;
  }

  add(count: number, nowMs: number): void {
    this.turn(nowMs);
    const longest = this.limiters.length - 1;
    for (let at = 0; at < this.counts.length; at++) {
      // When the day is used up, the seconds are not counted any more.
      if (at !== longest && this.counts[longest]! >= this.limiters[longest]!.limit) continue;
      this.counts[at]! += count;
    }
  }

  /** The first fill of an order. */
  subtract(count: number, nowMs: number): void {
    this.turn(nowMs);
    for (let at = 0; at < this.counts.length; at++) this.counts[at] = Math.max(0, this.counts[at]! - count);
  }

  view(nowMs: number): OrderCount[] {
    this.turn(nowMs);
    return this.limiters.map(({ interval, intervalNum, limit }, at) => {
      return { interval, intervalNum, limit, count: this.counts[at]! };
    });
  }

  save(): { readonly counts: readonly number[]; readonly buckets: readonly number[] } {
    return { counts: [...this.counts], buckets: [...this.buckets] };
  }

  restore(saved: ReturnType<UnfilledOrders['save']>): void {
    for (let at = 0; at < this.limiters.length; at++) {
      this.counts[at] = saved.counts[at] ?? 0;
      this.buckets[at] = saved.buckets[at] ?? 0;
    }
    this.untilMs = 0;
  }

  private turn(nowMs: number): void {
    if (nowMs >= this.fromMs && nowMs < this.untilMs) return;
    this.fromMs = 0;
    this.untilMs = Number.POSITIVE_INFINITY;
    for (let at = 0; at < this.limiters.length; at++) {
      const length = lengthMs(this.limiters[at]!);
      const bucket = Math.floor(nowMs / length);
      this.fromMs = Math.max(this.fromMs, bucket * length);
      this.untilMs = Math.min(this.untilMs, (bucket + 1) * length);
      if (bucket === this.buckets[at]) continue;
      this.buckets[at] = bucket;
      this.counts[at] = 0;
    }
  }
}

const UNIT_MS = { SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 } as const;
const lengthMs = ({ interval, intervalNum }: OrderLimiter): number => UNIT_MS[interval] * intervalNum;

/** The ORDERS limiters of an exchangeInfo body, the shortest interval first; what is not one is passed over. */
export function readOrderLimiters(rateLimits: unknown): OrderLimiter[] {
  if (!Array.isArray(rateLimits)) return [];
  const limiters = rateLimits.filter(isOrderLimiter).map(({ interval, intervalNum, limit }) => ({
    interval,
    intervalNum,
    limit,
  }));
  return limiters.sort((one, other) => lengthMs(one) - lengthMs(other));
}

function isOrderLimiter(value: unknown): value is OrderLimiter {
  if (typeof value !== 'object' || value === null) return false;
  const { rateLimitType, interval, intervalNum, limit } = value as Record<string, unknown>;
  return (
    rateLimitType === 'ORDERS' &&
    typeof interval === 'string' &&
    Object.hasOwn(UNIT_MS, interval) &&
    Number.isInteger(intervalNum) &&
    Number.isInteger(limit)
  );
}
