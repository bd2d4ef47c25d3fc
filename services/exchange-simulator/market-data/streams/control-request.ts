import { err, ok, type Result } from '@tradewind/core/result';

/** What a client asks of its connection. Source: binance-spot.md section 8.2. */
export type ControlRequest =
  | {
      readonly method: 'SUBSCRIBE' | 'UNSUBSCRIBE';
      readonly names: readonly string[];
      readonly id: RequestId;
    }
  | { readonly method: 'LIST_SUBSCRIPTIONS'; readonly id: RequestId }
  | { readonly method: 'SET_PROPERTY'; readonly isCombined: boolean; readonly id: RequestId }
  | { readonly method: 'GET_PROPERTY'; readonly id: RequestId };

/** As it is written in JSON, so that integers of 64 bits come back with every digit. */
export type RequestId = string;

/** Codes 0 to 3; what is no JSON has no id. */
export interface ControlError {
  readonly code: 0 | 1 | 2 | 3;
  readonly msg: string;
  readonly id?: RequestId;
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const;
type Method = (typeof METHODS)[number];

/** Long enough for a UUID with its hyphens. */
const TEXT_ID = /^[A-Za-z0-9_-]{0,36}$/;
const INTEGER_MAX = 2n ** 63n - 1n;
const INTEGER_MIN = -(2n ** 63n);

export function readControlRequest(text: string): Result<ControlRequest, ControlError> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const body = parsed.value;
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return malformed('expected an object', 'null');
  const { method, params, id: rawId } = body as Record<string, unknown>;
  const id = readId(rawId);
  if (id === undefined)
    return malformed(
      'request ID must be a signed integer, a string of at most 36 characters, or null',
      'null',
    );
  if (method === undefined) return malformed('missing field `method`', id);
  if (!isMethod(method)) {
    const known = METHODS.map((name) => `\`${name}\``).join(', ');
    const shown = typeof method === 'string' ? method.slice(0, 40) : typeof method;
    return malformed(`unknown variant \`${shown}\`, expected one of ${known}`, id);
  }
  return readParameters(method, params, id);
}

function readParameters(
  method: Method,
  params: unknown,
  id: RequestId,
): Result<ControlRequest, ControlError> {
  if (params !== undefined && !Array.isArray(params)) return malformed('`params` must be an array', id);
  const list: readonly unknown[] = params ?? [];
  switch (method) {
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      if (params === undefined) return malformed('missing field `params`', id);
      if (!list.every((name) => typeof name === 'string'))
        return malformed('stream names must be strings', id);
      return ok({ method, names: list, id });
    case 'LIST_SUBSCRIPTIONS':
      return list.length > 0 ? malformed('too many parameters', id) : ok({ method, id });
    case 'GET_PROPERTY': {
      const problem = propertyProblem(list, 1, id);
      return problem === undefined ? ok({ method, id }) : err(problem);
    }
    case 'SET_PROPERTY': {
      const problem = propertyProblem(list, 2, id);
      if (problem !== undefined) return err(problem);
      const isCombined = list[1];
      return typeof isCombined === 'boolean'
        ? ok({ method, isCombined, id })
        : err({ code: 1, msg: 'Invalid value type: expected Boolean', id });
    }
  }
}

/** `combined` is the only property. */
function propertyProblem(list: readonly unknown[], count: number, id: RequestId): ControlError | undefined {
  const invalid = (what: string): ControlError => ({ code: 2, msg: `Invalid request: ${what}`, id });
  if (list.length > count) return invalid('too many parameters');
  if (list.length < count) return invalid('missing parameter');
  const [name] = list;
  if (typeof name !== 'string') return invalid('property name must be a string');
  return name === 'combined' ? undefined : { code: 0, msg: 'Unknown property', id };
}

const malformed = (what: string, id: RequestId): Result<never, ControlError> =>
  err({ code: 2, msg: `Invalid request: ${what}`, id });

const isMethod = (value: unknown): value is Method => METHODS.some((method) => method === value);

/** A missing id counts as null. */
function readId(id: unknown): RequestId | undefined {
  if (id === undefined || id === null) return 'null';
  if (typeof id === 'string') return TEXT_ID.test(id) ? JSON.stringify(id) : undefined;
  if (typeof id === 'number') return Number.isSafeInteger(id) ? String(id) : undefined;
  if (typeof id === 'bigint') return id >= INTEGER_MIN && id <= INTEGER_MAX ? String(id) : undefined;
  return undefined;
}

/** JSON in which whole numbers that a double cannot hold are bigints. */
function parseJson(text: string): Result<unknown, ControlError> {
  try {
    return ok(JSON.parse(text, keepDigits));
  } catch (error) {
    const place = /line \d+ column \d+/.exec(String(error))?.[0] ?? 'line 1 column 1';
    return err({ code: 3, msg: `Invalid JSON: expected value at ${place}` });
  }
}

function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  const source = context?.source;
  const isLarge = typeof value === 'number' && !Number.isSafeInteger(value);
  // Longer than any integer of 64 bits: reading it would only cost.
  return isLarge && source !== undefined && /^-?\d{1,20}$/.test(source) ? BigInt(source) : value;
}
