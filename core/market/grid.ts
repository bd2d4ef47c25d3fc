import {
  AMOUNT_SCALE,
  fromUnits,
  PRICE_SCALE,
  type Price,
  type Quantity,
  toBig,
  toDouble,
  unitsOf,
} from '../money/index.ts';

declare const counted: unique symbol;
/** A price as a whole number of 10^-priceDecimals of its market's grid; below 2^53. */
export type Ticks = number & { readonly [counted]: 'ticks' };
/** A quantity as a whole number of 10^-quantityDecimals of its market's grid; below 2^53. */
export type Lots = number & { readonly [counted]: 'lots' };

/**
 * How one market counts prices and quantities in whole numbers, for books, bars and matching. Counting in doubles that
 * hold integers is as exact as bigint and many times faster (docs/performance.md). A grid is as fine as the finest of
 * the instrument's tick (step) and the recorded values: a history can be finer than today's tick size, and orders that
 * were placed with a finer step still rest in books.
 */
export class Grid {
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  /** One tick and one lot in the 10^-8 of money. */
  private readonly priceUnits: number;
  private readonly quantityUnits: number;

  /** @param priceDecimals, quantityDecimals  whole numbers from 0 to 8 */
  constructor(priceDecimals: number, quantityDecimals: number) {
    this.priceDecimals = priceDecimals;
    this.quantityDecimals = quantityDecimals;
    this.priceUnits = 10 ** (PRICE_SCALE - priceDecimals);
    this.quantityUnits = 10 ** (AMOUNT_SCALE - quantityDecimals);
  }

  /** undefined when the price lies between two ticks of this grid or cannot be counted below 2^53. */
  ticksOf(price: Price): Ticks | undefined {
    return countOf(unitsOf(price), this.priceUnits) as Ticks | undefined;
  }

  /** undefined when the quantity lies between two lots of this grid or cannot be counted below 2^53. */
  lotsOf(quantity: Quantity): Lots | undefined {
    return countOf(unitsOf(quantity), this.quantityUnits) as Lots | undefined;
  }

  priceOf(ticks: Ticks): Price {
    return fromUnits(scaled(ticks, this.priceUnits));
  }

  quantityOf(lots: Lots): Quantity {
    return fromUnits(scaled(lots, this.quantityUnits));
  }
}

function scaled(count: number, increment: number): bigint {
  const units = count * increment;
  return Number.isSafeInteger(units) ? toBig(units) : BigInt(count) * BigInt(increment);
}

function countOf(units: bigint, increment: number): number | undefined {
  const small = toDouble(units);
  if (Number.isSafeInteger(small)) {
    // A quotient of integers below 2^53 that is not whole never rounds to a whole number.
    const count = small / increment;
    return Number.isInteger(count) ? count : undefined;
  }
  if (units % BigInt(increment) !== 0n) return undefined;
  const count = Number(units / BigInt(increment));
  return Number.isSafeInteger(count) ? count : undefined;
}

/** How many decimals a value needs, 0 to 8: what a grid must have to count it. */
export function decimalsOf(value: Price | Quantity): number {
  let units = unitsOf(value);
  if (units === 0n) return 0;
  // Prices and amounts have one scale.
  let decimals: number = AMOUNT_SCALE;
  while (decimals > 0 && units % 10n === 0n) {
    units /= 10n;
    decimals -= 1;
  }
  return decimals;
}

/** The exact price behind a whole number of 10^-decimals. */
export const priceOfTicks = (ticks: number, decimals: number): Price =>
  fromUnits(scaled(ticks, 10 ** (PRICE_SCALE - decimals)));
