import type { Parameter, Parameters } from '../model/parameters.ts';
import type { Signer } from './signer.ts';

/**
 * The query of a REST request, percent-encoded: what is signed and what is sent are this one text (binance-spot.md section 2.3).
 * Also encodes `! ' ( ) *`, which encodeURIComponent leaves alone and others may not.
 */
export const queryOf = (parameters: Parameters): string =>
  parameters.map(([name, value]) => `${encoded(name)}=${encoded(textOf(value))}`).join('&');

/** A query with its signature, which comes last. */
export function signedQueryOf(parameters: Parameters, signer: Signer): string {
  const query = queryOf(parameters);
  return `${query}&signature=${encoded(signer.sign(query))}`;
}

/**
 * What the WebSocket API signs: all parameters but the signature, `apiKey` among them, sorted by name, in raw UTF-8
 * (binance-spot.md section 2.3).
 */
export const socketPayloadOf = (parameters: Parameters): string =>
  [...parameters]
    .sort(([a], [b]) => compared(a, b))
    .map(([name, value]) => `${name}=${textOf(value)}`)
    .join('&');

/** The members of `params` of a signed request: what was given, the key, and the signature over both. */
export function signedParamsOf(parameters: Parameters, signer: Signer): Record<string, Parameter[1]> {
  const withKey: Parameters = [...parameters, ['apiKey', signer.apiKey]];
  return {
    ...Object.fromEntries(withKey),
    signature: signer.sign(socketPayloadOf(withKey)),
  };
}

/** Numbers are ids, times and counts below 2^53, which print without an exponent. */
const textOf = (value: Parameter[1]): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Half of a surrogate pair has no encoding; it becomes the replacement character instead of an exception. */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function compared(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
