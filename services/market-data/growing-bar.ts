import type { Grid, Interval, Lots, Ticks } from '@tradewind/core/market';
import { Tally } from '@tradewind/core/money';
import type { ClosedBar } from '@tradewind/proto';

/**
 * A bar that trades are counted into, in whole ticks and lots, without an allocation per trade. What a trade is worth in quote is cut
 * off at 8 decimals, as the venue does it trade by trade.
 */
export class GrowingBar {
  private readonly grid: Grid;
  private readonly decimals: number;
  trades = 0;
  private open = 0;
  private high = 0;
  private low = 0;
  private close = 0;
  private volume = 0;
  private readonly quoteVolume = new Tally();
  private readonly worth = new Tally();

  constructor(grid: Grid) {
    this.grid = grid;
    this.decimals = grid.priceDecimals + grid.quantityDecimals;
  }

  begin(): void {
    this.trades = 0;
    this.volume = 0;
    this.quoteVolume.clear();
  }

  add(price: Ticks, quantity: Lots): void {
    if (this.trades === 0) {
      this.open = price;
      this.high = price;
      this.low = price;
    } else if (price > this.high) this.high = price;
    else if (price < this.low) this.low = price;
    this.close = price;
    this.trades += 1;
    this.volume += quantity;
    this.worth.setProduct(price, quantity, this.decimals, false);
    this.quoteVolume.add(this.worth);
  }

  /** Whether the volume was counted below 2^53 lots, up to which it is exact. */
  get isExact(): boolean {
    return this.volume <= Number.MAX_SAFE_INTEGER;
  }

  /** The bar as it is to be told; there are trades in it. */
  closed(symbol: string, interval: Interval, openTimeMs: number): ClosedBar {
    const { grid } = this;
    return {
      symbol,
      interval: interval.name,
      openTimeMs,
      closeTimeMs: interval.endOf(openTimeMs),
      open: grid.priceOf(this.open as Ticks),
      high: grid.priceOf(this.high as Ticks),
      low: grid.priceOf(this.low as Ticks),
      close: grid.priceOf(this.close as Ticks),
      volume: grid.quantityOf(this.volume as Lots),
      quoteVolume: this.quoteVolume.toAmount(),
      trades: this.trades,
      source: 'trades',
    };
  }
}
