import type { Lots, Ticks } from './grid.ts';

/**
 * The levels of one side of a book, in two columns sorted by price with the best at the end. Most changes happen within
 * a few levels of the best price, so that they move few numbers and are found by looking back from the end.
 */
export class BookSide {
  length = 0;
  /** Bids are kept as their price and asks as its negative: on both sides the larger key is the better price. */
  private readonly sign: 1 | -1;
  private keys = new Float64Array(FIRST_CAPACITY);
  private quantities = new Float64Array(FIRST_CAPACITY);

  /** @param better  which price is the better one: the higher (bids) or the lower (asks) */
  constructor(better: 'higher' | 'lower') {
    this.sign = better === 'higher' ? 1 : -1;
  }

  /** The price of a level; 0 is the best one. The caller stays below `length`. */
  priceAt(depth: number): Ticks {
    return (this.sign * (this.keys[this.length - 1 - depth] as number)) as Ticks;
  }

  quantityAt(depth: number): Lots {
    return this.quantities[this.length - 1 - depth] as Lots;
  }

  get bestPrice(): Ticks | undefined {
    return this.length === 0 ? undefined : this.priceAt(0);
  }

  get bestQuantity(): Lots | undefined {
    return this.length === 0 ? undefined : this.quantityAt(0);
  }

  /** The quantity that rests at a price; zero when none does. */
  quantityOf(price: Ticks): Lots {
    const key = this.sign * price;
    const at = this.find(key);
    return (at < this.length && this.keys[at] === key ? this.quantities[at] : 0) as Lots;
  }

  /** What rests in the best levels together, as many as there are; exact below 2^53. */
  quantityWithin(levels: number): Lots {
    let total = 0;
    const end = Math.max(0, this.length - levels);
    for (let i = this.length - 1; i >= end; i -= 1) total += this.quantities[i] as number;
    return total as Lots;
  }

  /** Sets the total quantity at a price; zero removes the level, which need not be there. */
  set(price: Ticks, quantity: Lots): void {
    const key = this.sign * price;
    const at = this.find(key);
    const isThere = at < this.length && this.keys[at] === key;
    if (quantity === 0) {
      if (isThere) this.remove(at);
    } else {
      if (!isThere) this.insert(at, key);
      this.quantities[at] = quantity;
    }
  }

  clear(): void {
    this.length = 0;
  }

  /** The index of the first key that is not below `key`: where it is or belongs. */
  private find(key: number): number {
    const keys = this.keys;
    let high = this.length;
    const near = Math.max(0, high - LEVELS_LOOKED_AT);
    while (high > near) {
      if ((keys[high - 1] as number) < key) return high;
      high -= 1;
    }
    let low = 0;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((keys[middle] as number) < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private insert(at: number, key: number): void {
    if (this.length === this.keys.length) this.grow();
    const { keys, quantities, length } = this;
    if (length - at > LEVELS_MOVED_BY_HAND) {
      keys.copyWithin(at + 1, at, length);
      quantities.copyWithin(at + 1, at, length);
    } else {
      for (let i = length; i > at; i -= 1) {
        keys[i] = keys[i - 1] as number;
        quantities[i] = quantities[i - 1] as number;
      }
    }
    keys[at] = key;
    this.length = length + 1;
  }

  private remove(at: number): void {
    const { keys, quantities, length } = this;
    if (length - at > LEVELS_MOVED_BY_HAND) {
      keys.copyWithin(at, at + 1, length);
      quantities.copyWithin(at, at + 1, length);
    } else {
      for (let i = at + 1; i < length; i += 1) {
        keys[i - 1] = keys[i] as number;
        quantities[i - 1] = quantities[i] as number;
      }
    }
    this.length = length - 1;
  }

  private grow(): void {
    const { keys, quantities } = this;
    this.keys = new Float64Array(keys.length * 2);
    this.keys.set(keys);
    this.quantities = new Float64Array(quantities.length * 2);
    this.quantities.set(quantities);
  }
}

const FIRST_CAPACITY = 256;
/** Beyond these, halving beats looking at one after the other. */
const LEVELS_LOOKED_AT = 8;
/** Beyond these, the call of copyWithin costs less than the moves it saves. */
const LEVELS_MOVED_BY_HAND = 48;
