import type { Line } from '@tradewind/core/strategy';
import { doubled } from './doubled.ts';

/** The values of all chart lines at one instant; NaN is a hole. */
export interface LineSample {
  /** Epoch ms. */
  readonly timeMs: number;
  /** One for each name of the log, in their order. */
  readonly values: readonly number[];
}

/**
 * The chart lines of a strategy, sampled at every instant at which bars have closed. Kept only when they are to be
 * written: eight bytes for each line and bar, and as many for the time.
 */
export class LineLog {
  length = 0;
  private readonly lines: ReadonlyMap<string, Pick<Line, 'value'>>;
  private times = new Float64Array(FIRST_CAPACITY);
  /** In the order of the lines, which only ever become more. */
  private columns: Float64Array[] = [];

  /** @param lines  those of the host, which adds to them when the strategy asks for another */
  constructor(lines: ReadonlyMap<string, Pick<Line, 'value'>>) {
    this.lines = lines;
  }

  /** The strategy has been told of all that happened at `timeMs`. Nothing is kept before there is a line. */
  sample(timeMs: number): void {
    if (this.lines.size === 0) return;
    const at = this.length;
    if (at === this.times.length) this.grow();
    this.times[at] = timeMs;
    let place = 0;
    for (const { value } of this.lines.values()) {
      this.columns[place] ??= new Float64Array(this.times.length).fill(Number.NaN);
      this.columns[place]![at] = value;
      place += 1;
    }
    this.length = at + 1;
  }

  /** The names of the lines that have been sampled. */
  get names(): readonly string[] {
    return [...this.lines.keys()].slice(0, this.columns.length);
  }

  *[Symbol.iterator](): Generator<LineSample> {
    for (let i = 0; i < this.length; i += 1) {
      yield { timeMs: this.times[i]!, values: this.columns.map((column) => column[i]!) };
    }
  }

  private grow(): void {
    this.times = doubled(this.times);
    this.columns = this.columns.map(doubled);
  }
}

const FIRST_CAPACITY = 1024;
