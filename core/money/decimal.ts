import { err, ok, type Result } from '../result.ts';
import {
  AMOUNT_SCALE,
  type Amount,
  type Exact,
  fromUnits,
  PRICE_SCALE,
  type Price,
  type Quantity,
  type QuoteAmount,
  RATIO_SCALE,
  type Ratio,
  unitsOf,
} from './exact.ts';
import { divide, type Rounding } from './rounding.ts';
import { toBig, toDouble } from './whole.ts';

/** Why a text is not an exact decimal. `decimals` is what it needed, `scale` what the amount can hold. */
export type ParseRefusal =
  | { readonly reason: 'not_a_decimal'; readonly text: string }
  | {
      readonly reason: 'too_many_decimals';
      readonly text: string;
      readonly decimals: number;
      readonly scale: number;
    }
  | { readonly reason: 'too_large'; readonly text: string };

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;
/** Longer than any amount a venue sends; bounds the work that a hostile text can ask for. */
const MAX_DIGITS = 60;
const MAX_CHARACTERS = 200;

/**
 * Reads plain and exponent notation ('0.001', '1e-7') into a count of 10^-scale.
 * Refuses what does not fit exactly; trailing zeros beyond the scale are no loss and pass.
 */
export function parseUnits(text: string, scale: number): Result<bigint, ParseRefusal> {
  const plain = plainUnits(text, scale);
  if (plain !== undefined) return ok(toBig(plain));
  const match = DECIMAL.exec(text);
  if (match === null) return err({ reason: 'not_a_decimal', text: text.slice(0, MAX_DIGITS) });
  // Stripping zeros from the end takes time that grows with the square of a long run of them.
  if (text.length > MAX_CHARACTERS) return err({ reason: 'too_large', text: text.slice(0, MAX_DIGITS) });
  const [, sign, whole = '', fraction = '', exponent = '0'] = match;
  const digits = (whole + fraction).replace(/^0+/, '');
  if (digits === '') return ok(0n);
  const significant = digits.replace(/0+$/, '');
  const decimals = fraction.length - Number(exponent) - (digits.length - significant.length);
  if (decimals > scale)
    return err({ reason: 'too_many_decimals', text: text.slice(0, MAX_DIGITS), decimals, scale });
  if (significant.length + scale - decimals > MAX_DIGITS) {
    return err({ reason: 'too_large', text: text.slice(0, MAX_DIGITS) });
  }
  const units = BigInt(significant) * 10n ** BigInt(scale - decimals);
  return ok(sign === '-' ? -units : units);
}

/** What a venue sends as a rule: digits, and a point between them. undefined for all else, and where a double would not hold it. */
function plainUnits(text: string, scale: number): number | undefined {
  if (text.length > PLAIN_CHARACTERS) return undefined;
  let value = 0;
  let decimals = -1;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      value = value * 10 + (code - ZERO);
      if (decimals >= 0) decimals += 1;
    } else if (code === POINT && at > 0 && decimals < 0) decimals = 0;
    else return undefined;
  }
  if (text === '' || decimals === 0 || decimals > scale) return undefined;
  const units = value * 10 ** (scale - Math.max(decimals, 0));
  return units <= Number.MAX_SAFE_INTEGER ? units : undefined;
}
const PLAIN_CHARACTERS = 20;
const [ZERO, NINE, POINT, MINUS] = [48, 57, 46, 45];

/** Plain decimal notation without trailing zeros and never an exponent: '0.001', '-12', '0'. */
export function formatUnits(units: bigint, scale: number): string {
  const near = toDouble(units);
  const size = Math.abs(near);
  if (size <= Number.MAX_SAFE_INTEGER && scale <= SMALL_SCALE) {
    const one = POWERS[scale]!;
    // A quotient of integers below 2^53 never rounds across a whole number.
    const count = Math.floor(size / one);
    if (count <= SMALL_COUNT) return formatSmall(near < 0, count, size - count * one, scale);
  }
  const isBelowZero = units < 0n;
  const digits = (isBelowZero ? -units : units).toString().padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return `${isBelowZero ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/**
 * An order has some twenty of these made before it leaves: digit by digit they take half the time of two conversions of numbers, which are
 * calls out of compiled code, and of the texts in between.
 */
function formatSmall(isBelowZero: boolean, whole: number, rest: number, scale: number): string {
  // From the last digit to the first.
  const codes: number[] = [];
  let fraction = rest | 0;
  if (fraction !== 0) {
    let digits = scale;
    for (; fraction % 10 === 0; fraction = (fraction / 10) | 0) digits -= 1;
    for (; digits > 0; digits -= 1) {
      codes.push(ZERO + (fraction % 10));
      fraction = (fraction / 10) | 0;
    }
    codes.push(POINT);
  }
  let count = whole | 0;
  do {
    codes.push(ZERO + (count % 10));
    count = (count / 10) | 0;
  } while (count > 0);
  if (isBelowZero) codes.push(MINUS);
  return String.fromCharCode(...codes.reverse());
}

/** Whole numbers of 32 bits are counted fast: so many digits of a fraction, and the largest count before the point. */
const SMALL_SCALE = 9;
const SMALL_COUNT = 2 ** 31 - 1;
const POWERS = Array.from({ length: SMALL_SCALE + 1 }, (_, power) => 10 ** power);

const parser =
  <E extends Exact<string, number>>(scale: number) =>
  (text: string): Result<E, ParseRefusal> => {
    const units = parseUnits(text, scale);
    return units.ok ? ok(fromUnits<E>(units.value)) : units;
  };

export const parsePrice = parser<Price>(PRICE_SCALE);
export const parseQuantity = parser<Quantity>(AMOUNT_SCALE);
export const parseQuoteAmount = parser<QuoteAmount>(AMOUNT_SCALE);
export const parseRatio = parser<Ratio>(RATIO_SCALE);
/** Reads an amount of a named asset; the asset's name makes the type: `parseAmount('BTC', '0.5')` is an `Amount<'BTC'>`. */
export const parseAmount = <Asset extends string>(
  _asset: Asset,
  text: string,
): Result<Amount<Asset>, ParseRefusal> => parser<Amount<Asset>>(AMOUNT_SCALE)(text);

/** For constants in our own source and tests: throws where `parse` would refuse. */
const literal =
  <E extends Exact<string, number>>(scale: number) =>
  (text: string): E => {
    const units = parseUnits(text, scale);
    if (!units.ok) throw new RangeError(`not an exact decimal with ${scale} decimals: ${text}`);
    return fromUnits<E>(units.value);
  };

export const price = literal<Price>(PRICE_SCALE);
export const quantity = literal<Quantity>(AMOUNT_SCALE);
export const quoteAmount = literal<QuoteAmount>(AMOUNT_SCALE);
export const ratio = literal<Ratio>(RATIO_SCALE);
export const amount = <Asset extends string>(_asset: Asset, text: string): Amount<Asset> =>
  literal<Amount<Asset>>(AMOUNT_SCALE)(text);

const formatter = (scale: number) => (value: Exact<string, number>) => formatUnits(unitsOf(value), scale);

export const formatPrice = formatter(PRICE_SCALE) as (value: Price) => string;
export const formatAmount = formatter(AMOUNT_SCALE) as (value: Amount) => string;
export const formatRatio = formatter(RATIO_SCALE) as (value: Ratio) => string;

/**
 * For indicators, statistics and pixels: the nearest double. Nothing made from it becomes money again but by a tick or step.
 */
export function priceToNumber(price: Price): number {
  const units = Number(unitsOf(price));
  // One division of two exact doubles rounds once. A count beyond 2^53 would round before it too, so its text is read instead.
  return Number.isSafeInteger(units) ? units / 10 ** PRICE_SCALE : Number(formatPrice(price));
}

/** A double carries 15 reliable decimal digits, and 17 that name it and no other. */
const RELIABLE_DIGITS = 15;
const ALL_DIGITS = 17;
const ROUNDING_UNIT = 2 ** -52;

/**
 * The one way from a computed number back to money: through a tick or a step (above zero), to a named side. The noise of
 * computing (0.1 + 0.2) is no reason to go to the next multiple: what lies within four rounding units of a number of 15
 * digits is taken as that number, where the increment is far larger than that.
 * @returns undefined when the number is not finite
 */
export function numberToMultiple<U extends string>(
  value: number,
  increment: Exact<U, 8>,
  rounding: Rounding,
): Exact<U, 8> | undefined {
  if (!Number.isFinite(value)) return undefined;
  const step = unitsOf(increment);
  const count = hasNoise(value, Number(step) / 10 ** AMOUNT_SCALE) ? RELIABLE_DIGITS : ALL_DIGITS;
  const [mantissa = '0', exponent = '0'] = value.toExponential(count - 1).split('e');
  const digits = BigInt(mantissa.replace('.', ''));
  const power = Number(exponent) - (count - 1) + AMOUNT_SCALE;
  const multiples =
    power >= 0
      ? divide(digits * 10n ** BigInt(power), step, rounding)
      : divide(digits, step * 10n ** BigInt(-power), rounding);
  return fromUnits(multiples * step);
}

function hasNoise(value: number, increment: number): boolean {
  const unit = Math.abs(value) * ROUNDING_UNIT;
  const reliable = Number(value.toPrecision(RELIABLE_DIGITS));
  return Math.abs(reliable - value) <= 4 * unit && increment >= 16 * unit;
}
