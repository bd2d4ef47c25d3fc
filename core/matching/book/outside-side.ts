import { widen } from './order-pool.ts';

/**
 * One side of a real market as it was last shown: anonymous quantity per price, the best price last. Each level has what
 * was shown, what of it is still to be had by orders of ours, and how much of it the running update added.
 *
 * A key is the price times `sign`, +1 for bids and -1 for asks, so that a better price is always a greater key.
 */
export class OutsideSide {
  readonly sign: 1 | -1;
  levels = 0;
  /** Where the keys of levels are noted whose available quantity changes; undefined while nobody wants to know. */
  changes: number[] | undefined = undefined;
  private now = new Columns(64);
  /** What was shown before the running replacement. */
  private before = new Columns(64);

  constructor(sign: 1 | -1) {
    this.sign = sign;
  }

  /** -Infinity when nothing is shown. */
  get bestKey(): number {
    return this.levels === 0 ? Number.NEGATIVE_INFINITY : this.now.keys[this.levels - 1]!;
  }

  /** The least price that is shown, beyond which nothing is known; Infinity when nothing is shown. */
  get deepestKey(): number {
    return this.levels === 0 ? Number.POSITIVE_INFINITY : this.now.keys[0]!;
  }

  keyAt(rank: number): number {
    return this.now.keys[this.levels - 1 - rank]!;
  }

  availableAt(rank: number): number {
    return this.now.available[this.levels - 1 - rank]!;
  }

  freshAt(rank: number): number {
    return this.now.fresh[this.levels - 1 - rank]!;
  }

  /** The best level that still has something to be had, or -1. */
  get bestAvailableRank(): number {
    const available = this.now.available;
    for (let at = this.levels - 1; at >= 0; at--) if (available[at] !== 0) return this.levels - 1 - at;
    return -1;
  }

  shownAtKey(key: number): number {
    const at = this.now.positionOf(key, this.levels);
    return at < this.levels && this.now.keys[at] === key ? this.now.shown[at]! : 0;
  }

  /** An order of ours traded with this level; it is not to be had a second time before the next update. */
  use(rank: number, quantity: number): void {
    const at = this.levels - 1 - rank;
    this.now.available[at] = this.now.available[at]! - quantity;
    this.changes?.push(this.now.keys[at]!);
  }

  /** Somebody else traded with this level. */
  wear(key: number, quantity: number): void {
    const at = this.now.positionOf(key, this.levels);
    if (at >= this.levels || this.now.keys[at] !== key) return;
    const { shown, available } = this.now;
    shown[at] = Math.max(0, shown[at]! - quantity);
    available[at] = Math.max(0, available[at]! - quantity);
    this.changes?.push(key);
  }

  /** What orders of ours could take at a key. */
  availableAtKey(key: number): number {
    const at = this.now.positionOf(key, this.levels);
    return at < this.levels && this.now.keys[at] === key ? this.now.available[at]! : 0;
  }

  /** Price, shown, available, ... worst first, as `restoreLevels` takes it. */
  saveLevels(): number[] {
    const saved: number[] = [];
    for (let at = 0; at < this.levels; at++)
      saved.push(this.now.keys[at]! * this.sign, this.now.shown[at]!, this.now.available[at]!);
    return saved;
  }

  /** For a side that is empty. */
  restoreLevels(saved: readonly number[]): void {
    for (let i = 0; i < saved.length; i += 3) {
      this.insert(this.levels, saved[i]! * this.sign, saved[i + 1]!, 0);
      this.now.available[this.levels - 1] = saved[i + 2]!;
    }
  }

  /** Sets the quantities of some prices; zero removes. @param levels  price, quantity, price, quantity, ... in any order */
  update(levels: ArrayLike<number>): void {
    for (let i = 0; i < levels.length; i += 2) this.set(levels[i]! * this.sign, levels[i + 1]!);
  }

  /** Sets the whole side, which forgets every other price. @param levels  as for `update` */
  replace(levels: ArrayLike<number>): void {
    const levelsBefore = this.clear();
    for (let i = 0; i < levels.length; i += 2)
      this.show(levels[i]! * this.sign, levels[i + 1]!, levelsBefore);
  }

  /** Sets the whole side to one price; quantity 0 empties it. */
  replaceByOne(price: number, quantity: number): void {
    const levelsBefore = this.clear();
    this.show(price * this.sign, quantity, levelsBefore);
  }

  /** Keeps what was shown in `before` and returns how many levels that is. */
  private clear(): number {
    const levelsBefore = this.levels;
    const before = this.now;
    for (let at = 0; at < this.levels; at++) this.changes?.push(before.keys[at]!);
    this.now = this.before;
    this.before = before;
    this.levels = 0;
    return levelsBefore;
  }

  private show(key: number, quantity: number, levelsBefore: number): void {
    if (quantity === 0) return;
    this.changes?.push(key);
    const before = this.before;
    const was = before.positionOf(key, levelsBefore);
    const shownBefore = was < levelsBefore && before.keys[was] === key ? before.shown[was]! : 0;
    this.insert(this.now.positionOf(key, this.levels), key, quantity, Math.max(0, quantity - shownBefore));
  }

  /** Ends an update: nothing is fresh any more. */
  settle(): void {
    this.now.fresh.fill(0, 0, this.levels);
  }

  private set(key: number, quantity: number): void {
    const columns = this.now;
    const at = columns.positionOf(key, this.levels);
    const isShown = at < this.levels && columns.keys[at] === key;
    this.changes?.push(key);
    if (quantity === 0) {
      if (isShown) this.erase(at);
    } else if (isShown) {
      columns.fresh[at] = Math.max(0, quantity - columns.shown[at]!);
      columns.shown[at] = quantity;
      columns.available[at] = quantity;
    } else this.insert(at, key, quantity, quantity);
  }

  private insert(at: number, key: number, quantity: number, fresh: number): void {
    const columns = this.now;
    if (this.levels === columns.keys.length) columns.grow();
    columns.move(at, at + 1, this.levels);
    columns.keys[at] = key;
    columns.shown[at] = quantity;
    columns.available[at] = quantity;
    columns.fresh[at] = fresh;
    this.levels += 1;
  }

  private erase(at: number): void {
    this.now.move(at + 1, at, this.levels);
    this.levels -= 1;
  }
}

class Columns {
  keys: Float64Array;
  shown: Float64Array;
  available: Float64Array;
  fresh: Float64Array;

  constructor(capacity: number) {
    this.keys = new Float64Array(capacity);
    this.shown = new Float64Array(capacity);
    this.available = new Float64Array(capacity);
    this.fresh = new Float64Array(capacity);
  }

  /** Where `key` is or belongs among the first `count`. */
  positionOf(key: number, count: number): number {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  move(from: number, to: number, end: number): void {
    this.keys.copyWithin(to, from, end);
    this.shown.copyWithin(to, from, end);
    this.available.copyWithin(to, from, end);
    this.fresh.copyWithin(to, from, end);
  }

  grow(): void {
    const capacity = this.keys.length * 2;
    this.keys = widen(this.keys, new Float64Array(capacity));
    this.shown = widen(this.shown, new Float64Array(capacity));
    this.available = widen(this.available, new Float64Array(capacity));
    this.fresh = widen(this.fresh, new Float64Array(capacity));
  }
}
