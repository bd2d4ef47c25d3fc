export type { ListKind } from '../contingency.ts';
export type { NotCountable } from '../counted.ts';
export type { ExpiryReason } from '../expiry.ts';
export { Book } from './book.ts';
export { type MatchingListener, OUTSIDE } from './listener.ts';
export {
  type BookLevel,
  type EngineOptions,
  MatchingEngine,
  type OrderQuantities,
} from './matching-engine.ts';
export { BUY, OrderPool, SELL, type SideCode } from './order-pool.ts';
export type { FundsPort } from './placement.ts';
export type {
  AmendRefusal,
  CancelRefusal,
  CancelRestriction,
  OrderRefusal,
  OrderRequest,
} from './request.ts';
export { type Owner, requestOf } from './request-of.ts';
export { refine, type SavedEngine } from './saved-engine.ts';
export type { PriceRange } from './taker.ts';
