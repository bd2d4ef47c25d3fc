import { DECIMALS_MAX, POWERS_OF_TEN, type Row } from './row.ts';

const NEWLINE = 10;
const CARRIAGE_RETURN = 13;
const COMMA = 44;
const POINT = 46;
const ZERO = 48;

const VOLUME = 4;

/**
 * Reads one row in the spelling that nearly all rows have: digits and at most one point a value, no sign, no exponent,
 * and a bar that makes sense. Digits go straight into whole numbers: no string, and no double that is not whole.
 *
 * @param at  where the row begins; a newline lies at or behind it
 * @returns where the next row begins, or -1 when the row is anything else: readRowWithCare then reads it or names the fault
 */
export function readPlainRow(bytes: Uint8Array, at: number, columnCount: number, row: Row): number {
  at = readTime(bytes, at, row);
  if (at < 0) return -1;
  row.roundedPrices = 0;
  row.roundedVolumes = 0;
  for (let index = 0; index <= VOLUME; index += 1) {
    if (bytes[at] !== COMMA) return -1;
    at = readValue(bytes, at + 1, index, row);
    if (at < 0) return -1;
  }
  if (!isSoundBar(row.mantissas, row.decimals)) return -1;
  for (let column = 6; column < columnCount; column += 1) {
    if (bytes[at] !== COMMA) return -1;
    at += 1;
    while (bytes[at] !== COMMA && bytes[at] !== NEWLINE && bytes[at] !== CARRIAGE_RETURN) at += 1;
  }
  if (bytes[at] === CARRIAGE_RETURN) at += 1;
  return bytes[at] === NEWLINE ? at + 1 : -1;
}

function readTime(bytes: Uint8Array, at: number, row: Row): number {
  let time = 0;
  const start = at;
  for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
    time = time * 10 + digit;
    at += 1;
  }
  const length = at - start;
  if (length === 16 && time % 1000 === 0) time /= 1000;
  else if (length !== 13) return -1;
  row.openTimeMs = time;
  return at;
}

function readValue(bytes: Uint8Array, at: number, index: number, row: Row): number {
  const start = at;
  let mantissa = 0;
  for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
    mantissa = mantissa * 10 + digit;
    at += 1;
  }
  if (at === start) return -1;
  let decimals = 0;
  let isNoisy = false;
  let noise = 0;
  if (bytes[at] === POINT) {
    const point = at;
    at += 1;
    for (let digit = bytes[at]! - ZERO; digit >= 0 && digit <= 9; digit = bytes[at]! - ZERO) {
      // A zero counts only when another digit follows it, so that trailing ones never enter the mantissa.
      if (digit !== 0) {
        const position = at - point;
        if (position <= DECIMALS_MAX) {
          mantissa = mantissa * POWERS_OF_TEN[position - decimals]! + digit;
          decimals = position;
        } else {
          isNoisy = true;
          if (position === DECIMALS_MAX + 1) noise = digit;
        }
      }
      at += 1;
    }
    if (at === point + 1) return -1;
  }
  if (isNoisy) {
    mantissa = mantissa * POWERS_OF_TEN[DECIMALS_MAX - decimals]! + (noise >= 5 ? 1 : 0);
    if (mantissa > Number.MAX_SAFE_INTEGER) return -1;
    decimals = DECIMALS_MAX;
    for (; decimals > 0 && mantissa % 10 === 0; decimals -= 1) mantissa /= 10;
    if (index === VOLUME) row.roundedVolumes += 1;
    else row.roundedPrices += 1;
  }
  // Below 2^53 every step above was exact, and what passed it is still above it here.
  if (mantissa > Number.MAX_SAFE_INTEGER) return -1;
  row.mantissas[index] = mantissa;
  row.decimals[index] = decimals;
  return at;
}

function isSoundBar(mantissas: Float64Array, decimals: Int32Array): boolean {
  const scale = Math.max(decimals[0]!, decimals[1]!, decimals[2]!, decimals[3]!);
  const open = mantissas[0]! * POWERS_OF_TEN[scale - decimals[0]!]!;
  const high = mantissas[1]! * POWERS_OF_TEN[scale - decimals[1]!]!;
  const low = mantissas[2]! * POWERS_OF_TEN[scale - decimals[2]!]!;
  const close = mantissas[3]! * POWERS_OF_TEN[scale - decimals[3]!]!;
  return (
    low > 0 && open >= low && close >= low && high >= open && high >= close && high <= Number.MAX_SAFE_INTEGER
  );
}
