import type { Lots, Ticks } from '../../market/index.ts';
import { type OrderPool, widen } from './order-pool.ts';

/**
 * One side of the book: the prices that have orders, sorted with the best one last, and at each price the orders first in,
 * first out. Prices are kept in a sorted column and not as an array over a range of prices, because a range of ticks is wide
 * and mostly empty (10^7 ticks for BTCUSDT) while orders come and go near the best price, at the end of the column, where
 * inserting and removing move next to nothing. Measured in docs/performance.md.
 *
 * A key is the price times `sign`, +1 for bids and -1 for asks, so that a better price is always a greater key.
 */
export class QueueSide {
  readonly sign: 1 | -1;
  /** How many prices have orders. */
  levels = 0;
  /** Where the keys of levels are noted whose visible quantity changes; undefined while nobody wants to know. */
  changes: number[] | undefined = undefined;
  private readonly pool: OrderPool;
  private keys = new Float64Array(FIRST_LEVELS);
  /** The level that belongs to each key. */
  private levelAt = new Int32Array(FIRST_LEVELS);
  private head = new Int32Array(FIRST_LEVELS);
  private tail = new Int32Array(FIRST_LEVELS);
  private visible = new Float64Array(FIRST_LEVELS);
  private hidden = new Float64Array(FIRST_LEVELS);
  private keyOf = new Float64Array(FIRST_LEVELS);
  private readonly freeLevels: number[] = [];
  private usedLevels = 0;

  constructor(pool: OrderPool, sign: 1 | -1) {
    this.pool = pool;
    this.sign = sign;
  }

  /** -Infinity when there are no orders, so that nothing reaches it. */
  get bestKey(): number {
    return this.levels === 0 ? Number.NEGATIVE_INFINITY : this.keys[this.levels - 1]!;
  }

  /** The order that trades next, or -1. */
  get front(): number {
    return this.levels === 0 ? -1 : this.head[this.levelAt[this.levels - 1]!]!;
  }

  /** The price of the `rank`-th best level, 0 being the best; there must be one. */
  priceAt(rank: number): Ticks {
    return (this.keys[this.levels - 1 - rank]! * this.sign) as Ticks;
  }

  visibleAt(rank: number): Lots {
    return this.visible[this.levelAt[this.levels - 1 - rank]!] as Lots;
  }

  /** Visible and hidden quantity together. */
  quantityAt(rank: number): number {
    const level = this.levelAt[this.levels - 1 - rank]!;
    return this.visible[level]! + this.hidden[level]!;
  }

  /** The first order of the `rank`-th best level; the rest follow through the pool's `next`, which ends with -1. */
  frontAt(rank: number): number {
    return this.head[this.levelAt[this.levels - 1 - rank]!]!;
  }

  /** Puts an order last in the queue at its price. `price`, `open` and `visible` of the slot are set. */
  add(slot: number): void {
    const pool = this.pool;
    const key = pool.price(slot) * this.sign;
    const position = this.positionOf(key);
    const level =
      position < this.levels && this.keys[position] === key
        ? this.levelAt[position]!
        : this.insertLevel(position, key);
    const visible = pool.visible(slot);
    this.visible[level] = this.visible[level]! + visible;
    this.hidden[level] = this.hidden[level]! + pool.open(slot) - visible;
    this.link(slot, level);
    this.changes?.push(key);
  }

  /** Every order of the side, in the order in which they would trade. */
  *slots(): Generator<number> {
    for (let rank = 0; rank < this.levels; rank++)
      for (let slot = this.frontAt(rank); slot !== -1; slot = this.pool.next(slot)) yield slot;
  }

  remove(slot: number): void {
    const pool = this.pool;
    const level = pool.level(slot);
    const visible = pool.visible(slot);
    this.visible[level] = this.visible[level]! - visible;
    this.hidden[level] = this.hidden[level]! - (pool.open(slot) - visible);
    this.unlink(slot, level);
    this.changes?.push(this.keyOf[level]!);
    if (this.head[level] === -1) this.removeLevel(level);
  }

  /**
   * Takes `quantity`, at most what is visible, off an order. An iceberg whose visible slice is used up shows its next one
   * at the back of the queue. An order with nothing left leaves the book.
   */
  take(slot: number, quantity: number): void {
    const pool = this.pool;
    const level = pool.level(slot);
    const open = pool.open(slot) - quantity;
    const visible = pool.visible(slot) - quantity;
    pool.setOpen(slot, open);
    pool.setVisible(slot, visible);
    this.visible[level] = this.visible[level]! - quantity;
    this.changes?.push(this.keyOf[level]!);
    if (visible !== 0) return;
    this.unlink(slot, level);
    if (open !== 0) {
      const slice = Math.min(pool.slice(slot), open);
      pool.setVisible(slot, slice);
      this.visible[level] = this.visible[level]! + slice;
      this.hidden[level] = this.hidden[level]! - slice;
      this.link(slot, level);
    } else if (this.head[level] === -1) this.removeLevel(level);
  }

  /** Makes an order smaller without moving it: what is hidden goes first. `quantity` is below what is open. */
  reduce(slot: number, quantity: number): void {
    const pool = this.pool;
    const level = pool.level(slot);
    const hidden = Math.min(quantity, pool.open(slot) - pool.visible(slot));
    const shown = quantity - hidden;
    pool.setOpen(slot, pool.open(slot) - quantity);
    pool.setVisible(slot, pool.visible(slot) - shown);
    this.hidden[level] = this.hidden[level]! - hidden;
    this.visible[level] = this.visible[level]! - shown;
    this.changes?.push(this.keyOf[level]!);
  }

  /** Visible quantity at a key, 0 where there is no level. */
  visibleAtKey(key: number): number {
    const position = this.positionOf(key);
    return position < this.levels && this.keys[position] === key ? this.visible[this.levelAt[position]!]! : 0;
  }

  private link(slot: number, level: number): void {
    const pool = this.pool;
    const last = this.tail[level]!;
    pool.setLevel(slot, level);
    pool.setNext(slot, -1);
    pool.setPrevious(slot, last);
    if (last === -1) this.head[level] = slot;
    else pool.setNext(last, slot);
    this.tail[level] = slot;
  }

  private unlink(slot: number, level: number): void {
    const pool = this.pool;
    const previous = pool.previous(slot);
    const next = pool.next(slot);
    if (previous === -1) this.head[level] = next;
    else pool.setNext(previous, next);
    if (next === -1) this.tail[level] = previous;
    else pool.setPrevious(next, previous);
  }

  /** Where `key` is or belongs: looks ever further back from the best price, then halves. */
  private positionOf(key: number): number {
    const keys = this.keys;
    let high = this.levels;
    let step = 1;
    let low = high - 1;
    while (low >= 0 && keys[low]! >= key) {
      high = low;
      low -= step;
      step += step;
    }
    low = low < 0 ? 0 : low + 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (keys[middle]! < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insertLevel(position: number, key: number): number {
    if (this.levels === this.keys.length) this.grow();
    const level = this.freeLevels.pop() ?? this.usedLevels++;
    for (let at = this.levels; at > position; at--) {
      this.keys[at] = this.keys[at - 1]!;
      this.levelAt[at] = this.levelAt[at - 1]!;
    }
    this.keys[position] = key;
    this.levelAt[position] = level;
    this.keyOf[level] = key;
    this.head[level] = -1;
    this.tail[level] = -1;
    this.levels += 1;
    return level;
  }

  private removeLevel(level: number): void {
    const last = this.levels - 1;
    for (let at = this.positionOf(this.keyOf[level]!); at < last; at++) {
      this.keys[at] = this.keys[at + 1]!;
      this.levelAt[at] = this.levelAt[at + 1]!;
    }
    this.levels = last;
    this.freeLevels.push(level);
  }

  private grow(): void {
    const capacity = this.keys.length * 2;
    this.keys = widen(this.keys, new Float64Array(capacity));
    this.levelAt = widen(this.levelAt, new Int32Array(capacity));
    this.head = widen(this.head, new Int32Array(capacity));
    this.tail = widen(this.tail, new Int32Array(capacity));
    this.visible = widen(this.visible, new Float64Array(capacity));
    this.hidden = widen(this.hidden, new Float64Array(capacity));
    this.keyOf = widen(this.keyOf, new Float64Array(capacity));
  }
}

const FIRST_LEVELS = 64;
