import type { ErrorAnswer } from './plan-schema.ts';

/** An error in place of an answer, before it is known whether it goes over HTTP or a socket. */
export interface ErrorText {
  readonly status: number;
  /** undefined for a body that is no JSON. */
  readonly code: number | undefined;
  readonly msg: string;
  /** The body as it is, where there is no code. */
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly retryAtMs: number | undefined;
}

const html = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;
const TOO_MUCH =
  'Too much request weight used; current limit is 6000 request weight per 1 MINUTE. ' +
  'Please use WebSocket Streams for live updates to avoid polling the API.';

/** Codes and texts: binance-spot.md sections 3.2, 7.1 and 7.2. Which status -1006 and -1007 have is not documented there. */
const NAMED: Readonly<Record<string, readonly [status: number, code: number | undefined, text: string]>> = {
  timeout: [
    504,
    -1007,
    'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  ],
  unexpected_response: [
    500,
    -1006,
    'An unexpected response was received from the message bus. Execution status unknown.',
  ],
  unknown: [500, -1000, 'An unknown error occurred while processing the request.'],
  disconnected: [500, -1001, 'Internal error; unable to process your request. Please try again.'],
  busy: [
    503,
    -1008,
    'Server is currently overloaded with other requests. Please try again in a few minutes.',
  ],
  too_many_requests: [429, -1003, TOO_MUCH],
  too_many_orders: [429, -1015, 'Too many new orders; current limit is 50 orders per 10 SECOND.'],
  service_unavailable: [503, undefined, ''],
  bad_gateway_html: [502, undefined, html('502 Bad Gateway')],
  forbidden_html: [403, undefined, html('403 Forbidden')],
  gone_html: [410, undefined, html('410 Gone')],
  empty: [500, undefined, ''],
};

/** @param retryAfterS  seconds from now until one may come again */
export function errorText(error: ErrorAnswer, retryAfterS: number | undefined, nowMs: number): ErrorText {
  const retryAtMs = retryAfterS === undefined ? undefined : nowMs + retryAfterS * 1000;
  const retry: Record<string, string> =
    retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) };
  if (typeof error !== 'string') {
    const { status, code, msg = '', body = '', headers = {} } = error;
    return { status, code, msg, body, headers: { ...retry, ...headers }, retryAtMs };
  }
  const [status, code, text] = error === 'banned' ? bannedUntil(retryAtMs ?? nowMs) : NAMED[error]!;
  const type = code !== undefined ? 'application/json;charset=UTF-8' : 'text/html';
  const headers = { 'content-type': type, ...retry };
  return { status, code, msg: text, body: code === undefined ? text : '', headers, retryAtMs };
}

const bannedUntil = (untilMs: number): (typeof NAMED)[string] => [
  418,
  -1003,
  `Way too much request weight used; IP banned until ${untilMs}. Please use WebSocket Streams for live updates to avoid bans.`,
];

/** As the body of an HTTP answer. */
export const errorBody = ({ code, msg, body }: ErrorText): string =>
  code === undefined ? body : JSON.stringify({ code, msg });

/** As the answer to a request over a socket; what is no JSON over HTTP is told by its status alone. */
export function errorReply(id: unknown, { status, code, msg, retryAtMs }: ErrorText, nowMs: number): string {
  const data = retryAtMs === undefined ? {} : { data: { serverTime: nowMs, retryAfter: retryAtMs } };
  const error = { code: code ?? -1000, msg: code === undefined ? `HTTP status ${status}.` : msg, ...data };
  return JSON.stringify({ id, status, error });
}
