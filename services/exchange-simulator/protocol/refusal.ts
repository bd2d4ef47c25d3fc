import type { WireResponse } from '../wire.ts';

/**
 * Why the exchange does not do what a request asks: HTTP status, code and text of binance-spot.md section 7. The texts
 * are the exchange's own, word for word: clients look at them.
 */
export interface Refusal {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  /** What is beside the code: both halves of a cancel-replace, as JSON. */
  readonly data?: string;
  /** Epoch ms of when to come again: `Retry-After` over HTTP, `retryAfter` in the WebSocket API. */
  readonly retryAtMs?: number;
}

export const refusal = (code: number, message: string, status = 400): Refusal => ({ status, code, message });

export const ILLEGAL_CHARACTERS = refusal(-1100, 'Illegal characters found in a parameter.');
export const illegalCharacters = (name: string, legal: string): Refusal =>
  refusal(-1100, `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`);
export const TOO_MANY_PARAMETERS = refusal(-1101, 'Too many parameters sent for this endpoint.');
export const DUPLICATE_PARAMETER = refusal(-1101, 'Duplicate values for a parameter detected.');
export const mandatory = (name: string): Refusal =>
  refusal(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
export const eitherMandatory = (one: string, other: string): Refusal =>
  refusal(-1102, `Param '${one}' or '${other}' must be sent, but both were empty/null!`);
export const aboveMaximum = (name: string, maximum: number): Refusal =>
  refusal(-1102, `'${name}' contains unexpected value. Cannot be greater than '${maximum}'.`);
export const unread = (read: number, sent: number): Refusal =>
  refusal(-1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`);
export const emptyParameter = (name: string): Refusal => refusal(-1105, `Parameter '${name}' was empty.`);
export const notRequired = (name: string): Refusal =>
  refusal(-1106, `Parameter '${name}' sent when not required.`);
export const overflowed = (name: string): Refusal => refusal(-1108, `Parameter '${name}' overflowed.`);
export const tooPrecise = (name: string): Refusal =>
  refusal(-1111, `Parameter '${name}' has too much precision.`);
export const TIME_IN_FORCE_NOT_REQUIRED = refusal(-1114, 'TimeInForce parameter sent when not required.');
export const INVALID_TIME_IN_FORCE = refusal(-1115, 'Invalid timeInForce.');
export const INVALID_ORDER_TYPE = refusal(-1116, 'Invalid orderType.');
export const INVALID_SIDE = refusal(-1117, 'Invalid side.');
export const EMPTY_NEW_CLIENT_ORDER_ID = refusal(-1118, 'New client order ID was empty.');
export const EMPTY_ORIGINAL_CLIENT_ORDER_ID = refusal(-1119, 'Original client order ID was empty.');
export const INVALID_INTERVAL = refusal(-1120, 'Invalid interval.');
export const INVALID_SYMBOL = refusal(-1121, 'Invalid symbol.');
export const INVALID_SYMBOL_STATUS = refusal(-1122, 'Invalid symbolStatus.');
export const rangeTooLong = (hours: number): Refusal =>
  refusal(-1127, `More than ${hours} hours between startTime and endTime.`);
export const BAD_COMBINATION = refusal(-1128, 'Combination of optional parameters invalid.');
export const sentTogether = (names: string): Refusal =>
  refusal(-1128, `Fields [${names}] must be sent together or omitted entirely.`);
export const invalidData = (name: string): Refusal =>
  refusal(-1130, `Data sent for parameter '${name}' is not valid.`);
export const STRATEGY_TYPE_TOO_LOW = refusal(-1134, '`strategyType` was less than 1000000.');
export const INVALID_JSON = refusal(-1135, 'Invalid JSON Request');
export const INVALID_TICKER_TYPE = refusal(-1139, 'Invalid ticker type.');
export const INVALID_CANCEL_RESTRICTIONS = refusal(
  -1145,
  '`cancelRestrictions` has to be either `ONLY_NEW` or `ONLY_PARTIALLY_FILLED`.',
);
export const DUPLICATE_SYMBOLS = refusal(-1151, 'Symbol is present multiple times in the list.');
export const OCO_TYPE_NOT_SUPPORTED = refusal(-1158, 'Order type not supported in OCO.');
export const WORKING_TYPE_NOT_SUPPORTED = refusal(-1159, 'Order type not supported for working order.');
export const icebergNeedsGoodTillCanceled = (name: string): Refusal =>
  refusal(
    -1160,
    `Parameter '${name}' is not supported if \`aboveTimeInForce\`/\`belowTimeInForce\` is not GTC.`,
  );
export const BUY_LIMIT_MUST_BE_BELOW = refusal(-1165, 'A limit order in a buy OCO must be below.');
export const SELL_LIMIT_MUST_BE_ABOVE = refusal(-1166, 'A limit order in a sell OCO must be above.');
export const BOTH_LEGS_ARE_LIMIT = refusal(-1168, 'At least one OCO order must be contingent.');
export const BUY_STOP_LOSS_MUST_BE_ABOVE = refusal(-1196, 'A stop loss order in a buy OCO must be above.');
export const SELL_STOP_LOSS_MUST_BE_BELOW = refusal(-1197, 'A stop loss order in a sell OCO must be below.');
export const BUY_TAKE_PROFIT_MUST_BE_BELOW = refusal(
  -1198,
  'A take profit order in a buy OCO must be below.',
);
export const SELL_TAKE_PROFIT_MUST_BE_ABOVE = refusal(
  -1199,
  'A take profit order in a sell OCO must be above.',
);
export const INVALID_PEG_PRICE_TYPE = refusal(-1210, 'Invalid pegPriceType.');
export const INVALID_PEG_OFFSET_TYPE = refusal(-1211, 'Invalid pegOffsetType.');
export const SYMBOL_DOES_NOT_MATCH_STATUS = refusal(
  -1220,
  "The symbol's status does not match the requested symbolStatus.",
);
export const OPO_WORKING_MUST_BE_BUY = refusal(-1222, 'Working order in an OPO must be a BUY.');
export const OPO_PENDING_MUST_BE_SELL = refusal(-1223, 'Pending order in an OPO must be a SELL.');
export const workingParameterRequired = (name: string): Refusal =>
  refusal(-1224, `Working order parameter '${name}' is required.`);
export const pendingParameterNotRequired = (name: string): Refusal =>
  refusal(-1225, `Pending order parameter '${name}' is not required.`);

export const UNAUTHORIZED = refusal(-1002, 'You are not authorized to execute this request.', 401);
export const AHEAD_OF_SERVER = refusal(
  -1021,
  "Timestamp for this request was 1000ms ahead of the server's time.",
);
export const OUTSIDE_RECEIVE_WINDOW = refusal(
  -1021,
  'Timestamp for this request is outside of the recvWindow.',
);
export const INVALID_SIGNATURE = refusal(-1022, 'Signature for this request is not valid.');
export const BAD_API_KEY_FORMAT = refusal(-2014, 'API-key format invalid.', 401);
export const REJECTED_API_KEY = refusal(-2015, 'Invalid API-key, IP, or permissions for action.', 401);
export const UNSUPPORTED_OPERATION = refusal(-1020, 'This operation is not supported.');

export const NO_REFERENCE_PRICE = refusal(-2043, "This symbol doesn't have a reference price.");
export const SUBSCRIPTION_ACTIVE = refusal(-2035, 'User Data Stream subscription already active.');
export const SUBSCRIPTION_INACTIVE = refusal(-2036, 'User Data Stream subscription not active.');
export const NO_SUBSCRIPTION_IDS_LEFT = refusal(
  -2042,
  'Maximum number of subscriptions on this connection has been reached.',
);

export const tooMuchWeight = (limit: number, interval: string, retryAtMs: number): Refusal => ({
  status: 429,
  code: -1003,
  message:
    `Too much request weight used; current limit is ${limit} request weight per ${interval}. ` +
    'Please use WebSocket Streams for live updates to avoid polling the API.',
  retryAtMs,
});
export const tooManyRequests = (limit: number, interval: string, retryAtMs: number): Refusal => ({
  status: 429,
  code: -1003,
  message: `Too many requests; current limit is ${limit} requests per ${interval}.`,
  retryAtMs,
});
export const banned = (untilMs: number): Refusal => ({
  status: 418,
  code: -1003,
  message:
    `Way too much request weight used; IP banned until ${untilMs}. ` +
    'Please use WebSocket Streams for live updates to avoid bans.',
  retryAtMs: untilMs,
});

/** The members `code` and `msg` of every error body. */
export const refusalBody = (it: Refusal): string =>
  `{"code":${it.code},"msg":${JSON.stringify(it.message)}${it.data === undefined ? '' : `,"data":${it.data}`}}`;

export const JSON_TYPE = 'application/json;charset=UTF-8';

/** A refusal over HTTP. @param headers  of the answer; those of a refusal are added */
export function refusedResponse(it: Refusal, headers: Record<string, string>, nowMs: number): WireResponse {
  headers['content-type'] = JSON_TYPE;
  if (it.retryAtMs !== undefined) {
    headers['retry-after'] = String(Math.max(1, Math.ceil((it.retryAtMs - nowMs) / 1000)));
  }
  return { status: it.status, headers, body: refusalBody(it) };
}
