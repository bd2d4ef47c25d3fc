/**
 * Finds a name by its bytes inside a message, without making a text of them: open addressing over a hash of the bytes. The
 * names that were added stay; a table is made anew when they change.
 */
export class ByteTable {
  private readonly names: readonly Uint8Array[];
  private readonly slots: Int32Array;
  private readonly mask: number;

  /** @param names  different from each other; a name is found as its index */
  constructor(names: readonly string[]) {
    const encoder = new TextEncoder();
    this.names = names.map((name) => encoder.encode(name));
    // At least half of the slots stay free, so that a search ends soon.
    const size = 2 ** Math.ceil(Math.log2(Math.max(4, names.length * 2)));
    this.slots = new Int32Array(size).fill(FREE);
    this.mask = size - 1;
    this.names.forEach((name, index) => {
      let slot = hash(name, 0, name.length) & this.mask;
      while (this.slots[slot] !== FREE) slot = (slot + 1) & this.mask;
      this.slots[slot] = index;
    });
  }

  /** The index of the name that the bytes from `start` up to `end` spell; -1 when there is none. */
  find(bytes: Uint8Array, start: number, end: number): number {
    let slot = hash(bytes, start, end) & this.mask;
    for (let index = this.slots[slot]!; index !== FREE; index = this.slots[slot]!) {
      if (this.endOfName(index, bytes, start) === end) return index;
      slot = (slot + 1) & this.mask;
    }
    return -1;
  }

  /** The position after the name with this index where it stands at `start`; -1 where it does not. */
  endOfName(index: number, bytes: Uint8Array, start: number): number {
    const name = this.names[index];
    if (name === undefined) return -1;
    for (let i = 0; i < name.length; i += 1) if (name[i] !== bytes[start + i]) return -1;
    return start + name.length;
  }
}

const FREE = -1;

/** FNV-1a, 32 bits. */
function hash(bytes: Uint8Array, start: number, end: number): number {
  let value = 0x811c9dc5 | 0;
  for (let i = start; i < end; i += 1) value = Math.imul(value ^ bytes[i]!, 0x01000193);
  return value ^ (value >>> 15);
}
