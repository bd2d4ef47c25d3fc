import {
  type BookDiff,
  type BookSnapshot,
  type BookUpdate,
  LevelList,
  OrderBook,
} from '@tradewind/core/market';

/**
 * Where a bridge stands. `waiting`: for a snapshot, or for the stream to reach the one it has. `bridged`: the book holds
 * everything up to its update id, and the stream goes on from there. `too_old`: the snapshot ends before the kept diffs
 * begin, and another one is needed. The others end the bridge.
 */
export type BridgeState =
  | { readonly kind: 'waiting' | 'bridged' | 'too_old' }
  | Extract<BookUpdate, { readonly kind: 'gap' | 'crossed' }>;

/**
 * Brings a snapshot and the diffs around it together into one book: steps 1 to 6 of binance-spot.md section 8.4. The diffs
 * that come before the snapshot are kept, the oldest being dropped when there are too many: a snapshot that would have
 * needed them is too old then.
 */
export class BookBridge {
  readonly book = new OrderBook();
  private kept: BookDiff[] = [];
  private keptLevels = 0;

  /** @param diff  the next one of the stream; it is copied where it has to be kept */
  take(diff: BookDiff): BridgeState {
    if (this.book.state === 'empty') {
      this.keep(diff);
      return WAITING;
    }
    return this.apply(diff);
  }

  /** After `too_old` another one may be given. */
  start(snapshot: BookSnapshot): BridgeState {
    const first = this.kept[0];
    // Step 3 asks for another snapshot when this one ends before the first kept diff. One that ends right before it goes on
    // without a hole (step 4: `U <= lastUpdateId + 1 <= u`), as quiet symbols do it.
    if (first !== undefined && snapshot.lastUpdateId + 1 < first.firstUpdateId) return TOO_OLD;
    const crossed = this.book.reset(snapshot);
    if (crossed.kind === 'crossed') return crossed;
    let state = WAITING;
    for (const diff of this.kept) {
      state = this.apply(diff);
      if (state.kind === 'gap' || state.kind === 'crossed') break;
    }
    this.forget();
    return state;
  }

  private apply(diff: BookDiff): BridgeState {
    const update = this.book.apply(diff);
    switch (update.kind) {
      case 'applied':
        return BRIDGED;
      case 'ignored':
        // The stream is behind the snapshot until one of its diffs ends where the snapshot ends.
        return diff.lastUpdateId === this.book.lastUpdateId ? BRIDGED : WAITING;
      default:
        return update;
    }
  }

  private keep(diff: BookDiff): void {
    const last = this.kept.at(-1);
    if (last !== undefined) {
      if (diff.lastUpdateId <= last.lastUpdateId) return;
      // What came before a hole in the stream can be of no use any more.
      if (diff.firstUpdateId > last.lastUpdateId + 1) this.forget();
    }
    const { firstUpdateId, lastUpdateId } = diff;
    this.kept.push({ firstUpdateId, lastUpdateId, bids: copyOf(diff.bids), asks: copyOf(diff.asks) });
    this.keptLevels += diff.bids.length + diff.asks.length;
    while (this.kept.length > DIFFS_MAX || this.keptLevels > LEVELS_MAX) {
      const oldest = this.kept.shift()!;
      this.keptLevels -= oldest.bids.length + oldest.asks.length;
    }
  }

  private forget(): void {
    this.kept = [];
    this.keptLevels = 0;
  }
}

function copyOf(levels: LevelList): LevelList {
  const copy = new LevelList();
  copy.prices = levels.prices.slice(0, Math.max(1, levels.length));
  copy.quantities = levels.quantities.slice(0, Math.max(1, levels.length));
  copy.length = levels.length;
  return copy;
}

const WAITING: BridgeState = { kind: 'waiting' };
const BRIDGED: BridgeState = { kind: 'bridged' };
const TOO_OLD: BridgeState = { kind: 'too_old' };

/** Five minutes of a stream of 100 ms, and more levels than these hold on the busiest symbol in a usual minute. */
const DIFFS_MAX = 3000;
const LEVELS_MAX = 300_000;
