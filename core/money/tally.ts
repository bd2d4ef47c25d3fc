import { type Amount, fromUnits, unitsOf } from './exact.ts';
import { toBig, toDouble } from './whole.ts';

/**
 * The mutable companion of `Amount` for hot loops: an exact running amount with 8 decimals that never allocates.
 *
 * It is held as two integers in doubles, value = whole + atoms / 10^8, so it is exact up to 2^53 whole units (9 x 10^15).
 * While all of it fits into `atoms`, up to 90 million units, `whole` is 0 and there is one number to reckon with; beyond
 * that, where the wallet of a cheap coin may be, 0 <= atoms < 10^8. Products go through doubles while they stay below 2^53
 * and through bigint beyond, so the result never depends on the path. Measured against bigint on every fill in docs/performance.md.
 */
export class Tally {
  private whole = 0;
  private atoms = 0;

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
    this.whole = other.whole;
    this.atoms = other.atoms;
  }

  clear(): void {
    this.whole = 0;
    this.atoms = 0;
  }

  setAmount(amount: Amount): void {
    this.setBigAtoms(unitsOf(amount));
  }

  add(other: Tally): void {
    const atoms = this.atoms + other.atoms;
    if (this.whole === 0 && other.whole === 0 && Math.abs(atoms) <= SAFE) this.atoms = atoms;
    else this.setParts(this.wholePart + other.wholePart, this.atomPart + other.atomPart);
  }

  subtract(other: Tally): void {
    const atoms = this.atoms - other.atoms;
    if (this.whole === 0 && other.whole === 0 && Math.abs(atoms) <= SAFE) this.atoms = atoms;
    else this.setParts(this.wholePart - other.wholePart, this.atomPart - other.atomPart);
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
      if (scaled <= SAFE) this.setAtoms(scaled);
      else this.setBigAtoms(BigInt(a) * BigInt(b) * 10n ** BigInt(8 - decimals));
    } else if (product <= SAFE) {
      const scaled = product / (POWERS[decimals - 8] as number);
      this.setAtoms(roundUp ? Math.ceil(scaled) : Math.floor(scaled));
    } else {
      this.setBigAtoms(divideBig(BigInt(a) * BigInt(b), 10n ** BigInt(decimals - 8), roundUp));
    }
  }

  /**
   * Sets this to other x numerator / denominator, rounded at 8 decimals to the named side. `other` is not below zero.
   * @param numerator, denominator  whole numbers from 0 (1) to 2^53
   */
  setShare(other: Tally, numerator: number, denominator: number, roundUp: boolean): void {
    const scaled = other.count * numerator;
    // A quotient of integers below 2^53 never rounds across a whole number, so floor and ceil of the double are exact.
    if (scaled <= SAFE) {
      const quotient = scaled / denominator;
      this.setAtoms(roundUp ? Math.ceil(quotient) : Math.floor(quotient));
    } else {
      this.setBigAtoms(divideBig(other.bigAtoms() * BigInt(numerator), BigInt(denominator), roundUp));
    }
  }

  /** Sets this to other x part / whole, rounded to the named side; all not below zero, `whole` above it. */
  setProportion(other: Tally, part: Tally, whole: Tally, roundUp: boolean): void {
    const scaled = other.count * part.count;
    const divisor = whole.count;
    if (scaled <= SAFE && divisor <= SAFE) {
      this.setAtoms(roundUp ? Math.ceil(scaled / divisor) : Math.floor(scaled / divisor));
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
    const atoms = this.count;
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
  storeAt(wholes: Float64Array, atoms: Uint32Array, index: number): void {
    wholes[index] = this.wholePart;
    atoms[index] = this.atomPart;
  }

  loadFrom(wholes: Float64Array, atoms: Uint32Array, index: number): void {
    this.setParts(wholes[index]!, atoms[index]!);
  }

  get isZero(): boolean {
    return this.whole === 0 && this.atoms === 0;
  }

  isLessThan(other: Tally): boolean {
    return this.whole < other.whole || (this.whole === other.whole && this.atoms < other.atoms);
  }

  toAmount<A extends Amount = Amount>(): A {
    return fromUnits<A>(this.bigAtoms());
  }

  /** For statistics: the nearest double, beyond 90 million or the one beside it. */
  toNumber(): number {
    return this.whole + this.atoms / ATOMS;
  }

  /** The nearest double to the count of atoms; exact while that is below 2^53. */
  private get count(): number {
    return this.whole * ATOMS + this.atoms;
  }

  private get wholePart(): number {
    return this.whole === 0 ? Math.floor(this.atoms / ATOMS) : this.whole;
  }

  /** What is beyond the whole part, from 0 to 10^8. */
  private get atomPart(): number {
    return this.whole === 0 ? this.atoms - this.wholePart * ATOMS : this.atoms;
  }

  /** @param atoms  above -10^8 and below 2 x 10^8 */
  private setParts(whole: number, atoms: number): void {
    const count = whole * ATOMS + atoms;
    if (Math.abs(count) <= SAFE) {
      this.setAtoms(count);
      return;
    }
    const carry = Math.floor(atoms / ATOMS);
    this.whole = whole + carry;
    this.atoms = atoms - carry * ATOMS;
  }

  private setAtoms(atoms: number): void {
    this.whole = 0;
    this.atoms = atoms;
  }

  private setBigAtoms(atoms: bigint): void {
    const small = toDouble(atoms);
    if (Math.abs(small) <= SAFE) {
      this.setAtoms(small);
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
    this.whole = Number(whole);
    this.atoms = Number(rest);
  }

  private bigAtoms(): bigint {
    return this.whole === 0 ? toBig(this.atoms) : BigInt(this.whole) * BIG_ATOMS + BigInt(this.atoms);
  }
}

const ATOMS = 1e8;
const BIG_ATOMS = 100_000_000n;
const SAFE = Number.MAX_SAFE_INTEGER;
const POWERS: readonly number[] = [1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

function divideBig(numerator: bigint, denominator: bigint, roundUp: boolean): bigint {
  const quotient = numerator / denominator;
  return roundUp && quotient * denominator !== numerator ? quotient + 1n : quotient;
}
