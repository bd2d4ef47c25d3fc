import type { Lots, Ticks } from './grid.ts';

/** Levels on their way into a book, in columns that are filled anew for every message: nothing is allocated once they are large enough. */
export class LevelList {
  prices = new Float64Array(FIRST_CAPACITY);
  quantities = new Float64Array(FIRST_CAPACITY);
  length = 0;

  /** @param quantity  the total that rests at the price from now on; zero says that the level is gone */
  push(price: Ticks, quantity: Lots): void {
    if (this.length === this.prices.length) this.grow();
    this.prices[this.length] = price;
    this.quantities[this.length] = quantity;
    this.length += 1;
  }

  clear(): void {
    this.length = 0;
  }

  private grow(): void {
    const { prices, quantities } = this;
    this.prices = new Float64Array(prices.length * 2);
    this.prices.set(prices);
    this.quantities = new Float64Array(quantities.length * 2);
    this.quantities.set(quantities);
  }
}

const FIRST_CAPACITY = 64;
