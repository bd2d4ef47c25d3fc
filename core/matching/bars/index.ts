export type { ExpiryReason } from '../expiry.ts';
export {
  BarMarket,
  type BarMarketListener,
  type BarOrderEnd,
  type FillAssumptions,
} from './bar-market.ts';
export type { BarOrder } from './bar-order.ts';
export type { InsufficientBalance } from './bar-settlement.ts';
export { FeeDiscount, type FeeRates } from './fees.ts';
export { Slippage } from './slippage.ts';
