import { expect, test } from 'vitest';
import { forgetOldest } from './bounds.ts';

test('of a map or a set that is too large what was put in first goes, and is told', () => {
  const map = new Map([
    ['a', 1],
    ['b', 2],
  ]);
  expect(forgetOldest(map, 2)).toBeUndefined();
  map.delete('a');
  map.set('a', 1);
  expect([forgetOldest(map, 1), ...map.keys()]).toEqual(['b', 'a']);
  const set = new Set([3, 1, 2]);
  expect([forgetOldest(set, 2), ...set]).toEqual([3, 1, 2]);
});
