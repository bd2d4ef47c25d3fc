import { invariant } from '@tradewind/core/result';
import type { ApiKey } from '../../exchange/index.ts';
import { hmacVerifier, publicKeyVerifier, type SignatureVerifier } from './signature.ts';

/** The prepared key of every API key that has been used; it goes when the key goes. */
const VERIFIERS = new WeakMap<ApiKey, SignatureVerifier>();

export function verifierOf(key: ApiKey): SignatureVerifier {
  let verifier = VERIFIERS.get(key);
  if (verifier === undefined) {
    verifier = key.kind === 'HMAC' ? hmacVerifier(key.secret) : publicKeyVerifier(key.secret);
    invariant(verifier?.kind === key.kind, 'an API key was registered with key material of its kind');
    VERIFIERS.set(key, verifier);
  }
  return verifier;
}

const API_KEY = /^[A-Za-z0-9_-]{1,128}$/;
/** What does not look like an API key is refused with -2014, before anybody looks for it. */
export const isApiKeyFormat = (text: string): boolean => API_KEY.test(text);
