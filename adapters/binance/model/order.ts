import type { Price, Quantity, QuoteAmount, Ratio } from '@tradewind/core/money';
import type { Fee, OrderType, SelfTradePrevention, Side, TimeInForce } from '@tradewind/core/orders';
import type {
  ContingencyType,
  ExpiryReason,
  Kept,
  ListOrderStatus,
  ListStatusType,
  OrderStatus,
  PegPriceType,
  WorkingFloor,
} from './enums.ts';

/**
 * An order as the venue tells of it, whichever answer told: placement, cancel, query, a list's report, an amendment
 * (binance-spot.md sections 4.3, 4.4, 5.2). What the answer did not say is undefined; so is what the venue writes as zero or -1
 * for "none" (a stop price, a list id).
 */
export interface VenueOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly orderListId: number | undefined;
  /** The id it answers to now: after a cancel, the id of the cancel. */
  readonly clientOrderId: string;
  /** The id it had before: in answers to cancels and amendments, and to queries that asked by it. */
  readonly originalClientOrderId: string | undefined;
  readonly side: Kept<Side>;
  readonly type: Kept<OrderType>;
  readonly timeInForce: Kept<TimeInForce>;
  readonly status: Kept<OrderStatus>;
  /** Absent for orders without a limit. */
  readonly price: Price | undefined;
  /** Absent while the pending leg of an OPO waits for what its working order will receive, and for orders by quote amount. */
  readonly quantity: Quantity | undefined;
  readonly quoteAmount: QuoteAmount | undefined;
  readonly executedQuantity: Quantity;
  /** undefined where the venue does not know it itself: very old orders report it below zero. */
  readonly executedQuoteAmount: QuoteAmount | undefined;
  readonly stopPrice: Price | undefined;
  readonly icebergQuantity: Quantity | undefined;
  readonly trailingDeltaBps: number | undefined;
  /** When trailing began, epoch ms; undefined until it has. */
  readonly trailingTimeMs: number | undefined;
  readonly selfTradePrevention: Kept<SelfTradePrevention> | undefined;
  readonly preventedMatchId: number | undefined;
  readonly preventedQuantity: Quantity | undefined;
  readonly tradeGroupId: number | undefined;
  readonly strategyId: number | undefined;
  readonly strategyType: number | undefined;
  readonly peg: VenuePeg | undefined;
  readonly usedSor: boolean | undefined;
  readonly workingFloor: Kept<WorkingFloor> | undefined;
  readonly expiryReason: Kept<ExpiryReason> | undefined;
  readonly isWorking: boolean | undefined;
  /** When it went on the book, epoch ms; undefined until it has. */
  readonly workingTimeMs: number | undefined;
  /** When what the answer is about happened. */
  readonly transactTimeMs: number | undefined;
  readonly createdTimeMs: number | undefined;
  readonly updatedTimeMs: number | undefined;
  /** undefined when the answer does not tell fills: then `executedQuantity` may still be above zero. */
  readonly fills: readonly OrderFill[] | undefined;
  readonly preventedMatches: readonly PreventedMatchOfOrder[] | undefined;
}

/** A placement that the venue has accepted. */
export interface PlacedOrder {
  readonly symbol: string;
  readonly orderId: number;
  readonly orderListId: number | undefined;
  readonly clientOrderId: string;
  readonly transactTimeMs: number;
  /** undefined when the venue only acknowledged: it says nothing of status and fills then (binance-spot.md section 14, trap 20). */
  readonly order: VenueOrder | undefined;
}

export interface VenuePeg {
  readonly priceType: Kept<PegPriceType>;
  readonly offsetLevels: number | undefined;
  /** The price that the peg gave, once it has one. */
  readonly price: Price | undefined;
}

/** One match of an order, in the answer to its placement; the user stream tells of it too, with the same trade id. */
export interface OrderFill {
  readonly price: Price;
  readonly quantity: Quantity;
  readonly fee: Fee;
  /** undefined for allocations of smart order routing, which have none. */
  readonly tradeId: number | undefined;
  readonly matchType: string | undefined;
  readonly allocationId: number | undefined;
}

export interface PreventedMatchOfOrder {
  readonly preventedMatchId: number;
  readonly makerSymbol: string | undefined;
  readonly makerOrderId: number;
  readonly price: Price;
  readonly takerPreventedQuantity: Quantity | undefined;
  readonly makerPreventedQuantity: Quantity | undefined;
}

/** An order list as the venue tells of it (binance-spot.md section 4.3). */
export interface OrderListState {
  readonly orderListId: number;
  readonly contingencyType: Kept<ContingencyType>;
  /** undefined inside the answer to an amendment, which does not say it. */
  readonly listStatusType: Kept<ListStatusType> | undefined;
  readonly listOrderStatus: Kept<ListOrderStatus>;
  readonly listClientOrderId: string;
  readonly symbol: string;
  readonly transactTimeMs: number | undefined;
  readonly legs: readonly LegReference[];
  /** The legs in full; undefined where the answer only names them. */
  readonly reports: readonly VenueOrder[] | undefined;
}

export interface LegReference {
  readonly symbol: string;
  readonly orderId: number;
  readonly clientOrderId: string;
}

/** One half of a cancel-replace. What the answer leaves out, or nobody can read, is unknown (faults.md O12). */
export type Half<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'failed'; readonly code: number; readonly message: string }
  | { readonly kind: 'not_attempted' }
  | { readonly kind: 'unknown'; readonly detail: string };

/** Both halves of a cancel-replace: it is no transaction (binance-spot.md section 4.3). */
export interface CancelReplace {
  readonly cancel: Half<VenueOrder>;
  readonly placement: Half<PlacedOrder>;
}

/** The answer to an amendment that keeps its place in the queue. */
export interface Amendment {
  readonly transactTimeMs: number;
  readonly executionId: number;
  readonly order: VenueOrder;
  /** For members of a list. */
  readonly list: OrderListState | undefined;
}

/** What canceling everything on a symbol canceled: orders that stood alone, and whole lists. */
export interface CanceledOrders {
  readonly orders: readonly VenueOrder[];
  readonly lists: readonly OrderListState[];
}

/** One amendment of the past (GET order/amendments). */
export interface AmendmentRecord {
  readonly symbol: string;
  readonly orderId: number;
  readonly executionId: number;
  readonly originalClientOrderId: string;
  readonly newClientOrderId: string;
  readonly originalQuantity: Quantity;
  readonly newQuantity: Quantity;
  readonly timeMs: number;
}

/** One match that self-trade prevention stopped (GET myPreventedMatches). */
export interface PreventedMatch {
  readonly symbol: string;
  readonly preventedMatchId: number;
  readonly takerOrderId: number;
  readonly makerSymbol: string;
  readonly makerOrderId: number;
  readonly tradeGroupId: number | undefined;
  readonly selfTradePrevention: Kept<SelfTradePrevention>;
  readonly price: Price;
  readonly takerPreventedQuantity: Quantity | undefined;
  readonly makerPreventedQuantity: Quantity | undefined;
  readonly transactTimeMs: number;
}

/** What POST order/test says when asked for commission rates; all undefined when it was not. */
export interface TestedOrder {
  readonly standard: MakerTakerRates | undefined;
  readonly special: MakerTakerRates | undefined;
  readonly tax: MakerTakerRates | undefined;
}
export interface MakerTakerRates {
  readonly maker: Ratio;
  readonly taker: Ratio;
}
