/** Something that can be looked at like an array, though it need not be one; what is taken out of it does not change. */
export interface Sequence<T> extends Iterable<T> {
  readonly length: number;
  /** undefined past the end; from -1 on backwards from the end. */
  at(index: number): T | undefined;
  /** A copy of a part, as with an array. */
  slice(from?: number, to?: number): T[];
}

/** A sequence that makes each entry when somebody asks for it. */
export abstract class MadeSequence<T> implements Sequence<T> {
  abstract get length(): number;
  abstract at(index: number): T | undefined;

  slice(from = 0, to = this.length): T[] {
    const bound = (index: number): number => Math.max(0, index < 0 ? this.length + index : index);
    const [start, end] = [bound(from), Math.min(bound(to), this.length)];
    return Array.from({ length: Math.max(0, end - start) }, (_, at) => this.at(start + at)!);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }
}

/** Where the first entry is whose number is not below `number`; entries are sorted by it. */
export function firstFrom<T>(entries: Sequence<T>, number: number, numberOf: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numberOf(entries.at(middle)!) < number) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The range rule of histories (binance-spot.md section 4): without times the newest, with a start the oldest from it on and not
 * beyond the end, with an end alone the newest up to it. Entries are sorted by time, in whole ms; both ends count, and may have
 * been said in microseconds.
 */
export function inRange<T>(
  entries: Sequence<T>,
  range: {
    readonly startTimeMs?: number | undefined;
    readonly endTimeMs?: number | undefined;
    readonly limit: number;
  },
  timeOf: (entry: T) => number,
): T[] {
  const { startTimeMs, endTimeMs, limit } = range;
  const from = startTimeMs === undefined ? 0 : firstFrom(entries, startTimeMs, timeOf);
  const to = endTimeMs === undefined ? entries.length : firstFrom(entries, Math.floor(endTimeMs) + 1, timeOf);
  if (startTimeMs !== undefined) return entries.slice(from, Math.min(to, from + limit));
  return entries.slice(Math.max(0, to - limit), to);
}
