import type { Grid } from '@tradewind/core/market';
import { BarWatch } from './bar-watch.ts';
import { StreamHealth } from './freshness.ts';
import type { StreamMarket } from './scanned.ts';
import { Sequence } from './sequence.ts';
import { nameOf, type Stream } from './stream.ts';
import type { StreamLine } from './stream-line.ts';

/** All that is remembered about one stream that is subscribed to. */
export class TrackedStream {
  readonly stream: Stream;
  readonly name: string;
  readonly line: StreamLine;
  readonly health = new StreamHealth();
  readonly sequence = new Sequence();
  readonly bars: BarWatch | undefined;
  /** It has been told that the stream is silent. */
  isSilent = false;
  /** How often in a row it has been subscribed anew for its silence. */
  renewals = 0;
  /** Elapsed ms before which it is not subscribed anew. */
  renewNotBeforeMs = 0;
  /** Of a stream of all symbols: one sequence for each, as many as the venue has symbols. */
  private readonly bySymbol = new Map<string, Sequence>();

  constructor(stream: Stream, line: StreamLine) {
    this.stream = stream;
    this.name = nameOf(stream);
    this.line = line;
    this.bars = stream.kind === 'kline' ? new BarWatch(stream) : undefined;
  }

  sequenceOf(symbol: string): Sequence {
    let sequence = this.bySymbol.get(symbol);
    if (sequence === undefined) {
      sequence = new Sequence();
      this.bySymbol.set(symbol, sequence);
    }
    return sequence;
  }
}

/** A market with its hot streams at hand, so that nothing has to be looked up for a message. */
export class MarketFeed implements StreamMarket {
  readonly symbol: string;
  readonly grid: Grid;
  trade: TrackedStream | undefined;
  aggTrade: TrackedStream | undefined;
  bookTicker: TrackedStream | undefined;
  depth: TrackedStream | undefined;

  constructor({ symbol, grid }: StreamMarket) {
    this.symbol = symbol;
    this.grid = grid;
  }
}

export type HotKind = 'trade' | 'aggTrade' | 'bookTicker' | 'depth';

export const isHot = (stream: Stream): stream is Extract<Stream, { readonly kind: HotKind }> =>
  stream.kind === 'trade' ||
  stream.kind === 'aggTrade' ||
  stream.kind === 'bookTicker' ||
  stream.kind === 'depth';
