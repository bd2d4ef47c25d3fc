import type { ClosedBar } from '@tradewind/proto';

/** A bar that has come in, and which of the inputs it is for. */
export interface ArrivedBar {
  readonly input: number;
  readonly bar: ClosedBar;
  readonly correlationId: string;
}

/**
 * Holds bars back until all inputs that close at the same instant have theirs, and then hands them on in the order of the inputs:
 * a backtest shows them so. One that does not come is waited for only so long; it is handed on alone when it does.
 */
export class BarGate {
  private readonly lengths: readonly (number | undefined)[];
  private readonly waiting = new Map<number, ArrivedBar[]>();
  /** Of each input, up to which instant it has been handed on. */
  private readonly through: number[];

  /** @param lengths  of the bars of each input, ms; undefined for months */
  constructor(lengths: readonly (number | undefined)[]) {
    this.lengths = lengths;
    this.through = lengths.map(() => Number.NEGATIVE_INFINITY);
  }

  /** The bars that may be handed on now. A bar that was there before is left away (faults.md M6). */
  take(arrived: ArrivedBar): readonly ArrivedBar[] {
    const { closeTimeMs } = arrived.bar;
    if (closeTimeMs <= this.through[arrived.input]!) return [];
    // The usual case: there is nothing to wait for.
    if (this.lengths.length === 1) {
      this.through[0] = closeTimeMs;
      return [arrived];
    }
    const together = this.waiting.get(closeTimeMs) ?? [];
    if (together.some(({ input }) => input === arrived.input)) return [];
    this.waiting.set(closeTimeMs, [...together, arrived]);
    return this.isComplete(closeTimeMs) ? this.release(closeTimeMs) : [];
  }

  /** The earliest instant whose bars are waited for. */
  get earliest(): number | undefined {
    return this.waiting.size === 0 ? undefined : Math.min(...this.waiting.keys());
  }

  /** Hands on what has come for all instants up to this one. */
  release(throughMs: number): readonly ArrivedBar[] {
    const instants = [...this.waiting.keys()].filter((atMs) => atMs <= throughMs).sort((a, b) => a - b);
    return instants.flatMap((atMs) => {
      const bars = this.waiting.get(atMs)!.sort((a, b) => a.input - b.input);
      this.waiting.delete(atMs);
      for (const { input, bar } of bars) this.through[input] = bar.closeTimeMs;
      return bars;
    });
  }

  /** Says that an input has its bars up to an instant from elsewhere: from history. */
  pass(input: number, throughMs: number): void {
    this.through[input] = throughMs;
  }

  /** Whether every input that can close at an instant has its bar, or is ahead of it. */
  private isComplete(atMs: number): boolean {
    const there = this.waiting.get(atMs)!;
    return this.lengths.every(
      (lengthMs, input) =>
        there.some((each) => each.input === input) ||
        this.through[input]! >= atMs ||
        !this.closesAt(input, lengthMs, atMs),
    );
  }

  /** Told from the last bar of the input; one that has had none, or whose bars have no one length, is not waited for. */
  private closesAt(input: number, lengthMs: number | undefined, atMs: number): boolean {
    const through = this.through[input]!;
    if (lengthMs === undefined || !Number.isFinite(through)) return false;
    return (atMs - through) % lengthMs === 0;
  }
}
