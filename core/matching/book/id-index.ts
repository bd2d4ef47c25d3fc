import { widen } from './order-pool.ts';

/**
 * Finds the slot of an order by its id. Ids count up, so they are kept in pages of consecutive ids, and a page whose orders
 * have all ended is used again. A Map would do, but it takes several times as long and allocates a new table whenever
 * enough orders have come and gone; here a year of orders costs one word per 256. All pages lie in one array: an object for
 * each would be three more cache misses for an order that was placed long ago.
 */
export class IdIndex {
  /** The place of page p, which has the ids from 256 p on; -1 where no order is open. */
  private places = new Int32Array(FIRST_PAGES).fill(-1);
  /** Page by page: slot + 1, 0 where no order is open. */
  private slots = new Int32Array(FIRST_PLACES * PAGE_SIZE);
  /** Of each place, how many orders of its page are open. */
  private counts = new Int32Array(FIRST_PLACES);
  private readonly sparePlaces: number[] = [];
  private usedPlaces = 0;

  /** The slot, or -1. */
  get(id: number): number {
    const place = this.places[Math.floor(id / PAGE_SIZE)] ?? -1;
    return place === -1 ? -1 : this.slots[place * PAGE_SIZE + (id % PAGE_SIZE)]! - 1;
  }

  /** @param id  a whole number that is not there; one above the last one that was added, but for orders that come back */
  add(id: number, slot: number): void {
    const page = Math.floor(id / PAGE_SIZE);
    while (page >= this.places.length) {
      const pages = this.places.length;
      this.places = widen(this.places, new Int32Array(pages * 2).fill(-1, pages));
    }
    if (this.places[page] === -1) this.places[page] = this.sparePlaces.pop() ?? this.newPlace();
    const place = this.places[page]!;
    this.slots[place * PAGE_SIZE + (id % PAGE_SIZE)] = slot + 1;
    this.counts[place] = this.counts[place]! + 1;
  }

  /** The id must be there. */
  delete(id: number): void {
    const page = Math.floor(id / PAGE_SIZE);
    const place = this.places[page]!;
    this.slots[place * PAGE_SIZE + (id % PAGE_SIZE)] = 0;
    this.counts[place] = this.counts[place]! - 1;
    if (this.counts[place] !== 0) return;
    this.places[page] = -1;
    this.sparePlaces.push(place);
  }

  private newPlace(): number {
    if (this.usedPlaces === this.counts.length) {
      this.counts = widen(this.counts, new Int32Array(this.usedPlaces * 2));
      this.slots = widen(this.slots, new Int32Array(this.usedPlaces * 2 * PAGE_SIZE));
    }
    return this.usedPlaces++;
  }
}

const PAGE_SIZE = 256;
const FIRST_PAGES = 64;
const FIRST_PLACES = 4;
