import type { Amount, Price, Quantity, QuoteAmount } from '../money/index.ts';

/** Spelled as the exchange spells them (binance-spot.md section 5), so that no translation can be wrong. */
export type Side = 'BUY' | 'SELL';
export type TimeInForce = 'GTC' | 'IOC' | 'FOK';
export const ORDER_TYPES = [
  'LIMIT',
  'MARKET',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT',
  'TAKE_PROFIT_LIMIT',
] as const;
export type OrderType = (typeof ORDER_TYPES)[number];
export const SELF_TRADE_PREVENTION_MODES = [
  'NONE',
  'EXPIRE_TAKER',
  'EXPIRE_MAKER',
  'EXPIRE_BOTH',
  'DECREMENT',
  'TRANSFER',
] as const;
export type SelfTradePrevention = (typeof SELF_TRADE_PREVENTION_MODES)[number];
/** Whether our order was resting when it traded, or matched on arrival; decides the fee rate. */
export type Liquidity = 'MAKER' | 'TAKER';

/** When a stop fires: at a price, or at a distance from the best price seen since it was placed, or both (binance-spot.md section 5.1). */
export type Trigger =
  | { readonly stopPrice: Price; readonly trailingDeltaBps?: number }
  | { readonly stopPrice?: never; readonly trailingDeltaBps: number };

/** The price is taken from the book when the order enters it, and stays. `offsetLevels` counts existing levels deeper, 1 to 100. */
export interface Peg {
  readonly priceType: 'PRIMARY_PEG' | 'MARKET_PEG';
  readonly offsetLevels?: number;
}

/** Spend (BUY) or raise (SELL) an amount of quote, or trade a quantity of base. */
export type MarketTerms =
  | { readonly type: 'MARKET'; readonly quantity: Quantity; readonly quoteAmount?: never }
  | { readonly type: 'MARKET'; readonly quoteAmount: QuoteAmount; readonly quantity?: never };

/** With a peg, the price comes from the book when the order enters it; `price` is then the bound that filters are checked against. */
interface LimitPart {
  readonly quantity: Quantity;
  readonly price: Price;
  /** The visible part of an iceberg; below `quantity`, GTC only. */
  readonly icebergQuantity?: Quantity;
  readonly peg?: Peg;
}
export interface LimitTerms extends LimitPart {
  readonly type: 'LIMIT';
  readonly timeInForce: TimeInForce;
}
/** Post-only: refused when it would take. */
export interface LimitMakerTerms extends LimitPart {
  readonly type: 'LIMIT_MAKER';
}
/** Rests invisibly and becomes a market order when triggered. */
export interface StopTerms {
  readonly type: 'STOP_LOSS' | 'TAKE_PROFIT';
  readonly quantity: Quantity;
  readonly trigger: Trigger;
}
/** Rests invisibly and becomes a limit order when triggered. */
export interface StopLimitTerms extends LimitPart {
  readonly type: 'STOP_LOSS_LIMIT' | 'TAKE_PROFIT_LIMIT';
  readonly timeInForce: TimeInForce;
  readonly trigger: Trigger;
}
export type OrderTerms = MarketTerms | LimitTerms | LimitMakerTerms | StopTerms | StopLimitTerms;

/** An order that a strategy wants: chosen and named, not yet approved. */
export interface OrderIntent {
  readonly clientOrderId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly terms: OrderTerms;
  readonly selfTradePrevention?: SelfTradePrevention;
  /** The author's word for why: an entry or exit reason. Travels to fills and reports. */
  readonly tag: string;
  /** When the decision was made, epoch ms. */
  readonly decidedAtMs: number;
}

/**
 * Orders that depend on one another (binance-spot.md section 4.3). One cancels the other: OCO. One triggers the other: OTO;
 * one triggers a pair that cancel one another: OTOCO. `above` and `below` say on which side of the market a leg rests.
 * All legs are of one symbol.
 */
export type OrderListIntent =
  | {
      readonly kind: 'OCO';
      readonly listClientOrderId: string;
      readonly above: OrderIntent;
      readonly below: OrderIntent;
    }
  | {
      readonly kind: 'OTO';
      readonly listClientOrderId: string;
      readonly working: OrderIntent;
      readonly pending: OrderIntent;
    }
  | {
      readonly kind: 'OTOCO';
      readonly listClientOrderId: string;
      readonly working: OrderIntent;
      readonly pendingAbove: OrderIntent;
      readonly pendingBelow: OrderIntent;
    };

/** One partial or complete match of an order of ours. Fees belong to the fill: one order can pay in several assets. */
export interface Fill {
  readonly clientOrderId: string;
  readonly strategy: string;
  readonly symbol: string;
  readonly side: Side;
  readonly quantity: Quantity;
  readonly price: Price;
  readonly fee: Fee;
  readonly liquidity: Liquidity;
  /** The venue's trade id; with symbol and side it names this fill for ever. Both sides of a trade with oneself share it. */
  readonly tradeId: number;
  readonly timeMs: number;
  readonly tag: string;
}
export interface Fee {
  readonly asset: string;
  readonly amount: Amount;
}
