import type { Fraction, Tally } from '../../money/index.ts';
import type { Liquidity } from '../../orders/index.ts';
import { Account, type AssetBook } from '../../portfolio/index.ts';

/** Commission as fractions of what is received; binance-spot.md section 11. */
export interface FeeRates {
  readonly maker: Fraction;
  readonly taker: Fraction;
}

/** fee := rate x received, rounded up at 8 decimals: against us. */
export function chargeFee(fee: Tally, received: Tally, rates: FeeRates, liquidity: Liquidity): void {
  const rate = liquidity === 'MAKER' ? rates.maker : rates.taker;
  fee.setShare(received, rate.numerator, rate.denominator, true);
}

/** Paying commission in a third asset (BNB) at a discount. Source: binance-spot.md section 11. */
export class FeeDiscount {
  readonly book: AssetBook;
  private readonly multiplier: Fraction;
  private readonly price: () => { readonly ticks: number; readonly decimals: number } | undefined;

  /**
   * @param multiplier  what is left of the standard commission: 0.75 with the public discount of 25 %
   * @param price  what one unit of the asset costs in the market's quote asset now; undefined when it has no price yet
   */
  constructor(
    book: AssetBook,
    multiplier: Fraction,
    price: () => { readonly ticks: number; readonly decimals: number } | undefined,
  ) {
    this.book = book;
    this.multiplier = multiplier;
    this.price = price;
  }

  /**
   * fee := rate x quote x multiplier in the discount's asset, value := the same in quote; both rounded up.
   * @returns false when the asset has no price or too little of it is free: then the full fee is due in what is received
   */
  charge(fee: Tally, value: Tally, quote: Tally, rates: FeeRates, liquidity: Liquidity): boolean {
    const price = this.price();
    if (price === undefined) return false;
    chargeFee(fee, quote, rates, liquidity);
    value.setShare(fee, this.multiplier.numerator, this.multiplier.denominator, true);
    fee.setQuotient(value, price.ticks, price.decimals, true);
    return !this.book.balance(Account.free).isLessThan(fee);
  }
}
