export type { MissingBar } from './bar-watch.ts';
export type { SubscriptionRefusal } from './connection-subscriptions.ts';
export { aggregateTradeOf, quoteOf, tradeOf } from './domain.ts';
export type { Freshness } from './freshness.ts';
export type {
  AveragePriceEvent,
  BlockTradeEvent,
  KlineEvent,
  MarketEvent,
  MiniTickerEvent,
  PartialDepthEvent,
  ReferencePriceEvent,
  RollingTickerEvent,
  TickerEvent,
} from './market-event.ts';
export type { MarketListener, StreamGap, StreamRefusal } from './market-listener.ts';
export {
  DEFAULT_STREAM_LIMITS,
  MarketStreams,
  type MarketStreamsOptions,
  type StreamLimits,
  type SubscribeRefusal,
} from './market-streams.ts';
export { MessageScanner } from './message-scanner.ts';
export type {
  MessageKind,
  MessageRefusal,
  OtherMessage,
  ScannedDepth,
  ScannedQuote,
  ScannedTrade,
  StreamMarket,
} from './scanned.ts';
export { nameOf, type Stream, type TickerWindow, type UpdateSpeed } from './stream.ts';
