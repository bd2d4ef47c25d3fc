import type { LevelList, Lots, Ticks } from '@tradewind/core/market';

/** What a reading answers instead of the position after what it read, when that is not the plain form that it knows. */
export const NOT_PLAIN = -1;

/**
 * Reads the values of compact JSON in a message. It knows the plain form that the venue sends and nothing else; whatever
 * else JSON allows (white space, escapes, exponents, counts beyond 2^53) is `NOT_PLAIN`, and for a slower reader to judge.
 * What it does accept is valid JSON, and means what `JSON.parse` and exact decimals make of it.
 *
 * The message is copied to one place first: that takes 15 ns, and a view of four bytes at a time of every memory that messages
 * come in took many times as long. Behind it stand zeros, which no value holds: so every loop here ends at them.
 */
export class ByteValues {
  /** What the last `integer`, `decimal` or `flag` read. */
  value = 0;
  /** The message, and zeros behind it. */
  bytes = new Uint8Array(FIRST_SIZE);
  view = new DataView(this.bytes.buffer);

  /** Everything that follows is about this message, whose first position is 0. */
  begin(message: Uint8Array): void {
    const { length } = message;
    if (length + ZEROS > this.bytes.length) {
      // As large as the largest message that the connection lets through, and no larger.
      this.bytes = new Uint8Array(length + ZEROS);
      this.view = new DataView(this.bytes.buffer);
    }
    this.bytes.set(message);
    this.view.setFloat64(length, 0);
  }

  /** A whole number from 0 to 2^53 - 1, in digits. */
  integer(at: number): number {
    const { bytes, view } = this;
    const start = at;
    // Eight digits at most in each half, so that both are counted in 32 bits.
    let high = 0;
    while (at - start < HALF_DIGITS) {
      const four = fourDigits(view.getInt32(at, true));
      if (four < 0) break;
      high = high * 10_000 + four;
      at += 4;
    }
    const middle = at;
    let low = 0;
    while (middle - start === HALF_DIGITS && at - middle < HALF_DIGITS) {
      const four = fourDigits(view.getInt32(at, true));
      if (four < 0) break;
      low = low * 10_000 + four;
      at += 4;
    }
    let digit = bytes[at]! - ZERO;
    while (digit >>> 0 <= 9 && at - middle < HALF_DIGITS) {
      low = low * 10 + digit;
      at += 1;
      digit = bytes[at]! - ZERO;
    }
    if (at === start || digit >>> 0 <= 9 || (bytes[start] === ZERO && at - start > 1)) return NOT_PLAIN;
    return this.accept(high * POWERS[at - middle]! + low, at);
  }

  /**
   * A decimal in quotes, `at` being the position after the first of them, as a whole number of 10^-decimals. A value
   * that lies between two of these is not plain.
   */
  decimal(at: number, decimals: number): number {
    const { bytes, view } = this;
    const start = at;
    let whole = fourDigits(view.getInt32(at, true));
    if (whole < 0) whole = 0;
    else at += 4;
    let digit = bytes[at]! - ZERO;
    while (digit >>> 0 <= 9 && at - start < HALF_DIGITS) {
      whole = whole * 10 + digit;
      at += 1;
      digit = bytes[at]! - ZERO;
    }
    // Few numbers are so large that 32 bits do not hold them.
    let large = whole;
    while (digit >>> 0 <= 9) {
      large = large * 10 + digit;
      at += 1;
      digit = bytes[at]! - ZERO;
    }
    if (at === start || at - start > DIGITS_MAX) return NOT_PLAIN;
    let fraction = 0;
    let missing = decimals;
    if (digit === POINT - ZERO) {
      at += 1;
      // The venue writes eight decimals, whatever the grid.
      const high = fourDigits(view.getInt32(at, true));
      const low = fourDigits(view.getInt32(at + 4, true));
      if (high >= 0 && low >= 0 && bytes[at + 8] === QUOTE) {
        const part = (high * 10_000 + low) / POWERS[8 - decimals]!;
        if (part !== Math.trunc(part)) return NOT_PLAIN;
        return this.accept(large * POWERS[decimals]! + part, at + 9);
      }
      const fractionStart = at;
      while (missing >= 4) {
        const four = fourDigits(view.getInt32(at, true));
        if (four < 0) break;
        fraction = fraction * 10_000 + four;
        missing -= 4;
        at += 4;
      }
      digit = bytes[at]! - ZERO;
      while (missing > 0 && digit >>> 0 <= 9) {
        fraction = fraction * 10 + digit;
        missing -= 1;
        at += 1;
        digit = bytes[at]! - ZERO;
      }
      // Zeros beyond the places of the grid say nothing.
      while (view.getInt32(at, true) === FOUR_ZEROS) at += 4;
      while (bytes[at] === ZERO) at += 1;
      if (at === fractionStart || at - fractionStart > DIGITS_MAX) return NOT_PLAIN;
    }
    if (bytes[at] !== QUOTE) return NOT_PLAIN;
    return this.accept(large * POWERS[decimals]! + fraction * POWERS[missing]!, at + 1);
  }

  /** `[["price","quantity"],...]`, `at` being the position of the first bracket. A price of zero is not plain. */
  levels(at: number, levels: LevelList, priceDecimals: number, quantityDecimals: number): number {
    const { bytes } = this;
    levels.clear();
    if (bytes[at] !== OPEN_BRACKET) return NOT_PLAIN;
    at += 1;
    if (bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      if (bytes[at] !== OPEN_BRACKET || bytes[at + 1] !== QUOTE) return NOT_PLAIN;
      at = this.decimal(at + 2, priceDecimals);
      const price = this.value;
      if (at === NOT_PLAIN || price === 0 || bytes[at] !== COMMA || bytes[at + 1] !== QUOTE) return NOT_PLAIN;
      at = this.decimal(at + 2, quantityDecimals);
      if (at === NOT_PLAIN || bytes[at] !== CLOSE_BRACKET) return NOT_PLAIN;
      levels.push(price as Ticks, this.value as Lots);
      const next = bytes[at + 1];
      at += 2;
      if (next === CLOSE_BRACKET) return at;
      if (next !== COMMA) return NOT_PLAIN;
    }
  }

  /** A string of printable ASCII without escapes or braces, `at` being the position after its first quote. */
  text(at: number): number {
    const { bytes } = this;
    while (IS_PLAIN[bytes[at]!] === 1) at += 1;
    return bytes[at] === QUOTE ? at + 1 : NOT_PLAIN;
  }

  /** `true` or `false`; `value` is 1 or 0 then. */
  flag(at: number): number {
    const word = this.view.getInt32(at, true);
    this.value = word === TRUE ? 1 : 0;
    if (word === TRUE) return at + 4;
    return word === FALS && this.bytes[at + 4] === LETTER_E ? at + 5 : NOT_PLAIN;
  }

  private accept(value: number, at: number): number {
    // Rounding never brings a count that is 2^53 or more below it.
    if (value > Number.MAX_SAFE_INTEGER) return NOT_PLAIN;
    this.value = value;
    return at;
  }

  /** A value that nobody asks for. */
  skip(at: number): number {
    const byte = this.bytes[at]!;
    if (byte === QUOTE) return this.text(at + 1);
    return (byte - ZERO) >>> 0 <= 9 ? this.integer(at) : this.flag(at);
  }

  /** Whether the message goes on with a text of four bytes or more. */
  spells(at: number, { words, length }: Spelling): boolean {
    const { view } = this;
    const last = words.length - 1;
    for (let i = 0; i < last; i += 1) if (view.getInt32(at + 4 * i, true) !== words[i]) return false;
    return view.getInt32(at + length - 4, true) === words[last];
  }
}

/**
 * The number that four bytes spell, the first of them being the lowest; below zero when one of them is no digit. Neighbours
 * are added in pairs, and the pairs then: no byte ever carries into the next.
 */
function fourDigits(word: number): number {
  // A digit is 0x30 to 0x39: its upper half is 3, and stays 3 when 6 is added.
  if ((word & HIGH_HALVES) !== FOUR_ZEROS || ((word + SIXES) & HIGH_HALVES) !== FOUR_ZEROS) return -1;
  const digits = word & LOW_HALVES;
  const pairs = (Math.imul(digits, 10) + (digits >> 8)) & 0x00ff00ff;
  return (pairs & 0xff) * 100 + (pairs >> 16);
}

/** A text in words of four bytes; the last word ends where the text does, and may begin in the one before. */
export interface Spelling {
  readonly words: Int32Array;
  readonly length: number;
}

export function spellingOf(text: string): Spelling {
  const bytes = new TextEncoder().encode(text);
  const view = new DataView(bytes.buffer);
  const words = new Int32Array(Math.ceil(bytes.length / 4));
  for (let i = 0; i < words.length - 1; i += 1) words[i] = view.getInt32(4 * i, true);
  words[words.length - 1] = view.getInt32(bytes.length - 4, true);
  return { words, length: bytes.length };
}

export const codeOf = (character: string): number => character.charCodeAt(0);
const wordOf = (text: string): number => spellingOf(text).words[0]!;

const ZERO = codeOf('0');
const POINT = codeOf('.');
const LETTER_E = codeOf('e');
export const QUOTE = codeOf('"');
export const COMMA = codeOf(',');
const OPEN_BRACKET = codeOf('[');
const CLOSE_BRACKET = codeOf(']');
export const CLOSE_BRACE = codeOf('}');

const FOUR_ZEROS = wordOf('0000');
const TRUE = wordOf('true');
const FALS = wordOf('fals');
const HIGH_HALVES = 0xf0f0f0f0 | 0;
const LOW_HALVES = 0x0f0f0f0f;
const SIXES = 0x06060606;

/** By byte: 1 for what a string may hold here. */
const IS_PLAIN = new Uint8Array(256);
for (let byte = codeOf(' '); byte <= codeOf('~'); byte += 1) IS_PLAIN[byte] = 1;
for (const character of '"\\}') IS_PLAIN[codeOf(character)] = 0;

/** Enough for most messages of most markets. */
const FIRST_SIZE = 65_536;
/** As many as are looked at together. */
const ZEROS = 8;
/** So many digits are counted in 32 bits, the fastest way; twice as many may still be below 2^53. */
const HALF_DIGITS = 8;
/** On each side of the point: more than the venue sends, and few enough for the slower reader to agree. */
const DIGITS_MAX = 40;
/** 10^0 to 10^8. */
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
