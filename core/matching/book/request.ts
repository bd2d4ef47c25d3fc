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

/** Why the engine did not take an order. Source: binance-spot.md section 7.3. */
export type OrderRefusal =
  | 'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY'
  | 'WOULD_MATCH_IMMEDIATELY'
  | 'OCO_BAD_PRICES'
  | 'LIQUIDITY_BELOW_MINIMUM_QUANTITY'
  | 'LIQUIDITY_TOO_LOW_FOR_PEG';

/** Source: binance-spot.md section 4.3, cancelRestrictions. */
export type CancelRestriction = 'NONE' | 'ONLY_NEW' | 'ONLY_PARTIALLY_FILLED';
export type CancelRefusal = 'UNKNOWN_ORDER' | 'CANCEL_RESTRICTED';

/** Only a reduction to more than what is executed or prevented already is possible; an OPO's pending order has no quantity yet. */
export type AmendRefusal =
  | 'UNKNOWN_ORDER'
  | 'QUANTITY_INCREASE'
  | 'NO_CHANGE'
  | 'NOTHING_WOULD_REMAIN'
  | 'PENDING_OPO';
