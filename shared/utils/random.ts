/** Chance that comes from outside. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  nextUint32(): number;
  /** From 0 up to, but not, 1. */
  nextFraction(): number;
  /** About normal, mean 0 and deviation 1. */
  nextNormal(): number;
}

/**
 * Chance from a seed: xoshiro128** 1.1 by D. Blackman and S. Vigna (prng.di.unimi.it), its state filled by SplitMix32.
 * Only 32-bit integers and exact divisions, so that every machine draws the same numbers. Not for secrets.
 */
export class SeededRandom implements Random {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /** @param seed  a whole number; its lowest 32 bits count */
  constructor(seed: number) {
    let state = seed | 0;
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0;
      let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
      return (mixed ^ (mixed >>> 16)) | 0;
    };
    this.a = next();
    this.b = next();
    this.c = next();
    // The state must not be all zero.
    this.d = next() | 1;
  }

  /** A whole number from 0 to 2^32 - 1. */
  nextUint32(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** From 0 up to, but not, 1. */
  nextFraction(): number {
    return this.nextUint32() / 2 ** 32;
  }

  /** From 0 up to, but not, 1; small more often than large: the product of two uniform fractions. */
  nextSmallFraction(): number {
    const bits = this.nextUint32();
    return ((bits >>> 16) * (bits & 0xffff)) / 2 ** 32;
  }

  /** About normal, mean 0 and deviation 1, never beyond 3.5: a sum of four uniforms needs no logarithm or cosine. */
  nextNormal(): number {
    const one = this.nextUint32();
    const two = this.nextUint32();
    const sum = (one >>> 16) + (one & 0xffff) + (two >>> 16) + (two & 0xffff);
    return (sum - 2 * 0xffff) * NORMAL_SCALE;
  }
}

/** The deviation of four uniforms from 0 to 1 is the root of 4 / 12. */
const NORMAL_SCALE = Math.sqrt(3) / 2 ** 16;
