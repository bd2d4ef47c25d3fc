import { ConnectError } from '@connectrpc/connect';
import type { FeedStatus, MarketUpdate } from '@tradewind/proto';
import { decodeWith, marketDataMethods } from '@tradewind/proto/codec';
import type { SubscribeResponse } from '@tradewind/proto/generated/market_data_pb.js';
import {
  backoffMs,
  type Clock,
  type Random,
  type Telemetry,
  type Timer,
  type Timers,
} from '@tradewind/utils';
import type { Connection } from './connection.ts';

export interface UpdateStreamParts {
  readonly symbols: readonly string[];
  readonly connection: Pick<Connection, 'health' | 'onHealth'>;
  readonly open: (signal: AbortSignal) => AsyncIterable<SubscribeResponse>;
  readonly listener: (update: MarketUpdate) => void;
  readonly outside: {
    readonly clock: Clock;
    readonly timers: Timers;
    readonly random: Random;
    readonly telemetry: Telemetry;
  };
  readonly silenceMsMaximum: number;
}

const REOPEN = { firstDelayMs: 100, longestDelayMs: 5_000 };

/** One subscription that goes on for ever: read while the connection is up, opened again when it ends, its silence told as such. */
export class UpdateStream {
  private readonly parts: UpdateStreamParts;
  private readonly feeds = new Map<string, FeedStatus>();
  private readonly leaveConnection: () => void;
  private abort: AbortController | undefined;
  private timer: Timer | undefined;
  private failures = 0;
  private isDown = false;
  private isEnded = false;

  constructor(parts: UpdateStreamParts) {
    this.parts = parts;
    this.leaveConnection = parts.connection.onHealth(({ state }) => {
      if (state === 'up') this.begin();
    });
    if (parts.connection.health.state === 'up') this.begin();
    else this.tellDown('there is no connection yet');
  }

  end(): void {
    this.isEnded = true;
    this.leaveConnection();
    this.timer?.cancel();
    this.abort?.abort();
  }

  private begin(): void {
    if (this.isEnded || this.abort !== undefined) return;
    this.timer?.cancel();
    const abort = new AbortController();
    this.abort = abort;
    void this.read(abort).then((detail) => this.ended(detail));
  }

  /** Reads until the stream ends. @returns why it did */
  private async read(abort: AbortController): Promise<string> {
    const { timers } = this.parts.outside;
    const watch = (): Timer =>
      timers.after(this.parts.silenceMsMaximum, () => abort.abort('silent for too long'));
    const responses = this.parts.open(abort.signal)[Symbol.asyncIterator]();
    for (;;) {
      const watchdog = watch();
      let next: IteratorResult<SubscribeResponse>;
      try {
        next = await responses.next();
      } catch (thrown) {
        return abort.signal.aborted ? String(abort.signal.reason) : ConnectError.from(thrown).message;
      } finally {
        watchdog.cancel();
      }
      if (next.done === true) return 'the service ended it';
      if (this.isEnded) return 'by us';
      const problem = this.take(next.value);
      if (problem !== undefined) {
        abort.abort();
        return problem;
      }
    }
  }

  /** Tells what has come. @returns what is wrong with it */
  private take(response: SubscribeResponse): string | undefined {
    const decoded = decodeWith(marketDataMethods.subscribe.response, response);
    if (!decoded.ok) return `an update cannot be read: ${decoded.error.path} ${decoded.error.problem}`;
    this.failures = 0;
    this.isDown = false;
    const { updates, dropped } = decoded.value;
    for (const { symbol, count } of dropped) {
      this.tellFeed({
        symbol,
        state: 'gap',
        detail: `${count} updates were dropped, this reader is too slow`,
      });
    }
    for (const update of updates) this.tell(update);
    // The hole is told; from here on its prices are as good as its feed is.
    for (const { symbol } of dropped) {
      const feed = this.feeds.get(symbol);
      if (feed !== undefined) this.tell({ kind: 'feed', feed });
    }
    return undefined;
  }

  private tell(update: MarketUpdate): void {
    if (this.isEnded) return;
    if (update.kind === 'feed') this.feeds.set(update.feed.symbol, update.feed);
    this.parts.listener(update);
  }

  /** A state that only this side of the wire knows. */
  private tellFeed(feed: Omit<FeedStatus, 'sinceMs'>): void {
    if (this.isEnded) return;
    this.parts.listener({ kind: 'feed', feed: { ...feed, sinceMs: this.parts.outside.clock.nowMs() } });
  }

  private ended(detail: string): void {
    this.abort = undefined;
    if (this.isEnded) return;
    const { timers, random, telemetry } = this.parts.outside;
    telemetry.log.write('warn', 'rpc_stream_ended', { detail });
    if (!this.isDown) this.tellDown(`the stream of market data ended: ${detail}`);
    const delayMs = backoffMs(REOPEN, this.failures, random);
    this.failures += 1;
    this.timer = timers.after(delayMs, () => {
      // When the connection is down, its coming back begins anew.
      if (this.parts.connection.health.state === 'up') this.begin();
    });
  }

  private tellDown(detail: string): void {
    this.isDown = true;
    for (const symbol of this.parts.symbols) this.tellFeed({ symbol, state: 'down', detail });
  }
}
