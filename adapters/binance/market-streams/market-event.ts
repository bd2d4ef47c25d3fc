import type { IntervalName, Level, Trade } from '@tradewind/core/market';
import type { Price, Quantity, QuoteAmount } from '@tradewind/core/money';
import type { DepthSnapshot, Kline } from '../model/market.ts';
import type { TickerWindow } from './stream.ts';

/** What the streams say that are not hot: once or a few times a second, in exact money. Times are epoch ms. */
export type MarketEvent =
  | KlineEvent
  | PartialDepthEvent
  | MiniTickerEvent
  | TickerEvent
  | RollingTickerEvent
  | AveragePriceEvent
  | ReferencePriceEvent
  | BlockTradeEvent;

/** A bar as it stands. Only one that `isClosed` is final, and it comes once (`faults.md` M6). */
export interface KlineEvent {
  readonly kind: 'kline';
  readonly symbol: string;
  readonly eventTimeMs: number;
  readonly interval: IntervalName;
  readonly bar: Kline;
  readonly isClosed: boolean;
  /** undefined for a bar without trades. */
  readonly firstTradeId: number | undefined;
  readonly lastTradeId: number | undefined;
}

/** The best levels of a book. The venue puts neither symbol nor time on it; the symbol is that of the stream. */
export interface PartialDepthEvent {
  readonly kind: 'partialDepth';
  readonly symbol: string;
  readonly depth: DepthSnapshot;
}

export interface MiniTickerEvent {
  readonly kind: 'miniTicker';
  readonly symbol: string;
  readonly eventTimeMs: number;
  readonly last: Price;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly volume: Quantity;
  readonly quoteVolume: QuoteAmount;
}

interface WindowTicker extends Omit<MiniTickerEvent, 'kind'> {
  readonly priceChange: Price;
  /** As the venue prints it, in percent: for people, not for money. */
  readonly priceChangePercent: string;
  readonly averagePrice: Price;
  readonly openTimeMs: number;
  readonly closeTimeMs: number;
  /** undefined when there was no trade. */
  readonly firstTradeId: number | undefined;
  readonly lastTradeId: number | undefined;
  readonly trades: number;
}

/** Over the last 24 hours, not over the day. */
export interface TickerEvent extends WindowTicker {
  readonly kind: 'ticker';
  readonly previousClose: Price;
  readonly lastQuantity: Quantity;
  readonly bid: Level | undefined;
  readonly ask: Level | undefined;
}

/** Over a window that is up to 59,999 ms longer than its name says. */
export interface RollingTickerEvent extends WindowTicker {
  readonly kind: 'rollingTicker';
  readonly window: TickerWindow;
}

export interface AveragePriceEvent {
  readonly kind: 'avgPrice';
  readonly symbol: string;
  readonly eventTimeMs: number;
  /** What the average is over, as the venue writes it: '5m'. */
  readonly over: string;
  readonly price: Price;
  readonly lastTradeTimeMs: number;
}

export interface ReferencePriceEvent {
  readonly kind: 'referencePrice';
  readonly symbol: string;
  /** undefined while there is none. */
  readonly price: Price | undefined;
  /** From when it holds. */
  readonly timeMs: number;
}

/** A trade that was made outside of the book. */
export interface BlockTradeEvent {
  readonly kind: 'blockTrade';
  readonly eventTimeMs: number;
  readonly trade: Trade;
}
