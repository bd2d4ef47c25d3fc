/**
 * Order ids by client order id. A map that has had as many names come and go as it has room for is made anew as a whole, and with it
 * waits the order that came last: up to 7 ms where 20 000 names are kept. So there are many small ones, of which one at a time is.
 */
export class NameIndex implements Iterable<readonly [string, number]> {
  private readonly parts = Array.from({ length: PARTS }, () => new Map<string, number>());

  get(name: string): number | undefined {
    return this.partOf(name).get(name);
  }

  set(name: string, orderId: number): void {
    this.partOf(name).set(name, orderId);
  }

  delete(name: string): void {
    this.partOf(name).delete(name);
  }

  *[Symbol.iterator](): Iterator<readonly [string, number]> {
    for (const part of this.parts) yield* part;
  }

  /** By the end of the name: what counts orders or draws names at random changes it with every order. */
  private partOf(name: string): Map<string, number> {
    const last = name.length - 1;
    const mixed = last < 1 ? last : name.charCodeAt(last) * 31 + name.charCodeAt(last - 1) * 7;
    return this.parts[(mixed + last) & (PARTS - 1)]!;
  }
}

/** A power of two. */
const PARTS = 64;
