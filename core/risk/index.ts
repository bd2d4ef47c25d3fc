export {
  type BreakerCause,
  type BreakerScope,
  type BreakerStates,
  isSameScope,
  NOTHING_TRIPPED,
  rearm,
  type TradingState,
  type Trip,
  tradingStateOf,
  unionOf,
} from './breakers.ts';
export { CheckLog, type CheckMade } from './check-log.ts';
export { describeRefusal } from './describe-refusal.ts';
export { RiskDesk } from './desk.ts';
export type { FilterRefusal, MissingValue, OpenCounts, SymbolLoad } from './filter-refusal.ts';
export { approveListOnFilters, approveOnFilters, type UnfitOrder } from './filters.ts';
export type {
  AccountLimits,
  AssetLimits,
  EquityAmount,
  Limit,
  OrderRate,
  RiskLimits,
  StrategyLimits,
  SymbolLimits,
} from './limits.ts';
export { quantityForQuote } from './priced-filters.ts';
export type { LimitScope, Refusal } from './refusal.ts';
export { equityValueOf } from './reservation.ts';
export type { Wanted } from './sizing.ts';
export type { RiskView } from './view.ts';
