/**
 * A sum of amounts that stays exact at any size and allocates nothing while the amounts are small: two integers in doubles,
 * value = high x 2^50 + low. Exact below 2^103, which in 10^-8 is 10^23 units.
 */
export class ExactSum {
  high = 0;
  /** From 0 up to, but not, 2^50. */
  low = 0;

  clear(): void {
    this.high = 0;
    this.low = 0;
  }

  /** @param amount  not below zero */
  add(amount: bigint): void {
    const small = Number(amount);
    if (small <= SMALL_MAX) {
      this.carry(this.low + small);
    } else {
      this.high += Number(amount >> SPLIT_BITS);
      this.carry(this.low + Number(amount & LOW_MASK));
    }
  }

  addSum(other: ExactSum): void {
    this.high += other.high;
    this.carry(this.low + other.low);
  }

  get value(): bigint {
    return (BigInt(this.high) << SPLIT_BITS) + BigInt(this.low);
  }

  private carry(low: number): void {
    const over = Math.floor(low / SPLIT);
    this.high += over;
    this.low = low - over * SPLIT;
  }
}

const SPLIT_BITS = 50n;
const SPLIT = 2 ** 50;
const LOW_MASK = (1n << SPLIT_BITS) - 1n;
/** An amount so small stays exact when a `low` is added to it. */
const SMALL_MAX = 2 ** 52;
