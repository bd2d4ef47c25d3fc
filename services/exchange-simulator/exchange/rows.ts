/**
 * Rows of numbers, exact amounts and texts, oldest first. Numbers and amounts lie in one flat block of memory: what is kept of a
 * hundred thousand orders and trades is nothing that a garbage collector has to copy or to look at. A row has a number that it keeps;
 * numbers count up from 0. The block doubles when it is full.
 */
export class Rows {
  /** The number of the oldest row. */
  first = 0;
  /** The number that the next row gets. */
  end = 0;
  private readonly width: number;
  private readonly textWidth: number;
  private capacity = FIRST_CAPACITY;
  /** Two views of the same cells. */
  private numbers: Float64Array;
  private amounts: BigInt64Array;
  /** Amounts that do not fit into a cell (9 x 10^10 whole units), by cell: coins of which one costs next to nothing. */
  private readonly large = new Map<number, bigint>();

  private texts: string[];

  /**
   * @param width  numbers and amounts of a row
   * @param textWidth  texts of a row
   */
  constructor(width: number, textWidth = 0) {
    this.width = width;
    this.textWidth = textWidth;
    this.texts = new Array<string>(FIRST_CAPACITY * textWidth).fill('');
    this.numbers = new Float64Array(FIRST_CAPACITY * width);
    this.amounts = new BigInt64Array(this.numbers.buffer);
  }

  get length(): number {
    return this.end - this.first;
  }

  /** As with an array: from -1 on backwards from the newest. @returns undefined where there is no row */
  rowAt(index: number): number | undefined {
    const row = index < 0 ? this.end + index : this.first + index;
    return row >= this.first && row < this.end ? row : undefined;
  }

  /** A new row after all others; its cells hold anything. */
  add(): number {
    if (this.length === this.capacity) this.grow();
    this.end += 1;
    return this.end - 1;
  }

  /** The oldest rows go. */
  drop(count: number): void {
    const from = this.first + count;
    if (this.large.size > 0) {
      for (let cell = this.first * this.width; cell < from * this.width; cell++) this.large.delete(cell);
    }
    this.first = from;
  }

  number(row: number, field: number): number {
    return this.numbers[this.slot(row) * this.width + field]!;
  }

  setNumber(row: number, field: number, value: number): void {
    this.numbers[this.slot(row) * this.width + field] = value;
  }

  amount(row: number, field: number): bigint {
    const units = this.amounts[this.slot(row) * this.width + field]!;
    return units === IS_LARGE ? this.large.get(row * this.width + field)! : units;
  }

  setAmount(row: number, field: number, units: bigint): void {
    const fits = units <= MOST && units >= -MOST;
    if (!fits) this.large.set(row * this.width + field, units);
    this.amounts[this.slot(row) * this.width + field] = fits ? units : IS_LARGE;
  }

  text(row: number, field: number): string {
    return this.texts[this.slot(row) * this.textWidth + field]!;
  }

  setText(row: number, field: number, text: string): void {
    this.texts[this.slot(row) * this.textWidth + field] = text;
  }

  /** The first row whose number in `field` is not below `value`; rows are sorted by it. */
  firstFrom(field: number, value: number): number {
    let low = this.first;
    let high = this.end;
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.number(middle, field) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** One row takes the place of another. */
  copy(from: number, to: number): void {
    const start = this.slot(from) * this.width;
    this.numbers.copyWithin(this.slot(to) * this.width, start, start + this.width);
    for (let field = 0; field < this.textWidth; field++) this.setText(to, field, this.text(from, field));
    for (let field = 0; this.large.size > 0 && field < this.width; field++) {
      const units = this.large.get(from * this.width + field);
      if (units !== undefined) this.large.set(to * this.width + field, units);
    }
  }

  /** Where in the block a row is. */
  private slot(row: number): number {
    // The capacity is a power of two.
    return row & (this.capacity - 1);
  }

  private grow(): void {
    const { numbers, texts, width, textWidth } = this;
    const before = this.capacity;
    this.capacity *= 2;
    this.numbers = new Float64Array(this.capacity * width);
    this.amounts = new BigInt64Array(this.numbers.buffer);
    this.texts = new Array<string>(this.capacity * textWidth).fill('');
    for (let row = this.first; row < this.end; row++) {
      const from = row & (before - 1);
      this.numbers.set(numbers.subarray(from * width, (from + 1) * width), this.slot(row) * width);
      for (let field = 0; field < textWidth; field++)
        this.setText(row, field, texts[from * textWidth + field]!);
    }
  }
}

const FIRST_CAPACITY = 16;
const MOST = (1n << 63n) - 1n;
/** What stands in a cell whose amount is elsewhere; no amount that fits is it. */
const IS_LARGE = -MOST - 1n;
