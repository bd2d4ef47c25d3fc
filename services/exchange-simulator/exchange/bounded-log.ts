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

  restore(entries: readonly T[]): void {
    this.entries = [...entries];
  }
}
