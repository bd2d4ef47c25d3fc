import type { Interval } from '@tradewind/core/market';
import { Bar } from './bar.ts';
import type { BarHistory, BarLevel } from './bar-history.ts';
import { Pauses } from './pauses.ts';
import type { TimeRange } from './shapes.ts';

const MINUTE_MS = 60_000;

/**
 * Bars as the exchange has them: one for each bucket of time from the first trade on, those without a trade with the last price
 * before them and no volume, none for buckets that lie wholly in a halt. Buckets that began before what is remembered of
 * their pieces are left out.
 */
export class Klines {
  readonly pauses = new Pauses();
  private readonly history: BarHistory;

  constructor(history: BarHistory) {
    this.history = history;
  }

  /** One sequence of bars. @param timeZoneMinutes  moves where bars begin, -720 to 840 */
  series(interval: Interval, timeZoneMinutes: number): KlineSeries {
    const shiftMs = timeZoneMinutes * MINUTE_MS;
    return new KlineSeries(interval, shiftMs, this.history.levelFor(interval, shiftMs), this.pauses);
  }
}

export class KlineSeries {
  readonly interval: Interval;
  private readonly shiftMs: number;
  private readonly level: BarLevel;
  private readonly pauses: Pauses;

  constructor(interval: Interval, shiftMs: number, level: BarLevel, pauses: Pauses) {
    this.interval = interval;
    this.shiftMs = shiftMs;
    this.level = level;
    this.pauses = pauses;
  }

  startOf(timeMs: number): number {
    return this.interval.startOf(timeMs + this.shiftMs) - this.shiftMs;
  }

  /** The opening time of the bar after the one that opens at `openTime`. */
  endOf(openTime: number): number {
    return this.interval.endOf(openTime + this.shiftMs) - this.shiftMs;
  }

  /** Calls back with each bar that opens in the range and no later than now, oldest first; the bar is the callback's only during the call. */
  read(range: TimeRange, nowMs: number, callback: (bar: Bar) => void): void {
    const first = this.firstStart();
    if (first === undefined) return;
    const last = Math.min(range.endTime ?? nowMs, nowMs);
    let openTime =
      range.startTime === undefined
        ? this.startBefore(last, range.limit, first)
        : Math.max(first, this.firstStartFrom(range.startTime));
    const bar = new Bar();
    for (let count = 0; openTime <= last && count < range.limit; ) {
      const end = this.endOf(openTime);
      const pause = this.pauses.covering(openTime, end);
      if (pause !== undefined) {
        openTime = Math.max(end, this.startOf(Math.min(pause.toMs, nowMs + 1)));
        continue;
      }
      this.fill(openTime, end, bar);
      callback(bar);
      count += 1;
      openTime = end;
    }
  }

  /**
   * Makes `into` the bar that opens at a time.
   * @returns false when there is none: before the first trade and in halts
   */
  load(openTime: number, into: Bar): boolean {
    const first = this.firstStart();
    const end = this.endOf(openTime);
    if (first === undefined || openTime < first || this.pauses.covering(openTime, end) !== undefined)
      return false;
    this.fill(openTime, end, into);
    return true;
  }

  private fill(openTime: number, endTime: number, into: Bar): void {
    into.begin(openTime);
    this.level.visit(openTime, endTime, (piece) => into.merge(piece));
    if (into.count > 0) return;
    const close = this.level.closeBefore(openTime)!;
    into.open = close;
    into.high = close;
    into.low = close;
    into.close = close;
  }

  /** The first bar that is whole. */
  private firstStart(): number | undefined {
    const begin = this.level.beginTime;
    if (begin === undefined) return undefined;
    const isWhole = !this.level.hasForgotten;
    return isWhole ? this.startOf(begin) : this.firstStartFrom(begin);
  }

  private firstStartFrom(timeMs: number): number {
    const start = this.startOf(timeMs);
    return start === timeMs ? start : this.endOf(start);
  }

  /** Where the newest `limit` bars up to an instant begin. */
  private startBefore(lastMs: number, limit: number, first: number): number {
    let openTime = this.startOf(lastMs);
    for (let count = 1; ; ) {
      const pause = this.pauses.covering(openTime, this.endOf(openTime));
      if (pause !== undefined) openTime = this.startOf(Math.min(openTime - 1, pause.fromMs));
      else if (count < limit && openTime > first) {
        openTime = this.startOf(openTime - 1);
        count += 1;
      } else return Math.max(openTime, first);
      if (openTime < first) return first;
    }
  }
}
