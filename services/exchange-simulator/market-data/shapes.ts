import type { IntervalName } from '@tradewind/core/market';
import type { TimeUnit } from '../notation/time-unit.ts';

/**
 * A range of a history. Without times the newest `limit`; with `startTime` the oldest from it on, up to `endTime` if given; with
 * `endTime` alone the newest up to it. Both ends count. Times are epoch ms. Source: binance-spot.md section 4.
 */
export interface TimeRange {
  readonly startTime?: number;
  readonly endTime?: number;
  /** 1 to 1000. */
  readonly limit: number;
}

export interface KlineQuery extends TimeRange {
  readonly interval: IntervalName;
  /** Moves where bars begin, -720 to 840; 0 without it. */
  readonly timeZoneMinutes?: number;
}

/** Ids from `fromId` on, or a range of times; not both. */
export interface AggregateTradeQuery extends TimeRange {
  readonly fromId?: number;
}

/** Open time, open, high, low, close, volume, close time, quote volume, trades, taker base, taker quote, unused. */
export type KlineRow = readonly [
  number,
  string,
  string,
  string,
  string,
  string,
  number,
  string,
  number,
  string,
  string,
  string,
];

export interface PublicTradeRow {
  readonly id: number;
  readonly price: string;
  readonly qty: string;
  readonly quoteQty: string;
  readonly time: number;
  readonly isBuyerMaker: boolean;
  readonly isBestMatch: boolean;
}

export interface AggregateTradeRow {
  readonly a: number;
  readonly p: string;
  readonly q: string;
  readonly f: number;
  readonly l: number;
  readonly T: number;
  readonly m: boolean;
  readonly M: boolean;
}

export interface MiniTicker {
  readonly symbol: string;
  readonly openPrice: string;
  readonly highPrice: string;
  readonly lowPrice: string;
  readonly lastPrice: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly openTime: number;
  readonly closeTime: number;
  /** -1 while there is no trade in the window; likewise `lastId`. */
  readonly firstId: number;
  readonly lastId: number;
  readonly count: number;
}

/** Of `ticker` and `ticker/tradingDay`. */
export interface WindowTicker extends MiniTicker {
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
}

/** Of `ticker/24hr`. */
export interface DayTicker extends WindowTicker {
  readonly prevClosePrice: string;
  readonly lastQty: string;
  readonly bidPrice: string;
  readonly bidQty: string;
  readonly askPrice: string;
  readonly askQty: string;
}

export interface PriceTicker {
  readonly symbol: string;
  readonly price: string;
}

export interface BookTicker {
  readonly symbol: string;
  readonly bidPrice: string;
  readonly bidQty: string;
  readonly askPrice: string;
  readonly askQty: string;
}

export interface AveragePrice {
  readonly mins: number;
  readonly price: string;
  readonly closeTime: number;
}

export interface ReferencePrice {
  readonly symbol: string;
  readonly referencePrice: string | null;
  readonly timestamp: number;
}

export interface DepthSnapshot {
  readonly lastUpdateId: number;
  /** Price and quantity, best first. */
  readonly bids: readonly (readonly [string, string])[];
  readonly asks: readonly (readonly [string, string])[];
}

/**
 * The public data of one symbol, each answer in the spelling, the order of fields and the formats of the REST API
 * (binance-spot.md section 4.2). Callers have checked parameters; values out of the stated ranges are broken assumptions.
 */
export interface SymbolMarketData {
  readonly symbol: string;
  depth(limit: number): DepthSnapshot;
  /** The newest `limit`, oldest first. */
  recentTrades(limit: number, unit?: TimeUnit): PublicTradeRow[];
  /** From an id on, or the newest; as far back as trades are kept. */
  historicalTrades(fromId: number | undefined, limit: number, unit?: TimeUnit): PublicTradeRow[];
  aggregateTrades(query: AggregateTradeQuery, unit?: TimeUnit): AggregateTradeRow[];
  /** `uiKlines` has the same rows. */
  klines(query: KlineQuery, unit?: TimeUnit): KlineRow[];
  averagePrice(unit?: TimeUnit): AveragePrice;
  dayTicker(unit?: TimeUnit): DayTicker;
  dayMiniTicker(unit?: TimeUnit): MiniTicker;
  /** Since midnight of a time zone. */
  tradingDayTicker(timeZoneMinutes: number, unit?: TimeUnit): WindowTicker;
  tradingDayMiniTicker(timeZoneMinutes: number, unit?: TimeUnit): MiniTicker;
  /** @param windowMs  whole minutes, from one minute to seven days */
  rollingTicker(windowMs: number, unit?: TimeUnit): WindowTicker;
  rollingMiniTicker(windowMs: number, unit?: TimeUnit): MiniTicker;
  priceTicker(): PriceTicker;
  bookTicker(): BookTicker;
  /** undefined while there has never been one (code -2043). */
  referencePrice(unit?: TimeUnit): ReferencePrice | undefined;
}

/** All symbols, in the order in which the exchange lists them. */
export interface PublicMarketData {
  symbol(name: string): SymbolMarketData | undefined;
  readonly symbols: readonly SymbolMarketData[];
}
