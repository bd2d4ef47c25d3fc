import { Interval } from '@tradewind/core/market';
import type { KlineEvent } from './market-event.ts';
import type { Stream } from './stream.ts';

/** A bar that ought to have closed, and of which nobody has said that it did. It can be made from trades, or asked for. */
export interface MissingBar {
  readonly symbol: string;
  readonly interval: KlineEvent['interval'];
  readonly openTimeMs: number;
}

/**
 * Sees to it that each bar of a kline stream closes once (`faults.md` M6), and notices when one does not close at all (M5):
 * by the clock, since a stream that has stopped tells nothing.
 */
export class BarWatch {
  private readonly symbol: string;
  private readonly interval: Interval;
  private readonly offsetMs: number;
  /** The opening time of the bar that has to close next; NaN until the stream is up for the first time. */
  private expectedOpenMs = Number.NaN;
  private closedUpToMs = Number.NEGATIVE_INFINITY;
  private latestOpenMs = Number.NEGATIVE_INFINITY;
  private latestEventMs = Number.NEGATIVE_INFINITY;
  private readonly missed: MissingBar[] = [];

  constructor(stream: Extract<Stream, { readonly kind: 'kline' }>) {
    const interval = Interval.parse(stream.interval);
    this.symbol = stream.symbol;
    this.interval = interval!;
    this.offsetMs = stream.fromHour8 === true ? 8 * 3_600_000 : 0;
  }

  /** The stream is up: the bar that is open at this time (epoch ms) and those after it are expected to close. */
  begin(venueNowMs: number): void {
    if (!Number.isNaN(this.expectedOpenMs)) return;
    this.expectedOpenMs = this.interval.startOf(venueNowMs + this.offsetMs) - this.offsetMs;
  }

  /** @returns whether the event says anything new: a closed bar does once, and nothing does about it afterwards */
  take({ bar, isClosed, eventTimeMs }: KlineEvent): boolean {
    const { openTimeMs } = bar;
    if (openTimeMs <= this.closedUpToMs) return false;
    if (isClosed) {
      this.closedUpToMs = openTimeMs;
      // Those that were stepped over will not close any more.
      while (this.expectedOpenMs < openTimeMs && this.missed.length < MISSED_MAX) this.miss();
      if (this.expectedOpenMs <= openTimeMs) this.expectedOpenMs = this.endOf(openTimeMs);
      return true;
    }
    if (openTimeMs < this.latestOpenMs) return false;
    if (openTimeMs === this.latestOpenMs && eventTimeMs <= this.latestEventMs) return false;
    this.latestOpenMs = openTimeMs;
    this.latestEventMs = eventTimeMs;
    return true;
  }

  /** Bars that have not closed although their end is more than `graceMs` ago, or that were stepped over; each once. */
  missing(venueNowMs: number, graceMs: number): MissingBar[] {
    // Nothing is below an end that is not a number: nothing is expected yet.
    while (this.endOf(this.expectedOpenMs) + graceMs < venueNowMs && this.missed.length < MISSED_MAX)
      this.miss();
    return this.missed.splice(0);
  }

  private miss(): void {
    const { symbol, interval, expectedOpenMs } = this;
    this.missed.push({ symbol, interval: interval.name, openTimeMs: expectedOpenMs });
    this.expectedOpenMs = this.endOf(expectedOpenMs);
  }

  private endOf(openTimeMs: number): number {
    return this.interval.endOf(openTimeMs + this.offsetMs) - this.offsetMs;
  }
}

/** Told at once; of a longer outage the others are told at the next look. */
const MISSED_MAX = 1000;
