/** What happened, oldest first. When a quarter more than `kept` are there, the oldest go. */
export class BoundedLog<T> {
  private readonly kept: number;
  private entries: T[] = [];

  constructor(kept: number) {
    this.kept = kept;
  }

  add(entry: T): void {
    this.entries.push(entry);
    if (this.entries.length > this.kept * 1.25) this.entries = this.entries.slice(-this.kept);
  }

  get all(): readonly T[] {
    return this.entries;
  }

  get last(): T | undefined {
    return this.entries.at(-1);
  }

  restore(entries: readonly T[]): void {
    this.entries = [...entries];
  }
}

/** Where the first entry is whose number is not below `number`; entries are sorted by it. */
export function firstFrom<T>(entries: readonly T[], number: number, numberOf: (entry: T) => number): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numberOf(entries[middle]!) < number) low = middle + 1;
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
  entries: readonly T[],
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
