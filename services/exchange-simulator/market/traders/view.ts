/** What traders see when it is their turn; prices in quote per base, for computing only. */
export interface MarketView {
  /** Where the price wants to go. */
  readonly fair: number;
  /** Between the best of both sides, or the fair price while one is missing. */
  readonly mid: number;
  readonly bestBid: number | undefined;
  readonly bestAsk: number | undefined;
}

/** Somebody who trades one symbol. */
export interface Trader {
  /** Does one thing: at most one order is placed. */
  act(view: MarketView): void;
}
