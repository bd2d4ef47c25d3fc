import type { BookDiff, OrderBook, Ticks } from '@tradewind/core/market';
import {
  type BackoffTimes,
  backoffMs,
  type Clock,
  type Random,
  type Timer,
  type Timers,
} from '@tradewind/utils';
import type { StreamMarket } from '../market-streams/index.ts';
import type { DepthSnapshot } from '../model/market.ts';
import type { CallFailure, Outcome, UnknownCause } from '../outcome.ts';
import { BookBridge, type BridgeState } from './book-bridge.ts';
import type { KnownPrices } from './compare-books.ts';
import type { SnapshotQueue, SnapshotTicket } from './snapshot-queue.ts';
import { countSnapshot } from './snapshot-source.ts';

/** Why a snapshot was of no use. Another one is asked for later. */
export type SnapshotProblem =
  /** It ends before the kept diffs begin. */
  | { readonly reason: 'too_old' }
  /** The diffs that followed it left a hole, or its best bid was not below its best ask. */
  | { readonly reason: 'gap' | 'crossed' }
  | { readonly reason: 'not_on_grid' }
  | CallFailure
  | { readonly reason: 'unknown'; readonly cause: UnknownCause };

/** How long to wait before the next snapshot. The first is not waited for. */
export class SnapshotBackoff {
  private readonly times: BackoffTimes;
  private readonly random: Random;
  private attempts = 0;

  constructor(times: BackoffTimes, random: Random) {
    this.times = times;
    this.random = random;
  }

  nextDelayMs(): number {
    this.attempts += 1;
    return this.attempts === 1 ? 0 : backoffMs(this.times, this.attempts - 2, this.random);
  }

  forget(): void {
    this.attempts = 0;
  }
}

export interface BookBuilderOptions {
  readonly market: StreamMarket;
  readonly snapshots: SnapshotQueue;
  readonly urgency: 'urgent' | 'patient';
  readonly clock: Clock;
  readonly timers: Timers;
  readonly backoff: SnapshotBackoff;
  /** The book stands at the last diff that was taken. The builder has ended. */
  readonly built: (book: OrderBook, known: KnownPrices) => void;
  readonly useless: (problem: SnapshotProblem) => void;
}

/** Asks for snapshots, after ever longer waits, until one of them and the diffs of the stream make a book. */
export class BookBuilder {
  private readonly options: BookBuilderOptions;
  private bridge = new BookBridge();
  private known: KnownPrices = { lowestBid: 0 as Ticks, highestAsk: 0 as Ticks };
  private ticket: SnapshotTicket | undefined;
  private timer: Timer | undefined;
  private isOver = false;

  constructor(options: BookBuilderOptions) {
    this.options = options;
  }

  start(): void {
    this.askAfter(this.options.backoff.nextDelayMs());
  }

  /** @param diff  the next one of the stream; it is copied where it has to be kept */
  take(diff: BookDiff): void {
    this.advance(this.bridge.take(diff));
  }

  stop(): void {
    this.isOver = true;
    this.timer?.cancel();
    this.ticket?.cancel();
  }

  private askAfter(delayMs: number): void {
    this.timer = this.options.timers.after(delayMs, () => {
      const { snapshots, market, urgency } = this.options;
      this.ticket = snapshots.ask(market.symbol, urgency, (outcome) => this.takeSnapshot(outcome));
    });
  }

  private takeSnapshot(outcome: Outcome<DepthSnapshot>): void {
    if (outcome.kind === 'failed') return this.tryAgain(outcome.failure);
    if (outcome.kind === 'unknown') return this.tryAgain({ reason: 'unknown', cause: outcome.cause });
    const { symbol, grid } = this.options.market;
    const counted = countSnapshot(symbol, outcome.value, grid);
    if (!counted.ok) return this.tryAgain({ reason: 'not_on_grid' });
    const { bids, asks } = counted.value;
    this.known = {
      lowestBid: (bids.prices[bids.length - 1] ?? 0) as Ticks,
      highestAsk: (asks.prices[asks.length - 1] ?? Number.MAX_SAFE_INTEGER) as Ticks,
    };
    this.advance(this.bridge.start(counted.value));
  }

  private advance(state: BridgeState): void {
    switch (state.kind) {
      case 'waiting':
        return;
      case 'bridged':
        this.stop();
        this.options.built(this.bridge.book, this.known);
        return;
      case 'gap':
      case 'crossed':
        this.bridge = new BookBridge();
        this.tryAgain({ reason: state.kind });
        return;
      case 'too_old':
        this.tryAgain({ reason: 'too_old' });
    }
  }

  private tryAgain(problem: SnapshotProblem): void {
    const { backoff, clock, useless } = this.options;
    useless(problem);
    // Whoever was told may have stopped it.
    if (this.isOver) return;
    const heldBackMs = problem.reason === 'held_back' ? problem.retryAtMs - clock.nowMs() : 0;
    this.askAfter(Math.max(backoff.nextDelayMs(), heldBackMs));
  }
}
