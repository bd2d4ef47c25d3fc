import { type Random, SeededRandom } from '@tradewind/utils';
import type { Span, When } from './plan-schema.ts';

/** Decides, for one fault of a plan, which of the occurrences that match it are struck. */
export class Selection {
  /** How many occurrences matched while it was the fault's time. */
  seen = 0;
  /** How many of them were struck. */
  struck = 0;
  private readonly when: When;
  private readonly random: Random;
  private readonly startMs: number;
  private readonly endMs: number;
  private readonly places: ReadonlySet<number> | undefined;

  /** @param installedAtMs  elapsed ms, which no jump of the wall clock moves */
  constructor(when: When | undefined, random: Random, installedAtMs: number) {
    this.when = when ?? {};
    this.random = random;
    this.startMs = installedAtMs + (this.when.from_ms ?? 0);
    this.endMs = this.when.for_ms === undefined ? Number.POSITIVE_INFINITY : this.startMs + this.when.for_ms;
    this.places = this.when.nth === undefined ? undefined : new Set([this.when.nth].flat());
  }

  /** Whether it can strike at this instant; cheaper than matching. */
  isDue(elapsedMs: number): boolean {
    return elapsedMs >= this.startMs && elapsedMs < this.endMs && this.struck < (this.when.count ?? Infinity);
  }

  /** An occurrence matches: is it struck? To be asked once for each, when it is due. */
  strikes(): boolean {
    this.seen += 1;
    if (!this.isChosen()) return false;
    this.struck += 1;
    return true;
  }

  private isChosen(): boolean {
    const { rate, every } = this.when;
    if (this.places !== undefined) return this.places.has(this.seen);
    if (every !== undefined) return this.seen % every === 0;
    return rate === undefined || this.random.nextFraction() < rate;
  }

  /** Whole ms within a span. */
  draw(span: Span): number {
    if (typeof span === 'number') return span;
    const [least, most] = span;
    return least + Math.floor(this.random.nextFraction() * (most - least + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.random.nextFraction() < probability;
  }
}

/** Chance of one fault: what one fault draws does not move what another one draws. */
export const randomOfFault = (seed: number, index: number): SeededRandom =>
  new SeededRandom(Math.imul(seed, 0x9e3779b1) + Math.imul(index + 1, 0x85ebca6b));
