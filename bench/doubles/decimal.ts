/** core/money/decimal.ts and fraction.ts on doubles: what reads and writes, none of it while bars are played. */
import type { Amount, Exact, Price, Quantity, QuoteAmount, Ratio } from '../../core/money/exact.ts';
import type { Fraction } from '../../core/money/fraction.ts';
import type { ParseRefusal, Rounding } from '../../core/money/index.ts';
import { err, ok, type Result } from '../../core/result.ts';
import { fromNumber, numberOf } from './exact.ts';
import { toMultiple } from './rounding.ts';

const parse = <E extends Exact<string, number>>(text: string): Result<E, ParseRefusal> => {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? ok(fromNumber<E>(value)) : err({ reason: 'not_a_decimal', text });
};

export const parsePrice = parse<Price>;
export const parseQuantity = parse<Quantity>;
export const parseQuoteAmount = parse<QuoteAmount>;
export const parseRatio = parse<Ratio>;
export const parseAmount = (_asset: string, text: string): Result<Amount, ParseRefusal> => parse(text);

export const price = (text: string): Price => fromNumber(Number(text));
export const quantity = (text: string): Quantity => fromNumber(Number(text));
export const quoteAmount = (text: string): QuoteAmount => fromNumber(Number(text));
export const ratio = (text: string): Ratio => fromNumber(Number(text));
export const amount = (_asset: string, text: string): Amount => fromNumber(Number(text));

/** Plain decimal notation without trailing zeros, as the exact formatter writes it. */
const formatWith = (decimals: number) => (value: Exact<string, number>) =>
  numberOf(value)
    .toFixed(decimals)
    .replace(/\.?0+$/, '');

export const formatPrice: (value: Price) => string = formatWith(8);
export const formatAmount: (value: Amount) => string = formatWith(8);
export const formatRatio: (value: Ratio) => string = formatWith(18);

export const priceToNumber: (value: Price) => number = numberOf;

export const numberToMultiple = <E extends Exact<string, number>>(
  value: number,
  increment: E,
  rounding: Rounding,
): E | undefined =>
  Number.isFinite(value) ? toMultiple(fromNumber<E>(value), increment, rounding) : undefined;

export const toFraction = (ratio: Ratio): Fraction => ({ numerator: numberOf(ratio), denominator: 1 });
