import type { Clock, Random, Timers } from '@tradewind/utils';
import type { MarketListener, ScannedDepth, Stream, StreamMarket } from '../market-streams/index.ts';
import { LocalBook, type LocalBookListener, type LocalBookTimes } from './local-book.ts';
import type { SnapshotQueue } from './snapshot-queue.ts';

export interface BookKeeperOptions {
  readonly markets: readonly StreamMarket[];
  /** One for all books of an IP. */
  readonly snapshots: SnapshotQueue;
  readonly listener: LocalBookListener;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly times?: Partial<LocalBookTimes>;
}

/**
 * The books of several symbols, kept from what `MarketStreams` tells: its `depth`, `up`, `down` and `restarted` are handed on
 * to here. A gap in a diff stream, or a message of it that could not be read, shows in the ids of the next diff.
 */
export class BookKeeper implements Pick<MarketListener, 'depth' | 'up' | 'down' | 'restarted'> {
  private readonly books: ReadonlyMap<string, LocalBook>;

  constructor({ markets, ...options }: BookKeeperOptions) {
    this.books = new Map(markets.map((market) => [market.symbol, new LocalBook({ market, ...options })]));
  }

  /** undefined for a symbol that is not among the markets. */
  book(symbol: string): LocalBook | undefined {
    return this.books.get(symbol);
  }

  depth(depth: ScannedDepth): void {
    this.books.get(depth.market.symbol)?.take(depth);
  }

  up(stream: Stream): void {
    if (stream.kind === 'depth') this.books.get(stream.symbol)?.begin();
  }

  down(stream: Stream): void {
    if (stream.kind === 'depth') this.books.get(stream.symbol)?.cut();
  }

  restarted(stream: Stream): void {
    this.down(stream);
    this.up(stream);
  }

  stop(): void {
    for (const book of this.books.values()) book.stop();
  }
}
