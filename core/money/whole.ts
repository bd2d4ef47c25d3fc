/**
 * Between a whole number in a bigint and the same in a double. `Number(...)` and `BigInt(...)` are calls out of compiled
 * code, about four times as dear as what is here, and an order of a backtest makes several of each.
 *
 * From 2^52 to 2^53 doubles lie one apart, so that their bits, read as an integer, count as they do: a small whole number
 * is added to the middle of that range in one notation and taken off again in the other.
 */
const bits = new BigInt64Array(1);
const double = new Float64Array(bits.buffer);
const MIDDLE = 2 ** 52 + 2 ** 51;
const MIDDLE_BITS = 0x4338_0000_0000_0000n;
const SMALL = 2 ** 51;
const LEAST = -(1n << 51n);
const MOST = 1n << 51n;

/** `Number(whole)`: exact below 2^53, else the nearest double. */
export function toDouble(whole: bigint): number {
  if (whole >= MOST || whole <= LEAST) return Number(whole);
  bits[0] = MIDDLE_BITS + whole;
  return double[0]! - MIDDLE;
}

/** `BigInt(whole)`: throws a RangeError for what is not whole. */
export function toBig(whole: number): bigint {
  const moved = MIDDLE + whole;
  if (Math.abs(whole) < SMALL && moved - MIDDLE === whole) {
    double[0] = moved;
    return bits[0]! - MIDDLE_BITS;
  }
  return BigInt(whole);
}
