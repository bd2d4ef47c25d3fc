import { Interval, type IntervalName } from '@tradewind/core/market';
import {
  type Exact,
  formatAmount,
  formatPrice,
  formatRatio,
  type ParseRefusal,
  type Price,
  parseAmount,
  parsePrice,
  parseRatio,
  type Ratio,
} from '@tradewind/core/money';
import { invariant, type Result } from '@tradewind/core/result';
import { type Codec, Malformed } from './codec.ts';

const asItIs = <T>(): Codec<T, T> => ({ encode: (value) => value, decode: (value) => value });

export const text = asItIs<string>();
export const flag = asItIs<boolean>();
/** Measurements and indicators; never money. Exact, not-a-number and infinities included. */
export const fraction = asItIs<number>();
export const texts: Codec<Readonly<Record<string, string>>, { [name: string]: string }> = {
  encode: (values) => ({ ...values }),
  decode: (wire) => ({ ...wire }),
};
export const fractions: Codec<Readonly<Record<string, number>>, { [name: string]: number }> = {
  encode: (values) => ({ ...values }),
  decode: (wire) => ({ ...wire }),
};

/** Counts, ids and times: whole numbers below 2^53. */
export const whole: Codec<number, bigint> = {
  encode: (value) => {
    invariant(Number.isSafeInteger(value), 'a count, id or time is a whole number below 2^53');
    return BigInt(value);
  },
  decode: (wire) => {
    const value = Number(wire);
    if (!Number.isSafeInteger(value)) throw new Malformed(`is too large to be counted: ${wire}`);
    return value;
  },
};

function decimal<E extends Exact<string, number>>(
  format: (value: E) => string,
  parse: (text: string) => Result<E, ParseRefusal>,
): Codec<E, string> {
  return {
    encode: format,
    decode: (wire) => {
      const parsed = parse(wire);
      if (!parsed.ok)
        throw new Malformed(`is no decimal that fits (${parsed.error.reason}): '${parsed.error.text}'`);
      return parsed.value;
    },
  };
}

export const price = decimal<Price>(formatPrice, parsePrice);
export const ratio = decimal<Ratio>(formatRatio, parseRatio);
/** An amount of whatever asset the field is of. */
const amount = <Asset extends string = string>(): Codec<Exact<Asset, 8>, string> =>
  decimal<Exact<Asset, 8>>(formatAmount, (wire) => parseAmount('' as Asset, wire));
export const quantity = amount<'base'>();
export const quoteAmount = amount<'quote'>();
export const equityAmount = amount<'equity'>();
export const assetAmount = amount();

/** A number in the text of a refusal, whatever it is: also one that no order should have. */
export const numberText: Codec<number, string> = {
  encode: (value) => (Object.is(value, -0) ? '-0' : String(value)),
  decode: (wire) => {
    const value = Number(wire);
    if (numberText.encode(value) !== wire) throw new Malformed(`is no number: '${wire.slice(0, 40)}'`);
    return value;
  },
};

/** One of a closed set of words. */
export function word<const Word extends string>(...words: readonly Word[]): Codec<Word, string> {
  return {
    encode: (value) => value,
    decode: (wire) => {
      const found = words.find((each) => each === wire);
      if (found === undefined) throw new Malformed(`is none of ${words.join(', ')}: '${wire.slice(0, 40)}'`);
      return found;
    },
  };
}

export const intervalName: Codec<IntervalName, string> = word(...Interval.names);

type NameIn<Enumeration> = Exclude<keyof Enumeration & string, 'UNSPECIFIED'>;
type Dashed<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}-${Dashed<Tail>}`
  : Name;

/** Names as the exchange spells them: BUY. */
export const upper = <Enumeration extends object>(enumeration: Enumeration) =>
  named<NameIn<Enumeration>, Enumeration>(enumeration, (name) => name);

/** Our own names: in_flight. */
export const lower = <Enumeration extends object>(enumeration: Enumeration) =>
  named<Lowercase<NameIn<Enumeration>>, Enumeration>(enumeration, (name) => name.toLowerCase());

/** Names of services: order-execution. */
export const dashed = <Enumeration extends object>(enumeration: Enumeration) =>
  named<Dashed<Lowercase<NameIn<Enumeration>>>, Enumeration>(enumeration, (name) =>
    name.toLowerCase().replaceAll('_', '-'),
  );

function named<Name extends string, Enumeration extends object>(
  enumeration: Enumeration,
  spell: (name: string) => string,
): Codec<Name, Enumeration[keyof Enumeration]> {
  type Value = Enumeration[keyof Enumeration];
  const values = new Map<string, Value>();
  const names = new Map<Value, Name>();
  for (const [name, value] of Object.entries(enumeration)) {
    // An enumeration also lists its names by number.
    if (typeof value !== 'number' || name === 'UNSPECIFIED') continue;
    values.set(spell(name), value as Value);
    names.set(value as Value, spell(name) as Name);
  }
  return {
    encode: (name) => {
      const value = values.get(name);
      invariant(value !== undefined, `'${name}' is a name that the contract has`);
      return value;
    },
    decode: (value) => {
      const name = names.get(value);
      if (name === undefined) throw new Malformed(`has a value that is not known: ${String(value)}`);
      return name;
    },
  };
}
