export { type BacktestOptions, type BacktestOutcome, runBacktest } from './backtest.ts';
export { hashOf } from './canonical-json.ts';
export type { LineLog } from './line-log.ts';
export type { MarketData } from './market-run.ts';
export type { BacktestResult, FillRecord, OrderRecord, RunRecord, SeriesRecord, Summary } from './result.ts';
export { orderRecordOf, type RunFacts, resultOf } from './result-of.ts';
export { RunFailure } from './run-failure.ts';
export { InputUnavailable } from './timeline.ts';
