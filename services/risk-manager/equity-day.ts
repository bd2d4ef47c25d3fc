import { add, maximum } from '@tradewind/core/money';
import type { EquityAmount } from '@tradewind/core/risk';

const DAY_MS = 86_400_000;
export const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS) * DAY_MS;

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
  /** The ledger has a valuation of the running day. */
  private isRecorded: boolean;

  constructor(nowMs: number, kept?: KeptEquity) {
    this.isRecorded = kept !== undefined;
    this.startMs = kept === undefined ? dayOf(nowMs) : dayOf(kept.atMs);
    this.dayStart = kept?.dayStartEquity;
    this.peak = kept?.peakEquity;
    this.latest = kept?.equity;
    this.roll(nowMs, undefined);
  }

  get nextStartMs(): number {
    return this.startMs + DAY_MS;
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

  /**
   * A valuation stands in the ledger. The first one of a day says for everybody what the day began with, also for an instance that was
   * replaced, slept through midnight and still believes something else (faults.md K2).
   * @param isOurs  or of an instance that knew less: then the beginning stays as it is known here
   * @returns whether a new day has begun
   */
  recorded({ atMs, dayStartEquity, peakEquity }: KeptEquity, isOurs: boolean): boolean {
    const hasBegun = this.roll(atMs, undefined);
    if (!isOurs) this.peak = maximum(this.peak ?? peakEquity, peakEquity);
    if (!isOurs && !this.isRecorded && dayOf(atMs) === this.startMs) this.dayStart = dayStartEquity;
    this.isRecorded ||= dayOf(atMs) === this.startMs;
    return hasBegun;
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

  private roll(nowMs: number, equity: EquityAmount | undefined): boolean {
    if (!(nowMs >= this.nextStartMs)) return false;
    const isNextDay = nowMs < this.nextStartMs + DAY_MS;
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
