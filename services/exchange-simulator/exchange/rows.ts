/**
 * Rows of numbers, exact amounts and texts, oldest first. Numbers and amounts lie in flat blocks of memory: what is kept of a
 * hundred thousand orders and trades is nothing that a garbage collector has to copy or to look at. A row has a number that it keeps;
 * numbers count up from 0. Blocks are small, because whoever adds a row waits until the memory of a new one is there: 4 ms for 4 MB.
 */
export class Rows {
  /** The number of the oldest row. */
  first = 0;
  /** The number that the next row gets. */
  end = 0;
  private readonly width: number;
  private readonly textWidth: number;
  private readonly blocks: Block[] = [];
  /** Of the oldest block, counting from that of row 0. */
  private firstBlock = 0;
  /** The block that was left last, for the next one. */
  private spare: Block | undefined;
  /** Amounts that do not fit into a cell (9 x 10^10 whole units), by cell: coins of which one costs next to nothing. */
  private readonly large = new Map<number, bigint>();

  /**
   * @param width  numbers and amounts of a row
   * @param textWidth  texts of a row
   */
  constructor(width: number, textWidth = 0) {
    this.width = width;
    this.textWidth = textWidth;
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
    if (blockOf(this.end) - this.firstBlock === this.blocks.length) {
      this.blocks.push(this.spare ?? newBlock(this.width, this.textWidth));
      this.spare = undefined;
    }
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
    for (; this.firstBlock < blockOf(from); this.firstBlock += 1) this.spare = this.blocks.shift();
  }

  number(row: number, field: number): number {
    return this.block(row).numbers[slotOf(row) * this.width + field]!;
  }

  setNumber(row: number, field: number, value: number): void {
    this.block(row).numbers[slotOf(row) * this.width + field] = value;
  }

  amount(row: number, field: number): bigint {
    const units = this.block(row).amounts[slotOf(row) * this.width + field]!;
    return units === IS_LARGE ? this.large.get(row * this.width + field)! : units;
  }

  setAmount(row: number, field: number, units: bigint): void {
    const fits = units <= MOST && units >= -MOST;
    if (!fits) this.large.set(row * this.width + field, units);
    this.block(row).amounts[slotOf(row) * this.width + field] = fits ? units : IS_LARGE;
  }

  text(row: number, field: number): string {
    return this.block(row).texts[slotOf(row) * this.textWidth + field]!;
  }

  setText(row: number, field: number, text: string): void {
    this.block(row).texts[slotOf(row) * this.textWidth + field] = text;
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
    const start = slotOf(from) * this.width;
    const cells = this.block(from).numbers.subarray(start, start + this.width);
    this.block(to).numbers.set(cells, slotOf(to) * this.width);
    for (let field = 0; field < this.textWidth; field++) this.setText(to, field, this.text(from, field));
    for (let field = 0; this.large.size > 0 && field < this.width; field++) {
      const units = this.large.get(from * this.width + field);
      if (units !== undefined) this.large.set(to * this.width + field, units);
    }
  }

  private block(row: number): Block {
    return this.blocks[blockOf(row) - this.firstBlock]!;
  }
}

interface Block {
  /** Two views of the same cells. */
  readonly numbers: Float64Array;
  readonly amounts: BigInt64Array;
  readonly texts: string[];
}

function newBlock(width: number, textWidth: number): Block {
  const numbers = new Float64Array(BLOCK_ROWS * width);
  const amounts = new BigInt64Array(numbers.buffer);
  return { numbers, amounts, texts: new Array<string>(BLOCK_ROWS * textWidth).fill('') };
}

/** A power of two. */
const BLOCK_ROWS = 64;
const blockOf = (row: number): number => Math.floor(row / BLOCK_ROWS);
const slotOf = (row: number): number => row & (BLOCK_ROWS - 1);
const MOST = (1n << 63n) - 1n;
/** What stands in a cell whose amount is elsewhere; no amount that fits is it. */
const IS_LARGE = -MOST - 1n;
