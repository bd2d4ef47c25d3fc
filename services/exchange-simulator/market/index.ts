export { MadeUpMarket, type MadeUpMarketOptions } from './made-up-market.ts';
export { HistoryPath } from './path/history-path.ts';
export type { PricePath } from './path/price-path.ts';
export { RandomWalk, type RandomWalkOptions } from './path/random-walk.ts';
export type { ReplayEvent } from './replay/event.ts';
export { Player, type PlayerOptions, type ReplayCounts } from './replay/player.ts';
export { describeRecordingProblem, openRecording, type Recording } from './replay/recording.ts';
export type { RecordingFile, RecordingKind, RecordingProblem } from './replay/recording-files.ts';
export type { TradingFloor } from './traders/desk.ts';
