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

  private findNext(): void {
    this.nextMs = Math.min(Number.POSITIVE_INFINITY, ...this.timers.values());
  }
}
