import { type Amount, fromUnits, unitsOf } from './exact.ts';
import { toBig, toDouble } from './whole.ts';

/**
 * The mutable companion of `Amount` for hot loops: an exact running amount with 8 decimals that never allocates.
 *
 * It is an integer in a double, the count of atoms (10^-8), up to 90 million units. Beyond that, where the wallet of a cheap
 * coin may be, `atoms` is NaN and the amount stands in two integers, whole + rest / 10^8 with 0 <= rest < 10^8, so that it
 * is exact up to 2^53 whole units (9 x 10^15). NaN is never at most 2^53, so that one comparison with what was computed from
 * the counts tells whether it may be used. Products go through doubles while they stay below 2^53 and through bigint
 * beyond, so the result never depends on the path. Measured against bigint on every fill in docs/performance.md.
 */
export class Tally {
  private atoms = 0;
  private whole = 0;
  private rest = 0;

  /** Whether an amount is small enough to be held: at most 2^53 whole units. */
  static holds(amount: Amount): boolean {
    return Math.abs(toDouble(unitsOf(amount))) <= SAFE * ATOMS;
  }

  static of(amount: Amount): Tally {
    const tally = new Tally();
    tally.setAmount(amount);
    return tally;
  }

  set(other: Tally): void {
    this.atoms = other.atoms;
    if (other.isBeyondAtoms) this.keepParts(other.whole, other.rest);
  }

  clear(): void {
    this.atoms = 0;
  }

  setAmount(amount: Amount): void {
    this.setBigAtoms(unitsOf(amount));
  }

  add(other: Tally): void {
    const atoms = this.atoms + other.atoms;
    if (Math.abs(atoms) <= SAFE) this.atoms = atoms;
    else this.setParts(this.wholePart + other.wholePart, this.restPart + other.restPart);
  }

  subtract(other: Tally): void {
    const atoms = this.atoms - other.atoms;
    if (Math.abs(atoms) <= SAFE) this.atoms = atoms;
    else this.setParts(this.wholePart - other.wholePart, this.restPart - other.restPart);
  }

  /**
   * Sets this to a x b x 10^-decimals, rounded at 8 decimals to the named side.
   * @param a, b  whole numbers from 0 to 2^53: a price and a quantity counted in 10^-(their own decimals)
   * @param decimals  the decimals of a and b together, 0 to 16
   */
  setProduct(a: number, b: number, decimals: number, roundUp: boolean): void {
    const product = a * b;
    if (decimals <= 8) {
      const scaled = product * (POWERS[8 - decimals] as number);
      if (scaled <= SAFE) this.atoms = scaled;
      else this.setBigAtoms(BigInt(a) * BigInt(b) * 10n ** BigInt(8 - decimals));
    } else if (product <= SAFE) {
      const scaled = product / (POWERS[decimals - 8] as number);
      this.atoms = roundUp ? Math.ceil(scaled) : Math.floor(scaled);
    } else {
      this.setBigAtoms(divideBig(BigInt(a) * BigInt(b), 10n ** BigInt(decimals - 8), roundUp));
    }
  }

  /**
   * Sets this to other x numerator / denominator, rounded at 8 decimals to the named side. `other` is not below zero.
   * @param numerator, denominator  whole numbers from 0 (1) to 2^53
   */
  setShare(other: Tally, numerator: number, denominator: number, roundUp: boolean): void {
    const scaled = other.atoms * numerator;
    // A quotient of integers below 2^53 never rounds across a whole number, so floor and ceil of the double are exact.
    if (scaled <= SAFE) {
      const quotient = scaled / denominator;
      this.atoms = roundUp ? Math.ceil(quotient) : Math.floor(quotient);
    } else {
      this.setBigAtoms(divideBig(other.bigAtoms() * BigInt(numerator), BigInt(denominator), roundUp));
    }
  }

  /** Sets this to other x part / whole, rounded to the named side; all not below zero, `whole` above it. */
  setProportion(other: Tally, part: Tally, whole: Tally, roundUp: boolean): void {
    const scaled = other.atoms * part.atoms;
    const divisor = whole.atoms;
    if (scaled <= SAFE && divisor <= SAFE) {
      this.atoms = roundUp ? Math.ceil(scaled / divisor) : Math.floor(scaled / divisor);
    } else {
      this.setBigAtoms(divideBig(other.bigAtoms() * part.bigAtoms(), whole.bigAtoms(), roundUp));
    }
  }

  /**
   * Sets this to other / (price x 10^-decimals), rounded at 8 decimals to the named side: a value in another asset.
   * `other` is not below zero.
   * @param price  a whole number from 1 to 2^53
   */
  setQuotient(other: Tally, price: number, decimals: number, roundUp: boolean): void {
    this.setBigAtoms(divideBig(other.bigAtoms() * 10n ** BigInt(decimals), BigInt(price), roundUp));
  }

  /**
   * How many units this amount, which is not below zero, pays for: floor(this / (price x 10^-decimals)).
   * @param price  a whole number from 1 to 2^53
   * @param decimals  the decimals of the price and of the counted units together, 0 to 16
   * @returns a whole number; Infinity when it passes 2^53
   */
  affordable(price: number, decimals: number): number {
    const { atoms } = this;
    // As with shares, a quotient of integers below 2^53 never rounds across a whole number.
    if (decimals <= 8) {
      const unit = price * (POWERS[8 - decimals] as number);
      if (atoms <= SAFE && unit <= SAFE) return Math.floor(atoms / unit);
    } else {
      const scaled = atoms * (POWERS[decimals - 8] as number);
      if (scaled <= SAFE) return Math.floor(scaled / price);
    }
    const count = (this.bigAtoms() * 10n ** BigInt(decimals)) / (BigInt(price) * BIG_ATOMS);
    return count <= BigInt(SAFE) ? Number(count) : Number.POSITIVE_INFINITY;
  }

  /** Keeps this at an index of two columns, for logs that must not retain objects. */
  storeAt(counts: Float64Array, rests: Uint32Array, index: number): void {
    const { isBeyondAtoms } = this;
    counts[index] = isBeyondAtoms ? this.whole : this.atoms;
    rests[index] = isBeyondAtoms ? this.rest : NO_REST;
  }

  loadFrom(counts: Float64Array, rests: Uint32Array, index: number): void {
    const [count, rest] = [counts[index]!, rests[index]!];
    if (rest === NO_REST) this.atoms = count;
    else this.keepParts(count, rest);
  }

  get isZero(): boolean {
    return this.atoms === 0;
  }

  isLessThan(other: Tally): boolean {
    const { atoms } = this;
    if (atoms < other.atoms) return true;
    if (atoms >= other.atoms) return false;
    const { wholePart } = this;
    return wholePart < other.wholePart || (wholePart === other.wholePart && this.restPart < other.restPart);
  }

  toAmount<A extends Amount = Amount>(): A {
    return fromUnits<A>(this.bigAtoms());
  }

  /** For statistics: the nearest double, beyond 90 million or the one beside it. */
  toNumber(): number {
    return this.isBeyondAtoms ? this.whole + this.rest / ATOMS : this.atoms / ATOMS;
  }

  private get isBeyondAtoms(): boolean {
    return Number.isNaN(this.atoms);
  }

  private get wholePart(): number {
    return this.isBeyondAtoms ? this.whole : Math.floor(this.atoms / ATOMS);
  }

  /** In atoms, what is beyond the whole part: from 0 to 10^8. */
  private get restPart(): number {
    return this.isBeyondAtoms ? this.rest : this.atoms - this.wholePart * ATOMS;
  }

  /** @param rest  above -10^8 and below 2 x 10^8 */
  private setParts(whole: number, rest: number): void {
    const atoms = whole * ATOMS + rest;
    if (Math.abs(atoms) <= SAFE) {
      this.atoms = atoms;
      return;
    }
    const carry = Math.floor(rest / ATOMS);
    this.keepParts(whole + carry, rest - carry * ATOMS);
  }

  private keepParts(whole: number, rest: number): void {
    this.atoms = Number.NaN;
    this.whole = whole;
    this.rest = rest;
  }

  private setBigAtoms(atoms: bigint): void {
    const small = toDouble(atoms);
    if (Math.abs(small) <= SAFE) {
      this.atoms = small;
      return;
    }
    let rest = atoms % BIG_ATOMS;
    let whole = atoms / BIG_ATOMS;
    if (rest < 0n) {
      rest += BIG_ATOMS;
      whole -= 1n;
    }
    if (whole > BigInt(SAFE) || whole < -BigInt(SAFE))
      throw new RangeError(`amount beyond 2^53 whole units: ${whole}`);
    this.keepParts(Number(whole), Number(rest));
  }

  private bigAtoms(): bigint {
    return this.isBeyondAtoms ? BigInt(this.whole) * BIG_ATOMS + BigInt(this.rest) : toBig(this.atoms);
  }
}

const ATOMS = 1e8;
const BIG_ATOMS = 100_000_000n;
const SAFE = Number.MAX_SAFE_INTEGER;
/** In a column of rests: no rest is that large, and what is counted stands in the other column alone. */
const NO_REST = 2 ** 32 - 1;
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

function divideBig(numerator: bigint, denominator: bigint, roundUp: boolean): bigint {
  const quotient = numerator / denominator;
  return roundUp && quotient * denominator !== numerator ? quotient + 1n : quotient;
}
