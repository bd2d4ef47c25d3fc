import { Interval } from '@tradewind/core/market';
import { Tally } from '@tradewind/core/money';
import type { AssetBook } from '@tradewind/core/portfolio';
import { Drawdown } from '@tradewind/core/statistics';
import type { MarketRun } from './market-run.ts';

const DAY = Interval.parse('1d')!;
const DRAWDOWN_NOISE = 1e-12;

/**
 * What the account was worth, marked at every closed bar: the quote asset, and each base at its last close. It keeps one
 * sample a UTC day for returns and, of the rest, only the deepest drawdown and averages, so that a run of any length takes
 * the same memory. Numbers for statistics; the money itself is exact elsewhere.
 */
export class EquityCurve {
  private readonly drawdown = new Drawdown();
  /** Equity at the end of each UTC day; the first entry is the initial equity, the last the final one. */
  readonly dailyEquity: number[] = [];
  /** The instant of each sample, epoch ms. */
  readonly dailyTimesMs: number[] = [];
  /** Instants at which bars closed. */
  marks = 0;
  /** Those of them at which a position was held. */
  barsHeld = 0;
  /** The sum over all marks of the share of equity that was in positions. */
  shareSum = 0;
  private readonly markets: readonly MarketRun[];
  private readonly quote: AssetBook;
  private readonly total = new Tally();
  private cash = 0;
  /** Whether any base is owned, dust included; and whether enough of it to be a position. */
  private ownsBase = false;
  private isHolding = false;
  private equity = 0;
  /** When the UTC day of the last mark ends: the next mark beyond it closes that day. */
  dayEndMs = 0;

  constructor(startMs: number, markets: readonly MarketRun[], quote: AssetBook) {
    this.markets = markets;
    this.quote = quote;
    this.dayEndMs = DAY.endOf(DAY.startOf(startMs));
    this.readBalances();
    this.equity = this.cash + this.heldValue();
    this.drawdown.update(this.equity);
    this.sample(startMs);
  }

  /**
   * Bars have closed at `timeMs`.
   * @param hasFills  whether fills have been booked since the last mark
   */
  mark(timeMs: number, hasFills: boolean): void {
    if (timeMs > this.dayEndMs) this.closeDays(timeMs);
    this.marks += 1;
    if (hasFills) this.readBalances();
    else if (!this.ownsBase) return;
    if (this.isHolding) this.barsHeld += 1;
    this.follow(this.heldValue());
  }

  /**
   * Bars of the only market, from `first` on and before `end`, have closed one by one, all of them within one day and without
   * a fill. Valued together, so that the bars of a run need not pass through here one at a time.
   */
  markStretch(market: MarketRun, first: number, end: number): void {
    this.marks += end - first;
    if (!this.ownsBase) return;
    if (this.isHolding) this.barsHeld += end - first;
    for (let bar = first; bar < end; bar += 1) this.follow(market.heldValueAt(bar));
  }

  /** The data have ended. */
  finish(timeMs: number): void {
    if (timeMs > this.dayEndMs) this.closeDays(timeMs);
    this.sample(timeMs);
  }

  private readBalances(): void {
    this.quote.totalInto(this.total);
    this.cash = this.total.toNumber();
    this.ownsBase = false;
    this.isHolding = false;
    for (const market of this.markets) {
      market.readBalance();
      if (market.owned > 0) this.ownsBase = true;
      if (market.isHolding) this.isHolding = true;
    }
  }

  /** The largest fall from a peak; what is below the noise of doubles is none. */
  get deepestDrawdown(): number | undefined {
    const { deepest } = this.drawdown;
    return deepest !== undefined && deepest < DRAWDOWN_NOISE ? 0 : deepest;
  }

  private follow(held: number): void {
    const equity = this.cash + held;
    this.equity = equity;
    this.drawdown.update(equity);
    this.shareSum += held / equity;
  }

  private heldValue(): number {
    let held = 0;
    for (let i = 0; i < this.markets.length; i += 1) held += this.markets[i]!.heldValue;
    return held;
  }

  /** A day without bars has the equity of the day before, so that every return spans one day. A bar that closes at midnight belongs to the day before it. */
  private closeDays(timeMs: number): void {
    for (; this.dayEndMs < timeMs; this.dayEndMs = DAY.endOf(this.dayEndMs)) this.sample(this.dayEndMs);
  }

  /** Kept at the 8 decimals that money has: what a double adds behind them would be a return where there was none. */
  private sample(timeMs: number): void {
    const counted = Math.round(this.equity * 1e8);
    this.dailyEquity.push(Number.isSafeInteger(counted) ? counted / 1e8 : this.equity);
    this.dailyTimesMs.push(timeMs);
  }
}
