import {
  aboveMaximum,
  emptyParameter,
  illegalCharacters,
  invalidData,
  mandatory,
  overflowed,
  type Refusal,
  tooPrecise,
  unread,
} from '../refusal.ts';
import { LEGAL_DECIMAL, readDecimal } from './decimal.ts';
import type { ParameterList } from './parameter-list.ts';

const LEGAL_INTEGER = '^[0-9]{1,20}$';
const INT64_MAX = 9223372036854775807n;
/** The clock of the exchange began here: times before it are moved up to it (binance-spot.md section 2.4). */
const TIME_MIN_MS = 1483228800000;
const TIME_AHEAD_MAX_MS = 10_000;
/** Sixteen digits are microseconds. */
const MICROSECONDS_FROM = 1e15;

/**
 * Reads the parameters of one request as what they have to be. The first thing that is wrong is kept in `refusal`, and
 * everything read after it does not matter: an operation reads all it needs, then looks at `refusal` once. Every parameter
 * that is looked at counts as read; `finish` refuses a request that sent others.
 */
export class Parameters {
  refusal: Refusal | undefined;
  private readonly list: ParameterList;

  constructor(list: ParameterList) {
    this.list = list;
  }

  refuse(refusal: Refusal): undefined {
    this.refusal ??= refusal;
    return undefined;
  }

  /** Whether it was sent with a value, without counting it as read. */
  has(name: string): boolean {
    const value = this.list.peek(name);
    return value !== undefined && value !== '';
  }

  /** As it was sent, without counting it as read: for what a request weighs before it is judged. */
  peek(name: string): string | undefined {
    return this.list.peek(name);
  }

  /** undefined when it was not sent; sent empty it is refused. */
  text(name: string): string | undefined {
    const value = this.list.take(name);
    return value === '' ? this.refuse(emptyParameter(name)) : value;
  }

  /** Like `text`, but '' for an empty one. */
  anyText(name: string): string | undefined {
    return this.list.take(name);
  }

  mandatoryText(name: string): string {
    const value = this.text(name);
    if (value === undefined) this.refuse(mandatory(name));
    return value ?? '';
  }

  /** In 10^-8. @param precision  how many decimals the asset has */
  decimal(name: string, precision = 8): bigint | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const read = readDecimal(text, precision);
    if (typeof read === 'bigint') return read;
    return this.refuse(read === 'illegal' ? illegalCharacters(name, LEGAL_DECIMAL) : tooPrecise(name));
  }

  /** A whole number from 0; above 2^53 it is the nearest double, which no id of this exchange is. */
  integer(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    let value = 0;
    for (let index = 0; index < text.length; index += 1) {
      const digit = text.charCodeAt(index) - 48;
      if (!(digit >= 0 && digit <= 9)) return this.refuse(illegalCharacters(name, LEGAL_INTEGER));
      value = value * 10 + digit;
    }
    if (text.length > 20) return this.refuse(illegalCharacters(name, LEGAL_INTEGER));
    if (text.length > 18 && BigInt(text) > INT64_MAX) return this.refuse(overflowed(name));
    return value;
  }

  /** From 1 to `maximum`. */
  limit(standard: number, maximum: number): number {
    const limit = this.integer('limit');
    if (limit === undefined) return standard;
    if (limit === 0) this.refuse(invalidData('limit'));
    if (limit > maximum) this.refuse(aboveMaximum('limit', maximum));
    return limit;
  }

  /** Epoch ms; microseconds are understood, and what lies outside the exchange's time is moved into it. */
  time(name: string, nowMs: number): number | undefined {
    const sent = this.integer(name);
    if (sent === undefined) return undefined;
    const timeMs = sent >= MICROSECONDS_FROM ? sent / 1000 : sent;
    return Math.min(Math.max(timeMs, TIME_MIN_MS), nowMs + TIME_AHEAD_MAX_MS);
  }

  flag(name: string): boolean | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    if (text === 'true' || text === 'TRUE') return true;
    if (text === 'false' || text === 'FALSE') return false;
    return this.refuse(invalidData(name));
  }

  /** One of a closed list of words. */
  choice<Word extends string>(
    name: string,
    words: readonly Word[],
    otherwise: Refusal = invalidData(name),
  ): Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const index = (words as readonly string[]).indexOf(text);
    return index < 0 ? this.refuse(otherwise) : words[index];
  }

  /** The last step: nothing may be left that nobody read. */
  finish(): void {
    if (this.refusal !== undefined) return;
    const read = this.list.readCount;
    if (read < this.list.count) this.refuse(unread(read, this.list.count));
  }
}
