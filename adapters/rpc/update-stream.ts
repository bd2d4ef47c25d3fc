import type { FeedStatus, MarketUpdate } from '@tradewind/proto';
import { decodeWith, marketDataMethods } from '@tradewind/proto/codec';
import type { SubscribeResponse } from '@tradewind/proto/generated/market_data_pb.js';
import { LastingStream, type StreamSource } from './lasting-stream.ts';

export interface UpdateStreamParts extends StreamSource<SubscribeResponse> {
  readonly symbols: readonly string[];
  readonly listener: (update: MarketUpdate) => void;
}

/** One subscription that goes on for ever, its silence told as such. */
export class UpdateStream {
  private readonly parts: UpdateStreamParts;
  private readonly stream: LastingStream<SubscribeResponse>;
  private readonly feeds = new Map<string, FeedStatus>();
  private isDown = false;
  private isEnded = false;

  constructor(parts: UpdateStreamParts) {
    this.parts = parts;
    if (parts.connection.health.state !== 'up') this.tellDown('there is no connection yet');
    this.stream = new LastingStream({
      ...parts,
      take: (response) => this.take(response),
      ended: (detail) => {
        if (!this.isDown) this.tellDown(`the stream of market data ended: ${detail}`);
      },
    });
  }

  end(): void {
    this.isEnded = true;
    this.stream.end();
  }

  /** Tells what has come. @returns what is wrong with it */
  private take(response: SubscribeResponse): string | undefined {
    const decoded = decodeWith(marketDataMethods.subscribe.response, response);
    if (!decoded.ok) return `an update cannot be read: ${decoded.error.path} ${decoded.error.problem}`;
    this.isDown = false;
    const { updates, dropped } = decoded.value;
    for (const { symbol, count } of dropped) {
      this.tellFeed({
        symbol,
        state: 'gap',
        detail: `${count} updates were dropped, this reader is too slow`,
      });
    }
    for (const update of updates) this.tell(update);
    // The hole is told; from here on its prices are as good as its feed is.
    for (const { symbol } of dropped) {
      const feed = this.feeds.get(symbol);
      if (feed !== undefined) this.tell({ kind: 'feed', feed });
    }
    return undefined;
  }

  private tell(update: MarketUpdate): void {
    if (this.isEnded) return;
    if (update.kind === 'feed') this.feeds.set(update.feed.symbol, update.feed);
    this.parts.listener(update);
  }

  /** A state that only this side of the wire knows. */
  private tellFeed(feed: Omit<FeedStatus, 'sinceMs'>): void {
    if (this.isEnded) return;
    this.parts.listener({ kind: 'feed', feed: { ...feed, sinceMs: this.parts.outside.clock.nowMs() } });
  }

  private tellDown(detail: string): void {
    this.isDown = true;
    for (const symbol of this.parts.symbols) this.tellFeed({ symbol, state: 'down', detail });
  }
}
