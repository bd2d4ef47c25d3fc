import {
  type Amount,
  formatAmount,
  formatPrice,
  type Price,
  parseAmount,
  parsePrice,
} from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * How values of one type are written as JSON and read back. Each value has one text and each text one value: `read(write(x))` equals
 * `x`, and `read` throws `Malformed` for whatever `write` cannot have written.
 */
export interface Codec<T> {
  write(value: T): Json;
  /** @param at  where it stands, for the complaint: 'record.quantity' */
  read(json: Json, at: string): T;
}

/** Stored JSON that is not what was written. Caught where a whole record is read, and nowhere else. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

const malformed = (at: string, wanted: string): never => {
  throw new Malformed(`${at || 'the record'} is not ${wanted}`);
};

export const text: Codec<string> = {
  write: (value) => value,
  read: (json, at) => (typeof json === 'string' ? json : malformed(at, 'a text')),
};

/** A name that things are found by: a store keeps it in a column, and the hashed text ends a line after it. */
export const name: Codec<string> = {
  write(value) {
    invariant(
      isName(value),
      `a name is recorded that has letters and no control characters, not ${JSON.stringify(value)}`,
    );
    return value;
  },
  read: (json, at) => (typeof json === 'string' && isName(json) ? json : malformed(at, 'a name')),
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\u0000-\u001f\u007f]/;
export const isName = (value: string): boolean =>
  value !== '' && value.isWellFormed() && !CONTROL.test(value);

export const flag: Codec<boolean> = {
  write: (value) => value,
  read: (json, at) => (typeof json === 'boolean' ? json : malformed(at, 'true or false')),
};

/** A count, an id or epoch ms. */
export const whole: Codec<number> = {
  write(value) {
    invariant(isWhole(value), `a whole number below 2^53 is recorded as one, not ${value}`);
    return value;
  },
  read: (json, at) => (isWhole(json) ? json : malformed(at, 'a whole number below 2^53')),
};
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && !Object.is(value, -0);

/** Statistics and durations, never money. What JSON has no number for stands as its name. */
export const double: Codec<number> = {
  write: (value) => (hasJson(value) ? value : nameOf(value)),
  read(json, at) {
    if (typeof json === 'number') return json;
    const found = UNWRITABLE.find((each) => nameOf(each) === json);
    return found ?? malformed(at, 'a number');
  },
};
const UNWRITABLE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0];
const hasJson = (value: number): boolean => Number.isFinite(value) && !Object.is(value, -0);
const nameOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

export const price: Codec<Price> = {
  write: formatPrice,
  read(json, at) {
    const parsed = typeof json === 'string' ? parsePrice(json) : undefined;
    // Only the shortest notation was ever written, so '1.0' is a text that somebody else has put there.
    return parsed?.ok === true && formatPrice(parsed.value) === json
      ? parsed.value
      : malformed(at, 'a price');
  },
};

/** An amount of an asset that the field names. */
export const amountOf = <A extends Amount>(): Codec<A> => ({
  write: formatAmount,
  read(json, at) {
    const parsed = typeof json === 'string' ? parseAmount('', json) : undefined;
    const isCanonical = parsed?.ok === true && formatAmount(parsed.value) === json;
    return isCanonical ? (parsed.value as Amount as A) : malformed(at, 'an amount');
  },
});

export const oneOf = <const T extends string | number>(values: readonly T[]): Codec<T> => ({
  write: (value) => value,
  read: (json, at) =>
    values.includes(json as T) ? (json as T) : malformed(at, `one of ${values.join(', ')}`),
});

export const list = <T>(member: Codec<T>): Codec<readonly T[]> => ({
  write: (values) => values.map((value) => member.write(value)),
  read: (json, at) =>
    Array.isArray(json)
      ? json.map((each: Json, index) => member.read(each, `${at}[${index}]`))
      : malformed(at, 'a list'),
});

/** By name, in the order of the names. */
export const record = <T>(member: Codec<T>): Codec<Readonly<Record<string, T>>> => ({
  write: (values) =>
    Object.fromEntries(sortedEntries(values).map(([name, value]) => [name, member.write(value)])),
  read: (json, at) =>
    Object.fromEntries(
      Object.entries(asObject(json, at)).map(([name, each]) => [name, member.read(each, `${at}.${name}`)]),
    ),
});

/** As pairs in the order of the names. */
export const map = <T>(member: Codec<T>): Codec<ReadonlyMap<string, T>> => ({
  write: (values) => [...values].sort(byName).map(([name, value]) => [name, member.write(value)]),
  read(json, at) {
    const pairs = Array.isArray(json) ? (json as readonly Json[]) : malformed(at, 'a list of pairs');
    const found = new Map<string, T>();
    for (const pair of pairs) {
      const [name, value] = Array.isArray(pair) && pair.length === 2 ? (pair as readonly Json[]) : [];
      if (typeof name !== 'string' || value === undefined || found.has(name))
        return malformed(at, 'a list of pairs');
      found.set(name, member.read(value, `${at}.${name}`));
    }
    return found;
  },
});

interface Optional<T> extends Codec<T> {
  readonly isOptional: true;
}
/** A field that may be left out. */
export const optional = <T>(codec: Codec<T>): Optional<T> => ({ ...codec, isOptional: true });

/** A codec for each field, in the order in which they are written. */
export type Fields<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? Optional<Exclude<T[K], undefined>> : Codec<T[K]>;
};
interface AnyField extends Codec<unknown> {
  readonly isOptional?: true;
}

/** An object with these fields and no others. What a value has beyond them is not recorded. */
export function shape<T extends object>(fields: Fields<T>): Codec<T> {
  const entries = Object.entries(fields) as [keyof T & string, AnyField][];
  return {
    write(value) {
      const written: Record<string, Json> = {};
      for (const [name, field] of entries) {
        const member = value[name];
        if (member !== undefined) written[name] = field.write(member);
        else invariant(field.isOptional === true, `${name} is known when it is recorded`);
      }
      return written;
    },
    read(json, at) {
      const object = asObject(json, at);
      const value: Partial<Record<keyof T, unknown>> = {};
      let count = 0;
      for (const [name, field] of entries) {
        if (Object.hasOwn(object, name)) {
          value[name] = field.read(object[name]!, at === '' ? name : `${at}.${name}`);
          count += 1;
        } else if (field.isOptional !== true) return malformed(at, `complete: it has no ${name}`);
      }
      if (count < Object.keys(object).length)
        return malformed(at, `known: it has a field beyond ${entries.map(([name]) => name).join(', ')}`);
      return value as T;
    },
  };
}

type Tagged<Tag extends string> = { readonly [P in Tag]: string };
type VariantOf<T, Tag extends string, K> = T extends { readonly [P in Tag]: infer R }
  ? K extends R
    ? Omit<T, Tag>
    : never
  : never;
/** A closed union, told apart by one field, which is written first. */
export function tagged<Tag extends string, T extends Tagged<Tag>>(
  tag: Tag,
  variants: { readonly [K in T[Tag]]: Codec<VariantOf<T, Tag, K>> },
): Codec<T> {
  const byTag = variants as Readonly<Record<string, Codec<object>>>;
  return {
    write(value) {
      const codec = byTag[value[tag]];
      invariant(codec !== undefined, `${tag} ${value[tag]} is known when it is recorded`);
      return { [tag]: value[tag], ...(codec.write(value) as Record<string, Json>) };
    },
    read(json, at) {
      const { [tag]: name, ...rest } = asObject(json, at);
      if (typeof name !== 'string' || !Object.hasOwn(byTag, name)) return malformed(`${at}.${tag}`, 'known');
      return { [tag]: name, ...byTag[name]!.read(rest, at) } as T;
    },
  };
}

export function asObject(json: Json, at: string): { readonly [key: string]: Json } {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return malformed(at, 'an object');
  return json as { readonly [key: string]: Json };
}

export const sortedEntries = <T>(values: Readonly<Record<string, T>>): [string, T][] =>
  Object.entries(values).sort(byName);

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : Number(a > b);
}
