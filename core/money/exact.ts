/**
 * Exact amounts with their unit and scale in the type.
 *
 * At run time an `Exact` is a bigint that counts 10^-Scale of its unit. To the compiler it is opaque: `price + quantity`
 * does not compile, nor does `price + price`; sums go through `add`, which takes two amounts of one unit only. The
 * comparisons `<`, `<=`, `===` work on two amounts of one unit and do not compile on two different ones.
 *
 * Only the files of this folder look inside, and those that the end of index.ts names.
 */
declare const unit: unique symbol;
export interface Exact<Unit extends string, Scale extends number> {
  readonly [unit]: readonly [Unit, Scale];
}

/** Quote units for one base unit, 8 decimals: the finest any Binance spot symbol is priced in. */
export type Price = Exact<'quote per base', 8>;
/** An amount of one asset, 8 decimals (Binance's asset precision). Where the asset is only known at run time: `Amount`. */
export type Amount<Asset extends string = string> = Exact<Asset, 8>;
/** An amount of the instrument's base asset. */
export type Quantity = Amount<'base'>;
/** An amount of the instrument's quote asset. */
export type QuoteAmount = Amount<'quote'>;
/** price x quantity with every digit kept; `settle` turns it into a `QuoteAmount`. */
export type Notional = Exact<'quote', 16>;
/** A pure number: a fee rate, a fraction of a balance, a multiplier; 18 decimals. */
export type Ratio = Exact<'ratio', 18>;

export const PRICE_SCALE = 8;
export const AMOUNT_SCALE = 8;
export const NOTIONAL_SCALE = 16;
export const RATIO_SCALE = 18;

type AnyExact = Exact<string, number>;

/** The count of 10^-Scale units behind an amount. */
export const unitsOf = (amount: AnyExact): bigint => amount as unknown as bigint;
/** The amount behind a count of units: the one door in. The caller vouches for unit and scale. */
export const fromUnits = <E extends AnyExact>(units: bigint): E => units as unknown as E;

export const zero = <E extends AnyExact>(): E => fromUnits<E>(0n);

export const add = <U extends string, S extends number>(
  a: Exact<U, S>,
  b: NoInfer<Exact<U, S>>,
): Exact<U, S> => fromUnits(unitsOf(a) + unitsOf(b));

export const subtract = <U extends string, S extends number>(
  a: Exact<U, S>,
  b: NoInfer<Exact<U, S>>,
): Exact<U, S> => fromUnits(unitsOf(a) - unitsOf(b));

export const negate = <U extends string, S extends number>(a: Exact<U, S>): Exact<U, S> =>
  fromUnits(-unitsOf(a));

export const absolute = <U extends string, S extends number>(a: Exact<U, S>): Exact<U, S> =>
  unitsOf(a) < 0n ? negate(a) : a;

/** Multiplies by a count of things; exact. */
export const times = <U extends string, S extends number>(a: Exact<U, S>, count: bigint): Exact<U, S> =>
  fromUnits(unitsOf(a) * count);

export const minimum = <U extends string, S extends number>(
  a: Exact<U, S>,
  b: NoInfer<Exact<U, S>>,
): Exact<U, S> => (unitsOf(a) <= unitsOf(b) ? a : b);

export const maximum = <U extends string, S extends number>(
  a: Exact<U, S>,
  b: NoInfer<Exact<U, S>>,
): Exact<U, S> => (unitsOf(a) >= unitsOf(b) ? a : b);

export const isZero = (a: AnyExact): boolean => unitsOf(a) === 0n;
export const isPositive = (a: AnyExact): boolean => unitsOf(a) > 0n;
export const isNegative = (a: AnyExact): boolean => unitsOf(a) < 0n;

/** price x quantity, exact, 16 decimals. */
export const notional = (price: Price, quantity: Quantity): Notional =>
  fromUnits(unitsOf(price) * unitsOf(quantity));
