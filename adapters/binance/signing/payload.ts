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
 * The `params` of signed requests of the WebSocket API as JSON: what was given, the key, and the signature over both, sorted by name, in
 * raw UTF-8 (binance-spot.md section 2.3). An order waits for it, and one order has the names of the one before: how they lie is kept.
 */
export class SignedParams {
  private layout: Layout = layoutOf([]);

  textOf(parameters: Parameters, signer: Signer): string {
    const all: Parameters = [...parameters, ['apiKey', signer.apiKey]];
    if (!hasNamesOf(this.layout, all)) this.layout = layoutOf(all.map(([name]) => name));
    const { places, beforeSigned, beforeMember } = this.layout;
    let payload = '';
    let members = '';
    for (let at = 0; at < places.length; at += 1) {
      const value = all[places[at]!]![1];
      payload += beforeSigned[at]! + textOf(value);
      members += beforeMember[at]! + jsonOf(value);
    }
    return `{${members},"signature":${jsonOf(signer.sign(payload))}}`;
  }
}

/** How parameters of certain names lie when they are sorted. */
interface Layout {
  /** As they are given. */
  readonly names: readonly string[];
  /** Of the sorted ones: where each is among the given ones, and what stands before its value in both texts. */
  readonly places: readonly number[];
  readonly beforeSigned: readonly string[];
  readonly beforeMember: readonly string[];
}

function layoutOf(names: readonly string[]): Layout {
  const places = names.map((_, place) => place).sort((one, other) => (names[one]! < names[other]! ? -1 : 1));
  return {
    names,
    places,
    beforeSigned: places.map((place, at) => `${at === 0 ? '' : '&'}${names[place]}=`),
    beforeMember: places.map((place, at) => `${at === 0 ? '' : ','}"${names[place]}":`),
  };
}

function hasNamesOf({ names }: Layout, parameters: Parameters): boolean {
  if (names.length !== parameters.length) return false;
  for (let at = 0; at < names.length; at += 1) if (names[at] !== parameters[at]![0]) return false;
  return true;
}

/** The same of a request that needs no signature. */
export const paramsOf = (parameters: Parameters): string => `{${membersOf(parameters)}}`;

function membersOf(parameters: Parameters): string {
  let members = '';
  for (const [name, value] of parameters) members += `${members === '' ? '' : ','}"${name}":${jsonOf(value)}`;
  return members;
}

function jsonOf(value: Parameter[1]): string {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && isPlain(value) ? `"${value}"` : JSON.stringify(value);
}

/** Whether JSON has it as it stands: printable ASCII without quotes and backslashes. */
function isPlain(text: string): boolean {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
  }
  return true;
}
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Numbers are ids, times and counts below 2^53, which print without an exponent. */
const textOf = (value: Parameter[1]): string =>
  typeof value === 'object' ? JSON.stringify(value) : String(value);

/** Half of a surrogate pair has no encoding; it becomes the replacement character instead of an exception. */
const encoded = (text: string): string =>
  encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
