import type { Amount, Quantity, Ratio } from '../money/index.ts';

/** An amount in the asset that the account is valued in (for example USDT). */
export type EquityAmount = Amount<'equity'>;

/** A bound, or the written decision that there is none. Leaving a limit out does not compile: no limit has a default. */
export type Limit<T> = T | 'none';

/** How many orders may be approved within any window of this length. Each leg of a list counts. */
export interface OrderRate {
  readonly orders: number;
  readonly windowMs: number;
  /** Of `orders`, how many only reducing orders may use, so that a busy strategy can still get out. */
  readonly keptForReducing: number;
}

/**
 * The limits of an account, as data. Bounds are inclusive: exactly at the limit passes. A symbol, asset or strategy
 * that is not named here takes no new risk, so the maps are the list of what may be traded, too.
 */
export interface RiskLimits {
  readonly account: AccountLimits;
  readonly strategies: ReadonlyMap<string, StrategyLimits>;
  readonly symbols: ReadonlyMap<string, SymbolLimits>;
  readonly assets: ReadonlyMap<string, AssetLimits>;
}

export interface AccountLimits {
  /** The value of one order; of a list, of each part that can fill. */
  readonly orderNotionalMaximum: Limit<EquityAmount>;
  readonly orderShareOfEquityMaximum: Limit<Ratio>;
  readonly exposureMaximum: Limit<EquityAmount>;
  readonly openOrdersMaximum: Limit<number>;
  readonly orderRate: Limit<OrderRate>;
  /** Equity at the start of the UTC day less equity now. */
  readonly dailyLossMaximum: Limit<EquityAmount>;
  /** (Peak equity - equity) / peak equity. */
  readonly drawdownMaximum: Limit<Ratio>;
}

export interface StrategyLimits {
  readonly exposureMaximum: Limit<EquityAmount>;
  readonly openOrdersMaximum: Limit<number>;
  readonly orderRate: Limit<OrderRate>;
  /** Round trips lost in a row after which the strategy may only reduce, until a person re-arms it. */
  readonly consecutiveLossesMaximum: Limit<number>;
}

export interface SymbolLimits {
  /** Base held by all strategies together, working buys counted as if filled. A BUY by quote amount counts at the reference price: it is bounded in value, and a lower fill price brings more base. */
  readonly positionMaximum: Limit<Quantity>;
  readonly exposureMaximum: Limit<EquityAmount>;
  readonly openOrdersMaximum: Limit<number>;
  /** How far a limit price may lie from the reference price, as a fraction of it; a stop-limit's from its stop price. */
  readonly priceCollar: Limit<Ratio>;
  readonly priceAgeMsMaximum: Limit<number>;
}

export interface AssetLimits {
  readonly exposureMaximum: Limit<EquityAmount>;
  /** The largest share of equity in this asset: what keeps a portfolio diversified. */
  readonly shareOfEquityMaximum: Limit<Ratio>;
}
