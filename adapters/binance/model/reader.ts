import {
  type Amount,
  type Exact,
  isNegative,
  isZero,
  type ParseRefusal,
  type Price,
  parseAmount,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  parseRatio,
  type Quantity,
  type QuoteAmount,
  type Ratio,
  zero,
} from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import { utcMsOf } from '@tradewind/utils';
import type { Kept } from './enums.ts';
import type { ReadingFailure } from './failure.ts';

/** Makes a value out of one JSON object or row. What it returns is thrown away when anything in it could not be read. */
export type Decode<T> = (fields: FieldReader) => T;

/** Reads a JSON object. Never throws: the first thing that is not as it should be is the failure. */
export function readObject<T>(body: unknown, decode: Decode<T>): Result<T, ReadingFailure> {
  const reading = new Reading();
  return reading.finish(reading.object(body, '$', decode));
}

/** Reads a JSON list of objects. */
export function readList<T>(body: unknown, decode: Decode<T>): Result<readonly T[], ReadingFailure> {
  const reading = new Reading();
  return reading.finish(reading.list(body, '$', (item, path) => reading.object(item, path, decode)));
}

/** Reads a JSON list of lists whose places have a meaning, as klines come. */
export function readRows<T>(body: unknown, decode: Decode<T>): Result<readonly T[], ReadingFailure> {
  const reading = new Reading();
  return reading.finish(reading.list(body, '$', (item, path) => reading.row(item, path, decode)));
}

type Parse<E> = (text: string) => Result<E, ParseRefusal>;

/**
 * Reads named fields of one JSON object, or the numbered places of one row, once and for all. What cannot be read is noted, and a
 * filler is given so that the decoder can go on in a straight line; no filler leaves this file.
 */
export class FieldReader {
  private readonly reading: Reading;
  private readonly fields: object;
  private readonly path: string;

  constructor(reading: Reading, fields: object, path: string) {
    this.reading = reading;
    this.fields = fields;
    this.path = path;
  }

  /** Whether something other than null stands there. */
  has(name: string | number): boolean {
    return this.valueOf(name) !== undefined;
  }

  text(name: string | number): string {
    const value = this.valueOf(name);
    if (typeof value === 'string') return value;
    return this.failed(name, 'a text', value, '');
  }

  /** undefined for what is missing, null or "". */
  optionalText(name: string | number): string | undefined {
    return this.has(name) ? this.text(name) || undefined : undefined;
  }

  flag(name: string | number): boolean {
    const value = this.valueOf(name);
    if (typeof value === 'boolean') return value;
    return this.failed(name, 'true or false', value, false);
  }

  optionalFlag(name: string | number): boolean | undefined {
    return this.has(name) ? this.flag(name) : undefined;
  }

  /** A whole number from 0 to 2^53 - 1: what JSON gives beyond it has lost digits. Ids, times and counts. */
  whole(name: string | number): number {
    const value = this.valueOf(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
    return this.failed(name, 'a whole number from 0 below 2^53', value, 0);
  }

  /** undefined for what is missing, null or below zero, by which the venue says "none". */
  optionalWhole(name: string | number): number | undefined {
    const value = this.valueOf(name);
    if (value === undefined || (typeof value === 'number' && value < 0)) return undefined;
    return this.whole(name);
  }

  /** Epoch ms of a text in UTC like 2019-10-12 11:12:02, as the wallet endpoints write some times. */
  utcTime(name: string | number): number {
    const epochMs = utcMsOf(this.text(name));
    if (epochMs >= 0) return epochMs;
    return this.failed(name, 'a time like 2019-10-12 11:12:02', this.valueOf(name), 0);
  }

  /** A code of the venue's errors: a whole number below zero. */
  negativeCode(name: string | number): number {
    const value = this.valueOf(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value < 0) return value;
    return this.failed(name, 'a whole number below 0', value, 0);
  }

  price(name: string | number): Price {
    return this.decimal(name, parsePrice);
  }

  quantity(name: string | number): Quantity {
    return this.decimal(name, parseQuantity);
  }

  quoteAmount(name: string | number): QuoteAmount {
    return this.decimal(name, parseQuoteAmount);
  }

  amount(name: string | number): Amount {
    return this.decimal(name, amountOf);
  }

  ratio(name: string | number): Ratio {
    return this.decimal(name, parseRatio);
  }

  signedPrice(name: string | number): Price {
    return this.exact(name, parsePrice, true);
  }

  signedAmount(name: string | number): Amount {
    return this.exact(name, amountOf, true);
  }

  /** undefined for what is missing, null or zero, by which the venue says "none". */
  positivePrice(name: string | number): Price | undefined {
    return this.positive(name, parsePrice);
  }

  positiveQuantity(name: string | number): Quantity | undefined {
    return this.positive(name, parseQuantity);
  }

  positiveQuoteAmount(name: string | number): QuoteAmount | undefined {
    return this.positive(name, parseQuoteAmount);
  }

  /** undefined where the venue does not know it itself, which it says by an amount below zero (binance-spot.md section 4.4). */
  knownQuoteAmount(name: string | number): QuoteAmount | undefined {
    if (!this.has(name)) return undefined;
    const value = this.exact(name, parseQuoteAmount, true);
    return isNegative(value) ? undefined : value;
  }

  /** A value of a closed list, or one that was added since, kept as it came. */
  kept<T extends string>(name: string | number, known: readonly T[]): Kept<T> {
    const text = this.text(name);
    return known.find((each) => each === text) ?? { unknown: text };
  }

  optionalKept<T extends string>(name: string | number, known: readonly T[]): Kept<T> | undefined {
    return this.has(name) ? this.kept(name, known) : undefined;
  }

  object<T>(name: string | number, decode: Decode<T>): T {
    return this.reading.object(this.valueOf(name), this.pathOf(name), decode);
  }

  optionalObject<T>(name: string | number, decode: Decode<T>): T | undefined {
    return this.has(name) ? this.object(name, decode) : undefined;
  }

  list<T>(name: string | number, decode: Decode<T>): readonly T[] {
    const { reading } = this;
    return reading.list(this.valueOf(name), this.pathOf(name), (item, path) =>
      reading.object(item, path, decode),
    );
  }

  optionalList<T>(name: string | number, decode: Decode<T>): readonly T[] | undefined {
    return this.has(name) ? this.list(name, decode) : undefined;
  }

  rows<T>(name: string | number, decode: Decode<T>): readonly T[] {
    const { reading } = this;
    return reading.list(this.valueOf(name), this.pathOf(name), (item, path) =>
      reading.row(item, path, decode),
    );
  }

  texts(name: string | number): readonly string[] {
    const { reading } = this;
    return reading.list(this.valueOf(name), this.pathOf(name), (item, path) =>
      typeof item === 'string' ? item : reading.fail(path, 'a text', item, ''),
    );
  }

  /** Every field, by its name: for objects whose names are not known beforehand. */
  entries(): readonly (readonly [string, unknown])[] {
    return Object.entries(this.fields);
  }

  private decimal<E extends Exact<string, number>>(name: string | number, parse: Parse<E>): E {
    return this.exact(name, parse, false);
  }

  private positive<E extends Exact<string, number>>(name: string | number, parse: Parse<E>): E | undefined {
    if (!this.has(name)) return undefined;
    const value = this.exact(name, parse, false);
    return isZero(value) ? undefined : value;
  }

  private exact<E extends Exact<string, number>>(name: string | number, parse: Parse<E>, signed: boolean): E {
    const value = this.valueOf(name);
    if (typeof value === 'string') {
      const parsed = parse(value);
      if (parsed.ok && (signed || !isNegative(parsed.value))) return parsed.value;
    }
    return this.failed(name, signed ? 'a decimal text' : 'a decimal text from 0', value, zero<E>());
  }

  /** Own fields only, so that no name can reach what every object inherits (faults.md S7). */
  private valueOf(name: string | number): unknown {
    if (!Object.hasOwn(this.fields, name)) return undefined;
    return (this.fields as Readonly<Record<string | number, unknown>>)[name] ?? undefined;
  }

  private failed<T>(name: string | number, expected: string, found: unknown, filler: T): T {
    return this.reading.fail(this.pathOf(name), expected, found, filler);
  }

  private pathOf(name: string | number): string {
    return typeof name === 'number' ? `${this.path}[${name}]` : `${this.path}.${name}`;
  }
}

/** One reading of one body: remembers the first failure. */
class Reading {
  private failure: ReadingFailure | undefined;

  object<T>(value: unknown, path: string, decode: Decode<T>): T {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) this.fail(path, 'an object', value, undefined);
    return decode(new FieldReader(this, isObject ? value : {}, path));
  }

  row<T>(value: unknown, path: string, decode: Decode<T>): T {
    if (!Array.isArray(value)) this.fail(path, 'a list', value, undefined);
    return decode(new FieldReader(this, Array.isArray(value) ? value : [], path));
  }

  list<T>(value: unknown, path: string, item: (value: unknown, path: string) => T): readonly T[] {
    if (!Array.isArray(value)) return this.fail(path, 'a list', value, []);
    const items: T[] = [];
    for (const [index, each] of value.entries()) {
      items.push(item(each, `${path}[${index}]`));
      // The rest would be thrown away.
      if (this.failure !== undefined) break;
    }
    return items;
  }

  fail<T>(path: string, expected: string, found: unknown, filler: T): T {
    this.failure ??= { path, expected, found: shortened(found) };
    return filler;
  }

  finish<T>(value: T): Result<T, ReadingFailure> {
    return this.failure === undefined ? ok(value) : err(this.failure);
  }
}

const amountOf = (text: string): Result<Amount, ParseRefusal> => parseAmount<string>('', text);

const SHOWN_CHARACTERS = 60;

function shortened(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_CHARACTERS));
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'an object';
  return String(value);
}
