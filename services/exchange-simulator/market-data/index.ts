export { MarketData } from './market-data.ts';
export type { PublicMarketData, SymbolMarketData } from './shapes.ts';
export { SocketLife } from './streams/socket-life.ts';
export { Streams } from './streams/streams.ts';
