import type { Side } from '../../orders/index.ts';

/**
 * Moves a price against us by a fraction and rounds the moved price to the tick, against us. A fraction of zero leaves
 * the price as it is, on the tick or off it: a price that traded is never altered.
 */
export class Slippage {
  private readonly numerator: number;
  private readonly denominator: number;

  /** The fraction is numerator / denominator, both whole numbers: 2.5 basis points are 25 / 100 000. */
  constructor(numerator: number, denominator: number) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  /** @param price, tick  in ticks of the grid; a SELL never moves below one tick, and a price below one stays */
  move(price: number, side: Side, tick: number): number {
    if (this.numerator === 0) return price;
    const { numerator, denominator } = this;
    const unit = denominator * tick;
    if (side === 'BUY') {
      const scaled = price * (denominator + numerator);
      if (scaled <= Number.MAX_SAFE_INTEGER) return Math.ceil(scaled / unit) * tick;
      const exact = BigInt(price) * BigInt(denominator + numerator);
      return Number((exact + BigInt(unit) - 1n) / BigInt(unit)) * tick;
    }
    const scaled = price * (denominator - numerator);
    const multiples =
      scaled <= Number.MAX_SAFE_INTEGER
        ? Math.floor(scaled / unit)
        : Number((BigInt(price) * BigInt(denominator - numerator)) / BigInt(unit));
    return Math.min(price, Math.max(1, multiples) * tick);
  }
}
