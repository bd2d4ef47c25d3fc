/**
 * The fall from the highest equity so far, followed one equity at a time without allocation:
 * (peak - equity) / peak, a fraction from 0 to 1 while equity is not below zero. The first equity counts as a peak.
 * Undefined before the first equity, and for good when that was not above zero or once an equity was no number.
 */
export class Drawdown {
  private peak = 0;
  private latest = Number.NaN;
  private largest = Number.NEGATIVE_INFINITY;

  /** @param equity  in quote, deposits and withdrawals removed */
  update(equity: number): void {
    if (equity > this.peak) this.peak = equity;
    this.latest = equity;
    // Divides only for a new deepest fall. Written so that an equity that is no number gets past the comparison, and
    // Math.max keeps it: one equity without a value is not forgotten.
    if (!(this.peak - equity <= this.largest * this.peak)) this.largest = Math.max(this.largest, this.fall());
  }

  /** How far the latest equity lies below the peak; 0 at a peak. */
  get current(): number | undefined {
    return Number.isFinite(this.largest) ? this.fall() : undefined;
  }

  /** Maximum drawdown: the largest of all. */
  get deepest(): number | undefined {
    return Number.isFinite(this.largest) ? this.largest : undefined;
  }

  private fall(): number {
    return (this.peak - this.latest) / this.peak;
  }
}
