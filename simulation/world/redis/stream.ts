export interface EntryId {
  readonly ms: number;
  readonly count: number;
}
export interface Entry {
  readonly id: EntryId;
  /** Names and values in turns. */
  readonly fields: readonly Buffer[];
}
export interface Pending {
  readonly id: EntryId;
  consumer: string;
  deliveredAtMs: number;
  deliveries: number;
}
export interface ConsumerGroup {
  lastDelivered: EntryId;
  /** What has been read and not acknowledged, the oldest first. */
  pending: Pending[];
  /** By member: when it was last seen, ms. */
  readonly members: Map<string, number>;
}

export const ZERO: EntryId = { ms: 0, count: 0 };

export const textOfId = ({ ms, count }: EntryId): string => `${ms}-${count}`;

export function idOf(text: string): EntryId {
  const [ms = '0', count = '0'] = text.split('-');
  return { ms: Number(ms), count: Number(count) };
}

/** Below zero when the first is before the second. */
export const compareIds = (one: EntryId, other: EntryId): number =>
  one.ms - other.ms || one.count - other.count;

/** One stream of Redis, as far as the bus uses it (redis.io, "Redis Streams"). */
export class Stream {
  readonly groups = new Map<string, ConsumerGroup>();
  entries: Entry[] = [];
  private last = ZERO;

  add(nowMs: number, fields: readonly Buffer[]): EntryId {
    this.last = nowMs > this.last.ms ? { ms: nowMs, count: 0 } : { ...this.last, count: this.last.count + 1 };
    this.entries.push({ id: this.last, fields });
    return this.last;
  }

  get lastId(): EntryId {
    return this.last;
  }

  /** What comes after an id, at most so many. */
  after(id: EntryId, count: number): readonly Entry[] {
    let from = this.entries.length;
    while (from > 0 && compareIds(this.entries[from - 1]!.id, id) > 0) from -= 1;
    return this.entries.slice(from, from + count);
  }

  entry(id: EntryId): Entry | undefined {
    return this.entries.find((each) => compareIds(each.id, id) === 0);
  }

  remove(id: EntryId): void {
    this.entries = this.entries.filter((each) => compareIds(each.id, id) !== 0);
  }

  /** Lets go of the oldest until at most so many are left. */
  trimTo(length: number): void {
    if (this.entries.length > length) this.entries = this.entries.slice(-length || this.entries.length);
  }

  trimBefore(id: EntryId): void {
    this.entries = this.entries.filter((each) => compareIds(each.id, id) >= 0);
  }
}
