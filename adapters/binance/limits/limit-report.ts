import { TOO_MANY_ORDERS, TOO_MANY_REQUESTS } from '../errors/error-table.ts';
import type { VenueError } from '../errors/venue-error.ts';
import { rateLimit } from '../model/read-account.ts';
import { readList } from '../model/reader.ts';
import { type LimitCount, type LimitReport, limitKindOf, type Silence } from './limits.ts';

/**
 * What an HTTP answer says about limits (binance-spot.md section 3.2).
 * @param headers  names in lower case
 * @param error  the error that it carried; undefined for a success
 * @param nowMs  the venue's clock
 */
export function limitReportOfHttp(
  status: number,
  headers: Readonly<Record<string, string>>,
  error: VenueError | undefined,
  nowMs: number,
): LimitReport {
  const counts = Object.entries(headers).flatMap(([name, value]) => countOfHeader(name, value) ?? []);
  const retryAfterMs = secondsOf(headers['retry-after']);
  return reportOf(
    counts,
    silenceOf(status, error, retryAfterMs === undefined ? undefined : nowMs + retryAfterMs, nowMs),
  );
}

/**
 * What an answer of the WebSocket API says about limits: its `rateLimits` and, in an error, `data.retryAfter`, which is an
 * instant and not a duration (binance-spot.md section 14, trap 34).
 */
export function limitReportOfSocket(
  status: number,
  rateLimits: unknown,
  error: VenueError | undefined,
  nowMs: number,
): LimitReport {
  const read = rateLimits === undefined ? undefined : readList(rateLimits, rateLimit);
  const counts = (read?.ok ? read.value : []).flatMap(({ type, intervalMs, limit, count }) => {
    const kind = limitKindOf(type);
    return kind === undefined || intervalMs === undefined || count === undefined
      ? []
      : [{ kind, intervalMs, count, limit }];
  });
  return reportOf(counts, silenceOf(status, error, instantOf(error?.data), nowMs));
}

/** A request without an answer, or an answer without a word about limits. */
export const SAYS_NOTHING: LimitReport = { counts: [] };

const reportOf = (counts: readonly LimitCount[], silence: Silence | undefined): LimitReport =>
  silence === undefined ? { counts } : { counts, silence };

const COUNT_HEADER = /^x-mbx-(used-weight|order-count)-(\d{1,4})([smhd])$/;
const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

function countOfHeader(name: string, value: string): LimitCount | undefined {
  const match = COUNT_HEADER.exec(name);
  if (match === null || !/^\d{1,9}$/.test(value)) return undefined;
  const [, what, units, unit] = match;
  return {
    kind: what === 'order-count' ? 'orders' : 'weight',
    intervalMs: Number(units) * UNIT_MS[unit as keyof typeof UNIT_MS],
    count: Number(value),
  };
}

/** Bans grow from 2 minutes to 3 days (binance-spot.md section 3.2); what says more is not believed. */
const BAN_MS_MIN = 120_000;
const BAN_MS_MAX = 3 * 86_400_000;
/** What a 429 without a word asks for: by then the longest short interval has begun anew. */
const SILENCE_MS = 60_000;
const DAY_MS = 86_400_000;

function silenceOf(
  status: number,
  error: VenueError | undefined,
  statedMs: number | undefined,
  nowMs: number,
): Silence | undefined {
  const isBan = status === 418;
  if (error?.code === TOO_MANY_ORDERS && !isBan) {
    const untilMs = statedMs ?? endOfOrderInterval(error.message, nowMs);
    return { untilMs: Math.min(untilMs, nowMs + DAY_MS), scope: 'orders', isBan: false };
  }
  // The code also stands for a full queue, whatever status carries it.
  if (status !== 429 && !isBan && error?.code !== TOO_MANY_REQUESTS) return undefined;
  const inText = /banned until (\d{13})\b/i.exec(error?.message ?? '')?.[1];
  const untilMs = Math.max(
    statedMs ?? 0,
    Number(inText ?? 0),
    statedMs === undefined && inText === undefined ? nowMs + (isBan ? BAN_MS_MIN : SILENCE_MS) : 0,
  );
  return { untilMs: Math.min(untilMs, nowMs + BAN_MS_MAX), scope: 'everything', isBan };
}

/**
 * When to try again after `Too many new orders; current limit is 50 orders per 10 SECOND.`: fills give room back, so nobody waits
 * for the end of a day, and least of all an exit.
 */
function endOfOrderInterval(message: string, nowMs: number): number {
  const [, units, unit] = /per (\d{1,4}) (SECOND|MINUTE|HOUR|DAY)/.exec(message) ?? [];
  const letter = unit?.charAt(0).toLowerCase() as keyof typeof UNIT_MS | undefined;
  const intervalMs = letter === undefined ? 10_000 : Math.max(1, Number(units)) * UNIT_MS[letter];
  return Math.min((Math.floor(nowMs / intervalMs) + 1) * intervalMs, nowMs + SILENCE_MS);
}

const secondsOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) * 1000 : undefined;

function instantOf(data: unknown): number | undefined {
  if (typeof data !== 'object' || data === null || !('retryAfter' in data)) return undefined;
  const { retryAfter } = data;
  return typeof retryAfter === 'number' && Number.isSafeInteger(retryAfter) && retryAfter > 0
    ? retryAfter
    : undefined;
}
