import type { Coverage } from './coverage.ts';
import type { SeedNews } from './worker.ts';

/** What many runs came to. */
export class Tally {
  seeds = 0;
  events = 0;
  virtualMs = 0;
  usedMs = 0;
  readonly failed: SeedNews['result'][] = [];
  /** Of each thread, where it was noted. */
  readonly coverages: Coverage[] = [];
  private readonly struck = new Map<string, number>();

  add({ result, usedMs }: SeedNews): void {
    this.seeds += 1;
    this.events += result.events;
    this.virtualMs += result.virtualMs;
    this.usedMs += usedMs;
    for (const [kind, times] of result.struck) this.struck.set(kind, (this.struck.get(kind) ?? 0) + times);
    if (result.violation !== undefined) this.failed.push(result);
  }

  /** One line. */
  get summary(): string {
    const hours = (this.virtualMs / 3_600_000).toFixed(1);
    const speed = Math.round(this.virtualMs / Math.max(1, this.usedMs));
    return `${this.seeds} seeds, ${hours} hours of virtual time, ${speed} times as fast as life by processor time, ${this.events} events in the ledgers, ${this.failed.length} failed`;
  }

  /** A line for each kind of happening and each fault of the exchange. */
  get kinds(): string {
    const widest = Math.max(0, ...[...this.struck.keys()].map(({ length }) => length));
    return [...this.struck]
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([kind, times]) => `${kind.padEnd(widest)} ${String(times).padStart(8)}\n`)
      .join('');
  }
}
