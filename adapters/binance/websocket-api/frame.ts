import type { VenueError } from '../errors/venue-error.ts';

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
  /** null where the venue could not tell which request it answers; what it says of limits counts all the same. */
  readonly id: number | string | null;
  readonly status: number;
  readonly result: unknown;
  /** Present whenever the status is not 200. */
  readonly error: VenueError | undefined;
  /** As they came. */
  readonly rateLimits: unknown;
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
  const isNamed = typeof id === 'number' || typeof id === 'string';
  if (!isNamed && status === UNAUTHORIZED && error !== undefined) return { kind: 'session_revoked', error };
  return {
    kind: 'reply',
    id: isNamed ? id : null,
    status: status as number,
    result: own(body, 'result'),
    error,
    rateLimits: own(body, 'rateLimits'),
  };
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
