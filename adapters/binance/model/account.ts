import type { Amount, Price, Quantity, QuoteAmount, Ratio } from '@tradewind/core/money';
import type { Fee, Liquidity, Side } from '@tradewind/core/orders';
import type { Kept, RateLimitType } from './enums.ts';

export interface Balance {
  readonly asset: string;
  readonly free: Amount;
  readonly locked: Amount;
}

/** GET account (binance-spot.md section 4.4). The permissions are the account's, not the key's. */
export interface AccountState {
  readonly balances: readonly Balance[];
  readonly canTrade: boolean;
  readonly canWithdraw: boolean;
  readonly canDeposit: boolean;
  readonly accountType: string;
  readonly permissions: readonly string[];
  readonly rates: CommissionRates | undefined;
  readonly requiresSelfTradePrevention: boolean | undefined;
  readonly updatedTimeMs: number;
  /** Names the account; the same for all of its keys. */
  readonly uid: number | undefined;
  readonly tradeGroupId: number | undefined;
}

export interface CommissionRates {
  readonly maker: Ratio;
  readonly taker: Ratio;
  readonly buyer: Ratio;
  readonly seller: Ratio;
}

/** GET account/commission (binance-spot.md section 11): the three kinds are summed, and only `standard` is discounted. */
export interface Commission {
  readonly symbol: string;
  readonly standard: CommissionRates;
  readonly special: CommissionRates | undefined;
  readonly tax: CommissionRates;
  readonly discount: CommissionDiscount;
}
export interface CommissionDiscount {
  readonly isEnabledForAccount: boolean;
  readonly isEnabledForSymbol: boolean;
  readonly asset: string | undefined;
  /** What the standard commission is multiplied by; the venue's pages contradict one another (binance-spot.md section 11). */
  readonly multiplier: Ratio;
}

/** What a key may do (binance-spot.md section 2.6). A permission that the answer leaves out is undefined, not false. */
export interface KeyPermissions {
  readonly createdTimeMs: number | undefined;
  readonly isIpRestricted: boolean | undefined;
  readonly mayRead: boolean | undefined;
  readonly mayTradeSpot: boolean | undefined;
  readonly mayWithdraw: boolean | undefined;
  readonly mayTransferInternally: boolean | undefined;
  readonly mayTransferUniversally: boolean | undefined;
  readonly mayTradeMargin: boolean | undefined;
  readonly mayTradeFutures: boolean | undefined;
  readonly mayTradeOptions: boolean | undefined;
  readonly mayTradePortfolioMargin: boolean | undefined;
  readonly mayTradeFix: boolean | undefined;
  readonly mayReadFix: boolean | undefined;
}

/** One fill of ours (GET myTrades). Named for ever by symbol and trade id. */
export interface VenueTrade {
  readonly symbol: string;
  readonly tradeId: number;
  readonly orderId: number;
  readonly orderListId: number | undefined;
  readonly side: Side;
  readonly liquidity: Liquidity;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly quoteAmount: QuoteAmount;
  readonly fee: Fee;
  readonly timeMs: number;
}

/** One limiter: in exchangeInfo without a count, elsewhere with what has been used. */
export interface RateLimit {
  readonly type: Kept<RateLimitType>;
  /** Length of the interval; undefined for a unit that the venue has added since. */
  readonly intervalMs: number | undefined;
  readonly limit: number;
  readonly count: number | undefined;
}

/** The filters that bind this account on one symbol (GET myFilters), as they came: `MAX_ASSET` is told nowhere else. */
export interface AccountFilters {
  readonly exchange: readonly RelevantFilter[];
  readonly symbol: readonly RelevantFilter[];
  readonly asset: readonly AssetFilter[];
}
export interface RelevantFilter {
  readonly type: string;
  /** The bounds by the venue's names, as texts. */
  readonly bounds: ReadonlyMap<string, string>;
}
export interface AssetFilter {
  readonly type: string;
  readonly asset: string;
  readonly limit: Amount;
}
