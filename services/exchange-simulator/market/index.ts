export { MadeUpMarket } from './made-up-market.ts';
export type { PricePath } from './path/price-path.ts';
export { RandomWalk } from './path/random-walk.ts';
export { pricePathsOf } from './replay/price-paths.ts';
export { describeRecordingProblem, openRecording } from './replay/recording.ts';
export { DamagedRecording } from './replay/recording-files.ts';
export { ReplayedMarket } from './replay/replayed-market.ts';
export type { TradingFloor } from './traders/desk.ts';
