import { Rows } from './rows.ts';
import { MadeSequence } from './sequence.ts';

/** What happened, oldest first, in rows of numbers. When `kept` are there, each new one takes the place of the oldest. */
export abstract class RowLog<T> extends MadeSequence<T> {
  protected readonly rows: Rows;
  private readonly kept: number;

  /** @param width  numbers and amounts of an entry */
  constructor(width: number, kept: number) {
    super();
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
    const row = this.rows.rowAt(index);
    return row === undefined ? undefined : this.read(row);
  }

  restore(entries: readonly T[]): void {
    this.rows.drop(this.length);
    for (const entry of entries) this.add(entry);
  }

  protected abstract write(row: number, entry: T): void;
  protected abstract read(row: number): T;
}
