import type { Kline } from '@tradewind/binance';
import type { Grid, Interval, Lots, Ticks } from '@tradewind/core/market';
import type { ClosedBar } from '@tradewind/proto';
import { GrowingBar } from './growing-bar.ts';

export interface BarSeriesListener {
  /** Bars of one series are told in their order, each once (faults.md M6). */
  closed(bar: ClosedBar): void;
  /** Bars have ended that cannot be made from what was heard: they are to be asked for and handed to `backfill`. */
  missing(series: BarSeries): void;
  /** The venue had so many trades in a bar in which none was heard, although every one should have been. */
  deaf(trades: number): void;
}

/**
 * The bars of one symbol and interval from one instant on, made of its trades and closed by the clock (faults.md M5).
 *
 * A bar is believed when every trade since its beginning was heard, and when something of a later venue time has come before it is
 * closed: then nothing of it can still be on its way. All others are taken from the venue, and so are those that end while an earlier
 * one is still being asked for. Of a bar without a trade the venue is asked, too: it repeats the last price, but not in a halt, where
 * there are no bars; and a stream that has gone deaf looks just like a quiet market.
 */
export class BarSeries {
  readonly symbol: string;
  readonly interval: Interval;
  private readonly listener: BarSeriesListener;
  private bar: GrowingBar;
  /** The bar that trades are counted into now. */
  private openMs: number;
  private endMs: number;
  /** Where the next bar that is told opens; behind `openMs` while bars are being asked for. */
  private nextToldMs: number;
  /** The venue's time from which on every trade is heard; Infinity while none is. */
  private heardFromMs = Number.POSITIVE_INFINITY;
  private heardUpToMs = Number.NEGATIVE_INFINITY;
  /** Where bars opened in which there was no trade, as far as was heard, and that the venue has still to confirm. */
  private readonly quiet = new Set<number>();

  /** @param fromMs  the first bar that is told is the one that is open at this instant, epoch ms of the venue */
  constructor(symbol: string, interval: Interval, grid: Grid, fromMs: number, listener: BarSeriesListener) {
    this.symbol = symbol;
    this.interval = interval;
    this.listener = listener;
    this.bar = new GrowingBar(grid);
    this.openMs = interval.startOf(fromMs);
    this.endMs = interval.endOf(this.openMs);
    this.nextToldMs = this.openMs;
  }

  /** Every bar that opened before this instant has been told, or is none. */
  get toldUpToMs(): number {
    return this.nextToldMs;
  }

  /** Where the bars that have ended and were not told yet begin and end; undefined when there are none. */
  get missingRange(): { readonly fromMs: number; readonly toMs: number } | undefined {
    return this.nextToldMs < this.openMs ? { fromMs: this.nextToldMs, toMs: this.openMs } : undefined;
  }

  /** From this instant of the venue's clock on every trade is heard, and before it some were missed. */
  begin(timeMs: number): void {
    this.heardFromMs = timeMs;
  }

  /** Until `begin` trades are missed. */
  interrupt(): void {
    this.heardFromMs = Number.POSITIVE_INFINITY;
  }

  /** Prices are counted on another grid from now on: what is counted so far is lost. */
  recount(grid: Grid): void {
    this.interrupt();
    this.bar = new GrowingBar(grid);
  }

  /** The venue was alive at this instant of its own. */
  witness(timeMs: number): void {
    if (timeMs > this.heardUpToMs) this.heardUpToMs = timeMs;
  }

  /** @returns false when it is too late: its bar has been closed without it */
  trade(price: Ticks, quantity: Lots, timeMs: number): boolean {
    this.witness(timeMs);
    // Ids come without a hole and times do not go back: nothing of the bars before can still come.
    while (timeMs >= this.endMs) this.close();
    if (timeMs < this.openMs) return false;
    this.bar.add(price, quantity);
    return true;
  }

  /**
   * Closes every bar that has ended by an instant of the venue's clock.
   * @param patientUntilMs  bars that ended after this instant wait for a proof that nothing of them is still on its way
   */
  closeUpTo(timeMs: number, patientUntilMs: number): void {
    while (this.endMs <= timeMs && (this.endMs <= patientUntilMs || !this.canBeMade || this.isProven))
      this.close();
  }

  /**
   * What the venue says of `missingRange`; only its closed bars are taken.
   * @param isAll  it has no others: those that are not there will never be
   */
  backfill(klines: readonly Kline[], isAll: boolean): void {
    for (const kline of klines) {
      const { openTimeMs } = kline;
      if (openTimeMs < this.nextToldMs || openTimeMs >= this.openMs) continue;
      const bar = barOfKline(this.symbol, this.interval, kline);
      const isQuiet = this.quiet.delete(openTimeMs);
      if (isQuiet && kline.trades > 0) this.listener.deaf(kline.trades);
      this.tell(isQuiet && kline.trades === 0 ? { ...bar, source: 'trades' } : bar);
    }
    if (!isAll) return;
    this.nextToldMs = this.openMs;
    this.quiet.clear();
  }

  private close(): void {
    const { bar, symbol, interval, openMs } = this;
    const made = this.canBeMade && this.isProven ? bar.closed(symbol, interval, openMs) : undefined;
    if (this.isWhole && bar.trades === 0) this.quiet.add(openMs);
    this.openMs = this.endMs;
    this.endMs = interval.endOf(this.openMs);
    bar.begin();
    if (made === undefined) this.listener.missing(this);
    else this.tell(made);
  }

  /** Every trade of the open bar was heard. */
  private get isWhole(): boolean {
    return this.heardFromMs + CLOCK_ERROR_MS <= this.openMs;
  }

  private get canBeMade(): boolean {
    const { bar } = this;
    return this.isWhole && bar.trades > 0 && bar.isExact && this.nextToldMs === this.openMs;
  }

  /** Something has come that is later than the open bar. */
  private get isProven(): boolean {
    return this.heardUpToMs >= this.endMs;
  }

  private tell(bar: ClosedBar): void {
    this.nextToldMs = bar.closeTimeMs;
    this.listener.closed(bar);
  }
}

/** A stream counts as up from an instant of our own reckoning; the venue's trades carry its own time. */
const CLOCK_ERROR_MS = 1_000;

/** The venue's bar as ours: its own closing time is the last millisecond that belongs to it. */
export const barOfKline = (symbol: string, interval: Interval, kline: Kline): ClosedBar => ({
  symbol,
  interval: interval.name,
  openTimeMs: kline.openTimeMs,
  closeTimeMs: interval.endOf(kline.openTimeMs),
  open: kline.open,
  high: kline.high,
  low: kline.low,
  close: kline.close,
  volume: kline.volume,
  quoteVolume: kline.quoteVolume,
  trades: kline.trades,
  source: 'backfill',
});
