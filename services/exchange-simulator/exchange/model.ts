import type { Price, Quantity, QuoteAmount } from '@tradewind/core/money';
import type { OrderType, SelfTradePrevention, Side, TimeInForce } from '@tradewind/core/orders';

/*
 * What the exchange holds and shows. All of it is read-only and does not change any more once it has been handed out.
 * Amounts are exact (core/money, 8 decimals); zero stands for "not given", as on the wire. Times are epoch ms, -1 for "not
 * yet". Orders, trades, execution reports and prevented matches are numbered per symbol, order lists over all symbols.
 */

/** Why something was not done, as the wire says it. Sources: binance-spot.md sections 6 and 7. */
export interface Refusal {
  readonly code: number;
  readonly msg: string;
  /** Only with -1015: when the order count that was passed starts anew, epoch ms. */
  readonly retryAtMs?: number;
  /** Only with -2010: what an executionReport says in `r`. */
  readonly rejectReason?: RejectReason;
}

/** Source: binance-spot.md section 9.3. */
export type RejectReason =
  | 'NONE'
  | 'INSUFFICIENT_BALANCES'
  | 'STOP_PRICE_WOULD_TRIGGER_IMMEDIATELY'
  | 'WOULD_MATCH_IMMEDIATELY'
  | 'OCO_BAD_PRICES';

export type OrderStatus =
  | 'PENDING_NEW'
  | 'NEW'
  | 'PARTIALLY_FILLED'
  | 'FILLED'
  | 'CANCELED'
  | 'REJECTED'
  | 'EXPIRED'
  | 'EXPIRED_IN_MATCH';

export type ExecutionType =
  | 'NEW'
  | 'CANCELED'
  | 'REPLACED'
  | 'REJECTED'
  | 'TRADE'
  | 'EXPIRED'
  | 'TRADE_PREVENTION';

/** Source: binance-spot.md section 5.3. */
export type ExpiryReason =
  | 'NONE'
  | 'REJECTED'
  | 'EXCHANGE_CANCELED'
  | 'OCO_TRIGGER'
  | 'OTO_PHASE_ONE_EXPIRED'
  | 'UNFILLED_IOC_QUANTITY_EXPIRED'
  | 'UNFILLED_FOK_ORDER_EXPIRED'
  | 'INSUFFICIENT_LIQUIDITY'
  | 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED';

export type PegPriceType = 'PRIMARY_PEG' | 'MARKET_PEG';

/** An order at one moment. */
export interface Order {
  readonly symbol: string;
  readonly account: number;
  readonly orderId: number;
  /** -1 when it is in no list. */
  readonly orderListId: number;
  /** The present one: a cancel and an amendment replace it. */
  readonly clientOrderId: string;
  /** The one that it was placed with. */
  readonly placedClientOrderId: string;
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** As sent; zero without one. */
  readonly price: Price;
  /** undefined while an order of an OPO waits for its quantity. */
  readonly quantity: Quantity | undefined;
  readonly quoteOrderQuantity: QuoteAmount;
  readonly executedQuantity: Quantity;
  readonly executedQuote: QuoteAmount;
  readonly status: OrderStatus;
  readonly stopPrice: Price;
  readonly icebergQuantity: Quantity;
  /** Basis points; 0 without one. */
  readonly trailingDelta: number;
  /** When it began to follow the price. */
  readonly trailingTimeMs: number;
  readonly strategyId: number | undefined;
  readonly strategyType: number | undefined;
  readonly selfTradePrevention: SelfTradePrevention;
  readonly pegPriceType: PegPriceType | undefined;
  /** undefined without an offset; the offset type is always PRICE_LEVEL. */
  readonly pegOffsetLevels: number | undefined;
  /** undefined until the peg has found its price. */
  readonly peggedPrice: Price | undefined;
  /** The last one; undefined before self-trade prevention touched it. */
  readonly preventedMatchId: number | undefined;
  readonly preventedQuantity: Quantity;
  /** undefined for an account in no trade group. */
  readonly tradeGroup: number | undefined;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** When it came to work (matched or in the book); -1 for stops that wait and for pending orders. */
  readonly workingTimeMs: number;
  /** False for a stop that waits and for pending orders; stays true once it has worked (`isWorking`). */
  readonly isWorking: boolean;
  readonly expiryReason: ExpiryReason;
}

/** One match of one order: a row of myTrades and of `fills`. */
export interface Fill {
  readonly symbol: string;
  readonly account: number;
  readonly tradeId: number;
  readonly orderId: number;
  readonly orderListId: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly quoteQuantity: QuoteAmount;
  readonly commission: Quantity;
  readonly commissionAsset: string;
  readonly timeMs: number;
  readonly isBuyer: boolean;
  readonly isMaker: boolean;
}

/** Two orders that met and were kept from trading. */
export interface PreventedMatch {
  readonly symbol: string;
  readonly preventedMatchId: number;
  readonly takerOrderId: number;
  readonly takerAccount: number;
  readonly makerOrderId: number;
  readonly makerAccount: number;
  /** -1 where both are one account without a group. */
  readonly tradeGroup: number;
  readonly mode: SelfTradePrevention;
  readonly price: Price;
  /** Zero where that side lost nothing; then the wire leaves the field out. */
  readonly takerPreventedQuantity: Quantity;
  readonly makerPreventedQuantity: Quantity;
  readonly timeMs: number;
}

export interface Amendment {
  readonly symbol: string;
  readonly orderId: number;
  readonly executionId: number;
  readonly clientOrderIdBefore: string;
  readonly clientOrderIdAfter: string;
  readonly quantityBefore: Quantity;
  readonly quantityAfter: Quantity;
  readonly timeMs: number;
}

export type ListStatusType = 'RESPONSE' | 'EXEC_STARTED' | 'UPDATED' | 'ALL_DONE';
export type ListOrderStatus = 'EXECUTING' | 'ALL_DONE' | 'REJECT';

/** An order list at one moment. */
export interface OrderList {
  readonly orderListId: number;
  readonly symbol: string;
  readonly account: number;
  readonly kind: OrderListKind;
  /** As the wire names it: all but OCO are OTO. */
  readonly contingencyType: 'OCO' | 'OTO';
  readonly listStatusType: ListStatusType;
  readonly listOrderStatus: ListOrderStatus;
  readonly listClientOrderId: string;
  /** When it was placed. */
  readonly createdAtMs: number;
  /** Of its last change. */
  readonly transactionTimeMs: number;
  /** In the order of placement: working before pending, the stop of a pair before its limit. */
  readonly orders: readonly ListedOrder[];
}
export type OrderListKind = 'OCO' | 'OTO' | 'OTOCO' | 'OPO' | 'OPOCO';

export interface ListedOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
}

export interface Balance {
  readonly asset: string;
  readonly free: Quantity;
  readonly locked: Quantity;
}

export interface PublicTrade {
  readonly symbol: string;
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly quoteQuantity: QuoteAmount;
  readonly timeMs: number;
  readonly isBuyerMaker: boolean;
  /** undefined for a trade of the outside market in which nobody here took part. */
  readonly takerOrderId: number | undefined;
}

/** Consecutive trades of one taker at one price. */
export interface AggregateTrade {
  readonly symbol: string;
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly firstTradeId: number;
  readonly lastTradeId: number;
  readonly timeMs: number;
  readonly isBuyerMaker: boolean;
}

export interface BookLevel {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** Visible levels, best first. Everything with an update id up to `lastUpdateId` is in it. */
export interface BookSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly BookLevel[];
  readonly asks: readonly BookLevel[];
}

export interface AveragePrice {
  readonly minutes: number;
  readonly price: Price;
  /** Time of the last trade. */
  readonly closeTimeMs: number;
}
