/** A timer as it is saved: its name and when it is due, epoch ms. */
export type SavedTimer = readonly [name: string, atMs: number];

/** Named instants of one strategy, at each of which it is called once. */
export class Timers {
  /** Epoch ms of the earliest; Infinity when there is none. */
  nextMs = Number.POSITIVE_INFINITY;
  private readonly timers = new Map<string, number>();

  set(name: string, atMs: number): void {
    if (!Number.isFinite(atMs)) throw new RangeError(`timer ${name}: ${atMs} is not a time`);
    this.timers.set(name, atMs);
    this.findNext();
  }

  clear(name: string): void {
    this.timers.delete(name);
    this.findNext();
  }

  /** Calls `fired` for each that is due, the earliest first. */
  fire(nowMs: number, fired: (name: string) => void): void {
    const due = [...this.timers].filter(([, atMs]) => atMs <= nowMs).sort((a, b) => a[1] - b[1]);
    for (const [name, atMs] of due) {
      // One that fired before it may have moved or cleared it.
      if (this.timers.get(name) !== atMs) continue;
      this.clear(name);
      fired(name);
    }
  }

  save(): readonly SavedTimer[] {
    return [...this.timers];
  }

  restore(saved: readonly SavedTimer[]): void {
    this.timers.clear();
    for (const [name, atMs] of saved) this.timers.set(name, atMs);
    this.findNext();
  }

  private findNext(): void {
    this.nextMs = Math.min(Number.POSITIVE_INFINITY, ...this.timers.values());
  }
}
