import type { Lots, Ticks } from '../../market/index.ts';
import type { OrderType, SelfTradePrevention, Side, TimeInForce } from '../../orders/index.ts';

/**
 * An order as the engine takes it: counted in ticks and lots of one grid, every field present, zero for "not given". One
 * object may be filled anew for each order; the engine keeps nothing of it. Which fields may stand together is settled
 * before (`OrderTerms`, the instrument's filters); the engine trusts it.
 */
export interface OrderRequest {
  /** Whoever owns it; self-trade prevention compares accounts, and trade groups that are not zero. */
  readonly account: number;
  readonly tradeGroup: number;
  readonly side: Side;
  readonly type: OrderType;
  /** GTC where the type has none. */
  readonly timeInForce: TimeInForce;
  readonly selfTradePrevention: SelfTradePrevention;
  /** Zero for a market order by quote amount and for a pending order of an OPO. */
  readonly quantity: Lots;
  /** With a peg: the worst price that the peg may take, or zero. */
  readonly price: Ticks;
  /** Market orders only: ticks x lots to spend or raise, a whole number below 2^53. */
  readonly quoteAmount: number;
  readonly stopPrice: Ticks;
  readonly trailingDeltaBps: number;
  readonly icebergQuantity: Lots;
  readonly pegPriceType: 'NONE' | 'PRIMARY_PEG' | 'MARKET_PEG';
  /** How many existing levels deeper than the best, 0 to 100. */
  readonly pegOffsetLevels: number;
}

/** Why the engine did not take an order, in our spelling of what binance-spot.md section 7.3 lists. */
export type OrderRefusal =
  | 'would_trigger_immediately'
  | 'would_match_immediately'
  | 'oco_bad_prices'
  | 'liquidity_below_minimum_quantity'
  | 'liquidity_too_low_for_peg';

/** Source: binance-spot.md section 4.3, cancelRestrictions. */
export type CancelRestriction = 'NONE' | 'ONLY_NEW' | 'ONLY_PARTIALLY_FILLED';
export type CancelRefusal = 'unknown_order' | 'cancel_restricted';

/** Only a reduction to more than what is executed or prevented already is possible; an OPO's pending order has no quantity yet. */
export type AmendRefusal =
  | 'unknown_order'
  | 'quantity_increase'
  | 'no_change'
  | 'nothing_would_remain'
  | 'pending_opo';
