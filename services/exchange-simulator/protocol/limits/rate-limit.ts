export type LimitInterval = 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY';

/** One member of `rateLimits` in exchangeInfo. Source: binance-spot.md section 3. */
export interface RateLimit {
  readonly rateLimitType: 'REQUEST_WEIGHT' | 'RAW_REQUESTS' | 'ORDERS' | 'CONNECTIONS';
  readonly interval: LimitInterval;
  readonly intervalNum: number;
  readonly limit: number;
}

const INTERVAL_MS = { SECOND: 1000, MINUTE: 60_000, HOUR: 3_600_000, DAY: 86_400_000 } as const;

const intervalMsOf = (limit: RateLimit): number => INTERVAL_MS[limit.interval] * limit.intervalNum;

/** As `rateLimits` of an answer has it, up to its count. */
export const limitHead = ({ rateLimitType, interval, intervalNum, limit }: RateLimit): string =>
  `{"rateLimitType":"${rateLimitType}","interval":"${interval}","intervalNum":${intervalNum},"limit":${limit},"count":`;

/** As texts of refusals name it: '10 SECOND'. */
export const intervalText = (limit: RateLimit): string => `${limit.intervalNum} ${limit.interval}`;

/** As headers name it: '10S', '1D'. */
export const intervalSuffix = (limit: RateLimit): string => `${limit.intervalNum}${limit.interval[0]}`;

/** Counts in buckets of the calendar: one of 10 seconds begins at 0, 10, 20 ... of every minute, in UTC. */
export class BucketCounter {
  readonly limit: RateLimit;
  /** Made once, because it is in every answer of the WebSocket API. */
  readonly head: string;
  private readonly intervalMs: number;
  private bucket = -1;
  private counted = 0;

  constructor(limit: RateLimit) {
    this.limit = limit;
    this.head = limitHead(limit);
    this.intervalMs = intervalMsOf(limit);
  }

  count(nowMs: number): number {
    const bucket = Math.floor(nowMs / this.intervalMs);
    // A request that was held up since the bucket before counts in this one, instead of ending it; a clock set back further begins anew.
    if (bucket !== this.bucket && bucket !== this.bucket - 1) {
      this.bucket = bucket;
      this.counted = 0;
    }
    return this.counted;
  }

  /** Never takes back more than is there. */
  add(change: number, nowMs: number): number {
    this.counted = Math.max(0, this.count(nowMs) + change);
    return this.counted;
  }

  /** When the present bucket ends, epoch ms. */
  endMs(nowMs: number): number {
    return (Math.floor(nowMs / this.intervalMs) + 1) * this.intervalMs;
  }
}
