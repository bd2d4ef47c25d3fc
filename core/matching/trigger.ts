import { type Side, type StopType, waitsAbove } from '../orders/index.ts';

/**
 * Whether the last price has reached a stop price. At placement this is the test for "would trigger immediately"; an
 * order placed before any trade has no last price to be compared with and is taken as it is.
 */
export function isReached(isAbove: boolean, stopPrice: number, last: number): boolean {
  return isAbove ? last >= stopPrice : last <= stopPrice;
}

/**
 * The price, in ticks, at which a trailing stop fires when the best price so far was `extreme`: for a BUY the smallest
 * tick at or above extreme x (1 + delta), for a SELL the largest at or below extreme x (1 - delta). Exact for every
 * extreme below 2^53, because no product passes 2^53.
 * @param deltaBps  hundredths of a percent, a whole number from 1 to 10 000
 */
export function trailingThreshold(side: Side, extreme: number, deltaBps: number): number {
  const remainder = extreme % BPS;
  const distance = ((extreme - remainder) / BPS) * deltaBps + Math.ceil((remainder * deltaBps) / BPS);
  return side === 'BUY' ? extreme + distance : extreme - distance;
}

const BPS = 10_000;

/**
 * A stop that follows the market: a BUY follows the lowest price since it became active, a SELL the highest, and it fires
 * when the price turns back by `deltaBps`. Without a stop price it is active from the first price observed; with one, from
 * the first price that reaches the stop price, that price being the first extreme. All prices are in ticks.
 * Source: binance-spot.md section 5.1, trailing stops.
 */
export class TrailingStop {
  readonly side: Side;
  readonly deltaBps: number;
  readonly stopPrice: number | undefined;
  private readonly isAbove: boolean;
  /** Zero until active. */
  private bestPrice = 0;
  private firesAtPrice = 0;

  constructor(type: StopType, side: Side, deltaBps: number, stopPrice: number | undefined) {
    this.side = side;
    this.deltaBps = deltaBps;
    this.stopPrice = stopPrice;
    this.isAbove = waitsAbove(type, side);
  }

  /** Takes the next last price; true when the stop fires at it. Not to be called again after that. */
  observe(last: number): boolean {
    if (this.bestPrice === 0) {
      if (this.stopPrice === undefined || isReached(this.isAbove, this.stopPrice, last)) this.follow(last);
      return false;
    }
    if (this.side === 'BUY') {
      if (last >= this.firesAtPrice) return true;
      if (last < this.bestPrice) this.follow(last);
    } else {
      if (last <= this.firesAtPrice) return true;
      if (last > this.bestPrice) this.follow(last);
    }
    return false;
  }

  /** Follows the price as if `extreme` had been observed: for a stop that is restored. */
  resume(extreme: number): void {
    this.follow(extreme);
  }

  get isActive(): boolean {
    return this.bestPrice !== 0;
  }

  /** The lowest (BUY) or highest (SELL) price since it became active. */
  get extreme(): number | undefined {
    return this.isActive ? this.bestPrice : undefined;
  }

  /** The price that would fire it now: at or above it for a BUY, at or below it for a SELL. Undefined until active. */
  get firesAt(): number | undefined {
    return this.isActive ? this.firesAtPrice : undefined;
  }

  private follow(price: number): void {
    this.bestPrice = price;
    this.firesAtPrice = trailingThreshold(this.side, price, this.deltaBps);
  }
}
