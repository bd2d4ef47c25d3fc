export { MarketData, type MarketSource } from './market-data.ts';
export type {
  AggregateTradeQuery,
  AggregateTradeRow,
  AveragePrice,
  BookTicker,
  DayTicker,
  DepthSnapshot,
  KlineQuery,
  KlineRow,
  MiniTicker,
  PriceTicker,
  PublicMarketData,
  PublicTradeRow,
  ReferencePrice,
  SymbolMarketData,
  TimeRange,
  WindowTicker,
} from './shapes.ts';
export type { Interceptor, OutgoingMessage } from './streams/connection.ts';
export { SocketLife } from './streams/socket-life.ts';
export { Streams, type StreamsOptions } from './streams/streams.ts';
