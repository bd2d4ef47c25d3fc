import type { Ticks } from '@tradewind/core/market';

/** So many prints in a row that agree with one another are no slip any more. */
const CONFIRMATIONS = 3;
const BPS = 10_000;

/**
 * Tells a price from a slip (faults.md M15): a print is a reference when it lies near the middle of the quotes, near the last good
 * print, or when it is the third in a row that says the same. The first print of all has nothing to lie near to.
 */
export class PriceCollar {
  private readonly bps: number;
  private lastGood: Ticks | undefined;
  private suspect = 0 as Ticks;
  private suspectsInARow = 0;

  /** @param bps  how far apart two prices may lie, in hundredths of a percent */
  constructor(bps: number) {
    this.bps = bps;
  }

  /** The last print that is a reference. */
  get price(): Ticks | undefined {
    return this.lastGood;
  }

  /** @returns false for a print that must not be a reference */
  take(print: Ticks, middle: number | undefined): boolean {
    if (!this.isNear(print, middle) && !this.isNear(print, this.lastGood) && !this.isConfirmed(print))
      return false;
    this.lastGood = print;
    this.suspectsInARow = 0;
    return true;
  }

  /** Whether a bid and an ask are close enough for their middle to say anything. */
  spans(bid: Ticks, ask: Ticks): boolean {
    return bid > 0 && bid < ask && this.isNear(ask, bid);
  }

  private isConfirmed(print: Ticks): boolean {
    this.suspectsInARow = this.isNear(print, this.suspect) ? this.suspectsInARow + 1 : 1;
    this.suspect = print;
    return this.suspectsInARow >= CONFIRMATIONS;
  }

  private isNear(price: number, other: number | undefined): boolean {
    return other !== undefined && Math.abs(price - other) * BPS <= other * this.bps;
  }
}
