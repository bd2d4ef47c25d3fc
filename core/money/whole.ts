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

/** `Number(whole)`: exact below 2^53, else the nearest double. */
export function toDouble(whole: bigint): number {
  // Wraps around for what has more than 64 bits, which the last comparison finds.
  bits[0] = MIDDLE_BITS + whole;
  const moved = double[0]!;
  return moved >= 2 ** 52 && moved < 2 ** 53 && BigInt.asIntN(64, whole) === whole
    ? moved - MIDDLE
    : Number(whole);
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
