/**
 * Keeps a map or a set within its bound, after each thing that is put into it: what was put in first goes.
 * @returns the key that went; undefined when there was room for all
 */
export function forgetOldest<Key>(kept: Map<Key, unknown> | Set<Key>, keptMax: number): Key | undefined {
  if (kept.size <= keptMax) return undefined;
  const oldest = kept.keys().next().value as Key;
  kept.delete(oldest);
  return oldest;
}
