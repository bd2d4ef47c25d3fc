import type { LevelList, Lots, Ticks } from '@tradewind/core/market';

/** What a reading answers instead of the position after what it read, when that is not the plain form that it knows. */
export const NOT_PLAIN = -1;

/**
 * Reads the values of compact JSON at a position of a message. It knows the plain form that the venue sends and nothing
 * else; whatever else JSON allows (white space, escapes, exponents, counts beyond 2^53) is `NOT_PLAIN`, and for a slower
 * reader to judge. What it does accept is valid JSON, and means what `JSON.parse` and exact decimals make of it.
 *
 * The message must end in `}`: no value holds that byte, so that every loop here ends inside of the message.
 */
export class ByteValues {
  /** What the last `integer` or `decimal` read. */
  value = 0;

  /** A whole number from 0 to 2^53 - 1, in digits. */
  integer(bytes: Uint8Array, at: number): number {
    const start = at;
    const first = bytes[at]!;
    let high = 0;
    let byte = first;
    while (byte >= ZERO && byte <= NINE && at - start < INT32_DIGITS) {
      high = high * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    if (at === start || (first === ZERO && at - start > 1)) return NOT_PLAIN;
    if (byte < ZERO || byte > NINE) {
      this.value = high;
      return at;
    }
    const middle = at;
    let low = 0;
    while (byte >= ZERO && byte <= NINE && at - middle < SAFE_DIGITS - INT32_DIGITS) {
      low = low * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    const value = high * POWERS[at - middle]! + low;
    if ((byte >= ZERO && byte <= NINE) || value > Number.MAX_SAFE_INTEGER) return NOT_PLAIN;
    this.value = value;
    return at;
  }

  /**
   * A decimal in quotes, `at` being the position after the first of them, as a whole number of 10^-decimals. A value
   * that lies between two of these is not plain.
   */
  decimal(bytes: Uint8Array, at: number, decimals: number): number {
    const start = at;
    let whole = 0;
    let byte = bytes[at]!;
    while (byte >= ZERO && byte <= NINE && at - start < INT32_DIGITS) {
      whole = whole * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    if (at === start) return NOT_PLAIN;
    let large = whole;
    while (byte >= ZERO && byte <= NINE && at - start < SAFE_DIGITS) {
      large = large * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    if (byte === QUOTE) return this.counted(large * POWERS[decimals]!, at + 1);
    if (byte !== POINT) return NOT_PLAIN;
    at += 1;
    const fractionStart = at;
    byte = bytes[at]!;
    let fraction = 0;
    while (byte >= ZERO && byte <= NINE && at - fractionStart < decimals) {
      fraction = fraction * 10 + (byte - ZERO);
      at += 1;
      byte = bytes[at]!;
    }
    const missing = decimals - (at - fractionStart);
    while (byte === ZERO && at - fractionStart < FRACTION_DIGITS) {
      at += 1;
      byte = bytes[at]!;
    }
    if (byte !== QUOTE || at === fractionStart) return NOT_PLAIN;
    return this.counted(large * POWERS[decimals]! + fraction * POWERS[missing]!, at + 1);
  }

  /** `[["price","quantity"],...]`, `at` being the position of the first bracket. A price of zero is not plain. */
  levels(
    bytes: Uint8Array,
    at: number,
    levels: LevelList,
    priceDecimals: number,
    quantityDecimals: number,
  ): number {
    levels.clear();
    if (bytes[at] !== OPEN_BRACKET) return NOT_PLAIN;
    at += 1;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      if (bytes[at] !== OPEN_BRACKET || bytes[at + 1] !== QUOTE) return NOT_PLAIN;
      at = this.decimal(bytes, at + 2, priceDecimals);
      const price = this.value;
      if (at === NOT_PLAIN || price === 0 || bytes[at] !== COMMA || bytes[at + 1] !== QUOTE) return NOT_PLAIN;
      at = this.decimal(bytes, at + 2, quantityDecimals);
      if (at === NOT_PLAIN || bytes[at] !== CLOSE_BRACKET) return NOT_PLAIN;
      levels.push(price as Ticks, this.value as Lots);
      const next = bytes[at + 1];
      at += 2;
      if (next === CLOSE_BRACKET) return at;
      if (next !== COMMA) return NOT_PLAIN;
    }
  }

  /** A string of printable ASCII without escapes or braces, `at` being the position after its first quote. */
  text(bytes: Uint8Array, at: number): number {
    for (;;) {
      const byte = bytes[at]!;
      at += 1;
      if (byte === QUOTE) return at;
      if (byte < SPACE || byte > TILDE || byte === BACKSLASH || byte === CLOSE_BRACE) return NOT_PLAIN;
    }
  }

  /** `true` or `false`; `value` is 1 or 0 then. */
  flag(bytes: Uint8Array, at: number): number {
    this.value = bytes[at] === LETTER_T ? 1 : 0;
    const rest = this.value === 1 ? TRUE : FALSE;
    for (let i = 0; i < rest.length; i += 1) if (bytes[at + i] !== rest[i]) return NOT_PLAIN;
    return at + rest.length;
  }

  /** A value that nobody asks for. */
  skip(bytes: Uint8Array, at: number): number {
    const byte = bytes[at]!;
    if (byte === QUOTE) return this.text(bytes, at + 1);
    if (byte >= ZERO && byte <= NINE) return this.integer(bytes, at);
    return this.flag(bytes, at);
  }

  private counted(value: number, at: number): number {
    // Rounding never brings a sum that is 2^53 or more below it.
    if (value > Number.MAX_SAFE_INTEGER) return NOT_PLAIN;
    this.value = value;
    return at;
  }
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const codeOf = (character: string): number => character.charCodeAt(0);

const ZERO = codeOf('0');
const NINE = codeOf('9');
const POINT = codeOf('.');
const SPACE = codeOf(' ');
const TILDE = codeOf('~');
const BACKSLASH = codeOf('\\');
const LETTER_T = codeOf('t');
export const QUOTE = codeOf('"');
export const COMMA = codeOf(',');
export const COLON = codeOf(':');
const OPEN_BRACKET = codeOf('[');
const CLOSE_BRACKET = codeOf(']');
export const CLOSE_BRACE = codeOf('}');
const TRUE = bytesOf('true');
const FALSE = bytesOf('false');

/** So many digits fit into 31 bits, where counting is fastest. */
const INT32_DIGITS = 9;
/** A whole number of so many digits may be below 2^53. */
const SAFE_DIGITS = 16;
/** Longer than any fraction the venue sends, and short enough for the slower reader to agree. */
const FRACTION_DIGITS = 40;
/** 10^0 to 10^8. */
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
