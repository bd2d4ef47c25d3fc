import type {
  Bars,
  Instrument,
  IntervalName,
  Level,
  Quote,
  SymbolStatus,
  Trade,
} from '@tradewind/core/market';
import type { Price, Quantity, QuoteAmount } from '@tradewind/core/money';
import type { Result } from '@tradewind/core/result';

/** Prices, bars and rules of the symbols that are traded, and how good they are. */
export interface MarketData {
  /** undefined for a symbol that is not followed. At once, without a promise, where the prices are in this process or were just told to it. */
  snapshot(symbol: string): MarketSnapshot | undefined | Promise<MarketSnapshot | undefined>;
  /** Tells of everything from now on, synchronously and in order, until it is ended. The first updates are the states of the feeds. */
  subscribe(request: MarketRequest, listener: (update: MarketUpdate) => void): Subscription;
  /** The last `count` closed bars of a symbol (5000 at most), oldest first, none of them after the present one. */
  history(symbol: string, interval: IntervalName, count: number): Promise<Result<Bars, HistoryProblem>>;
}

export interface MarketRequest {
  readonly symbols: readonly string[];
  /** Left out: every kind. Feed states and instruments always come. */
  readonly kinds?: readonly MarketUpdate['kind'][];
}

export interface Subscription {
  /** After this nothing more is told. */
  end(): void;
}

export interface HistoryProblem {
  readonly reason: 'unknown_symbol' | 'unavailable' | 'gap';
  readonly detail: string;
}

/** Received times are epoch ms on our clock; the venue's own stand in the trade, quote or bar. */
export type MarketUpdate =
  | { readonly kind: 'trade'; readonly trade: Trade; readonly receivedAtMs: number }
  | { readonly kind: 'quote'; readonly quote: Quote; readonly receivedAtMs: number }
  | { readonly kind: 'book'; readonly book: BookLevels; readonly receivedAtMs: number }
  | { readonly kind: 'bar'; readonly bar: ClosedBar; readonly receivedAtMs: number }
  | { readonly kind: 'feed'; readonly feed: FeedStatus }
  | { readonly kind: 'instrument'; readonly instrument: Instrument };

/** The best levels of a proven book, best first. */
export interface BookLevels {
  readonly symbol: string;
  readonly updateId: number;
  /** The venue's, epoch ms. */
  readonly timeMs: number;
  readonly bids: readonly Level[];
  readonly asks: readonly Level[];
}

/** A bar that is final; told once (faults.md M6). */
export interface ClosedBar {
  readonly symbol: string;
  readonly interval: IntervalName;
  readonly openTimeMs: number;
  /** The opening time of the next bar. */
  readonly closeTimeMs: number;
  readonly open: Price;
  readonly high: Price;
  readonly low: Price;
  readonly close: Price;
  readonly volume: Quantity;
  readonly quoteVolume: QuoteAmount;
  readonly trades: number;
  /** 'trades': closed by our own timer from the trades we heard. 'backfill': some were missed, and the venue's bar was taken. */
  readonly source: 'trades' | 'backfill';
}

/**
 * How far the prices of a symbol can be trusted. live: heard within its limit, no gap. stale: silent or late for longer. gap: events
 * are missing, and what is missing is being asked for. down: no connection. paused: the venue does not trade it now (faults.md M9).
 */
export interface FeedStatus {
  readonly symbol: string;
  readonly state: 'live' | 'stale' | 'gap' | 'down' | 'paused';
  readonly sinceMs: number;
  readonly detail: string;
}

export interface MarketSnapshot {
  readonly instrument: Instrument;
  readonly status: SymbolStatus;
  readonly feed: FeedStatus;
  /** What the symbol is worth now, for limits and valuation: the mid of a fresh quote, else the last trade; undefined when neither is good. */
  readonly referencePrice: Price | undefined;
  /** How old that is by both clocks, the worse one counting, ms; below zero when a clock runs wrong. */
  readonly referencePriceAgeMs: number | undefined;
  readonly lastTrade: Trade | undefined;
  readonly quote: Quote | undefined;
}

/** What everything that an update leads to is found by. The same update has the same id in a live run and in its replay. */
export function correlationIdOf(update: MarketUpdate): string {
  switch (update.kind) {
    case 'trade':
      return `${update.trade.symbol}-t${update.trade.id}`;
    case 'quote':
      return `${update.quote.symbol}-q${update.quote.updateId}`;
    case 'book':
      return `${update.book.symbol}-d${update.book.updateId}`;
    case 'bar':
      return `${update.bar.symbol}-b${update.bar.interval}-${update.bar.openTimeMs}`;
    case 'feed':
      return `${update.feed.symbol}-f${update.feed.sinceMs}`;
    case 'instrument':
      return `${update.instrument.symbol}-i`;
  }
}

export function symbolOf(update: MarketUpdate): string {
  switch (update.kind) {
    case 'trade':
      return update.trade.symbol;
    case 'quote':
      return update.quote.symbol;
    case 'book':
      return update.book.symbol;
    case 'bar':
      return update.bar.symbol;
    case 'feed':
      return update.feed.symbol;
    case 'instrument':
      return update.instrument.symbol;
  }
}
