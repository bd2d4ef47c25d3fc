import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, hashOf } from './canonical-json.ts';

test('keys are sorted at every level, lists keep their order', () => {
  expect(canonicalJson({ b: [{ d: 1, c: 'x' }, 2], a: { '10': true, '9': null } })).toBe(
    '{"a":{"10":true,"9":null},"b":[{"c":"x","d":1},2]}',
  );
});

test('a member without a value is not there', () => {
  expect(canonicalJson({ a: undefined, b: 1 })).toBe('{"b":1}');
});

test('the hash is that of the text', () => {
  expect(hashOf({ b: 1, a: 2 })).toBe(createHash('sha256').update('{"a":2,"b":1}').digest('hex'));
});

/** The obvious way: sorted copies, written as usual. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}

test('it is JSON of a copy with sorted keys', () => {
  // Keys that look like array indices come first in every object of the language, sorted or not: not for the copy's way.
  const key = fc.string({ minLength: 1 }).filter((text) => !/^\d+$/.test(text) && text !== '__proto__');
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      fc.string(),
      fc.integer(),
      fc.array(tie('tree')),
      fc.dictionary(key, tie('tree')),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(key, tree), (value) => {
      expect(canonicalJson(value)).toBe(JSON.stringify(sorted(value)));
    }),
  );
});
