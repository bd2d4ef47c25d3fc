/** core/money/tally.ts on doubles: one number. */
import type { Amount } from '../../core/money/exact.ts';
import { fromNumber, numberOf } from './exact.ts';
import { roundTo8 } from './rounding.ts';

/** What is less below zero than this is noise: half of the smallest amount. */
const NOISE = 5e-9;

export class Tally {
  private value = 0;

  /** A double holds any amount, if not its digits. */
  static holds(_amount: Amount): boolean {
    return true;
  }

  static of(amount: Amount): Tally {
    const tally = new Tally();
    tally.setAmount(amount);
    return tally;
  }

  set(other: Tally): void {
    this.value = other.value;
  }

  clear(): void {
    this.value = 0;
  }

  setAmount(amount: Amount): void {
    this.value = numberOf(amount);
  }

  add(other: Tally): void {
    this.value += other.value;
  }

  subtract(other: Tally): void {
    this.value -= other.value;
  }

  setProduct(a: number, b: number, decimals: number, roundUp: boolean): void {
    const product = (a * b) / (POWERS[decimals] as number);
    this.value = decimals <= 8 ? product : roundTo8(product, roundUp);
  }

  setShare(other: Tally, numerator: number, denominator: number, roundUp: boolean): void {
    this.value = roundTo8((other.value * numerator) / denominator, roundUp);
  }

  setProportion(other: Tally, part: Tally, whole: Tally, roundUp: boolean): void {
    this.value = roundTo8((other.value * part.value) / whole.value, roundUp);
  }

  setQuotient(other: Tally, price: number, decimals: number, roundUp: boolean): void {
    this.value = roundTo8((other.value * (POWERS[decimals] as number)) / price, roundUp);
  }

  affordable(price: number, decimals: number): number {
    return Math.floor((this.value * (POWERS[decimals] as number)) / price);
  }

  storeAt(counts: Float64Array, _rests: Uint32Array, index: number): void {
    counts[index] = this.value;
  }

  loadFrom(counts: Float64Array, _rests: Uint32Array, index: number): void {
    this.value = counts[index]!;
  }

  get isZero(): boolean {
    return this.value === 0;
  }

  isLessThan(other: Tally): boolean {
    return this.value < other.value - NOISE;
  }

  toAmount<A extends Amount = Amount>(): A {
    return fromNumber<A>(this.value);
  }

  toNumber(): number {
    return this.value;
  }
}

const POWERS: readonly number[] = Array.from({ length: 17 }, (_, power) => 10 ** power);
