/**
 * Whether a value has only what a value of ours can have: exact amounts, whole numbers that JSON carries without loss, texts,
 * and no number that a float could have spoiled.
 */
export function isSound(value: unknown): boolean {
  switch (typeof value) {
    case 'bigint':
    case 'boolean':
    case 'string':
    case 'undefined':
      return true;
    case 'number':
      return Number.isSafeInteger(value);
    case 'object':
      if (value === null) return false;
      if (value instanceof Map) return [...value].every(([key, each]) => isSound(key) && isSound(each));
      return Object.values(value).every(isSound);
    default:
      return false;
  }
}

/** The names that a value has. */
export const shapeOf = (value: unknown): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Map)
    ? Object.keys(value).sort().join()
    : typeof value;
