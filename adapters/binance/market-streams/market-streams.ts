import { invariant } from '@tradewind/core/result';
import type { Clock, Timer, Timers } from '@tradewind/utils';
import type { Connection, Connector, ConnectorListener } from '../sockets/index.ts';
import type { SubscriptionRefusal } from './connection-subscriptions.ts';
import type { Freshness, FreshnessLimits } from './freshness.ts';
import type { MarketEvent } from './market-event.ts';
import type { MarketListener } from './market-listener.ts';
import { MessageScanner } from './message-scanner.ts';
import { type ColdStream, readEvent } from './read-event.ts';
import type { OtherMessage, StreamMarket } from './scanned.ts';
import type { Sequence } from './sequence.ts';
import { nameOf, type Stream } from './stream.ts';
import { type LineListener, StreamLine } from './stream-line.ts';
import { isHot, MarketFeed, TrackedStream } from './tracked-stream.ts';

export interface MarketStreamsOptions {
  /** Every symbol whose hot streams may be subscribed to. */
  readonly markets: readonly StreamMarket[];
  /** Makes a connector to the venue's combined streams (`/stream`). Its pace stays under 5 messages a second. */
  readonly connect: (listener: ConnectorListener) => Connector;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly listener: MarketListener;
  /** What the venue's clock shows now, epoch ms; ours when left out. */
  readonly venueNowMs?: () => number;
  readonly limits?: Partial<StreamLimits>;
}

export interface StreamLimits {
  /** The venue's own limit is 1024 (binance-spot.md section 3.1). */
  readonly streamsPerConnection: number;
  /** How long a stream may say nothing; whoever trades a quiet symbol allows more. */
  readonly silentAfterMs: (stream: Stream) => number;
  readonly lateAfterMs: number;
  readonly aheadAfterMs: number;
  /** How long after its end a bar may close. */
  readonly barGraceMs: number;
}

export type SubscribeRefusal =
  /** Hot messages of a symbol can only be counted on the grid of its market. */
  | { readonly reason: 'unknown_symbol'; readonly stream: Stream }
  /** Both speeds of a diff stream carry the same updates, cut up differently. */
  | { readonly reason: 'other_speed_subscribed'; readonly stream: Stream };

/**
 * All market streams of one client, over as many combined connections as they need. It restores subscriptions, puts what two
 * connections deliver into one order, and tells what is missing, late, silent or wrong; it never guesses.
 */
export class MarketStreams implements LineListener {
  private readonly options: MarketStreamsOptions;
  private readonly limits: StreamLimits;
  private readonly listener: MarketListener;
  private readonly feeds: ReadonlyMap<string, MarketFeed>;
  private readonly scanner: MessageScanner;
  private readonly tracked = new Map<string, TrackedStream>();
  private readonly lines = new Set<StreamLine>();
  private look: Timer | undefined;

  constructor(options: MarketStreamsOptions) {
    this.options = options;
    this.limits = { ...DEFAULT_STREAM_LIMITS, ...options.limits };
    this.listener = options.listener;
    const feeds = options.markets.map((market) => new MarketFeed(market));
    this.feeds = new Map(feeds.map((feed) => [feed.symbol, feed]));
    this.scanner = new MessageScanner(feeds);
    invariant(this.feeds.size === feeds.length, 'each market has a symbol of its own');
  }

  /** Messages that did not have the venue's usual compact form. */
  get slowMessages(): number {
    return this.scanner.slowMessages;
  }

  /** What is subscribed already stays as it is. @returns what cannot be subscribed to */
  subscribe(streams: readonly Stream[]): readonly SubscribeRefusal[] {
    const refusals: SubscribeRefusal[] = [];
    const added = new Map<StreamLine, string[]>();
    for (const stream of streams) {
      const name = nameOf(stream);
      if (this.tracked.has(name)) continue;
      const refusal = this.refusalOf(stream);
      if (refusal !== undefined) {
        refusals.push(refusal);
        continue;
      }
      const line = this.lineWithRoom(added);
      const names = added.get(line) ?? [];
      names.push(name);
      added.set(line, names);
      this.track(new TrackedStream(stream, line));
    }
    for (const [line, names] of added) {
      line.add(names);
      line.start();
    }
    if (this.look === undefined && this.tracked.size > 0) this.lookLater();
    return refusals;
  }

  /** What is not subscribed to is ignored. Of the others it is told that they are down, and nothing after that. */
  unsubscribe(streams: readonly Stream[]): void {
    for (const stream of streams) {
      const tracked = this.tracked.get(nameOf(stream));
      if (tracked === undefined) continue;
      const { name, line } = tracked;
      // While it is still known, so that its end is told: whoever keeps a book from it must not go on showing it.
      line.remove([name]);
      this.tracked.delete(name);
      if (isHot(stream)) this.feeds.get(stream.symbol)![stream.kind] = undefined;
      if (line.size === 0) {
        this.lines.delete(line);
        line.stop();
      }
    }
  }

  /** Ends every connection. What was up is told as down, and nothing after that. */
  stop(): void {
    this.unsubscribe([...this.tracked.values()].map(({ stream }) => stream));
    this.look?.cancel();
    this.look = undefined;
  }

  /** undefined for a stream that is not subscribed to. */
  freshness(stream: Stream): Freshness | undefined {
    const tracked = this.tracked.get(nameOf(stream));
    return tracked && this.judge(tracked);
  }

  /** How many messages of a stream came again or too late. */
  lateCount(stream: Stream): number {
    return this.tracked.get(nameOf(stream))?.sequence.lateCount ?? 0;
  }

  message(line: StreamLine, connection: Connection, bytes: Uint8Array): void {
    const { scanner, listener } = this;
    switch (scanner.scan(bytes)) {
      case 'depth': {
        const { depth } = scanner;
        const tracked = (depth.market as MarketFeed).depth;
        if (tracked === undefined || !this.isNext(tracked, depth.firstUpdateId, depth.lastUpdateId)) return;
        tracked.health.eventTimeMs = depth.eventTimeMs;
        listener.depth?.(depth);
        return;
      }
      case 'quote': {
        const { quote } = scanner;
        const tracked = (quote.market as MarketFeed).bookTicker;
        // Its ids skip, so that none is ever missing.
        if (tracked !== undefined && this.isNext(tracked, 0, quote.updateId)) listener.quote?.(quote);
        return;
      }
      case 'trade': {
        const { trade } = scanner;
        const tracked = (trade.market as MarketFeed).trade;
        if (tracked === undefined || !this.isNext(tracked, trade.id, trade.id)) return;
        tracked.health.eventTimeMs = trade.eventTimeMs;
        listener.trade?.(trade);
        return;
      }
      case 'aggTrade': {
        const { trade } = scanner;
        const tracked = (trade.market as MarketFeed).aggTrade;
        if (tracked === undefined || !this.isNext(tracked, trade.id, trade.id)) return;
        tracked.health.eventTimeMs = trade.eventTimeMs;
        listener.aggTrade?.(trade);
        return;
      }
      case 'refused':
        listener.messageRefused?.(scanner.refusal);
        return;
      case 'other':
        this.takeOther(line, connection, scanner.other);
    }
  }

  up(names: readonly string[]): void {
    for (const tracked of this.trackedOf(names)) {
      tracked.health.upSinceMs = this.options.clock.elapsedMs();
      tracked.bars?.begin(this.venueNowMs());
      this.listener.up?.(tracked.stream);
    }
  }

  down(names: readonly string[]): void {
    for (const tracked of this.trackedOf(names)) {
      tracked.health.upSinceMs = Number.NaN;
      this.listener.down?.(tracked.stream);
    }
  }

  refused(names: readonly string[], refusal: SubscriptionRefusal): void {
    for (const { stream } of this.trackedOf(names)) this.listener.subscriptionRefused?.(stream, refusal);
  }

  private isNext(tracked: TrackedStream, firstId: number, lastId: number): boolean {
    const { sequence, stream } = tracked;
    const before = sequence.lastId;
    const arrival = sequence.take(firstId, lastId);
    if (arrival === 'late') return false;
    tracked.health.arrivedAtMs = this.options.clock.elapsedMs();
    if (arrival === 'gap') {
      this.listener.gap?.({ stream, firstMissingId: before + 1, lastMissingId: firstId - 1 });
    } else if (arrival === 'restarted') {
      this.listener.restarted?.(stream);
    }
    return true;
  }

  private takeOther(line: StreamLine, connection: Connection, { stream, data }: OtherMessage): void {
    if (isShutdown(data)) {
      connection.retire('serverShutdown');
      return;
    }
    if (stream === undefined) {
      if (!line.takeReply(connection, data)) this.listener.messageRefused?.({ reason: 'unasked' });
      return;
    }
    const tracked = this.tracked.get(stream);
    if (tracked === undefined || isHot(tracked.stream)) {
      this.listener.messageRefused?.({ reason: 'unasked' });
      return;
    }
    this.takeCold(tracked, tracked.stream, data);
  }

  private takeCold(tracked: TrackedStream, stream: ColdStream, data: unknown): void {
    const events = readEvent(stream, data);
    if (!events.ok) {
      this.listener.messageRefused?.(events.error);
      return;
    }
    tracked.health.arrivedAtMs = this.options.clock.elapsedMs();
    for (const event of events.value) {
      if ('eventTimeMs' in event) tracked.health.eventTimeMs = event.eventTimeMs;
      if (this.isNew(tracked, event)) this.listener.event?.(event);
    }
  }

  private isNew(tracked: TrackedStream, event: MarketEvent): boolean {
    switch (event.kind) {
      case 'kline':
        return tracked.bars!.take(event);
      case 'partialDepth':
        return isLater(tracked.sequence, event.depth.lastUpdateId);
      case 'blockTrade':
        return isLater(tracked.sequence, event.trade.id);
      case 'referencePrice':
        return isLater(tracked.sequence, event.timeMs);
      default:
        return isLater(tracked.sequenceOf(event.symbol), event.eventTimeMs);
    }
  }

  private lookLater(): void {
    this.look = this.options.timers.after(LOOK_EVERY_MS, () => {
      this.lookAround();
      this.look = undefined;
      if (this.tracked.size > 0) this.lookLater();
    });
  }

  /** Looks after what tells nothing by itself: streams that are silent, and bars that do not close. */
  private lookAround(): void {
    for (const tracked of [...this.tracked.values()]) {
      const judged = this.judge(tracked);
      if (judged.state === 'silent') this.renew(tracked, judged.silentMs);
      else if (tracked.isSilent && judged.state !== 'down' && judged.state !== 'unheard') {
        tracked.isSilent = false;
        tracked.renewals = 0;
        this.listener.heard?.(tracked.stream);
      }
      const missing = tracked.bars?.missing(this.venueNowMs(), this.limits.barGraceMs) ?? [];
      for (const bar of missing) this.listener.barMissing?.(bar);
    }
  }

  private renew(tracked: TrackedStream, silentMs: number): void {
    const { stream, line, name } = tracked;
    if (!tracked.isSilent) {
      tracked.isSilent = true;
      this.listener.silent?.(stream, silentMs);
    }
    const now = this.options.clock.elapsedMs();
    // The listener may have unsubscribed it.
    if (now < tracked.renewNotBeforeMs || this.tracked.get(name) !== tracked) return;
    const limitMs = this.limits.silentAfterMs(stream);
    tracked.renewals += 1;
    tracked.renewNotBeforeMs = now + Math.min(RENEW_AFTER_MS_MAX, limitMs * 2 ** tracked.renewals);
    if (tracked.renewals > 1 && this.isAllSilent(line)) line.replace('all of its streams are silent');
    else line.renew([name]);
  }

  private isAllSilent(line: StreamLine): boolean {
    for (const tracked of this.tracked.values()) if (tracked.line === line && !tracked.isSilent) return false;
    return true;
  }

  private judge(tracked: TrackedStream): Freshness {
    const { silentAfterMs, lateAfterMs, aheadAfterMs } = this.limits;
    const limits: FreshnessLimits = {
      silentAfterMs: silentAfterMs(tracked.stream),
      lateAfterMs,
      aheadAfterMs,
    };
    return tracked.health.judge(this.options.clock.elapsedMs(), this.venueNowMs(), limits);
  }

  private refusalOf(stream: Stream): SubscribeRefusal | undefined {
    if (!isHot(stream)) return undefined;
    const feed = this.feeds.get(stream.symbol);
    if (feed === undefined) return { reason: 'unknown_symbol', stream };
    return feed[stream.kind] === undefined ? undefined : { reason: 'other_speed_subscribed', stream };
  }

  private track(tracked: TrackedStream): void {
    const { stream } = tracked;
    this.tracked.set(tracked.name, tracked);
    if (isHot(stream)) this.feeds.get(stream.symbol)![stream.kind] = tracked;
  }

  private lineWithRoom(added: ReadonlyMap<StreamLine, readonly string[]>): StreamLine {
    for (const line of this.lines) {
      if (line.size + (added.get(line)?.length ?? 0) < this.limits.streamsPerConnection) return line;
    }
    const line = new StreamLine(this.options.connect, this.options.timers, this);
    this.lines.add(line);
    return line;
  }

  private trackedOf(names: readonly string[]): TrackedStream[] {
    return names.flatMap((name) => this.tracked.get(name) ?? []);
  }

  private venueNowMs(): number {
    return (this.options.venueNowMs ?? (() => this.options.clock.nowMs()))();
  }
}

const isLater = (sequence: Sequence, id: number): boolean => sequence.take(0, id) !== 'late';

/** `{"e":"serverShutdown","E":...}` (binance-spot.md section 8.1). */
const isShutdown = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && (data as { e?: unknown }).e === 'serverShutdown';

const LOOK_EVERY_MS = 1000;
const RENEW_AFTER_MS_MAX = 3_600_000;

const SILENT_AFTER_MS: Partial<Record<Stream['kind'], number>> = {
  // A quiet symbol has no trade for minutes, and a block trade is rare.
  trade: 600_000,
  aggTrade: 600_000,
  blockTrade: Number.POSITIVE_INFINITY,
};

export const DEFAULT_STREAM_LIMITS: StreamLimits = {
  streamsPerConnection: 1024,
  silentAfterMs: ({ kind }) => SILENT_AFTER_MS[kind] ?? 60_000,
  lateAfterMs: 5_000,
  aheadAfterMs: 1_000,
  barGraceMs: 5_000,
};
