import type { Feed, FeedContext } from './feed.ts';

/** The average price, whenever it has changed. */
export class AveragePriceFeed implements Feed {
  readonly periodMs = 1000;
  private readonly context: FeedContext;
  private told = '';

  constructor(context: FeedContext) {
    this.context = context;
  }

  tick(): void {
    const { channel, data, clock } = this.context;
    const average = data.averagePrice();
    const text = JSON.stringify(average);
    // Without any trade there is no time of a last one either.
    if (average.closeTime === 0 || text === this.told || !data.isShown) return;
    this.told = text;
    const now = clock.nowMs();
    channel.publish((time) => ({
      e: 'avgPrice',
      E: time(now),
      s: data.symbol,
      i: `${average.mins}m`,
      w: average.price,
      T: time(average.closeTime),
    }));
  }
}

/** The reference price every second, once there has been one; null while it is withdrawn. */
export class ReferencePriceFeed implements Feed {
  readonly periodMs = 1000;
  private readonly context: FeedContext;

  constructor(context: FeedContext) {
    this.context = context;
  }

  tick(): void {
    const { channel, data } = this.context;
    const reference = data.referencePrice();
    if (reference === undefined || !data.isShown) return;
    channel.publish((time) => ({
      e: 'referencePrice',
      s: data.symbol,
      r: reference.referencePrice,
      t: time(reference.timestamp),
    }));
  }
}
