import { BookSide } from './book-side.ts';
import type { Lots, Ticks } from './grid.ts';
import type { LevelList } from './level-list.ts';

/** The whole book (as deep as the venue sends it) at one update id. */
export interface BookSnapshot {
  readonly lastUpdateId: number;
  readonly bids: LevelList;
  readonly asks: LevelList;
}

/** What changed from one update id to another: quantities are totals, zero removes a level. */
export interface BookDiff {
  readonly firstUpdateId: number;
  readonly lastUpdateId: number;
  readonly bids: LevelList;
  readonly asks: LevelList;
}

/** `empty`: no snapshot yet. `invalid`: a gap or a crossed book; only a new snapshot helps. */
export type BookState = 'empty' | 'valid' | 'invalid';

/** What a snapshot or a diff did to the book. */
export type BookUpdate =
  | { readonly kind: 'applied' }
  /** The diff is older than the book, or there is no valid book that it could change. */
  | { readonly kind: 'ignored'; readonly reason: 'already_in_book' | 'no_valid_book' }
  /** Updates from `expectedUpdateId` to the one before `firstUpdateId` are missing. */
  | { readonly kind: 'gap'; readonly expectedUpdateId: number; readonly firstUpdateId: number }
  /** The best bid is not below the best ask: something was lost or misread. */
  | { readonly kind: 'crossed'; readonly bid: Ticks; readonly ask: Ticks };

/**
 * A local copy of the venue's book, kept as binance-spot.md section 8.4 says. The caller keeps the diffs that arrive
 * while it waits for a snapshot, hands over the snapshot, then every kept diff in order: those that are in the snapshot
 * already are ignored, and a snapshot that is too old for them shows as a gap, upon which the next one is fetched.
 *
 * A book that is not valid keeps its last levels for a look, but nobody must trade on them. Levels outside the snapshot
 * are unknown until they change.
 */
export class OrderBook {
  readonly bids = new BookSide('higher');
  readonly asks = new BookSide('lower');
  private currentState: BookState = 'empty';
  private updateId = 0;

  get state(): BookState {
    return this.currentState;
  }

  /** The id up to which the venue's updates are in this book; 0 before the first snapshot. */
  get lastUpdateId(): number {
    return this.updateId;
  }

  /** Replaces everything: the way to the first valid book, and back to one after a gap. */
  reset(snapshot: BookSnapshot): BookUpdate {
    fill(this.bids, snapshot.bids);
    fill(this.asks, snapshot.asks);
    this.updateId = snapshot.lastUpdateId;
    this.currentState = 'valid';
    return this.applied();
  }

  /** Takes the next diff of the stream. */
  apply(diff: BookDiff): BookUpdate {
    if (this.currentState !== 'valid') return NO_VALID_BOOK;
    if (diff.lastUpdateId <= this.updateId) return ALREADY_IN_BOOK;
    const expectedUpdateId = this.updateId + 1;
    if (diff.firstUpdateId > expectedUpdateId) {
      this.currentState = 'invalid';
      return { kind: 'gap', expectedUpdateId, firstUpdateId: diff.firstUpdateId };
    }
    setAll(this.bids, diff.bids);
    setAll(this.asks, diff.asks);
    this.updateId = diff.lastUpdateId;
    return this.applied();
  }

  /** For the caller to say that the stream was cut: what follows may not continue what was. */
  invalidate(): void {
    if (this.currentState === 'valid') this.currentState = 'invalid';
  }

  private applied(): BookUpdate {
    const bid = this.bids.bestPrice;
    const ask = this.asks.bestPrice;
    if (bid === undefined || ask === undefined || bid < ask) return APPLIED;
    this.currentState = 'invalid';
    return { kind: 'crossed', bid, ask };
  }
}

const APPLIED: BookUpdate = { kind: 'applied' };
const ALREADY_IN_BOOK: BookUpdate = { kind: 'ignored', reason: 'already_in_book' };
const NO_VALID_BOOK: BookUpdate = { kind: 'ignored', reason: 'no_valid_book' };

/** From the last level to the first: a snapshot comes best first, so that each level goes to the end of its side. */
function fill(side: BookSide, levels: LevelList): void {
  const { prices, quantities, length } = levels;
  side.clear();
  for (let i = length - 1; i >= 0; i -= 1) side.set(prices[i] as Ticks, quantities[i] as Lots);
}

function setAll(side: BookSide, levels: LevelList): void {
  const { prices, quantities, length } = levels;
  for (let i = 0; i < length; i += 1) side.set(prices[i] as Ticks, quantities[i] as Lots);
}
