import {
  BookKeeper,
  type Caller,
  type Connector,
  type ConnectorListener,
  calls,
  type MarketListener,
  MarketStreams,
  SnapshotQueue,
  type Stream,
  type VenueRules,
} from '@tradewind/binance';
import { type Bars, type Grid, type Instrument, Interval, type IntervalName } from '@tradewind/core/market';
import { err, invariant, ok, type Result } from '@tradewind/core/result';
import type {
  HistoryProblem,
  MarketData,
  MarketRequest,
  MarketSnapshot,
  MarketUpdate,
  Subscription,
} from '@tradewind/proto';
import {
  type Clock,
  ClockGap,
  every,
  type Random,
  type Telemetry,
  type Timers,
  Waits,
} from '@tradewind/utils';
import { BarBackfill } from './bar-backfill.ts';
import { BarHistory } from './bar-history.ts';
import { finerGrid, gridOf } from './grid-of.ts';
import { MarketMetrics } from './market-metrics.ts';
import { DEFAULT_MARKET_DATA_SETTINGS, type MarketDataSettings } from './settings.ts';
import { SymbolFeed } from './symbol-feed.ts';
import { VenueRulesWatch } from './venue-rules.ts';

export interface MarketDataOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly telemetry: Telemetry;
  /** Makes the public calls: rules, bars, snapshots of books. */
  readonly caller: Caller;
  /** Asks for the rules at the start, and may take its time; left out: `caller` does. */
  readonly firstCaller?: Caller;
  /** Makes a connector to the venue's combined streams (`/stream`), its pace below 5 messages a second. */
  readonly connect: (listener: ConnectorListener) => Connector;
  /** What the venue's clock shows now, epoch ms. */
  readonly venueNowMs: () => number;
  /** Told of every answer with the venue's rules, for whoever keeps its limits. */
  readonly rulesChanged?: (rules: VenueRules) => void;
}

export type MarketDataProblem =
  | { readonly reason: 'rules_unavailable'; readonly detail: string }
  | { readonly reason: 'unknown_symbols'; readonly symbols: readonly string[] };

type Settings = Pick<MarketDataSettings, 'symbols' | 'intervals'> & Partial<MarketDataSettings>;

const LOOK_EVERY_MS = 250;
/** What the two clocks may differ by between two looks; more is a sleep, and prices are too old by that. */
const SLEEP_MS = 1_000;

/**
 * Prices, bars and rules of the venue's symbols, and how good they are.
 *
 * Of each symbol it follows the single trades, the best prices and the diffs of the book. Single trades, not aggregates: bars count
 * them, their ids rise by one so that a missing one shows, and a lost aggregate could be any number of them. Listeners are called
 * synchronously and do not throw; nothing waits in here, so that there is no queue that could be full: who cannot keep up has one
 * of his own, as the stream to another process does (adapters/rpc).
 */
export class MarketDataService implements MarketData {
  private readonly outside: MarketDataOutside;
  private readonly settings: MarketDataSettings;
  private readonly intervals: readonly Interval[];
  private readonly feeds = new Map<string, SymbolFeed>();
  private readonly waits: Waits;
  private readonly backfill: BarBackfill;
  private readonly bars: BarHistory;
  private readonly rules: VenueRulesWatch;
  private readonly metrics: MarketMetrics;
  private readonly clockGap: ClockGap;
  private streams: MarketStreams | undefined;
  private keeper: BookKeeper | undefined;
  private endLooks: () => void = () => undefined;

  /** @throws InvariantViolation for no symbols, or an interval that the venue does not have */
  constructor(outside: MarketDataOutside, settings: Settings) {
    const { clock, timers, telemetry, caller, venueNowMs } = outside;
    this.outside = outside;
    this.settings = { ...DEFAULT_MARKET_DATA_SETTINGS, ...settings };
    invariant(settings.symbols.length > 0, 'market data has symbols to follow');
    this.intervals = intervalsOf(settings.intervals);
    this.waits = new Waits(outside);
    this.backfill = new BarBackfill(caller, this.waits, telemetry.log);
    this.bars = new BarHistory(caller, this.waits, venueNowMs);
    this.metrics = new MarketMetrics(telemetry.metrics);
    this.clockGap = new ClockGap(clock);
    this.rules = new VenueRulesWatch({
      caller,
      clock,
      timers,
      waits: this.waits,
      log: telemetry.log,
      symbols: settings.symbols,
      everyMs: this.settings.refreshRulesEveryMs,
      changed: (rules) => this.takeRules(rules),
    });
  }

  /** Asks for the rules and begins to connect; resolves when the rules are known. Bars are told from the one on that is open then. */
  async start(): Promise<Result<void, MarketDataProblem>> {
    const rules = await this.rules.first(this.outside.firstCaller ?? this.outside.caller);
    if (!rules.ok) return err({ reason: 'rules_unavailable', detail: rules.error });
    const { instruments } = rules.value;
    const unknown = this.settings.symbols.filter((symbol) => !instruments.has(symbol));
    if (unknown.length > 0) {
      this.stop();
      return err({ reason: 'unknown_symbols', symbols: unknown });
    }
    for (const symbol of this.settings.symbols) this.feeds.set(symbol, this.feedOf(instruments.get(symbol)!));
    this.takeRules(rules.value);
    this.connect();
    this.endLooks = every(this.outside.timers, LOOK_EVERY_MS, () => this.lookAtFeeds());
    return ok(undefined);
  }

  /** Ends every connection and every question. What is followed is told as down. */
  stop(): void {
    this.waits.end();
    this.rules.stop();
    this.endLooks();
    this.disconnect();
  }

  snapshot(symbol: string): MarketSnapshot | undefined {
    this.forgetAfterSleep();
    return this.feeds.get(symbol)?.snapshot();
  }

  subscribe({ symbols, kinds }: MarketRequest, listener: (update: MarketUpdate) => void): Subscription {
    const subscriptions: Subscription[] = [];
    for (const symbol of symbols) {
      const feed = this.feeds.get(symbol);
      if (feed === undefined) {
        const detail = 'this symbol is not followed';
        listener({
          kind: 'feed',
          feed: { symbol, state: 'down', sinceMs: this.outside.clock.nowMs(), detail },
        });
        continue;
      }
      subscriptions.push(feed.subscribers.add(listener, kinds));
      listener({ kind: 'feed', feed: feed.health.status });
    }
    return {
      end: () => {
        for (const subscription of subscriptions) subscription.end();
      },
    };
  }

  async history(symbol: string, name: IntervalName, count: number): Promise<Result<Bars, HistoryProblem>> {
    const feed = this.feeds.get(symbol);
    const interval = Interval.parse(name);
    if (feed === undefined || interval === undefined)
      return err({ reason: 'unknown_symbol', detail: `${symbol} ${name} is not followed` });
    const series = feed.series.find((each) => each.interval === interval);
    return this.bars.read(symbol, interval, count, series);
  }

  /** Looks at the venue's rules now: to be asked for when an order was refused with -1013 (faults.md M12). */
  refreshRules(): Promise<void> {
    return this.rules.refresh();
  }

  private connect(): void {
    const { clock, timers, random, caller, connect, venueNowMs } = this.outside;
    const { staleAfterMs, lateAfterMs, aheadAfterMs, symbols } = this.settings;
    const markets = [...this.feeds.values()].map(({ market }) => market);
    const keeper = new BookKeeper({
      markets,
      clock,
      timers,
      random,
      snapshots: new SnapshotQueue({
        source: { depth: (symbol) => caller.perform(calls.depth(symbol, BOOK_SNAPSHOT_LEVELS)) },
        clock,
        timers,
      }),
      listener: {
        valid: ({ market, levels }) => this.feeds.get(market.symbol)!.bookChanged(levels!),
        changed: ({ market, levels }) => this.feeds.get(market.symbol)!.bookChanged(levels!),
        invalid: ({ market }, { reason }) => {
          this.warn('book_lost', market.symbol, reason);
          this.feeds.get(market.symbol)!.bookLost();
        },
        snapshotUseless: ({ market }, { reason }) =>
          this.warn('book_snapshot_useless', market.symbol, reason),
      },
    });
    const streams = new MarketStreams({
      markets,
      connect,
      clock,
      timers,
      venueNowMs,
      listener: this.listenerOf(keeper),
      limits: {
        lateAfterMs,
        aheadAfterMs,
        silentAfterMs: ({ kind }) => (kind === 'depth' ? Math.max(staleAfterMs, QUIET_BOOK_MS) : QUIET_MS),
      },
    });
    this.keeper = keeper;
    this.streams = streams;
    const refusals = streams.subscribe(symbols.flatMap(streamsOf));
    invariant(refusals.length === 0, 'every symbol that is followed can be subscribed to');
  }

  private disconnect(): void {
    this.streams?.stop();
    this.keeper?.stop();
  }

  private listenerOf(keeper: BookKeeper): MarketListener {
    const { feeds } = this;
    return {
      trade: (trade) => feeds.get(trade.market.symbol)!.trade(trade),
      quote: (quote) => feeds.get(quote.market.symbol)!.quote(quote),
      depth: (depth) => {
        feeds.get(depth.market.symbol)!.depth(depth);
        keeper.depth(depth);
      },
      up: (stream) => {
        keeper.up(stream);
        this.withFeed(stream, (feed, kind) => feed.rise(kind));
      },
      down: (stream) => {
        keeper.down(stream);
        this.withFeed(stream, (feed, kind) => feed.fall(kind));
      },
      restarted: (stream) => {
        keeper.restarted(stream);
        this.withFeed(stream, (feed, kind) => feed.restarted(kind));
      },
      gap: ({ stream, firstMissingId, lastMissingId }) =>
        this.withFeed(stream, (feed, kind) => feed.missed(kind, lastMissingId - firstMissingId + 1)),
      silent: (stream) => this.withFeed(stream, (feed) => feed.judge()),
      subscriptionRefused: (stream, { code, message }) =>
        this.withFeed(stream, ({ symbol }, kind) =>
          this.warn('stream_refused', symbol, `${kind}: ${code} ${message}`),
        ),
      messageRefused: (refusal) => {
        this.metrics.refused(refusal.reason);
        // Prices have become finer than our grid: the rules have changed.
        if (refusal.reason === 'not_on_grid') void this.rules.refresh();
      },
    };
  }

  private withFeed(
    stream: Stream,
    act: (feed: SymbolFeed, kind: 'trade' | 'bookTicker' | 'depth') => void,
  ): void {
    const { kind } = stream;
    if (kind === 'trade' || kind === 'bookTicker' || kind === 'depth')
      act(this.feeds.get(stream.symbol)!, kind);
  }

  /** Statuses and filters of now; where prices or quantities have become finer, everything is connected anew on finer grids. */
  private takeRules(rules: VenueRules): void {
    this.outside.rulesChanged?.(rules);
    let isFiner = false;
    for (const feed of this.feeds.values()) {
      const instrument = rules.instruments.get(feed.symbol);
      feed.takeInstrument(instrument);
      if (instrument === undefined) continue;
      const grid = finerGrid(feed.market.grid, instrument);
      if (grid === undefined) continue;
      isFiner = true;
      this.regrid(feed, grid);
    }
    if (isFiner && this.streams !== undefined) this.connect();
  }

  private regrid(feed: SymbolFeed, grid: Grid): void {
    this.warn('grid_refined', feed.symbol, `${grid.priceDecimals} and ${grid.quantityDecimals} decimals`);
    this.disconnect();
    feed.recount(grid);
  }

  private feedOf(instrument: Instrument): SymbolFeed {
    const { clock, venueNowMs } = this.outside;
    return new SymbolFeed({
      instrument,
      grid: gridOf(instrument),
      intervals: this.intervals,
      settings: this.settings,
      clock,
      venueNowMs,
      barClosed: (series, bar) => this.bars.append(series, bar),
      barsMissing: (series) => this.backfill.start(series),
      tradesUnheard: (symbol) => {
        this.warn('trades_unheard', symbol, 'its stream is subscribed anew');
        const stream: Stream = { kind: 'trade', symbol };
        this.streams?.unsubscribe([stream]);
        this.streams?.subscribe([stream]);
      },
    });
  }

  private lookAtFeeds(): void {
    this.forgetAfterSleep();
    for (const feed of this.feeds.values()) {
      feed.look();
      this.metrics.update(feed);
    }
  }

  /** Whoever asks right after it must not be told what was known before. */
  private forgetAfterSleep(): void {
    if (this.clockGap.sinceLastLook() > SLEEP_MS) for (const feed of this.feeds.values()) feed.forget();
  }

  private warn(event: string, symbol: string, detail: string): void {
    this.outside.telemetry.log.write('warn', event, { symbol, detail });
  }
}

/** The most that the venue gives (weight 250): a book that is deep enough for every order of ours. */
const BOOK_SNAPSHOT_LEVELS = 5000;
/**
 * Streams that say nothing for so long are subscribed anew, which interrupts them. A quiet market looks the same, so that there is
 * time: what is told as stale has nothing to do with it.
 */
const QUIET_BOOK_MS = 60_000;
const QUIET_MS = 600_000;

const streamsOf = (symbol: string): readonly Stream[] => [
  { kind: 'trade', symbol },
  { kind: 'bookTicker', symbol },
  { kind: 'depth', symbol, speed: '100ms' },
];

/** Shortest first, so that bars that end together are told in that order. */
function intervalsOf(names: readonly IntervalName[]): readonly Interval[] {
  const intervals = Interval.names
    .filter((name) => names.includes(name))
    .map((name) => Interval.parse(name)!);
  invariant(intervals.length === new Set(names).size, 'every interval is one of the venue');
  return intervals;
}
