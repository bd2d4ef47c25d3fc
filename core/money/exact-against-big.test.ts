import Big from 'big.js';
import { expect, test } from 'vitest';
import { formatUnits, parseUnits } from './decimal.ts';
import {
  add,
  type Exact,
  fromUnits,
  maximum,
  minimum,
  subtract,
  times,
  toMultiple,
  unitsOf,
} from './index.ts';
import { divide } from './rounding.ts';

/**
 * Random decimals from 1e-18 to 1e15 of either sign, held against big.js. One generator and one seed, so that
 * a failing case comes back; failures are collected, since a million `expect` calls would take minutes.
 */
const CASES = isMutationRun() ? 10_000 : 1_000_000;
const SCALE = 18;
type Sample = Exact<'sample', 18>;

const exactly = Big();
exactly.PE = 1_000_000;
exactly.NE = -1_000_000;

/** The mutation tests run this once for each of hundreds of mutants, where ten thousand cases find as much. */
function isMutationRun(): boolean {
  return process.env.STRYKER_MUTATOR_WORKER !== undefined;
}

/** Marsaglia's xorshift32: whole numbers from 0 to bound - 1. */
function generator(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}

const below = generator(20_260_801);

/** A decimal in one of the ways of writing it: signs, zeros in front and behind, exponents either way. */
function decimalText(): string {
  const decimals = below(SCALE + 1);
  const length = 1 + below(15 + decimals);
  let digits = String(1 + below(9));
  while (digits.length < length) digits += String(below(10_000_000)).padStart(7, '0');
  digits = digits.slice(0, length);
  const sign = below(3) === 0 ? '-' : '';
  if (below(4) === 0) {
    const shift = below(length);
    const fraction = digits.slice(length - shift);
    const exponent = shift - decimals;
    const plus = exponent >= 0 && below(2) === 0 ? '+' : '';
    return `${sign}${digits.slice(0, length - shift)}${fraction && `.${fraction}`}${below(2) ? 'e' : 'E'}${plus}${exponent}`;
  }
  const padded = digits.padStart(decimals + 1 + below(2), '0');
  const fraction = padded.slice(padded.length - decimals) + '0'.repeat(below(3));
  return `${sign}${padded.slice(0, padded.length - decimals)}${decimals > 0 ? `.${fraction}` : ''}`;
}

function parsed(text: string): Sample {
  const units = parseUnits(text, SCALE);
  if (!units.ok) throw new Error(`${text} was refused: ${units.error.reason}`);
  return fromUnits(units.value);
}

const formatted = (value: Sample): string => formatUnits(unitsOf(value), SCALE);

/** big.js rounds toward zero or away from it, never toward a side. */
const roundingToward = (side: 'floor' | 'ceiling', isBelowZero: boolean): 0 | 3 =>
  (side === 'floor') === isBelowZero ? 3 : 0;

test(`${CASES} random decimals equal big.js in every operation, to the last unit`, {
  timeout: 600_000,
}, () => {
  const differences: string[] = [];
  let [textA, textB] = ['', ''];
  const check = (operation: string, ours: string, theirs: string) => {
    // big.js knows a minus zero; an exact amount does not.
    const expected = theirs === '-0' ? '0' : theirs;
    if (ours !== expected && differences.length < 10) {
      differences.push(`${operation} of ${textA} and ${textB}: ${ours}, big.js ${expected}`);
    }
  };
  textB = decimalText();
  let b = parsed(textB);
  let bigB = new exactly(textB);
  let theirsB = bigB.toFixed();

  for (let i = 0; i < CASES; i += 1) {
    textA = decimalText();
    const a = parsed(textA);
    const bigA = new exactly(textA);
    const scale = below(SCALE + 1);
    const side = below(2) === 0 ? 'floor' : 'ceiling';
    const theirsA = bigA.toFixed();
    check('parse and format', formatted(a), theirsA);
    switch (i % 6) {
      case 0:
        check('add', formatted(add(a, b)), bigA.plus(bigB).toFixed());
        break;
      case 1:
        check('subtract', formatted(subtract(a, b)), bigA.minus(bigB).toFixed());
        break;
      case 2:
        check('multiply', formatUnits(unitsOf(a) * unitsOf(b), 2 * SCALE), bigA.times(bigB).toFixed());
        check('times', formatted(times(a, BigInt(scale))), bigA.times(scale).toFixed());
        break;
      case 3: {
        exactly.DP = scale;
        exactly.RM = roundingToward(side, bigA.s !== bigB.s);
        const [numerator, denominator] =
          unitsOf(b) > 0n ? [unitsOf(a), unitsOf(b)] : [-unitsOf(a), -unitsOf(b)];
        const quotient = divide(numerator * 10n ** BigInt(scale), denominator, side);
        check(`divide, ${side} at ${scale}`, formatUnits(quotient, scale), bigA.div(bigB).toFixed());
        break;
      }
      case 4: {
        const increment = fromUnits<Sample>(10n ** BigInt(SCALE - scale));
        const expected = bigA.round(scale, roundingToward(side, bigA.s < 0));
        check(`round, ${side} at ${scale}`, formatted(toMultiple(a, increment, side)), expected.toFixed());
        break;
      }
      case 5:
        check('order', String(a < b), String(bigA.lt(bigB)));
        check('minimum', formatted(minimum(a, b)), bigA.lt(bigB) ? theirsA : theirsB);
        check('maximum', formatted(maximum(a, b)), bigA.gt(bigB) ? theirsA : theirsB);
        check('count of units', String(unitsOf(a)), bigA.times('1e18').toFixed());
        break;
    }
    [textB, b, bigB, theirsB] = [textA, a, bigA, theirsA];
  }

  expect(differences).toEqual([]);
});
