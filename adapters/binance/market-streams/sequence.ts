/**
 * What an id means for its stream. `next`: in order. `gap`: in order, but those before it are missing. `late`: it, or one after
 * it, has come before; nothing may be made of it. `restarted`: the venue counts anew, as its testnet does every month.
 */
export type Arrival = 'next' | 'gap' | 'late' | 'restarted';

/**
 * Puts a stream into the order of its ids, each once: two connections deliver the same events while one replaces the other,
 * and a venue may repeat or reorder (`faults.md` M7). What is late is counted.
 */
export class Sequence {
  /** The id up to which everything has come or is known to be missing; -1 before the first. */
  lastId = -1;
  /** How many were late. */
  lateCount = 0;
  private lateInARow = 0;

  /**
   * @param firstId  of what arrives; the id itself where a stream has one id a message
   * @param lastId  of what arrives
   */
  take(firstId: number, lastId: number): Arrival {
    const before = this.lastId;
    if (lastId > before) {
      this.lastId = lastId;
      this.lateInARow = 0;
      return before === -1 || firstId <= before + 1 ? 'next' : 'gap';
    }
    this.lateCount += 1;
    this.lateInARow += 1;
    if (this.lateInARow < LATE_IN_A_ROW_MAX) return 'late';
    this.lastId = lastId;
    this.lateInARow = 0;
    return 'restarted';
  }
}

/** More than an overlap of two connections can repeat without anything new between. */
const LATE_IN_A_ROW_MAX = 100_000;
