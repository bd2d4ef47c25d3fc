import { err, ok, type Result } from '@tradewind/core/result';
import type { AccountQueries, ApiKey } from '../../exchange/index.ts';
import type { Parameters } from '../parameters/parameters.ts';
import {
  BAD_API_KEY_FORMAT,
  INVALID_SIGNATURE,
  mandatory,
  REJECTED_API_KEY,
  type Refusal,
} from '../refusal.ts';
import { checkOnReceipt, type RequestTiming, readTiming } from './timing.ts';
import { isApiKeyFormat, verifierOf } from './verifiers.ts';

/** What a key has to be allowed to do. */
export type Permission = 'read' | 'trade';

export interface Credentials {
  /** '' when none was sent. */
  readonly apiKey: string;
  readonly remoteAddress: string;
  /** undefined for the key of a session, which has signed when it logged on. */
  readonly signed: { readonly text: string; readonly signature: string } | undefined;
}

export interface Authorized {
  readonly key: ApiKey;
  readonly timing: RequestTiming;
}

/**
 * Lets a request of an account through, or says why not: the form of the key, then the key and where it is used, then the time of the
 * request, then its signature, and last what the key may do. The exchange does not document this order.
 */
export function authorize(
  keys: Pick<AccountQueries, 'key'>,
  parameters: Parameters,
  credentials: Credentials,
  permission: Permission,
  nowMs: number,
): Result<Authorized, Refusal> {
  const { signed } = credentials;
  if (parameters.refusal !== undefined) return err(parameters.refusal);
  const key = usableKey(keys, credentials.apiKey, credentials.remoteAddress);
  if (key === undefined)
    return err(isApiKeyFormat(credentials.apiKey) ? REJECTED_API_KEY : BAD_API_KEY_FORMAT);
  const timing = readTiming(parameters);
  if (signed?.signature === '') parameters.refuse(mandatory('signature'));
  if (parameters.refusal !== undefined) return err(parameters.refusal);
  const late = checkOnReceipt(timing, nowMs);
  if (late !== undefined) return err(late);
  if (signed !== undefined && !verifierOf(key).accepts(signed.text, signed.signature)) {
    return err(INVALID_SIGNATURE);
  }
  return key.permissions[permission] ? ok({ key, timing }) : err(REJECTED_API_KEY);
}

/** undefined for a key that does not exist, or that must not be used from this address: the exchange does not say which. */
export function usableKey(
  keys: Pick<AccountQueries, 'key'>,
  apiKey: string,
  remoteAddress: string,
): ApiKey | undefined {
  const key = keys.key(apiKey);
  const addresses = key?.allowedAddresses;
  return addresses === undefined || addresses.includes(remoteAddress) ? key : undefined;
}
