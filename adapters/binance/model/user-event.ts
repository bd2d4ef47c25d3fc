import type { Amount, Price, Quantity, QuoteAmount } from '@tradewind/core/money';
import type { Fee, OrderType, SelfTradePrevention, Side, TimeInForce } from '@tradewind/core/orders';
import type { Balance } from './account.ts';
import type {
  ContingencyType,
  ExecutionType,
  ExpiryReason,
  Kept,
  ListOrderStatus,
  ListStatusType,
  OrderStatus,
  RejectReason,
  WorkingFloor,
} from './enums.ts';
import type { LegReference, VenuePeg } from './order.ts';

/** What the user data stream tells, out of its envelope (binance-spot.md section 9). */
export type UserEvent =
  | ExecutionReport
  | AccountPosition
  | BalanceUpdate
  | ListStatus
  | ExternalLock
  | StreamTerminated
  | ServerShutdown
  | UnknownUserEvent;

/** Of an order that was refused, which the stream tells of where the first half of a cancel-replace was done (binance-spot.md section 5.3). */
export const NO_ORDER_ID = -1;

/** Something happened to an order of the account. Absolute where it says `executed`, of this one event where it says `last`. */
export interface ExecutionReport {
  readonly kind: 'execution_report';
  readonly eventTimeMs: number;
  readonly transactTimeMs: number;
  readonly symbol: string;
  /** May be `NO_ORDER_ID` where the execution type is REJECTED. */
  readonly orderId: number;
  readonly orderListId: number | undefined;
  /** Field `c`: for a cancel, the id of the cancel itself (faults.md O11). `orderClientIdOf` says which id names the order. */
  readonly clientOrderId: string;
  /** Field `C`: the id the order was placed with, on a cancel; undefined where the venue sends "". */
  readonly originalClientOrderId: string | undefined;
  readonly side: Kept<Side>;
  readonly type: Kept<OrderType>;
  readonly timeInForce: Kept<TimeInForce>;
  readonly executionType: Kept<ExecutionType>;
  readonly status: Kept<OrderStatus>;
  readonly rejectReason: Kept<RejectReason>;
  readonly expiryReason: Kept<ExpiryReason> | undefined;
  /** Rises with the events of a symbol, with gaps. */
  readonly executionId: number;
  /** undefined for orders by quote amount and waiting OPO legs. */
  readonly quantity: Quantity | undefined;
  readonly quoteAmount: QuoteAmount | undefined;
  readonly price: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly icebergQuantity: Quantity | undefined;
  readonly trailingDeltaBps: number | undefined;
  readonly trailingTimeMs: number | undefined;
  readonly executedQuantity: Quantity;
  readonly executedQuoteAmount: QuoteAmount;
  readonly lastQuantity: Quantity;
  readonly lastPrice: Price;
  readonly lastQuoteAmount: QuoteAmount;
  /** undefined when this event is no trade. */
  readonly tradeId: number | undefined;
  /** undefined when nothing was charged in this event. */
  readonly fee: Fee | undefined;
  readonly isMaker: boolean;
  readonly isOnBook: boolean;
  readonly createdTimeMs: number;
  readonly workingTimeMs: number | undefined;
  readonly selfTradePrevention: Kept<SelfTradePrevention> | undefined;
  readonly prevention: Prevention | undefined;
  readonly strategyId: number | undefined;
  readonly strategyType: number | undefined;
  readonly matchType: string | undefined;
  readonly allocationId: number | undefined;
  readonly workingFloor: Kept<WorkingFloor> | undefined;
  readonly usedSor: boolean | undefined;
  readonly peg: VenuePeg | undefined;
}

/** What self-trade prevention did to the order, so far and in this event. */
export interface Prevention {
  readonly matchId: number | undefined;
  readonly quantity: Quantity | undefined;
  readonly lastQuantity: Quantity | undefined;
  readonly tradeGroupId: number | undefined;
  readonly counterOrderId: number | undefined;
  readonly counterSymbol: string | undefined;
  /** What would have traded (since 2023-12). */
  readonly executionQuantity: Quantity | undefined;
  readonly executionPrice: Price | undefined;
  readonly executionQuoteAmount: QuoteAmount | undefined;
}

/** Absolute balances of the assets that may have changed, never of all (faults.md U9). */
export interface AccountPosition {
  readonly kind: 'account_position';
  readonly eventTimeMs: number;
  readonly updatedTimeMs: number;
  readonly balances: readonly Balance[];
}

/** A deposit, a withdrawal or a transfer: a movement of capital, never a profit (faults.md B4, B5). */
export interface BalanceUpdate {
  readonly kind: 'balance_update';
  readonly eventTimeMs: number;
  readonly asset: string;
  /** Signed. */
  readonly delta: Amount;
  readonly clearTimeMs: number;
}

export interface ListStatus {
  readonly kind: 'list_status';
  readonly eventTimeMs: number;
  readonly transactTimeMs: number;
  readonly symbol: string;
  readonly orderListId: number;
  readonly contingencyType: Kept<ContingencyType>;
  readonly listStatusType: Kept<ListStatusType>;
  readonly listOrderStatus: Kept<ListOrderStatus>;
  readonly rejectReason: Kept<RejectReason>;
  readonly listClientOrderId: string;
  readonly legs: readonly LegReference[];
}

/** An amount was locked (delta below zero takes from free) or unlocked outside of spot trading. */
export interface ExternalLock {
  readonly kind: 'external_lock';
  readonly eventTimeMs: number;
  readonly asset: string;
  readonly delta: Amount;
  readonly transactTimeMs: number;
}

/** The subscription has ended though the socket may be healthy (faults.md U3). */
export interface StreamTerminated {
  readonly kind: 'stream_terminated';
  readonly eventTimeMs: number;
}

/** The connection will be closed by the venue, without a fixed notice (binance-spot.md section 8.1). */
export interface ServerShutdown {
  readonly kind: 'server_shutdown';
  readonly eventTimeMs: number;
}

/** An event that the venue has added since. */
export interface UnknownUserEvent {
  readonly kind: 'unknown_event';
  readonly name: string;
}
