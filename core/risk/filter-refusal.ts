import type { SymbolStatus } from '../market/index.ts';
import type { Price, Quantity, QuoteAmount } from '../money/index.ts';
import type { OrderType } from '../orders/index.ts';

/** Open orders by the kinds that the venue counts. Stops and take-profits are `algo`. */
export interface OpenCounts {
  readonly orders: number;
  readonly algoOrders: number;
  readonly icebergOrders: number;
  readonly orderLists: number;
}
/** What the account already has on a symbol. */
export interface SymbolLoad extends OpenCounts {
  /** Free and locked base plus the quantities of open BUY orders. */
  readonly held: Quantity;
}

/** A value that a rule needs and nobody knows. Nothing passes on a guess. */
export interface MissingValue {
  readonly reason: 'missing_value';
  readonly value:
    | 'instrument'
    | 'reference_price'
    | 'reference_price_age'
    | 'equity_rate'
    | 'balance'
    | 'symbol_position'
    | 'asset_exposure'
    | 'strategy_exposure'
    | 'account_exposure'
    | 'equity'
    | 'day_start_equity'
    | 'peak_equity'
    | 'open_orders';
  /** The symbol, asset or strategy it is missing for. */
  readonly of: string;
}

export type Feature =
  | 'iceberg'
  | 'quote_amount_market'
  | 'trailing_stop'
  | 'peg'
  | 'oco'
  | 'oto'
  | 'self_trade_prevention';

/** Which filter of the venue an order would break, with the filter's bound and the order's value. */
export type FilterRefusal =
  | {
      readonly reason: 'symbol_not_tradable';
      readonly symbol: string;
      readonly status: SymbolStatus;
      readonly blockers: readonly string[];
    }
  | { readonly reason: 'order_type_not_supported'; readonly was: OrderType }
  | { readonly reason: 'feature_not_supported'; readonly feature: Feature }
  | {
      readonly reason: 'price_below_minimum' | 'price_above_maximum' | 'price_off_tick';
      readonly of: 'price' | 'stop_price';
      readonly bound: Price;
      readonly was: Price;
    }
  | {
      readonly reason: 'price_outside_percent';
      readonly minimum: Price;
      readonly maximum: Price;
      readonly was: Price;
    }
  | {
      readonly reason: 'quantity_below_minimum' | 'quantity_above_maximum' | 'quantity_off_step';
      readonly filter: 'LOT_SIZE' | 'MARKET_LOT_SIZE';
      readonly of: 'quantity' | 'iceberg_quantity';
      readonly bound: Quantity;
      readonly was: Quantity;
    }
  | {
      readonly reason: 'quote_amount_below_one_step';
      readonly referencePrice: Price;
      readonly was: QuoteAmount;
    }
  | {
      readonly reason: 'notional_below_minimum' | 'notional_above_maximum';
      readonly bound: QuoteAmount;
      readonly was: QuoteAmount;
    }
  | {
      readonly reason: 'too_many_iceberg_parts';
      readonly maximum: number;
      readonly quantity: Quantity;
      readonly icebergQuantity: Quantity;
    }
  | {
      readonly reason: 'trailing_delta_out_of_range';
      readonly minimum: number;
      readonly maximum: number;
      readonly was: number;
    }
  | {
      readonly reason: 'too_many_open';
      readonly scope: 'symbol' | 'account';
      readonly kind: keyof OpenCounts;
      readonly maximum: number;
      readonly was: number;
    }
  | { readonly reason: 'position_above_maximum'; readonly maximum: Quantity; readonly was: Quantity };

export const missing = (value: MissingValue['value'], of: string): MissingValue => ({
  reason: 'missing_value',
  value,
  of,
});
