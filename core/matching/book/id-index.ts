/**
 * Finds the slot of an order by its id. Ids count up, so they are kept in pages of consecutive ids, and a page whose orders
 * have all ended is used again. A Map would do, but it takes several times as long and allocates a new table whenever
 * enough orders have come and gone; here a year of orders costs one word per 256.
 */
export class IdIndex {
  /** Page p has the ids from 256 p on; undefined where no order is open. */
  private readonly pages: (Page | undefined)[] = [];
  private readonly spare: Page[] = [];

  /** The slot, or -1. */
  get(id: number): number {
    const page = this.pages[Math.floor(id / PAGE_SIZE)];
    return page === undefined ? -1 : page.slots[id % PAGE_SIZE]! - 1;
  }

  /** @param id  a whole number that is not there; one above the last one that was added, but for orders that come back */
  add(id: number, slot: number): void {
    const at = Math.floor(id / PAGE_SIZE);
    let page = this.pages[at];
    if (page === undefined) {
      page = this.spare.pop() ?? { slots: new Int32Array(PAGE_SIZE), count: 0 };
      this.pages[at] = page;
    }
    page.slots[id % PAGE_SIZE] = slot + 1;
    page.count += 1;
  }

  /** The id must be there. */
  delete(id: number): void {
    const at = Math.floor(id / PAGE_SIZE);
    const page = this.pages[at] as Page;
    page.slots[id % PAGE_SIZE] = 0;
    page.count -= 1;
    if (page.count > 0) return;
    this.pages[at] = undefined;
    this.spare.push(page);
  }
}

interface Page {
  /** Slot + 1; 0 where no order is open. */
  readonly slots: Int32Array;
  count: number;
}

const PAGE_SIZE = 256;
