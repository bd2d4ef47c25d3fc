import type { ReplayEvent } from './event.ts';

type Snapshot = Extract<ReplayEvent, { kind: 'snapshot' }>;
type Diff = Extract<ReplayEvent, { kind: 'diff' }>;

/** Diffs kept while there is no snapshot; the oldest go first. */
const KEPT_MAX = 5000;

/** Whether the recorded depth of a symbol makes a book: binance-spot.md section 8.4. */
export class BookBridge {
  private bookId: number | undefined;
  private kept: Diff[] = [];

  get isValid(): boolean {
    return this.bookId !== undefined;
  }

  /** What is to be applied now that a snapshot came: it and the diffs after it, or nothing when the book is newer already. */
  takeSnapshot(snapshot: Snapshot): readonly (Snapshot | Diff)[] {
    if (this.bookId !== undefined && snapshot.lastUpdateId <= this.bookId) return [];
    this.bookId = snapshot.lastUpdateId;
    const waiting = this.kept;
    this.kept = [];
    return [snapshot, ...waiting.flatMap((diff) => this.takeDiff(diff))];
  }

  /** The diff when it continues the book; nothing when it is old, or when something is missing before it. */
  takeDiff(diff: Diff): readonly Diff[] {
    if (this.bookId === undefined) return this.keep(diff);
    if (diff.lastUpdateId <= this.bookId) return [];
    if (diff.firstUpdateId > this.bookId + 1) {
      this.bookId = undefined;
      return this.keep(diff);
    }
    this.bookId = diff.lastUpdateId;
    return [diff];
  }

  private keep(diff: Diff): readonly Diff[] {
    if (this.kept.length === KEPT_MAX) this.kept.shift();
    this.kept.push(diff);
    return [];
  }
}
