import type { LimitInterval, RateLimit } from './rate-limit.ts';

const TYPES: readonly RateLimit['rateLimitType'][] = ['REQUEST_WEIGHT', 'RAW_REQUESTS', 'CONNECTIONS'];
const INTERVALS: readonly LimitInterval[] = ['SECOND', 'MINUTE', 'HOUR', 'DAY'];
/** Of the WebSocket API; exchangeInfo over REST does not have it (binance-spot.md section 3.1). */
const CONNECTIONS: RateLimit = {
  rateLimitType: 'CONNECTIONS',
  interval: 'MINUTE',
  intervalNum: 5,
  limit: 300,
};

/** The limits per address out of `rateLimits` of the exchangeInfo in use; those of orders are the exchange's own business. */
export function readRateLimits(exchangeInfo: Readonly<Record<string, unknown>>): readonly RateLimit[] {
  const entries = Array.isArray(exchangeInfo.rateLimits) ? (exchangeInfo.rateLimits as unknown[]) : [];
  const limits = entries.flatMap((entry) => readRateLimit(entry) ?? []);
  const hasConnections = limits.some((it) => it.rateLimitType === 'CONNECTIONS');
  return hasConnections ? limits : [...limits, CONNECTIONS];
}

function readRateLimit(entry: unknown): RateLimit | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined;
  const { rateLimitType, interval, intervalNum, limit } = entry as Record<string, unknown>;
  const type = TYPES.find((it) => it === rateLimitType);
  const unit = INTERVALS.find((it) => it === interval);
  if (type === undefined || unit === undefined) return undefined;
  if (!isCount(intervalNum) || !isCount(limit)) return undefined;
  return { rateLimitType: type, interval: unit, intervalNum, limit };
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
