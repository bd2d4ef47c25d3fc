import { ordersOf } from '@tradewind/core/orders';
import type { Wanted } from '@tradewind/core/risk';
import { type Clock, forgetOldest } from '@tradewind/utils';
import type { Repetition, RiskManagerSettings } from './settings.ts';

/** What counts as the same order again: symbol, side and type; of a list those of its first leg. */
export function kindOf(wanted: Wanted): string {
  const [{ symbol, side, terms }] = ordersOf(wanted);
  return `${symbol} ${side} ${terms.type}`;
}

/** Kinds of verdicts that are counted, over all strategies; beyond them the one that was silent the longest is forgotten. */
const KINDS_MAX = 1_000;

/** Tells a strategy that repeats itself without end from one that trades (faults.md K10). */
export class RunawayGuard {
  private readonly clock: Clock;
  private readonly repeats: RiskManagerSettings['repeats'];
  private readonly runaway: RiskManagerSettings['runaway'];
  private readonly approvals = new Kinds();
  private readonly verdicts = new Kinds();

  constructor(clock: Clock, { repeats, runaway }: Pick<RiskManagerSettings, 'repeats' | 'runaway'>) {
    this.clock = clock;
    this.repeats = repeats;
    this.runaway = runaway;
  }

  /** @returns the bound that one more of this kind would pass; undefined when it may be asked for */
  boundPassed(strategy: string, kind: string): Repetition | undefined {
    if (this.repeats === 'none') return undefined;
    const { maximum, windowMs } = this.repeats;
    const recent = this.approvals.of(strategy, kind, maximum);
    return recent.isFull(this.clock.elapsedMs(), windowMs) ? this.repeats : undefined;
  }

  /** @param atMs  when, on the elapsed clock */
  approved(strategy: string, kind: string, atMs = this.clock.elapsedMs()): void {
    if (this.repeats === 'none') return;
    this.approvals.of(strategy, kind, this.repeats.maximum).add(atMs);
  }

  /** Counts a verdict. @returns the bound that it passed; undefined when the strategy need not be stopped */
  judged(strategy: string, kind: string): Repetition | undefined {
    if (this.runaway === 'none') return undefined;
    const { maximum, windowMs } = this.runaway;
    const recent = this.verdicts.of(strategy, kind, maximum + 1);
    recent.add(this.clock.elapsedMs());
    return recent.isFull(this.clock.elapsedMs(), windowMs) ? this.runaway : undefined;
  }

  /** A person lets the strategy on: its past is not held against it. */
  forget(strategy: string): void {
    this.approvals.forget(strategy);
    this.verdicts.forget(strategy);
  }
}

/** The last times of something: a ring. */
class Recent {
  private readonly atMs: Float64Array;
  private count = 0;

  constructor(size: number) {
    this.atMs = new Float64Array(size);
  }

  add(nowMs: number): void {
    this.atMs[this.count % this.atMs.length] = nowMs;
    this.count += 1;
  }

  /** Whether as many as the ring holds happened in the window that ends now. */
  isFull(nowMs: number, windowMs: number): boolean {
    if (this.count < this.atMs.length) return false;
    return nowMs - this.atMs[this.count % this.atMs.length]! < windowMs;
  }
}

/** The last times of each kind. An order asks three times, and the next one is of the same kind as a rule: that is found without its key. */
class Kinds {
  private readonly all = new Map<string, Recent>();
  private latest: { readonly strategy: string; readonly kind: string; readonly recent: Recent } | undefined;

  of(strategy: string, kind: string, size: number): Recent {
    const { latest } = this;
    if (latest !== undefined && latest.kind === kind && latest.strategy === strategy) return latest.recent;
    const key = `${strategy}\n${kind}`;
    const recent = this.all.get(key) ?? new Recent(size);
    this.all.delete(key);
    this.all.set(key, recent);
    forgetOldest(this.all, KINDS_MAX);
    this.latest = { strategy, kind, recent };
    return recent;
  }

  forget(strategy: string): void {
    this.latest = undefined;
    for (const key of [...this.all.keys()]) if (key.startsWith(`${strategy}\n`)) this.all.delete(key);
  }
}
