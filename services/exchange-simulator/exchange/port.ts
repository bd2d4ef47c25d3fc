import type { Instrument } from '@tradewind/core/market';
import type { Amount, Price, Quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import type { Result } from '@tradewind/core/result';
import type {
  Account,
  AccountSwitches,
  Amended,
  AmendRequest,
  ApiKey,
  Canceled,
  CanceledList,
  CancelOutcome,
  CancelReplaceOutcome,
  CancelReplaceRequest,
  CancelRequest,
  Commission,
  CommissionRates,
  NewAccount,
  NewOrder,
  NewOrderList,
  OrderCount,
  OrderListReference,
  OrderReference,
  Placed,
  PlacedList,
  PriceRangeRule,
  ReferencePrice,
} from './commands.ts';
import type { ExchangeListener } from './listener.ts';
import type {
  AggregateTrade,
  Amendment,
  AveragePrice,
  Balance,
  BookLevel,
  BookSnapshot,
  Fill,
  Order,
  OrderList,
  PreventedMatch,
  PublicTrade,
  Refusal,
} from './model.ts';

import type { SaveOptions } from './saved-markets.ts';
import type { Sequence } from './sequence.ts';
import type { Transfer } from './transfer-log.ts';

type Judged<T> = Result<T, Refusal>;

/** What an account's trader can do. Unfilled orders are counted and limited here (-1015), other limits are not. */
export interface TradingCommands {
  placeOrder(account: number, symbol: string, order: NewOrder): Judged<Placed>;
  /** Judges an order as `placeOrder` would up to its filters, and does nothing: duplicates, balances and the book are the engine's. */
  testOrder(account: number, symbol: string, order: NewOrder): Judged<null>;
  placeList(account: number, list: NewOrderList): Judged<PlacedList>;
  /** SOR is offered for no symbol: always refused. */
  placeSor(account: number, symbol: string, order: NewOrder): Judged<Placed>;
  cancelOrder(account: number, request: CancelRequest): Judged<CancelOutcome>;
  cancelList(
    account: number,
    request: OrderListReference & { readonly clientOrderId?: string | undefined },
  ): Judged<CanceledList>;
  /** All open orders of a symbol, in order of their ids; a list stands once, where its first order stood. */
  cancelAll(account: number, symbol: string): Judged<readonly CancelOutcome[]>;
  cancelReplace(account: number, request: CancelReplaceRequest): CancelReplaceOutcome;
  amend(account: number, request: AmendRequest): Judged<Amended>;
  /** Charges unfilled orders for a request that was refused after they are counted (binance-spot.md section 2.4, check 2). */
  chargeUnfilledOrders(account: number, count: number): void;
}

/** A range of a history: binance-spot.md section 4, "Range rule everywhere". */
export interface HistoryRange {
  readonly startTimeMs?: number | undefined;
  readonly endTimeMs?: number | undefined;
  readonly limit: number;
}

/** What the account endpoints return; combinations of parameters have been checked before (-1127, -1128). */
export interface AccountQueries {
  account(account: number): Account | undefined;
  balances(account: number): readonly Balance[];
  /** Deposits and withdrawals, oldest first; the oldest are forgotten. */
  transfers(account: number): readonly Transfer[];
  /** -1102 without an id, -2013 unknown, -2026 archived, -2039 the two ids are of different orders. */
  order(account: number, reference: OrderReference): Judged<Order>;
  /** In order of symbol, then id; pending orders and those of lists included. */
  openOrders(account: number, symbol?: string): Judged<readonly Order[]>;
  /** With `orderId` those from it on, else by time of creation. Archived ones are left out. */
  allOrders(
    account: number,
    symbol: string,
    range: HistoryRange & { readonly orderId?: number | undefined },
  ): Judged<readonly Order[]>;
  orderList(
    account: number,
    reference: { readonly orderListId?: number | undefined; readonly origClientOrderId?: string | undefined },
  ): Judged<OrderList>;
  openOrderLists(account: number): readonly OrderList[];
  allOrderLists(
    account: number,
    range: HistoryRange & { readonly fromId?: number | undefined },
  ): readonly OrderList[];
  fills(
    account: number,
    symbol: string,
    range: HistoryRange & { readonly orderId?: number | undefined; readonly fromId?: number | undefined },
  ): Judged<readonly Fill[]>;
  preventedMatches(
    account: number,
    symbol: string,
    query: {
      readonly preventedMatchId?: number | undefined;
      readonly orderId?: number | undefined;
      readonly fromPreventedMatchId?: number | undefined;
      readonly limit: number;
    },
  ): Judged<readonly PreventedMatch[]>;
  amendments(
    account: number,
    symbol: string,
    query: {
      readonly orderId: number;
      readonly fromExecutionId?: number | undefined;
      readonly limit: number;
    },
  ): Judged<readonly Amendment[]>;
  commission(account: number, symbol: string): Judged<Commission>;
  /** One per ORDERS limiter of the exchangeInfo body, the shortest interval first. */
  orderCounts(account: number): readonly OrderCount[];
  /** MAX_ASSET limits of the account, by asset: the asset filters of myFilters. */
  assetLimits(account: number): ReadonlyMap<string, Amount>;
  key(apiKey: string): ApiKey | undefined;
}

/** One symbol as exchangeInfo shows it. */
export interface SymbolView {
  readonly symbol: string;
  readonly instrument: Instrument;
  /** The entry of exchangeInfo, with the status and the filters of now. */
  readonly entry: Readonly<Record<string, unknown>>;
}

export interface MarketQueries {
  /** In the order of the exchangeInfo body. */
  readonly symbols: readonly SymbolView[];
  symbol(symbol: string): SymbolView | undefined;
  /** The members of the exchangeInfo body other than `symbols`, as they were given (rateLimits, exchangeFilters, sors ...). */
  readonly exchangeInfo: Readonly<Record<string, unknown>>;
  /** undefined before the first trade. */
  lastPrice(symbol: string): Price | undefined;
  /** Volume-weighted over the trades of the last minutes, at most as many as are kept; the last price when there were none; undefined before the first trade. */
  averagePrice(symbol: string, minutes: number): AveragePrice | undefined;
  /** @param limit  levels per side */
  depth(symbol: string, limit: number): BookSnapshot;
  bestBid(symbol: string): BookLevel | undefined;
  bestAsk(symbol: string): BookLevel | undefined;
  lastUpdateId(symbol: string): number;
  /**
   * The kept trades, oldest first: bounded (`ExchangeOptions.tradesKept`). It goes on with the market; an object is made of each that is
   * looked at.
   */
  trades(symbol: string): Sequence<PublicTrade>;
  aggregateTrades(symbol: string): Sequence<AggregateTrade>;
  priceRangeRule(symbol: string): PriceRangeRule | undefined;
  /** undefined when there has never been one (-2043). */
  referencePrice(symbol: string): ReferencePrice | undefined;
}

/** What only the operator can do. Unknown accounts, symbols and assets that do not exist are broken assumptions. */
export interface OperatorCommands {
  /** Opens an account and returns its number, counting up from 1. */
  openAccount(account?: NewAccount): number;
  switchAccount(account: number, switches: AccountSwitches): void;
  addKey(key: Omit<ApiKey, 'createdAtMs'>): ApiKey;
  removeKey(apiKey: string): void;
  /** A positive amount comes in (balanceUpdate), a negative one goes out; refused when more than is free would go. */
  transfer(account: number, asset: string, delta: Amount): Judged<null>;
  /** Locks (positive) or unlocks what an outside agreement holds, as collateral (externalLockUpdate). */
  lockExternally(account: number, asset: string, delta: Amount): Judged<null>;
  /** Places an order for an account past its switches and order counts, as somebody at the exchange's own desk. */
  placeByHand(account: number, symbol: string, order: NewOrder): Judged<Placed>;
  cancelByHand(account: number, request: CancelRequest): Judged<CancelOutcome>;
  /** EXCHANGE_CANCELED: ends an open order with status EXPIRED; its list with it. */
  expireOrder(symbol: string, orderId: number): Judged<Canceled>;
  /** Any text; what is not known trades nothing. */
  setSymbolStatus(symbol: string, status: string): void;
  /** Replaces filters by their `filterType`; new types are added, `undefined` filters of that name are removed. */
  setFilter(
    symbol: string,
    filter: Readonly<Record<string, unknown>> & { readonly filterType: string },
  ): void;
  removeFilter(symbol: string, filterType: string): void;
  setPriceRangeRule(symbol: string, rule: PriceRangeRule | undefined): void;
  setReferencePrice(symbol: string, price: Price | null): void;
  setSpecialCommission(account: number, symbol: string, rates: CommissionRates | undefined): void;
  setTaxCommission(symbol: string, rates: CommissionRates | undefined): void;
  setStandardCommission(account: number, symbol: string, rates: CommissionRates | undefined): void;
  /** MAX_ASSET: the most of an asset that one order may be about; undefined lifts it. */
  setAssetLimit(account: number, asset: string, limit: Amount | undefined): void;
  /** The monthly reset of the testnet: all orders, trades and books go, balances are those of the start, keys stay. */
  wipe(): void;
}

/**
 * Prices and quantities of the real market around a symbol (rules in core/matching/book/outside-market.ts). Values finer than the
 * symbol's tick and step are taken. Where an order of ours rests at a price that is shown again on the other side, the book that is
 * published can be crossed there: the rules do not let what had been shown before trade once more.
 */
export interface Feed {
  /** A quantity of zero empties that side. False when it was not taken, because the symbol does not trade or a value does not fit its grid. */
  applyQuote(symbol: string, bid: BookLevel, ask: BookLevel): boolean;
  applyDepth(symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean;
  replaceDepth(symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean;
  applyTrade(symbol: string, price: Price, quantity: Quantity, takerSide: Side): boolean;
}

/** The truth, for tests: everything of everybody. */
export interface Oracle {
  readonly accounts: readonly Account[];
  orders(symbol: string): readonly Order[];
  fills(symbol: string): readonly Fill[];
  trades(symbol: string): readonly PublicTrade[];
  lists(): readonly OrderList[];
}

/** A saved exchange: JSON, amounts as exact texts. What is in it is between `save` and `load`. */
export interface SavedExchange {
  readonly version: 1;
  readonly state: unknown;
}

export interface ExchangePort extends TradingCommands, AccountQueries, MarketQueries, OperatorCommands, Feed {
  readonly oracle: Oracle;
  /**
   * Tells a listener from now on; returns how to stop it. Listeners are told in the order in which they came.
   * @param hears  false for an account whose execution reports and positions this listener does nothing with: what nobody hears is
   *   not made, and what others hear it is told, too. Left out, it hears of all.
   */
  listen(listener: Partial<ExchangeListener>, hears?: (account: number) => boolean): () => void;
  save(options?: SaveOptions): SavedExchange;
}
