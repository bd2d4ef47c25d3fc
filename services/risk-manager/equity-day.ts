import { add, maximum } from '@tradewind/core/money';
import type { EquityAmount } from '@tradewind/core/risk';

const DAY_MS = 86_400_000;
export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;
/** The next 00:00 UTC, later than `atMs`. */
export const nextDayOf = (atMs: number): number => dayOf(atMs) + DAY_MS;

/** What is kept of equity across restarts: a valuation of the ledger. */
export interface KeptEquity {
  readonly atMs: number;
  readonly equity: EquityAmount;
  readonly dayStartEquity: EquityAmount;
  readonly peakEquity: EquityAmount;
}

/**
 * What the equity of now is held against: that of 00:00 UTC and the highest so far, both corrected for money that came and went. A
 * new day begins exactly once (faults.md K3), with the equity of that moment or, where nobody knew it, the last that was known: so
 * what is lost while nobody looks counts in the new day.
 */
export class EquityDay {
  /** 00:00 UTC of the running day, epoch ms. */
  startMs: number;
  dayStart: EquityAmount | undefined;
  peak: EquityAmount | undefined;
  /** Of the day before, for what was filled in it and is heard of today. */
  previousStart: EquityAmount | undefined;
  private latest: EquityAmount | undefined;
  /** The ledger has a valuation of the running day that knows all that moved its beginning. */
  private isRecorded: boolean;

  constructor(nowMs: number, kept?: KeptEquity) {
    this.isRecorded = kept !== undefined;
    this.startMs = kept === undefined ? dayOf(nowMs) : dayOf(kept.atMs);
    this.dayStart = kept?.dayStartEquity;
    this.peak = kept?.peakEquity;
    this.latest = kept?.equity;
    this.roll(nowMs, undefined);
  }

  /** @returns whether a new day has begun */
  observe(equity: EquityAmount | undefined, nowMs: number): boolean {
    const hasBegun = this.roll(nowMs, equity);
    if (equity === undefined) return hasBegun;
    this.dayStart ??= equity;
    this.peak = this.peak === undefined ? equity : maximum(this.peak, equity);
    this.latest = equity;
    return hasBegun;
  }

  /** A valuation of then stands in the ledger. @returns whether a new day has begun */
  rollTo(atMs: number): boolean {
    return this.roll(atMs, undefined);
  }

  /**
   * Another instance that knew as much as this one has recorded a valuation. The first one of a day says for everybody what the day began
   * with, also for an instance that was replaced, slept through midnight and still believes something else; and so does the first one
   * after that was moved, which each instance has valued by its own prices (faults.md K2).
   */
  recordedByAnother({ atMs, dayStartEquity, peakEquity }: KeptEquity): void {
    this.peak = maximum(this.peak ?? peakEquity, peakEquity);
    if (this.lacksRecordOf(atMs)) this.dayStart = dayStartEquity;
    this.recorded(atMs);
  }

  /**
   * The same while something has come or gone of which only the other instance knows the worth. Its valuation says everything then, or
   * nothing: a peak with that worth and one without it cannot be compared.
   * @returns whether it said everything; then `flow` is not to be called any more for what came and went before it
   */
  recordedWithFlows({ atMs, equity, dayStartEquity, peakEquity }: KeptEquity): boolean {
    if (!this.lacksRecordOf(atMs)) return false;
    this.dayStart = dayStartEquity;
    this.peak = peakEquity;
    this.latest = equity;
    // The valuation does not say it, and what was known here lacks that worth.
    this.previousStart = undefined;
    this.recorded(atMs);
    return true;
  }

  /** The ledger has a valuation of then that knows what is known here. */
  recorded(atMs: number): void {
    this.isRecorded ||= dayOf(atMs) === this.startMs;
  }

  /** What the ledger has of the day does not know of something that moved its beginning. */
  moved(): void {
    this.isRecorded = false;
  }

  /** Capital that came (above zero) or went: no profit, no loss (faults.md B4). */
  flow(amount: EquityAmount): void {
    this.dayStart = added(this.dayStart, amount);
    this.previousStart = added(this.previousStart, amount);
    this.peak = added(this.peak, amount);
    this.latest = added(this.latest, amount);
  }

  /**
   * A fill of the day before is heard of today: what it changed belongs to that day (faults.md K3).
   * @returns what equity was when that day ended, and when it began; undefined when nobody knows
   */
  changedYesterday(amount: EquityAmount): { end: EquityAmount; start: EquityAmount } | undefined {
    this.dayStart = added(this.dayStart, amount);
    if (this.dayStart === undefined || this.previousStart === undefined) return undefined;
    return { end: this.dayStart, start: this.previousStart };
  }

  private lacksRecordOf(atMs: number): boolean {
    return !this.isRecorded && dayOf(atMs) === this.startMs;
  }

  private roll(nowMs: number, equity: EquityAmount | undefined): boolean {
    const endMs = nextDayOf(this.startMs);
    if (!(nowMs >= endMs)) return false;
    const isNextDay = nowMs < nextDayOf(endMs);
    this.startMs = dayOf(nowMs);
    this.isRecorded = false;
    this.previousStart = isNextDay ? this.dayStart : undefined;
    // Known at midnight itself, it is the equity of midnight; a second later it is not.
    const isMidnight = nowMs - this.startMs < MIDNIGHT_MS;
    this.dayStart = (isMidnight ? equity : undefined) ?? this.latest;
    return true;
  }
}

const MIDNIGHT_MS = 1_000;

const added = (to: EquityAmount | undefined, amount: EquityAmount): EquityAmount | undefined =>
  to === undefined ? undefined : add(to, amount);
