import type { VenueError } from '../errors/venue-error.ts';
import type { LimitCount, LimitKind, Silence } from '../limits/limits.ts';

/** What one text of the WebSocket API is (binance-spot.md sections 9.2 and 10). */
export type Frame =
  | Reply
  /** The key was withdrawn: the session has ended, and nobody knows with which request. */
  | { readonly kind: 'session_revoked'; readonly error: VenueError }
  /** An event of the user data stream, still as it came; `text` is the whole frame. */
  | { readonly kind: 'event'; readonly event: unknown; readonly text: string }
  | { readonly kind: 'unreadable'; readonly detail: string };

export interface Reply {
  readonly kind: 'reply';
  readonly id: number | string;
  readonly status: number;
  readonly result: unknown;
  /** Present whenever the status is not 200. */
  readonly error: VenueError | undefined;
  readonly counts: readonly LimitCount[];
}

/** Reads one text. Never throws. */
export function readFrame(bytes: Uint8Array): Frame {
  const text = UTF8.decode(bytes);
  const body = parsed(text);
  if (!isFields(body))
    return { kind: 'unreadable', detail: `no JSON object: ${text.slice(0, SHOWN_CHARACTERS)}` };
  const event = own(body, 'event');
  if (event !== undefined) return { kind: 'event', event, text };
  const id = own(body, 'id');
  const status = own(body, 'status');
  if (!Number.isInteger(status))
    return { kind: 'unreadable', detail: `neither event nor answer: ${namesOf(body)}` };
  const error = status === OK ? undefined : errorOf(status as number, own(body, 'error'));
  if (typeof id === 'number' || typeof id === 'string') {
    const counts = countsOf(own(body, 'rateLimits'));
    return { kind: 'reply', id, status: status as number, result: own(body, 'result'), error, counts };
  }
  if (status === UNAUTHORIZED && error !== undefined) return { kind: 'session_revoked', error };
  return { kind: 'unreadable', detail: `an answer without an id, status ${status}: ${error?.message ?? ''}` };
}

const UTF8 = new TextDecoder();
const OK = 200;
const UNAUTHORIZED = 401;
const SHOWN_CHARACTERS = 60;

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Own members only, so that no name can reach what every object inherits (faults.md S7). */
const own = (fields: Fields, name: string): unknown =>
  Object.hasOwn(fields, name) ? fields[name] : undefined;

const namesOf = (body: Fields): string => Object.keys(body).join(' ').slice(0, SHOWN_CHARACTERS);

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(status: number, error: unknown): VenueError {
  if (!isFields(error))
    return { status, code: undefined, message: 'an error without a text', data: undefined };
  const code = own(error, 'code');
  const message = own(error, 'msg');
  return {
    status,
    code: Number.isSafeInteger(code) && (code as number) < 0 ? (code as number) : undefined,
    message: typeof message === 'string' ? message : 'an error without a text',
    data: own(error, 'data'),
  };
}

/** Limiters of a kind or a unit that the venue has added since count for nothing. */
function countsOf(limits: unknown): readonly LimitCount[] {
  if (!Array.isArray(limits)) return [];
  const counts: LimitCount[] = [];
  for (const limit of limits) {
    if (!isFields(limit)) continue;
    const kind = KINDS.get(own(limit, 'rateLimitType'));
    const unitMs = UNITS_MS.get(own(limit, 'interval'));
    const units = own(limit, 'intervalNum');
    const count = own(limit, 'count');
    const most = own(limit, 'limit');
    if (kind === undefined || unitMs === undefined || !isCount(units) || !isCount(count)) continue;
    counts.push({ kind, intervalMs: unitMs * units, count, ...(isCount(most) ? { limit: most } : {}) });
  }
  return counts;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

const KINDS: ReadonlyMap<unknown, LimitKind> = new Map<unknown, LimitKind>([
  ['REQUEST_WEIGHT', 'weight'],
  ['RAW_REQUESTS', 'raw_requests'],
  ['ORDERS', 'orders'],
  ['CONNECTIONS', 'connections'],
]);
const UNITS_MS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  ['SECOND', 1_000],
  ['MINUTE', 60_000],
  ['HOUR', 3_600_000],
  ['DAY', 86_400_000],
]);

/**
 * What a 429 or 418 asks of everybody. Unlike the header of REST, `retryAfter` is an instant (binance-spot.md section 3.2). Where the
 * error does not say one, the text of a ban does; else a minute, or for a ban its two, which is the shortest that there is.
 */
export function silenceOf(error: VenueError, venueNowMs: number): Silence | undefined {
  const { status, code, message, data } = error;
  if (status !== TOO_MANY && status !== BANNED) return undefined;
  const isBan = status === BANNED;
  const retryAfter = isFields(data) ? own(data, 'retryAfter') : undefined;
  const inText = Number(/banned until (\d{13})\b/.exec(message)?.[1]);
  const said = [retryAfter, inText].find((ms): ms is number => isCount(ms) && ms > 0);
  const untilMs = said ?? venueNowMs + (isBan ? 2 : 1) * 60_000;
  return { untilMs, scope: code === TOO_MANY_ORDERS ? 'orders' : 'everything', isBan };
}

const TOO_MANY = 429;
const BANNED = 418;
/** The unfilled-order count of the account, not the weight of the IP. */
const TOO_MANY_ORDERS = -1015;
