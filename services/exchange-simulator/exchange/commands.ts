import type { Amount, Price, Quantity, QuoteAmount, Ratio } from '@tradewind/core/money';
import type { OrderType, SelfTradePrevention, Side, TimeInForce } from '@tradewind/core/orders';
import type {
  Amendment,
  Balance,
  Fill,
  Order,
  OrderList,
  PegPriceType,
  PreventedMatch,
  Refusal,
} from './model.ts';

/**
 * An order as it is asked for, without its symbol. Whoever reads it from the wire has checked that the parameters are there which
 * its type needs and no others (-1102, -1106, -1114 ...), enumerations, the syntax of client order ids (-1100) and decimals
 * beyond the assets' precision (-1111); all else is judged here.
 */
export interface NewOrder {
  readonly side: Side;
  readonly type: OrderType;
  /** Left out where the type has none: GTC. */
  readonly timeInForce?: TimeInForce | undefined;
  /** Left out for market orders by quote amount and pending orders of an OPO. */
  readonly quantity?: Quantity | undefined;
  readonly quoteOrderQuantity?: QuoteAmount | undefined;
  readonly price?: Price | undefined;
  readonly stopPrice?: Price | undefined;
  /** Basis points. */
  readonly trailingDelta?: number | undefined;
  readonly icebergQuantity?: Quantity | undefined;
  /** Made by the exchange when left out. */
  readonly clientOrderId?: string | undefined;
  readonly strategyId?: number | undefined;
  readonly strategyType?: number | undefined;
  /** The symbol's default when left out. */
  readonly selfTradePrevention?: SelfTradePrevention | undefined;
  readonly pegPriceType?: PegPriceType | undefined;
  /** 1 to 100. */
  readonly pegOffsetLevels?: number | undefined;
}

interface ListCommon {
  readonly symbol: string;
  readonly listClientOrderId?: string | undefined;
}
/** The legs of a list. Those of a pair share side and quantity, as the wire has them once; those of OPO and OPOCO have no quantity. */
export type NewOrderList =
  | (ListCommon & { readonly kind: 'OCO'; readonly above: NewOrder; readonly below: NewOrder })
  | (ListCommon & { readonly kind: 'OTO' | 'OPO'; readonly working: NewOrder; readonly pending: NewOrder })
  | (ListCommon & {
      readonly kind: 'OTOCO' | 'OPOCO';
      readonly working: NewOrder;
      readonly pendingAbove: NewOrder;
      readonly pendingBelow: NewOrder;
    });

/** Names one order: at least one id; both have to belong together. */
export interface OrderReference {
  readonly symbol: string;
  readonly orderId?: number | undefined;
  readonly origClientOrderId?: string | undefined;
}

export interface OrderListReference {
  readonly symbol: string;
  readonly orderListId?: number | undefined;
  readonly listClientOrderId?: string | undefined;
}

export type CancelRestriction = 'NONE' | 'ONLY_NEW' | 'ONLY_PARTIALLY_FILLED';

/** An order that was taken, after the command: how far it got, and what it traded at once. */
export interface Placed {
  readonly order: Order;
  readonly timeMs: number;
  readonly fills: readonly Fill[];
  readonly preventedMatches: readonly PreventedMatch[];
}

export interface PlacedList {
  readonly list: OrderList;
  readonly timeMs: number;
  /** As they were placed, one per order of the list: a pending order stands as PENDING_NEW even if it works by now. */
  readonly orders: readonly Order[];
  /** Of the first order, as it was placed: no other takes at once. */
  readonly fills: readonly Fill[];
  readonly preventedMatches: readonly PreventedMatch[];
}

export interface Canceled {
  readonly order: Order;
  readonly timeMs: number;
  /** Its id before the cancel's id took its place. */
  readonly originalClientOrderId: string;
}

export interface CanceledList {
  readonly list: OrderList;
  readonly timeMs: number;
  readonly orders: readonly Canceled[];
}

/** A cancel of a member of a list cancels the list. */
export type CancelOutcome =
  | ({ readonly kind: 'order' } & Canceled)
  | ({ readonly kind: 'list' } & CanceledList);

export interface CancelRequest extends OrderReference {
  /** The id of the cancel itself; made by the exchange when left out. */
  readonly clientOrderId?: string | undefined;
  readonly restriction?: CancelRestriction | undefined;
}

export interface CancelReplaceRequest {
  readonly symbol: string;
  readonly mode: 'STOP_ON_FAILURE' | 'ALLOW_FAILURE';
  readonly cancelOrderId?: number | undefined;
  readonly cancelOrigClientOrderId?: string | undefined;
  readonly cancelClientOrderId?: string | undefined;
  readonly restriction?: CancelRestriction | undefined;
  /** DO_NOTHING when left out. */
  readonly orderRateLimitExceededMode?: 'DO_NOTHING' | 'CANCEL_ONLY' | undefined;
  readonly order: NewOrder;
}

/**
 * How the two halves of a cancel-replace ended. Both values: HTTP 200. `refused` is a refusal of the whole before either half
 * (unknown symbol, feature off, filters, order limit with DO_NOTHING); else the wire says -2021 when one half failed, -2022 when both did or
 * the first failed and the second was not tried.
 */
export type CancelReplaceOutcome =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'done'; readonly canceled: CancelOutcome; readonly placed: Placed }
  | {
      readonly kind: 'partly_failed';
      readonly refusal: Refusal;
      readonly canceled: CancelOutcome | Refusal;
      readonly placed: Placed | Refusal;
    }
  | {
      readonly kind: 'failed';
      readonly refusal: Refusal;
      readonly canceled: Refusal;
      /** undefined: not attempted. */
      readonly placed: Refusal | undefined;
    };

export interface AmendRequest extends OrderReference {
  readonly quantity: Quantity;
  /** Made by the exchange when left out; may be the present one. */
  readonly clientOrderId?: string | undefined;
}

export interface Amended {
  readonly order: Order;
  readonly amendment: Amendment;
  readonly timeMs: number;
  /** The list, for a member of one. */
  readonly list: OrderList | undefined;
}

/** Rates of one kind of commission: fractions. What a trade pays is maker or taker plus buyer or seller. */
export interface CommissionRates {
  readonly maker: Ratio;
  readonly taker: Ratio;
  readonly buyer: Ratio;
  readonly seller: Ratio;
}

/** Source: binance-spot.md section 11. `discount` multiplies the standard commission. */
export interface Commission {
  readonly standard: CommissionRates;
  readonly special: CommissionRates;
  readonly tax: CommissionRates;
  readonly discount: {
    readonly isEnabledForAccount: boolean;
    readonly isEnabledForSymbol: boolean;
    readonly asset: string;
    readonly discount: Ratio;
  };
}

export type KeyKind = 'HMAC' | 'ED25519' | 'RSA';

export interface KeyPermissions {
  readonly read: boolean;
  readonly trade: boolean;
  readonly withdraw: boolean;
}

export interface ApiKey {
  readonly apiKey: string;
  readonly account: number;
  readonly kind: KeyKind;
  /** The secret of an HMAC key; the public key in PEM of the others. */
  readonly secret: string;
  readonly permissions: KeyPermissions;
  /** Addresses it may be used from; undefined for any. */
  readonly allowedAddresses: readonly string[] | undefined;
  readonly createdAtMs: number;
}

/** What the operator says of a new account; everything has a default. */
export interface NewAccount {
  /** Asset and amount. */
  readonly balances?: readonly (readonly [string, Amount])[];
  readonly standardCommission?: CommissionRates;
  readonly isDiscountEnabled?: boolean;
  /** 0 for none. */
  readonly tradeGroup?: number;
  /** As in permission sets of symbols: ['SPOT'] when left out. */
  readonly permissions?: readonly string[];
}

/** An account's switches; what is left out stays. */
export interface AccountSwitches {
  readonly canTrade?: boolean;
  readonly canWithdraw?: boolean;
  readonly canDeposit?: boolean;
  /** Nothing can be placed or canceled at all. */
  readonly isDisabled?: boolean;
  readonly isDiscountEnabled?: boolean;
  readonly tradeGroup?: number;
  readonly standardCommission?: CommissionRates;
}

export interface Account {
  readonly account: number;
  readonly canTrade: boolean;
  readonly canWithdraw: boolean;
  readonly canDeposit: boolean;
  readonly isDisabled: boolean;
  readonly tradeGroup: number;
  readonly permissions: readonly string[];
  readonly standardCommission: CommissionRates;
  readonly isDiscountEnabled: boolean;
  /** Of the last change of a balance. */
  readonly updatedAtMs: number;
  /** In the order in which the account came to have the assets. */
  readonly balances: readonly Balance[];
}
/** Multipliers of the price-range execution rule; undefined for no limit. Source: binance-spot.md section 5.1. */
export interface PriceRangeRule {
  readonly bidLimitMultUp?: Ratio | undefined;
  readonly bidLimitMultDown?: Ratio | undefined;
  readonly askLimitMultUp?: Ratio | undefined;
  readonly askLimitMultDown?: Ratio | undefined;
}

export interface ReferencePrice {
  /** null when the exchange withdrew it. */
  readonly price: Price | null;
  readonly timeMs: number;
}

/** One ORDERS limiter with the unfilled-order count of one account. Source: binance-spot.md section 3.3. */
export interface OrderCount {
  readonly interval: 'SECOND' | 'MINUTE' | 'HOUR' | 'DAY';
  readonly intervalNum: number;
  readonly limit: number;
  readonly count: number;
}
