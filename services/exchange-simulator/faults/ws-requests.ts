import type { ApiKey } from '../exchange/index.ts';
import type { RequestFacts } from './facts.ts';

/** A request of the WebSocket API. */
export interface WsRequest {
  readonly id: unknown;
  /** Without the optional `v3/` before it. */
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** undefined for what is no request: the exchange itself says so. */
export function wsRequest(text: string): WsRequest | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof root !== 'object' || root === null || !('method' in root)) return undefined;
  const { method } = root;
  if (typeof method !== 'string') return undefined;
  const parameters = 'params' in root && typeof root.params === 'object' ? root.params : {};
  return {
    id: 'id' in root ? root.id : null,
    method: method.replace(/^v3\//, ''),
    parameters: (parameters ?? {}) as Readonly<Record<string, unknown>>,
  };
}

/** An event of a user data stream, in its envelope (binance-spot.md section 9.2), and not the answer to a request. */
export const isEventText = (text: string): boolean =>
  text.startsWith('{"subscriptionId"') || text.startsWith('{"event"');

/** @param sessionKey  of the session, where the request names no key itself */
export function sessionFacts(
  { method, parameters }: WsRequest,
  address: string,
  sessionKey: string | undefined,
  keyOf: (apiKey: string) => ApiKey | undefined,
): RequestFacts {
  const apiKey = typeof parameters.apiKey === 'string' ? parameters.apiKey : sessionKey;
  return {
    api: 'ws',
    endpoint: method,
    address,
    account: apiKey === undefined ? undefined : keyOf(apiKey)?.account,
    parameter(name) {
      const value = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      return value === undefined || value === null ? undefined : String(value);
    },
  };
}
