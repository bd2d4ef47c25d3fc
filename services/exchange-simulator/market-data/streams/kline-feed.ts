import type { Interval } from '@tradewind/core/market';
import { Bar } from '../bar.ts';
import type { KlineSeries } from '../klines.ts';
import type { Feed, FeedContext } from './feed.ts';

/**
 * Tells the bar that is open when it has new trades, and each bar once more when it has ended (`x`): also one without a trade,
 * which has no first and last trade id (-1).
 */
export class KlineFeed implements Feed {
  readonly periodMs: 1000 | 2000;
  private readonly context: FeedContext;
  private readonly series: KlineSeries;
  private readonly bar = new Bar();
  private openTime: number;
  private toldCount = 0;

  constructor(context: FeedContext, interval: Interval, timeZoneMinutes: number) {
    this.context = context;
    this.periodMs = interval.name === '1s' ? 1000 : 2000;
    this.series = context.data.klineHistory.series(interval, timeZoneMinutes);
    this.openTime = this.series.startOf(context.clock.nowMs());
  }

  tick(): void {
    if (!this.context.data.hasKlines) return;
    const now = this.context.clock.nowMs();
    this.skipLongAgo(now);
    for (let end = this.series.endOf(this.openTime); end <= now; end = this.series.endOf(this.openTime)) {
      if (this.series.load(this.openTime, this.bar)) this.tell(end, true, now);
      this.openTime = end;
      this.toldCount = 0;
    }
    if (!this.series.load(this.openTime, this.bar) || this.bar.count === this.toldCount) return;
    this.toldCount = this.bar.count;
    this.tell(this.series.endOf(this.openTime), false, now);
  }

  /** After a standstill or a break only the newest bars are told. */
  private skipLongAgo(now: number): void {
    const { lengthMs } = this.series.interval;
    if (lengthMs === undefined || now - this.openTime <= CATCH_UP * lengthMs) return;
    this.openTime = this.series.startOf(now - CATCH_UP * lengthMs);
  }

  private tell(endTime: number, isClosed: boolean, now: number): void {
    const { channel, data } = this.context;
    const { bar, series } = this;
    const { format } = data;
    const amounts = {
      i: series.interval.name,
      f: bar.firstId,
      L: bar.lastId,
      o: format.price(bar.open),
      c: format.price(bar.close),
      h: format.price(bar.high),
      l: format.price(bar.low),
      v: format.quantity(bar.volume.value),
      n: bar.count,
      x: isClosed,
      q: format.quote(bar.quoteVolume.value),
      V: format.quantity(bar.takerVolume.value),
      Q: format.quote(bar.takerQuoteVolume.value),
      B: '0',
    };
    const { openTime } = bar;
    channel.publish((time) => ({
      e: 'kline',
      E: time(now),
      s: data.symbol,
      k: { t: time(openTime), T: time(endTime) - 1, s: data.symbol, ...amounts },
    }));
  }
}

/** Ended bars that are told late, at most. */
const CATCH_UP = 60;
