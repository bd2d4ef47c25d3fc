import { Rows } from './rows.ts';
import type { Sequence } from './sequence.ts';

/** What happened, oldest first, in rows of numbers: an object of an entry is made when somebody asks for it. When `kept` are there, each new one takes the place of the oldest. */
export abstract class RowLog<T> implements Sequence<T> {
  protected readonly rows: Rows;
  private readonly kept: number;

  /** @param width  numbers and amounts of an entry */
  constructor(width: number, kept: number) {
    this.rows = new Rows(width);
    this.kept = kept;
  }

  add(entry: T): void {
    const { rows } = this;
    if (rows.length >= this.kept) rows.drop(1);
    if (this.kept > 0) this.write(rows.add(), entry);
  }

  get length(): number {
    return this.rows.length;
  }

  at(index: number): T | undefined {
    const { rows } = this;
    const row = index < 0 ? rows.end + index : rows.first + index;
    return row >= rows.first && row < rows.end ? this.read(row) : undefined;
  }

  slice(from = 0, to = this.length): T[] {
    const bound = (index: number): number => Math.max(0, index < 0 ? this.length + index : index);
    const [start, end] = [bound(from), Math.min(bound(to), this.length)];
    return Array.from({ length: Math.max(0, end - start) }, (_, at) => this.at(start + at)!);
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let index = 0; index < this.length; index++) yield this.at(index)!;
  }

  restore(entries: readonly T[]): void {
    this.rows.drop(this.length);
    for (const entry of entries) this.add(entry);
  }

  protected abstract write(row: number, entry: T): void;
  protected abstract read(row: number): T;
}
