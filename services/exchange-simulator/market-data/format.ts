import type { SymbolView } from '../exchange/index.ts';
import { formatFixed } from '../notation/fixed-point.ts';

/** Everything is counted in this many decimals before it is written. */
export const DECIMALS = 8;

/** How one symbol's amounts are written: with the precision of their asset (binance-spot.md section 15). */
export class AmountFormat {
  private readonly baseDigits: number;
  private readonly quoteDigits: number;

  /** @param baseDigits, quoteDigits  0 to 8 */
  constructor(baseDigits: number, quoteDigits: number) {
    this.baseDigits = baseDigits;
    this.quoteDigits = quoteDigits;
  }

  static of(view: SymbolView): AmountFormat {
    return new AmountFormat(
      precisionOf(view.entry.baseAssetPrecision),
      precisionOf(view.entry.quoteAssetPrecision),
    );
  }

  /** @param units  counts 10^-8 */
  price(units: number | bigint): string {
    return formatFixed(units, DECIMALS, this.quoteDigits);
  }

  quantity(units: bigint): string {
    return formatFixed(units, DECIMALS, this.baseDigits);
  }

  quote(units: bigint): string {
    return formatFixed(units, DECIMALS, this.quoteDigits);
  }
}

/** Recorded symbols have 8 throughout; so have those that do not say. */
const precisionOf = (value: unknown): number =>
  typeof value === 'number' && value >= 0 && value <= DECIMALS ? value : DECIMALS;
