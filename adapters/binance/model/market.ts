import type { Level, Trade } from '@tradewind/core/market';
import type { Price, Quantity, QuoteAmount } from '@tradewind/core/money';

/** A row of GET trades: the domain's trade and what the venue adds to it. */
export interface PublicTrade extends Trade {
  readonly quoteAmount: QuoteAmount;
  readonly isBestMatch: boolean | undefined;
}

/**
 * A row of GET aggTrades: the consecutive trades of one taker at one price. Records that the venue has invalidated have price and
 * quantity zero and no trade ids (binance-spot.md section 4.2).
 */
export interface AggregateTrade {
  readonly symbol: string;
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly firstTradeId: number | undefined;
  readonly lastTradeId: number | undefined;
  readonly timeMs: number;
  readonly buyerIsMaker: boolean;
}

/** A row of GET klines. Whether it is closed follows from `closeTimeMs`: the newest row usually is not. */
export interface Kline {
  readonly openTimeMs: number;
  /** The last ms that belongs to it. */
  readonly closeTimeMs: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
  readonly quoteVolume: QuoteAmount;
  readonly trades: number;
  readonly takerBuyVolume: Quantity;
  readonly takerBuyQuoteVolume: QuoteAmount;
}

/** GET depth: both sides, best first. */
export interface DepthSnapshot {
  readonly lastUpdateId: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

export interface AveragePrice {
  readonly minutes: number;
  readonly price: Price;
  /** When the last trade in it was, epoch ms; answers from before 2023 do not say it. */
  readonly closeTimeMs: number | undefined;
}

export interface PriceTicker {
  readonly symbol: string;
  readonly price: Price;
}

/** Best bid and offer; a side where nobody stands is undefined. */
export interface BookTicker {
  readonly symbol: string;
  readonly bid: Level | undefined;
  readonly ask: Level | undefined;
}

/** GET ticker/24hr in its FULL form. A symbol without any trade has zeros and no trade ids. */
export interface DayTicker {
  readonly symbol: string;
  readonly priceChange: Price;
  /** As the venue prints it, in percent: for people, not for money. */
  readonly priceChangePercent: string;
  readonly averagePrice: Price;
  readonly previousClose: Price;
  readonly last: Price;
  readonly lastQuantity: Quantity;
  readonly bid: Level | undefined;
  readonly ask: Level | undefined;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly volume: Quantity;
  readonly quoteVolume: QuoteAmount;
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  readonly firstTradeId: number | undefined;
  readonly lastTradeId: number | undefined;
  readonly trades: number;
}
