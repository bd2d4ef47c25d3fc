import { createHash } from 'node:crypto';

/**
 * JSON with sorted keys and no spaces, so that equal data have equal texts, whatever order they were built in.
 * @param value  plain data
 */
export function canonicalJson(value: object): string {
  const keys = new Set<string>();
  collectKeys(value, keys);
  // Given a list of keys, JSON.stringify writes the members of every object in the order of that list.
  return JSON.stringify(value, [...keys].sort());
}

/** SHA-256 of the canonical JSON, in hex. */
export const hashOf = (value: object): string =>
  createHash('sha256').update(canonicalJson(value)).digest('hex');

function collectKeys(value: object, keys: Set<string>): void {
  const isList = Array.isArray(value);
  for (const [key, member] of Object.entries(value)) {
    if (!isList) keys.add(key);
    if (typeof member === 'object' && member !== null) collectKeys(member, keys);
  }
}
