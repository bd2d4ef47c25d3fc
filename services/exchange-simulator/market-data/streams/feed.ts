import type { Clock } from '@tradewind/utils';
import type { AggregateTrade, BookChange, MarketQueries, PublicTrade } from '../../exchange/index.ts';
import type { SymbolData } from '../symbol-data.ts';
import type { Channel } from './channel.ts';

/** What makes the events of one stream while somebody is subscribed to it. It hears what the exchange tells of its symbol, or looks at it again and again. */
export interface Feed {
  /** How often `tick` is called; undefined for streams in real time. */
  readonly periodMs?: 100 | 1000 | 2000;
  tick?(): void;
  trade?(trade: PublicTrade): void;
  aggregateTrade?(trade: AggregateTrade): void;
  bookChange?(change: BookChange): void;
}

/** What the feed of a symbol's stream works with. */
export interface FeedContext {
  readonly channel: Channel;
  readonly data: SymbolData;
  readonly exchange: MarketQueries;
  readonly clock: Clock;
}
