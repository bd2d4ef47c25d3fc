import type { Clock } from '@tradewind/utils';
import type { MarketData } from '../market-data.ts';
import { BookTickerFeed, DepthFeed, PartialDepthFeed } from './book-feeds.ts';
import type { Channel } from './channel.ts';
import type { Feed, FeedContext } from './feed.ts';
import { KlineFeed } from './kline-feed.ts';
import { AveragePriceFeed, ReferencePriceFeed } from './price-feeds.ts';
import type { MarketStream, SymbolStream } from './stream-name.ts';
import { AllTickersFeed, DayTickerFeed, MiniTickerFeed, WindowTickerFeed } from './ticker-feeds.ts';
import { AggregateTradeFeed, TradeFeed } from './trade-feeds.ts';

export function makeSymbolFeed(stream: SymbolStream, context: FeedContext): Feed {
  switch (stream.kind) {
    case 'trade':
      return new TradeFeed(context);
    case 'aggTrade':
      return new AggregateTradeFeed(context);
    case 'blockTrade':
      // The exchange has no block trades, so there is nothing to tell.
      return {};
    case 'referencePrice':
      return new ReferencePriceFeed(context);
    case 'miniTicker':
      return new MiniTickerFeed(context);
    case 'ticker':
      return new DayTickerFeed(context);
    case 'windowTicker':
      return new WindowTickerFeed(context, stream.window);
    case 'bookTicker':
      return new BookTickerFeed(context);
    case 'avgPrice':
      return new AveragePriceFeed(context);
    case 'kline':
      return new KlineFeed(context, stream.interval, stream.timeZoneMinutes);
    case 'partialDepth':
      return new PartialDepthFeed(context, stream.levels, stream.periodMs);
    case 'depth':
      return new DepthFeed(context, stream.periodMs);
  }
}

export function makeMarketFeed(stream: MarketStream, channel: Channel, data: MarketData, clock: Clock): Feed {
  const window = stream.kind === 'allWindowTickers' ? stream.window : undefined;
  return new AllTickersFeed(
    channel,
    () => data.symbols,
    () => clock.nowMs(),
    window,
  );
}
