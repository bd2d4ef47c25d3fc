import type { Amount, Price, Quantity } from '../money/index.ts';
import type { OrderListRefusal, TermsRefusal } from '../orders/index.ts';
import type { BreakerScope } from './breakers.ts';
import type { FilterRefusal, MissingValue } from './filter-refusal.ts';
import type { EquityAmount } from './limits.ts';

/** A part of the account that a limit binds. */
export type LimitScope =
  | { readonly kind: 'account' }
  | { readonly kind: 'strategy' | 'symbol' | 'asset'; readonly name: string };

/** Why an order may not be sent, with the numbers that explain it. */
export type Refusal =
  | TermsRefusal
  | OrderListRefusal
  | FilterRefusal
  | MissingValue
  | { readonly reason: 'trading_halted'; readonly scope: BreakerScope }
  | { readonly reason: 'trading_only_reduces'; readonly scope: BreakerScope }
  | { readonly reason: 'client_order_id_malformed'; readonly clientOrderId: string }
  | { readonly reason: 'client_order_id_used'; readonly clientOrderId: string }
  | { readonly reason: 'limit_not_stated'; readonly scope: LimitScope }
  | { readonly reason: 'price_age_out_of_bounds'; readonly maximumMs: number; readonly wasMs: number }
  | {
      readonly reason: 'price_outside_collar';
      readonly anchor: Price;
      readonly distanceMaximum: Price;
      readonly was: Price;
    }
  | {
      readonly reason: 'insufficient_balance';
      readonly asset: string;
      readonly needed: Amount;
      readonly available: Amount;
    }
  | {
      readonly reason: 'order_rate_exceeded';
      readonly scope: LimitScope;
      readonly maximum: number;
      readonly windowMs: number;
    }
  | {
      readonly reason: 'order_notional_over_limit' | 'order_share_of_equity_over_limit';
      readonly maximum: EquityAmount;
      readonly was: EquityAmount;
    }
  | {
      readonly reason: 'open_orders_over_limit';
      readonly scope: LimitScope;
      readonly maximum: number;
      readonly was: number;
    }
  | {
      readonly reason: 'position_over_limit';
      readonly symbol: string;
      readonly maximum: Quantity;
      readonly was: Quantity;
    }
  | {
      readonly reason: 'exposure_over_limit' | 'concentration_over_limit';
      readonly scope: LimitScope;
      readonly maximum: EquityAmount;
      readonly was: EquityAmount;
    }
  | {
      readonly reason: 'daily_loss_over_limit' | 'drawdown_over_limit';
      readonly maximum: EquityAmount;
      readonly was: EquityAmount;
    };
