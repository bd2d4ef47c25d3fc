import type { FeedStatus, SignalRefusal } from '@tradewind/proto';

/** How far the prices of each symbol can be trusted, and what therefore must not be wanted. */
export class FeedStates {
  private readonly feeds = new Map<string, FeedStatus>();

  hear(feed: FeedStatus): void {
    this.feeds.set(feed.symbol, feed);
  }

  /** The exchange takes no order at all (faults.md M9). */
  pauseOf(symbol: string): SignalRefusal | undefined {
    const feed = this.feeds.get(symbol);
    return feed?.state === 'paused' ? notReady(feed) : undefined;
  }

  /** Prices that are old, or not there, are no reason to take on risk (faults.md I7). */
  doubtOf(symbols: readonly string[]): SignalRefusal | undefined {
    for (const symbol of symbols) {
      const feed = this.feeds.get(symbol);
      if (feed === undefined)
        return notReady({ symbol, state: 'down', sinceMs: 0, detail: 'nothing has been heard yet' });
      if (feed.state !== 'live') return notReady(feed);
    }
    return undefined;
  }
}

const notReady = ({ symbol, state, detail }: FeedStatus): SignalRefusal => ({
  reason: 'not_ready',
  state: `feed_${state}`,
  detail: `${symbol}: ${detail}`,
});
