import type { BookDiff, BookSide, BookUpdate, OrderBook, Ticks } from '@tradewind/core/market';
import type { BackoffTimes, Clock, Random, Timer, Timers } from '@tradewind/utils';
import type { StreamMarket } from '../market-streams/index.ts';
import { BookBuilder, SnapshotBackoff, type SnapshotProblem } from './book-builder.ts';
import { type BookDifference, differenceOf, type KnownPrices } from './compare-books.ts';
import type { SnapshotQueue } from './snapshot-queue.ts';

/** One side of a book, to look at. */
export type SideView = Omit<BookSide, 'set' | 'clear'>;

/** A book to look at. It is changed by the diffs that follow: what is to be kept is copied. */
export interface BookView {
  readonly lastUpdateId: number;
  readonly bids: SideView;
  readonly asks: SideView;
}

/** Why a book is not to be traded on. */
export type BookTrouble =
  /** The stream was interrupted, or one of its messages could not be read. */
  | { readonly reason: 'stream_cut' }
  | { readonly reason: 'gap'; readonly expectedUpdateId: number; readonly firstUpdateId: number }
  | { readonly reason: 'crossed'; readonly bid: Ticks; readonly ask: Ticks }
  /** A snapshot of the same update id shows something else. */
  | ({ readonly reason: 'differs_from_snapshot'; readonly updateId: number } & BookDifference);

export interface LocalBookListener {
  /** From here on the book has levels. */
  valid(book: LocalBook): void;
  /** A diff has changed the levels. Told for every one, while the diff is taken. */
  changed(book: LocalBook): void;
  /** From here on the book has no levels, until `valid` is told again. */
  invalid(book: LocalBook, trouble: BookTrouble): void;
  snapshotUseless?(book: LocalBook, problem: SnapshotProblem): void;
}

/** All in ms. */
export interface LocalBookTimes extends BackoffTimes {
  /** A book that was valid for so long makes earlier troubles forgotten. */
  readonly steadyAfterMs: number;
  /** How often a valid book is compared with a snapshot; each time up to a tenth earlier or later, by chance. */
  readonly checkEveryMs: number;
  /** How soon after the last check prices beyond what its snapshot covered may ask for the next. */
  readonly checkAgainAfterMs: number;
}

/** With a check every 10 minutes fifty books use 1250 of the 6000 weight that an IP has in a minute. */
export const DEFAULT_BOOK_TIMES: LocalBookTimes = {
  firstDelayMs: 1_000,
  longestDelayMs: 60_000,
  steadyAfterMs: 60_000,
  checkEveryMs: 600_000,
  checkAgainAfterMs: 60_000,
};

export interface LocalBookOptions {
  readonly market: StreamMarket;
  readonly snapshots: SnapshotQueue;
  readonly listener: LocalBookListener;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly times?: Partial<LocalBookTimes>;
}

/** A book that may be traded on, since when, and what of it is known. */
interface Live {
  readonly book: OrderBook;
  readonly known: KnownPrices;
  /** Elapsed ms. */
  readonly sinceMs: number;
}

/**
 * The book of one symbol, kept from the diff stream as binance-spot.md section 8.4 says. Whenever it is in doubt it has no
 * levels, whoever asks: after a gap, a crossed book, a cut of the stream or a difference from a snapshot it is built anew.
 * Every so often, and when prices leave what the last snapshot covered, a second book is built beside it and compared.
 */
export class LocalBook {
  readonly market: StreamMarket;
  private readonly options: LocalBookOptions;
  private readonly times: LocalBookTimes;
  private readonly backoff: SnapshotBackoff;
  /** Between `begin` and `cut` or `stop`. */
  private isStreaming = false;
  private live: Live | undefined;
  /** Makes the next live book while there is none, and the one to check it with otherwise. */
  private builder: BookBuilder | undefined;
  private checkTimer: Timer | undefined;
  private checkedAtMs = 0;

  constructor(options: LocalBookOptions) {
    this.options = options;
    this.market = options.market;
    this.times = { ...DEFAULT_BOOK_TIMES, ...options.times };
    this.backoff = new SnapshotBackoff(this.times, options.random);
  }

  /** The valid levels, for the time of this call only; undefined while the book is not valid. */
  get levels(): BookView | undefined {
    return this.live?.book;
  }

  /** The diff stream is subscribed, and what it says from now on belongs together. Asks for a snapshot. */
  begin(): void {
    this.isStreaming = true;
    if (this.live === undefined && this.builder === undefined) this.rebuild();
  }

  /** The stream was interrupted: what it said does not fit to what it will say. It goes on with `begin`. */
  cut(): void {
    this.isStreaming = false;
    this.end();
    this.lose({ reason: 'stream_cut' });
  }

  /** The book is not needed any more. Nothing is told. */
  stop(): void {
    this.isStreaming = false;
    this.end();
    this.live?.book.invalidate();
    this.live = undefined;
  }

  /** @param diff  the next one of the stream; it is not kept */
  take(diff: BookDiff): void {
    const { live, builder } = this;
    if (live !== undefined) {
      const update = live.book.apply(diff);
      if (update.kind === 'applied') this.changed(live);
      else if (update.kind !== 'ignored') return this.restart(diff, update);
    }
    // Who heard of a change may have ended it.
    if (builder !== undefined && builder === this.builder) builder.take(diff);
  }

  private changed({ book, known }: Live): void {
    this.options.listener.changed(this);
    const bid = book.bids.bestPrice;
    const ask = book.asks.bestPrice;
    if ((bid === undefined || bid >= known.lowestBid) && (ask === undefined || ask <= known.highestAsk))
      return;
    // Levels outside the snapshot are unknown until they change (section 8.4, step 7): a new snapshot knows them.
    const { clock } = this.options;
    if (clock.elapsedMs() - this.checkedAtMs >= this.times.checkAgainAfterMs) this.check();
  }

  /** The diff that shows the trouble is the first of those that the next book is made with. */
  private restart(diff: BookDiff, update: Extract<BookUpdate, { readonly kind: 'gap' | 'crossed' }>): void {
    this.end();
    const { kind, ...numbers } = update;
    this.lose({ reason: kind, ...numbers } as BookTrouble);
    // The listener may have ended the book.
    if (!this.isStreaming) return;
    this.begin();
    this.builder?.take(diff);
  }

  private rebuild(): void {
    const builder = this.newBuilder('urgent', this.backoff, (book, known) => {
      this.accept(book, known);
      this.options.listener.valid(this);
    });
    this.builder = builder;
    builder.start();
  }

  private check(): void {
    if (this.live === undefined || this.builder !== undefined) return;
    this.checkedAtMs = this.options.clock.elapsedMs();
    const backoff = new SnapshotBackoff(this.times, this.options.random);
    // The live book has taken the same diffs, so that the two stand at the same update id.
    this.builder = this.newBuilder('patient', backoff, (book, known) => {
      const old = this.live!;
      const difference = differenceOf(old.book, book, [old.known, known]);
      if (difference === undefined) {
        old.book.invalidate();
        // It is as steady as the one that it continues.
        this.accept(book, known, old.sinceMs);
        return;
      }
      this.builder = undefined;
      this.lose({ reason: 'differs_from_snapshot', updateId: book.lastUpdateId, ...difference });
      if (!this.isStreaming) return;
      this.accept(book, known);
      this.options.listener.valid(this);
    });
    this.builder.start();
  }

  private newBuilder(
    urgency: 'urgent' | 'patient',
    backoff: SnapshotBackoff,
    built: (book: OrderBook, known: KnownPrices) => void,
  ): BookBuilder {
    const { market, snapshots, clock, timers, listener } = this.options;
    const useless = (problem: SnapshotProblem): void => listener.snapshotUseless?.(this, problem);
    return new BookBuilder({ market, snapshots, urgency, clock, timers, backoff, built, useless });
  }

  private accept(
    book: OrderBook,
    known: KnownPrices,
    sinceMs: number = this.options.clock.elapsedMs(),
  ): void {
    this.builder = undefined;
    this.live = { book, known, sinceMs };
    const { checkEveryMs } = this.times;
    const { timers, random } = this.options;
    this.checkTimer?.cancel();
    this.checkTimer = timers.after(checkEveryMs * (0.9 + random.nextFraction() / 5), () => this.check());
  }

  private lose(trouble: BookTrouble): void {
    const { live } = this;
    if (live === undefined) return;
    live.book.invalidate();
    this.live = undefined;
    if (this.options.clock.elapsedMs() - live.sinceMs >= this.times.steadyAfterMs) this.backoff.forget();
    this.options.listener.invalid(this, trouble);
  }

  private end(): void {
    this.builder?.stop();
    this.builder = undefined;
    this.checkTimer?.cancel();
    this.checkTimer = undefined;
  }
}
