export { MadeUpMarket, type MadeUpMarketOptions } from './made-up-market.ts';
export { HistoryPath } from './path/history-path.ts';
export type { PricePath } from './path/price-path.ts';
export { RandomWalk, type RandomWalkOptions } from './path/random-walk.ts';
export type { TradingFloor } from './traders/desk.ts';
