import {
  type BookView,
  quoteOf,
  type ScannedDepth,
  type ScannedQuote,
  type ScannedTrade,
  type SideView,
  type StreamMarket,
} from '@tradewind/binance';
import type { Grid, Instrument, Interval, Level } from '@tradewind/core/market';
import type { ClosedBar, MarketSnapshot } from '@tradewind/proto';
import type { Clock } from '@tradewind/utils';
import { BarSeries } from './bar-series.ts';
import { FeedHealth, type FeedStream } from './feed-health.ts';
import type { MarketDataSettings } from './settings.ts';
import { Subscribers } from './subscribers.ts';
import { SymbolPrices } from './symbol-prices.ts';

export interface SymbolFeedOptions {
  readonly instrument: Instrument;
  readonly grid: Grid;
  readonly intervals: readonly Interval[];
  readonly settings: MarketDataSettings;
  readonly clock: Clock;
  readonly venueNowMs: () => number;
  /** A bar has been told. */
  readonly barClosed: (series: BarSeries, bar: ClosedBar) => void;
  /** Bars are missing and must be asked for. */
  readonly barsMissing: (series: BarSeries) => void;
  /** Trades that were not heard show that their stream is not what it seems to be. */
  readonly tradesUnheard: (symbol: string) => void;
}

/** What has been counted of one symbol since the start. */
export interface FeedCounts {
  trades: number;
  quotes: number;
  depths: number;
  bars: number;
  /** Bars that the venue had to be asked for. */
  backfilledBars: number;
  /** Trades of bars that were closed by then (faults.md M7). */
  lateTrades: number;
  /** Trades of which nothing was heard. */
  missedTrades: number;
  /** Quotes whose bid is not below their ask (faults.md M3). */
  crossedQuotes: number;
  /** Trades that are no reference (faults.md M15). */
  badPrints: number;
}
const noCounts = (): FeedCounts => ({
  trades: 0,
  quotes: 0,
  depths: 0,
  bars: 0,
  backfilledBars: 0,
  lateTrades: 0,
  missedTrades: 0,
  crossedQuotes: 0,
  badPrints: 0,
});

/** All that is known of one symbol, and who wants to know it. What arrives is made into exact values only for kinds that somebody hears. */
export class SymbolFeed {
  readonly symbol: string;
  readonly subscribers = new Subscribers();
  readonly health: FeedHealth;
  readonly series: readonly BarSeries[];
  readonly counts = noCounts();
  market: StreamMarket;
  instrument: Instrument;
  /** Whether the venue lists it. */
  isListed = true;
  private readonly options: SymbolFeedOptions;
  private prices: SymbolPrices;
  private depthTimeMs = 0;

  constructor(options: SymbolFeedOptions) {
    const { instrument, grid, intervals, settings, clock, venueNowMs } = options;
    const { barClosed, barsMissing, tradesUnheard } = options;
    const { symbol } = instrument;
    this.options = options;
    this.symbol = symbol;
    this.instrument = instrument;
    this.market = { symbol, grid };
    this.prices = new SymbolPrices(this.market, settings);
    this.health = new FeedHealth(symbol, settings, clock.nowMs());
    const fromMs = venueNowMs();
    this.series = intervals.map((interval) => {
      const series: BarSeries = new BarSeries(symbol, interval, grid, fromMs, {
        closed: (bar) => {
          this.counts.bars += 1;
          if (bar.source === 'backfill') this.counts.backfilledBars += 1;
          barClosed(series, bar);
          this.subscribers.tell({ kind: 'bar', bar, receivedAtMs: clock.nowMs() });
        },
        missing: barsMissing,
        deaf: (trades) => {
          this.missed('trade', trades);
          tradesUnheard(symbol);
        },
      });
      return series;
    });
  }

  trade(trade: ScannedTrade): void {
    const { clock, venueNowMs } = this.options;
    const { health, counts, subscribers } = this;
    const arrivedAtMs = clock.elapsedMs();
    counts.trades += 1;
    this.heard(arrivedAtMs, venueNowMs() - trade.eventTimeMs);
    if (!this.prices.takeTrade(trade, arrivedAtMs)) counts.badPrints += 1;
    for (const series of this.series) {
      if (!series.trade(trade.price, trade.quantity, trade.timeMs)) counts.lateTrades += 1;
    }
    if (subscribers.trade.length > 0)
      subscribers.tell({ kind: 'trade', trade: this.prices.lastTrade!, receivedAtMs: clock.nowMs() });
    if (health.needsJudging) this.judge();
  }

  quote(quote: ScannedQuote): void {
    const { clock } = this.options;
    const { health, counts, subscribers } = this;
    counts.quotes += 1;
    if (quote.bidPrice >= quote.askPrice && quote.bidPrice > 0 && quote.askPrice > 0) {
      counts.crossedQuotes += 1;
      return;
    }
    const arrivedAtMs = clock.elapsedMs();
    const receivedAtMs = clock.nowMs();
    health.heardAtMs = arrivedAtMs;
    this.prices.takeQuote(quote, receivedAtMs, arrivedAtMs);
    if (subscribers.quote.length > 0)
      subscribers.tell({ kind: 'quote', quote: quoteOf(quote, receivedAtMs), receivedAtMs });
    if (health.needsJudging) this.judge();
  }

  /** A diff has come; what it makes of the book is told by `bookChanged`. */
  depth(depth: ScannedDepth): void {
    const { clock, venueNowMs } = this.options;
    this.counts.depths += 1;
    this.depthTimeMs = depth.eventTimeMs;
    this.heard(clock.elapsedMs(), venueNowMs() - depth.eventTimeMs);
    for (const series of this.series) series.witness(depth.eventTimeMs);
    if (this.health.needsJudging) this.judge();
  }

  /** The book is proven, and shows this. */
  bookChanged(view: BookView): void {
    const { clock, settings } = this.options;
    const { health, subscribers } = this;
    const receivedAtMs = clock.nowMs();
    const arrivedAtMs = clock.elapsedMs();
    // Also when a snapshot proves it, before any event of a quiet market has come.
    health.isBookProven = true;
    health.heardAtMs = arrivedAtMs;
    this.prices.takeBook(view, receivedAtMs, arrivedAtMs);
    if (subscribers.book.length > 0) {
      const { symbol, grid } = this.market;
      const book = {
        symbol,
        updateId: view.lastUpdateId,
        timeMs: this.depthTimeMs,
        bids: levelsOf(view.bids, grid, settings.bookLevels),
        asks: levelsOf(view.asks, grid, settings.bookLevels),
      };
      subscribers.tell({ kind: 'book', book, receivedAtMs });
    }
    if (health.needsJudging) this.judge();
  }

  bookLost(): void {
    this.health.isBookProven = false;
    this.prices.forgetBest();
    this.judge();
  }

  rise(stream: FeedStream): void {
    const { clock, venueNowMs } = this.options;
    this.health.rise(stream, clock.elapsedMs());
    if (stream === 'trade') for (const series of this.series) series.begin(venueNowMs());
    this.judge();
  }

  fall(stream: FeedStream): void {
    this.health.fall(stream);
    if (stream === 'trade') for (const series of this.series) series.interrupt();
    this.judge();
  }

  /** Events of a stream are missing; with trades, the bars that they belong to are the venue's. */
  missed(stream: FeedStream, count: number): void {
    if (stream === 'trade') {
      this.counts.missedTrades += count;
      const nowMs = this.options.venueNowMs();
      for (const series of this.series) series.begin(nowMs);
    }
    this.health.miss(`${count} events of ${stream} are missing`);
    this.judge();
  }

  /** The venue counts a stream anew. */
  restarted(stream: FeedStream): void {
    if (stream === 'bookTicker') this.prices.forgetBest();
    if (stream === 'trade') for (const series of this.series) series.begin(this.options.venueNowMs());
  }

  /** The rules of now; undefined when the venue has none for it any more. */
  takeInstrument(instrument: Instrument | undefined): void {
    this.isListed = instrument !== undefined;
    if (instrument !== undefined && textOf(instrument) !== textOf(this.instrument)) {
      this.instrument = instrument;
      this.subscribers.tell({ kind: 'instrument', instrument });
    }
    this.judge();
  }

  /** To be called now and then: silence and the ends of bars tell nothing by themselves. */
  look(): void {
    const { settings, venueNowMs } = this.options;
    this.health.settle();
    this.judge();
    const nowMs = venueNowMs();
    for (const series of this.series)
      series.closeUpTo(nowMs - settings.barGraceMs, nowMs - settings.barProofMs);
  }

  /** Tells how far the symbol can be trusted, when that has changed. */
  judge(): void {
    const { clock } = this.options;
    const feed = this.health.judge(clock.elapsedMs(), clock.nowMs(), { pausedBecause: this.pausedBecause });
    if (feed !== undefined) this.subscribers.tell({ kind: 'feed', feed });
  }

  /** Counts prices on another grid from now on; what was counted on the old one is forgotten. */
  recount(grid: Grid): void {
    this.market = { symbol: this.symbol, grid };
    this.prices = new SymbolPrices(this.market, this.options.settings);
    this.health.isBookProven = false;
    for (const series of this.series) series.recount(grid);
  }

  /** Nobody knows how old anything is that was heard before now. */
  forget(): void {
    this.prices = new SymbolPrices(this.market, this.options.settings);
    this.health.heardAtMs = Number.NaN;
    this.judge();
  }

  snapshot(): MarketSnapshot {
    const { clock, venueNowMs } = this.options;
    const { instrument, health, prices } = this;
    const moment = { elapsedMs: clock.elapsedMs(), venueMs: venueNowMs() };
    const reference = prices.reference(moment, health.lagMs);
    return {
      instrument,
      status: this.isListed ? instrument.status : { unknown: 'not listed' },
      feed: health.status,
      referencePrice: reference?.price,
      referencePriceAgeMs: reference?.ageMs,
      lastTrade: prices.lastTrade,
      quote: prices.quote,
    };
  }

  private get pausedBecause(): string | undefined {
    const { status } = this.instrument;
    if (!this.isListed) return 'the exchange does not list it any more';
    if (typeof status !== 'string') return `its status ${status.unknown} is unknown`;
    return status === 'TRADING' ? undefined : `its status is ${status}`;
  }

  private heard(arrivedAtMs: number, lagMs: number): void {
    this.health.heardAtMs = arrivedAtMs;
    this.health.lagMs = lagMs;
  }
}

function levelsOf(side: SideView, grid: Grid, most: number): Level[] {
  const levels: Level[] = [];
  const count = Math.min(most, side.length);
  for (let at = 0; at < count; at += 1)
    levels.push({ price: grid.priceOf(side.priceAt(at)), quantity: grid.quantityOf(side.quantityAt(at)) });
  return levels;
}

/** Equal for equal rules. */
const textOf = (instrument: Instrument): string =>
  JSON.stringify(instrument, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
