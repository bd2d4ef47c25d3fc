import { ORDER_TYPES, SELF_TRADE_PREVENTION_MODES } from '@tradewind/core/orders';

/** A value of a closed list of the venue, or one that it has added since, kept as it came (binance-spot.md section 14, trap 40). */
export type Kept<T extends string> = T | { readonly unknown: string };

/** True for the value itself, which a value kept as unknown never is. */
export const isKnown = <T extends string>(value: Kept<T>): value is T => typeof value === 'string';

export const SIDES = ['BUY', 'SELL'] as const;
export const TIMES_IN_FORCE = ['GTC', 'IOC', 'FOK'] as const;
export { ORDER_TYPES, SELF_TRADE_PREVENTION_MODES };

/** binance-spot.md section 5.3. `PENDING_CANCEL` is listed by the venue and unused. */
export const ORDER_STATUSES = [
  'NEW',
  'PENDING_NEW',
  'PARTIALLY_FILLED',
  'FILLED',
  'CANCELED',
  'PENDING_CANCEL',
  'REJECTED',
  'EXPIRED',
  'EXPIRED_IN_MATCH',
] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

export const EXECUTION_TYPES = [
  'NEW',
  'CANCELED',
  'REPLACED',
  'REJECTED',
  'TRADE',
  'EXPIRED',
  'TRADE_PREVENTION',
] as const;
export type ExecutionType = (typeof EXECUTION_TYPES)[number];

export const EXPIRY_REASONS = [
  'NONE',
  'REJECTED',
  'EXCHANGE_CANCELED',
  'OCO_TRIGGER',
  'OTO_PHASE_ONE_EXPIRED',
  'UNFILLED_IOC_QUANTITY_EXPIRED',
  'UNFILLED_FOK_ORDER_EXPIRED',
  'INSUFFICIENT_LIQUIDITY',
  'EXECUTION_RULE_PRICE_RANGE_EXCEEDED',
] as const;
export type ExpiryReason = (typeof EXPIRY_REASONS)[number];

/** Why an execution report says REJECTED (binance-spot.md section 9.3). */
export const REJECT_REASONS = [
  'NONE',
  'INSUFFICIENT_BALANCES',
  'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY',
  'WOULD_MATCH_IMMEDIATELY',
  'OCO_BAD_PRICES',
] as const;
export type RejectReason = (typeof REJECT_REASONS)[number];

export const CONTINGENCY_TYPES = ['OCO', 'OTO'] as const;
/** OTOCO, OPO and OPOCO lists report OTO. */
export type ContingencyType = (typeof CONTINGENCY_TYPES)[number];

export const LIST_STATUS_TYPES = ['RESPONSE', 'EXEC_STARTED', 'UPDATED', 'ALL_DONE'] as const;
export type ListStatusType = (typeof LIST_STATUS_TYPES)[number];

export const LIST_ORDER_STATUSES = ['EXECUTING', 'ALL_DONE', 'REJECT'] as const;
export type ListOrderStatus = (typeof LIST_ORDER_STATUSES)[number];

export const PEG_PRICE_TYPES = ['PRIMARY_PEG', 'MARKET_PEG'] as const;
export type PegPriceType = (typeof PEG_PRICE_TYPES)[number];

export const WORKING_FLOORS = ['EXCHANGE', 'SOR'] as const;
export type WorkingFloor = (typeof WORKING_FLOORS)[number];

export const RATE_LIMIT_TYPES = ['REQUEST_WEIGHT', 'RAW_REQUESTS', 'ORDERS', 'CONNECTIONS'] as const;
export type RateLimitType = (typeof RATE_LIMIT_TYPES)[number];
