import { type Bars, type IntervalName, openTimeOf, priceOfTicks } from '@tradewind/core/market';
import { fromUnits, type Quantity, zero } from '@tradewind/core/money';
import type { ClosedBar, MarketData, MarketUpdate, Subscription } from '@tradewind/proto';
import type { Clock, Telemetry, Timer, Timers } from '@tradewind/utils';
import { type SessionLine, textOfLine } from './session-line.ts';
import { type SessionManifest, textOfManifest } from './session-manifest.ts';

/** Where the lines of one session go. */
export interface SessionSink {
  /** Whole lines, after those before. Rejects when they cannot be written; then none of them counts as written. */
  append(text: string): Promise<void>;
  /** Replaces the manifest. */
  writeManifest(text: string): Promise<void>;
  close(): Promise<void>;
}

export interface RecorderOutside {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly telemetry: Telemetry;
  readonly marketData: MarketData;
  readonly sink: SessionSink;
}

export interface RecorderOptions {
  readonly symbols: readonly string[];
  readonly intervals: readonly IntervalName[];
  readonly environment: string;
  readonly build: string;
  /** Left out: every kind. Feed states and instruments are always recorded. */
  readonly kinds?: readonly MarketUpdate['kind'][];
  /** How many bars from before the session go with it, for warm-up; 1000. */
  readonly historyBars?: number;
  /** Characters that may wait to be written; what comes when it is full is dropped and counted, but for feed states and instruments. */
  readonly bufferMax?: number;
}

const DEFAULT_HISTORY_BARS = 1000;
const DEFAULT_BUFFER_MAX = 16_000_000;
const WRITE_EVERY_MS = 250;
const WRITE_AT = 65_536;

/** Writes everything that a subscriber of these symbols is told into a session, from which a backtest can be run and decisions be compared. */
export class SessionRecorder {
  private readonly outside: RecorderOutside;
  private readonly options: RecorderOptions;
  private readonly startedAtMs: number;
  private subscription: Subscription | undefined;
  private timer: Timer | undefined;
  private waiting: string[] = [];
  private waitingLength = 0;
  private writing: Promise<void> | undefined;
  private lines = 0;
  private droppedLines = 0;

  constructor(outside: RecorderOutside, options: RecorderOptions) {
    this.outside = outside;
    this.options = options;
    this.startedAtMs = outside.clock.nowMs();
  }

  /** Updates that are missing in the session; with any it is incomplete. */
  get dropped(): number {
    return this.droppedLines;
  }

  /** Begins to record. Rejects when not even the manifest can be written. */
  async start(): Promise<void> {
    const { marketData, sink } = this.outside;
    const { symbols, intervals, kinds, historyBars = DEFAULT_HISTORY_BARS } = this.options;
    await sink.writeManifest(textOfManifest(this.manifest()));
    for (const symbol of symbols) {
      const snapshot = await marketData.snapshot(symbol);
      if (snapshot !== undefined) this.record({ kind: 'instrument', instrument: snapshot.instrument });
    }
    const request = kinds === undefined ? { symbols } : { symbols, kinds };
    this.subscription = marketData.subscribe(request, (update) => this.record(update));
    for (const symbol of symbols)
      for (const interval of intervals) void this.recordHistory(symbol, interval, historyBars);
    this.writeLater();
  }

  /** Ends the session; resolves when all of it is written that can be. */
  async stop(): Promise<void> {
    const { clock, sink } = this.outside;
    this.subscription?.end();
    this.timer?.cancel();
    await this.writing;
    await this.write();
    await sink.writeManifest(textOfManifest({ ...this.manifest(), endedAtMs: clock.nowMs() }));
    await sink.close();
  }

  private async recordHistory(symbol: string, interval: IntervalName, count: number): Promise<void> {
    const history = await this.outside.marketData.history(symbol, interval, count);
    if (!history.ok) {
      this.droppedLines += 1;
      const { log } = this.outside.telemetry;
      log.write('warn', 'session_history_missing', { symbol, interval, detail: history.error.detail });
      return;
    }
    for (const bar of closedBarsOf(history.value)) this.record({ kind: 'history', bar });
  }

  private record(line: SessionLine): void {
    const isSmall = line.kind === 'feed' || line.kind === 'instrument';
    if (!isSmall && this.waitingLength >= (this.options.bufferMax ?? DEFAULT_BUFFER_MAX)) {
      this.droppedLines += 1;
      return;
    }
    const text = textOfLine(line);
    this.waiting.push(text);
    this.waitingLength += text.length;
    if (this.waitingLength >= WRITE_AT) this.writeNow();
  }

  private async write(): Promise<void> {
    const { sink, telemetry } = this.outside;
    while (this.waiting.length > 0) {
      const batch = this.waiting;
      this.waiting = [];
      this.waitingLength = 0;
      try {
        await sink.append(`${batch.join('\n')}\n`);
        this.lines += batch.length;
      } catch (error) {
        this.droppedLines += batch.length;
        telemetry.log.write('error', 'session_not_written', { dropped: batch.length, detail: String(error) });
        return;
      }
    }
  }

  private writeNow(): void {
    this.writing ??= this.write().finally(() => {
      this.writing = undefined;
    });
  }

  private writeLater(): void {
    this.timer = this.outside.timers.after(WRITE_EVERY_MS, () => {
      this.writeNow();
      this.writeLater();
    });
  }

  private manifest(): SessionManifest {
    const { symbols, intervals, environment, build } = this.options;
    const { startedAtMs, lines, droppedLines } = this;
    return { version: 1, symbols, intervals, environment, build, startedAtMs, lines, dropped: droppedLines };
  }
}

/** A history has no quote volumes and counts of trades: they are written as none. */
function* closedBarsOf(bars: Bars): Generator<ClosedBar> {
  const { symbol, interval, priceDecimals, volumeDecimals } = bars;
  const volumeUnit = 10n ** BigInt(8 - volumeDecimals);
  for (let at = 0; at < bars.length; at += 1) {
    const openTimeMs = openTimeOf(bars, at);
    yield {
      symbol,
      interval: interval.name,
      openTimeMs,
      closeTimeMs: interval.endOf(openTimeMs),
      open: priceOfTicks(bars.open[at]!, priceDecimals),
      high: priceOfTicks(bars.high[at]!, priceDecimals),
      low: priceOfTicks(bars.low[at]!, priceDecimals),
      close: priceOfTicks(bars.close[at]!, priceDecimals),
      volume: fromUnits<Quantity>(BigInt(bars.volume[at]!) * volumeUnit),
      quoteVolume: zero(),
      trades: 0,
      source: 'backfill',
    };
  }
}
