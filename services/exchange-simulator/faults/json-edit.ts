import type { Edits } from './plan-schema.ts';

/**
 * Changes parsed JSON as an edit says and returns it; the values given to `set` may be whole objects. Paths have dots, and a
 * path whose parents are missing is made. What an edit cannot be applied to stays as it is.
 */
export function editJson(root: unknown, { set = {}, add = {}, remove = [] }: Edits): unknown {
  for (const [path, value] of Object.entries(set)) assign(root, path, value);
  for (const [path, delta] of Object.entries(add)) {
    const holder = holderOf(root, path);
    if (holder !== undefined) holder.object[holder.key] = raised(holder.object[holder.key], delta);
  }
  for (const path of remove) {
    const holder = holderOf(root, path);
    if (holder === undefined) continue;
    if (Array.isArray(holder.object)) holder.object.splice(Number(holder.key), 1);
    else delete holder.object[holder.key];
  }
  return root;
}

interface Holder {
  readonly object: Record<string, unknown>;
  readonly key: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

/** The object that holds the end of a path; undefined when the path does not exist. */
function holderOf(root: unknown, path: string): Holder | undefined {
  const steps = path.split('.');
  const key = steps.pop()!;
  let object = root;
  for (const step of steps)
    object = isObject(object) && Object.hasOwn(object, step) ? object[step] : undefined;
  return isObject(object) && Object.hasOwn(object, key) ? { object, key } : undefined;
}

function assign(root: unknown, path: string, value: unknown): void {
  const steps = path.split('.');
  const key = steps.pop()!;
  let object = root;
  for (const step of steps) {
    if (!isObject(object)) return;
    if (!Object.hasOwn(object, step) || !isObject(object[step])) define(object, step, {});
    object = object[step];
  }
  // A plan may be applied many times: what it holds must not be shared with, and changed by, what it is put into.
  if (isObject(object)) define(object, key, structuredClone(value));
}

/** Also for names such as __proto__, which an assignment would treat as something else. */
function define(object: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** A number plus `delta`, or a decimal text plus `delta` with its decimals kept. */
function raised(value: unknown, delta: number): unknown {
  if (typeof value === 'number') return value + delta;
  if (typeof value !== 'string') return value;
  const [, sign = '', whole = '', decimals = ''] = /^(-?)(\d+)(\.\d+)?$/.exec(value) ?? [];
  if (whole === '') return value;
  const scale = 10n ** BigInt(Math.max(0, decimals.length - 1));
  const digits = BigInt(whole) * scale + BigInt(decimals.slice(1) || '0');
  const sum = (sign === '-' ? -digits : digits) + BigInt(delta) * scale;
  const size = sum < 0n ? -sum : sum;
  const fraction = decimals === '' ? '' : `.${String(size % scale).padStart(decimals.length - 1, '0')}`;
  return `${sum < 0n ? '-' : ''}${size / scale}${fraction}`;
}
