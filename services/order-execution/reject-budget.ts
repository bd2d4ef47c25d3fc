/** Counts the hard refusals of each strategy within a sliding window (faults.md O6). */
export class RejectBudget {
  private readonly maximum: number;
  private readonly windowMs: number;
  /** On the elapsed clock, oldest first; at most `maximum` each. */
  private readonly times = new Map<string, number[]>();

  constructor({ maximum, windowMs }: { readonly maximum: number; readonly windowMs: number }) {
    this.maximum = maximum;
    this.windowMs = windowMs;
  }

  /** @returns whether this one has spent the budget */
  spend(strategy: string, nowMs: number): boolean {
    const times = this.within(strategy, nowMs);
    if (times.length < this.maximum) times.push(nowMs);
    this.times.set(strategy, times);
    return times.length === this.maximum;
  }

  isSpent(strategy: string, nowMs: number): boolean {
    return this.within(strategy, nowMs).length >= this.maximum;
  }

  private within(strategy: string, nowMs: number): number[] {
    return (this.times.get(strategy) ?? []).filter((at) => at > nowMs - this.windowMs);
  }
}
