import type { Price, Quantity, QuoteAmount } from '@tradewind/core/money';
import type { SelfTradePrevention, Side } from '@tradewind/core/orders';
import type {
  AggregateTrade,
  Balance,
  ExecutionType,
  Fill,
  Order,
  OrderList,
  PublicTrade,
  RejectReason,
} from './model.ts';

/**
 * One change of one order. With what `order` says after it, every field of binance-spot.md section 9.3 can be made.
 * Nothing in it changes any more.
 */
export interface ExecutionReport {
  readonly executionType: ExecutionType;
  /** Numbered per symbol, with gaps as seen by one account. */
  readonly executionId: number;
  /** `T`. */
  readonly timeMs: number;
  /** The order after the change. For REJECTED it has order id -1. */
  readonly order: Order;
  /** `C`: on CANCELED the client order id that the order had before; '' otherwise. */
  readonly originalClientOrderId: string;
  readonly rejectReason: RejectReason;
  /** `w`: it is in the book, or goes there. */
  readonly isOnBook: boolean;
  /** Only with TRADE. */
  readonly fill: Fill | undefined;
  /** Only with TRADE_PREVENTION; when nothing is left, the status is EXPIRED_IN_MATCH and no other report follows. */
  readonly prevention: Prevention | undefined;
}

export interface Prevention {
  readonly preventedMatchId: number;
  readonly mode: SelfTradePrevention;
  readonly price: Price;
  /** What this order lost by it (`B`, `pl`). */
  readonly quantity: Quantity;
  readonly quoteQuantity: QuoteAmount;
  readonly counterOrderId: number;
  readonly counterSymbol: string;
}

/** outboundAccountPosition: the balances that one command has changed, after it. */
export interface AccountPosition {
  readonly account: number;
  readonly timeMs: number;
  readonly balances: readonly Balance[];
}

/** balanceUpdate and externalLockUpdate: a signed amount. */
export interface BalanceChange {
  readonly account: number;
  readonly asset: string;
  readonly delta: Quantity;
  readonly timeMs: number;
}

export interface ListStatusReport {
  readonly list: OrderList;
  readonly rejectReason: RejectReason;
  readonly timeMs: number;
}

/** A visible level has a new quantity; zero removes it. Update ids count up by one per change. */
export interface BookChange {
  readonly symbol: string;
  readonly side: Side;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly updateId: number;
  readonly timeMs: number;
}

/**
 * What the exchange tells, in the order in which it happened: of each step of a command (the command itself, then each pending
 * order it activated and each stop it fired) first reports, list statuses and public trades, then one position per account
 * whose balances changed; when all steps are done the changes of the book, then what the aggregation of trades finished.
 *
 * All is told after the command is done and before it returns, so whatever is asked of the exchange meanwhile is the state
 * after the whole command. A listener may give commands; what they bring is told after the rest.
 */
export interface ExchangeListener {
  executionReport(report: ExecutionReport): void;
  listStatus(report: ListStatusReport): void;
  accountPosition(position: AccountPosition): void;
  balanceUpdate(change: BalanceChange): void;
  externalLock(change: BalanceChange): void;
  trade(trade: PublicTrade): void;
  /** An aggregate that is complete: the taker's command has ended or traded on at another price. */
  aggregateTrade(trade: AggregateTrade): void;
  bookChange(change: BookChange): void;
  /** Its status, filters, price-range rule or reference price have been changed by the operator. */
  symbolChanged(symbol: string): void;
  /** Everything has been wiped: orders, trades, books and balances start anew; accounts and keys stay. */
  wiped(): void;
}
