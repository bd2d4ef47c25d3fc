export { BarMarket, type BarMarketListener, type BarOrderEnd, type FillAssumptions } from './bar-market.ts';
export type { BarOrder } from './bar-order.ts';
export { Book } from './book.ts';
export type { ExpiryReason } from './expiry.ts';
export { FeeDiscount, type FeeRates } from './fees.ts';
export { type MatchingListener, OUTSIDE } from './listener.ts';
export {
  type BookLevel,
  type EngineOptions,
  MatchingEngine,
  type OrderQuantities,
} from './matching-engine.ts';
export {
  FIRST_PHASE,
  type LegEvent,
  type LegRole,
  type ListKind,
  type ListPhase,
  type Reaction,
  reactionTo,
} from './order-list.ts';
export { BUY, OrderPool, SELL, type SideCode } from './order-pool.ts';
export type { FundsPort } from './placement.ts';
export type {
  AmendRefusal,
  CancelRefusal,
  CancelRestriction,
  OrderRefusal,
  OrderRequest,
} from './request.ts';
export { type NotCountable, type Owner, requestOf } from './request-of.ts';
export { Slippage } from './slippage.ts';
export type { PriceRange } from './taker.ts';
export { isReached, type StopType, TrailingStop, trailingThreshold, waitsAbove } from './trigger.ts';
