import type { Result } from '@tradewind/core/result';
import { describeReadingFailure, type ReadingFailure } from '../model/failure.ts';
import { done, failed, type Outcome, unknown } from '../outcome.ts';
import type { HttpFailure, HttpResponse } from '../ports.ts';
import { type ErrorClass, KNOWN_ERRORS } from './error-table.ts';
import { refusalReasonOf, retryAfterRefusal } from './refusal-reason.ts';
import type { VenueError } from './venue-error.ts';

/** What a refusal carries instead of the venue's code when the answer had none: a gateway's or a firewall's page. */
const NO_CODE = 0;

/** What is asked of an answer: how to read a success, what a doubt would mean, and which errors are answers. */
export interface Asked<T> {
  readonly hasEffect: boolean;
  readonly read: (body: unknown) => Result<T, ReadingFailure>;
  readonly readError?: (error: VenueError) => T | undefined;
}

/** What became of an HTTP request. Never throws, whatever came. */
export function outcomeOfAnswer<T>(answer: Result<HttpResponse, HttpFailure>, asked: Asked<T>): Outcome<T> {
  if (!answer.ok) return outcomeOfNoAnswer(answer.error);
  const error = venueErrorOf(answer.value);
  if (error !== undefined) return outcomeOfError(error, asked);
  const { status, body } = answer.value;
  const json = parsed(body);
  return json === undefined
    ? unreadable(status, `not JSON: ${excerptOf(body)}`)
    : outcomeOfResult(json.value, status, asked);
}

/** What a result of the venue means, over HTTP or over a socket. */
export function outcomeOfResult<T>(
  result: unknown,
  status: number,
  asked: Pick<Asked<T>, 'read'>,
): Outcome<T> {
  const reading = asked.read(result);
  return reading.ok ? done(reading.value) : unreadable(status, describeReadingFailure(reading.error));
}

/** What an error of the venue means, over HTTP or over a socket. */
export function outcomeOfError<T>(
  error: VenueError,
  asked: Pick<Asked<T>, 'hasEffect' | 'readError'>,
): Outcome<T> {
  const value = asked.readError?.(error);
  if (value !== undefined) return done(value);
  // The documents do not say which status carries which code: the code decides (binance-spot.md section 7.1).
  return error.code === undefined
    ? outcomeOfStatus(error)
    : outcomeOfCode(error, error.code, asked.hasEffect);
}

function outcomeOfNoAnswer(failure: HttpFailure): Outcome<never> {
  switch (failure.kind) {
    case 'not_sent':
      return failed({ reason: 'not_sent', detail: failure.detail });
    case 'timed_out':
      return unknown({ reason: 'timed_out' });
    case 'connection_lost':
      return unknown({ reason: 'connection_lost', detail: failure.detail });
  }
}

function outcomeOfCode(error: VenueError, code: number, hasEffect: boolean): Outcome<never> {
  const { status, message } = error;
  const refused = (retry: 'never' | 'after_change' | 'later'): Outcome<never> =>
    failed({ reason: 'refused', code, message, status, retry });
  const errorClass: ErrorClass = KNOWN_ERRORS.get(code)?.class ?? 'unknown';
  switch (errorClass) {
    case 'never':
    case 'after_change':
    case 'later':
      return refused(retryAfterRefusal(refusalReasonOf(code, message)) ?? errorClass);
    case 'later_unless_order':
      return hasEffect ? unknown({ reason: 'server_error', status, code, message }) : refused('later');
    case 'unknown':
      return unknown({ reason: 'server_error', status, code, message });
    case 'in_halves':
      return unreadable(status, `code ${code} without its halves: ${message}`);
  }
}

/** Statuses that prove that the request never reached the exchange behind the gateway (binance-spot.md section 7.1). */
const REFUSED_BY_STATUS: ReadonlyMap<number, 'never' | 'after_change' | 'later'> = new Map([
  [401, 'never'],
  // A firewall: also for words that look like SQL in a parameter.
  [403, 'never'],
  [404, 'never'],
  [406, 'never'],
  [410, 'never'],
  [418, 'later'],
  [429, 'later'],
  [451, 'never'],
]);

function outcomeOfStatus({ status, message }: VenueError): Outcome<never> {
  const retry = REFUSED_BY_STATUS.get(status);
  if (retry !== undefined) return failed({ reason: 'refused', code: NO_CODE, message, status, retry });
  if (status >= 500) return unknown({ reason: 'server_error', status, message });
  return unreadable(status, message);
}

/** The error that a response carries, JSON of the venue's shape or anything else; undefined for a success. */
export function venueErrorOf({ status, body }: HttpResponse): VenueError | undefined {
  if (status >= 200 && status < 300) return undefined;
  const json = parsed(body)?.value;
  const { code, msg, data } = isObject(json) ? json : {};
  if (typeof code !== 'number' || !Number.isSafeInteger(code) || code >= 0) {
    return { status, code: undefined, message: excerptOf(body), data };
  }
  return { status, code, message: typeof msg === 'string' ? msg.slice(0, MESSAGE_MAX) : '', data };
}

const isObject = (value: unknown): value is { code?: unknown; msg?: unknown; data?: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The longest documented text is 85 characters; a text that quotes a pattern is longer. */
const MESSAGE_MAX = 500;
const EXCERPT_CHARACTERS = 120;

/** Enough of a page to recognise it, in one line and without its marks. */
const excerptOf = (body: string): string =>
  body
    .slice(0, 10 * EXCERPT_CHARACTERS)
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, EXCERPT_CHARACTERS) || 'an empty body';

function parsed(body: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(body) };
  } catch {
    return undefined;
  }
}

const unreadable = (status: number, detail: string): Outcome<never> =>
  unknown({ reason: 'unreadable_answer', status, detail });
