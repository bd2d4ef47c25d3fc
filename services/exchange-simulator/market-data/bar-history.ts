import { Interval, type IntervalName } from '@tradewind/core/market';
import { invariant } from '@tradewind/core/result';
import { Bar } from './bar.ts';
import { BarRing } from './bar-ring.ts';

/**
 * How many bars with trades are kept of each length, the shortest first: 16 MB a symbol at most. Every window and every kline is
 * made of these. The seconds reach back more than a day and the minutes more than a week, as the tickers need them.
 */
const KEPT: readonly (readonly [IntervalName, number])[] = [
  ['1s', 90_000],
  ['1m', 11_000],
  ['15m', 10_000],
  ['1h', 10_000],
  ['1d', 5000],
];
const SECOND_MS = 1000;

/**
 * The trades of one symbol as bars of five lengths. A trade is counted into the second that is open; each second that has ended
 * goes into all lengths, and whoever asks gets the open second with them.
 */
export class BarHistory {
  /** Shortest first. */
  private readonly levels: readonly BarLevel[];
  /** The second of the last trade, while it may still grow; count 0 when there is none. */
  private readonly second = new Bar();
  private lastTimeMs = 0;

  constructor() {
    this.levels = KEPT.map(([name, capacity]) => new BarLevel(name, capacity, this.second));
  }

  /**
   * @param timeMs  epoch ms; a time before that of the last trade counts as that
   * @param price  counts 10^-8 of the quote asset; the amounts likewise
   */
  add(
    timeMs: number,
    id: number,
    price: number,
    quantity: bigint,
    quoteQuantity: bigint,
    takerBuys: boolean,
  ): void {
    const { second } = this;
    this.lastTimeMs = Math.max(this.lastTimeMs, timeMs);
    const openTime = this.lastTimeMs - (this.lastTimeMs % SECOND_MS);
    if (second.count > 0 && second.openTime !== openTime) {
      for (const level of this.levels) level.take(second);
      second.begin(openTime);
    } else if (second.count === 0) second.begin(openTime);
    second.addTrade(id, price, quantity, quoteQuantity, takerBuys);
  }

  /** Adds everything from a full second on to `into`. */
  mergeFrom(fromMs: number, into: Bar): void {
    let from = fromMs;
    this.levels.forEach((level, at) => {
      const coarser = this.levels[at + 1]?.interval;
      const end = coarser === undefined ? Number.POSITIVE_INFINITY : firstStartFrom(coarser, from);
      level.visitEnded(from, end, (bar) => into.merge(bar));
      from = end;
    });
    if (this.second.openTime >= fromMs) into.merge(this.second);
  }

  /** The last price before a full second; undefined when there was no trade before it. */
  closeBefore(timeMs: number): number | undefined {
    for (const level of this.levels) {
      const close = level.closeBefore(timeMs);
      if (close !== undefined) return close;
    }
    return undefined;
  }

  /** The coarsest bars of which those of an interval are made, when its bars are moved by whole minutes. */
  levelFor(interval: Interval, shiftMs: number): BarLevel {
    const level = this.levels.findLast(
      (candidate) => candidate.interval.nestsIn(interval) && shiftMs % candidate.lengthMs === 0,
    );
    invariant(level !== undefined, 'every interval is made of whole seconds');
    return level;
  }
}

/** The bars of one length. */
export class BarLevel {
  readonly interval: Interval;
  readonly lengthMs: number;
  private readonly ring: BarRing;
  /** The newest bar, without the second that is open. */
  private readonly newest = new Bar();
  private readonly second: Bar;
  private readonly loaded = new Bar();

  /** @param second  the second that is open, which is in none of the bars yet */
  constructor(name: IntervalName, capacity: number, second: Bar) {
    this.interval = Interval.parse(name)!;
    this.lengthMs = this.interval.lengthMs!;
    this.ring = new BarRing(capacity);
    this.second = second;
  }

  /** Counts in a second that has ended. */
  take(second: Bar): void {
    const { newest } = this;
    const openTime = this.interval.startOf(second.openTime);
    if (newest.count > 0 && newest.openTime !== openTime) {
      this.ring.push(newest);
      newest.begin(openTime);
    } else if (newest.count === 0) newest.begin(openTime);
    newest.merge(second);
  }

  /** Calls back with what was traded in [fromMs, toMs), oldest first, in pieces no longer than a bar, which are the callback's only during the call. */
  visit(fromMs: number, toMs: number, callback: (piece: Bar) => void): void {
    this.visitEnded(fromMs, toMs, callback);
    const { second } = this;
    if (second.count > 0 && second.openTime >= fromMs && second.openTime < toMs) callback(second);
  }

  /** Without the second that is open. */
  visitEnded(fromMs: number, toMs: number, callback: (bar: Bar) => void): void {
    const { ring, newest, loaded } = this;
    for (let at = ring.firstIndexFrom(fromMs); at < ring.length && ring.openTimeAt(at) < toMs; at += 1) {
      ring.load(at, loaded);
      callback(loaded);
    }
    if (newest.count > 0 && newest.openTime >= fromMs && newest.openTime < toMs) callback(newest);
  }

  /** The last price before the opening time of a bar. */
  closeBefore(timeMs: number): number | undefined {
    const { second, newest, ring } = this;
    if (second.count > 0 && second.openTime < timeMs) return second.close;
    if (newest.count > 0 && newest.openTime < timeMs) return newest.close;
    const before = ring.firstIndexFrom(timeMs) - 1;
    return before < 0 ? undefined : ring.closeAt(before);
  }

  /** Whether there were older bars than those that are kept. */
  get hasForgotten(): boolean {
    return this.ring.isFull;
  }

  /** When the oldest bar that is kept opens; undefined before the first trade. */
  get beginTime(): number | undefined {
    if (this.ring.length > 0) return this.ring.openTimeAt(0);
    if (this.newest.count > 0) return this.newest.openTime;
    return this.second.count > 0 ? this.interval.startOf(this.second.openTime) : undefined;
  }
}

/** The first opening time of an interval at or after an instant. */
function firstStartFrom(interval: Interval, timeMs: number): number {
  const start = interval.startOf(timeMs);
  return start === timeMs ? start : interval.endOf(start);
}
