import { type Amount, fromUnits, unitsOf } from './exact.ts';
import { roundNear } from './rounding.ts';
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
    else this.addParts(other);
  }

  subtract(other: Tally): void {
    const atoms = this.atoms - other.atoms;
    if (Math.abs(atoms) <= SAFE) this.atoms = atoms;
    else this.subtractParts(other);
  }

  /**
   * Sets this to a x b x 10^-decimals, rounded at 8 decimals to the named side.
   * @param a, b  whole numbers from 0 to 2^53: a price and a quantity counted in 10^-(their own decimals)
   * @param decimals  the decimals of a and b together, 0 to 16
   */
  setProduct(a: number, b: number, decimals: number, roundUp: boolean): void {
    const scaled = a * b * BELOW_ATOMS[decimals]!;
    if (scaled <= SAFE) this.atoms = round(scaled / BEYOND_ATOMS[decimals]!, roundUp);
    else this.setBigQuotient(BigInt(a) * BigInt(b) * BIG_ATOMS, 10n ** BigInt(decimals), roundUp);
  }

  /**
   * Sets this to other x numerator / denominator, rounded at 8 decimals to the named side. `other` is not below zero.
   * @param numerator, denominator  whole numbers from 0 (1) to 2^53
   */
  setShare(other: Tally, numerator: number, denominator: number, roundUp: boolean): void {
    const scaled = other.atoms * numerator;
    if (scaled <= SAFE) this.atoms = round(scaled / denominator, roundUp);
    else if (!this.setNear(scaled / denominator, roundUp))
      this.setBigQuotient(other.bigAtoms() * BigInt(numerator), BigInt(denominator), roundUp);
  }

  /** Sets this to other x part / whole, rounded to the named side; all not below zero, `whole` above it. */
  setProportion(other: Tally, part: Tally, whole: Tally, roundUp: boolean): void {
    const scaled = other.atoms * part.atoms;
    const divisor = whole.atoms;
    if (scaled <= SAFE && divisor <= SAFE) this.atoms = round(scaled / divisor, roundUp);
    else if (!this.setNear(scaled / divisor, roundUp))
      this.setBigQuotient(other.bigAtoms() * part.bigAtoms(), whole.bigAtoms(), roundUp);
  }

  /**
   * Sets this to other / (price x 10^-decimals), rounded at 8 decimals to the named side: a value in another asset.
   * `other` is not below zero.
   * @param price  a whole number from 1 to 2^53
   */
  setQuotient(other: Tally, price: number, decimals: number, roundUp: boolean): void {
    this.setBigQuotient(other.bigAtoms() * 10n ** BigInt(decimals), BigInt(price), roundUp);
  }

  /**
   * How many units this amount, which is not below zero, pays for: floor(this / (price x 10^-decimals)).
   * @param price  a whole number from 1 to 2^53
   * @param decimals  the decimals of the price and of the counted units together, 0 to 16
   * @returns a whole number; Infinity when it passes 2^53
   */
  affordable(price: number, decimals: number): number {
    const scaled = this.atoms * BEYOND_ATOMS[decimals]!;
    const unit = price * BELOW_ATOMS[decimals]!;
    // A quotient of integers below 2^53 never rounds across a whole number.
    return scaled <= SAFE && unit <= SAFE ? Math.floor(scaled / unit) : this.bigAffordable(price, decimals);
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
    return this.isLessInParts(other);
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

  // What is beyond doubles stands in methods of its own, so that V8 finds the others small enough to be inlined.

  private addParts(other: Tally): void {
    this.setParts(this.wholePart + other.wholePart, this.restPart + other.restPart);
  }

  private subtractParts(other: Tally): void {
    this.setParts(this.wholePart - other.wholePart, this.restPart - other.restPart);
  }

  private isLessInParts(other: Tally): boolean {
    const { wholePart } = this;
    return wholePart < other.wholePart || (wholePart === other.wholePart && this.restPart < other.restPart);
  }

  /** Sets this to the whole number beside a quotient that doubles approximate; false where they leave open to which side it rounds. */
  private setNear(near: number, roundUp: boolean): boolean {
    const atoms = roundNear(near, roundUp ? 'ceiling' : 'floor');
    if (atoms === undefined) return false;
    this.atoms = atoms;
    return true;
  }

  private setBigQuotient(numerator: bigint, denominator: bigint, roundUp: boolean): void {
    const quotient = numerator / denominator;
    this.setBigAtoms(roundUp && quotient * denominator !== numerator ? quotient + 1n : quotient);
  }

  private bigAffordable(price: number, decimals: number): number {
    const count = (this.bigAtoms() * 10n ** BigInt(decimals)) / (BigInt(price) * BIG_ATOMS);
    return count <= BigInt(SAFE) ? Number(count) : Number.POSITIVE_INFINITY;
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
    if (Math.abs(small) <= SAFE) this.atoms = small;
    else this.keepBigAtoms(atoms);
  }

  private keepBigAtoms(atoms: bigint): void {
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
/** For each number of decimals from 0 to 16: 10^(8 - decimals) up to 8, and 10^(decimals - 8) from there; else 1. */
const BELOW_ATOMS: readonly number[] = [1e8, 1e7, 1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1, 1, 1, 1, 1, 1, 1, 1, 1];
const BEYOND_ATOMS: readonly number[] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8];

/** A quotient of integers below 2^53 never rounds across a whole number, so that floor and ceil of the double are exact. */
const round = (quotient: number, isUp: boolean): number =>
  isUp ? Math.ceil(quotient) : Math.floor(quotient);
