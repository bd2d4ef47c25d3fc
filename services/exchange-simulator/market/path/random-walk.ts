import type { Random } from '@tradewind/utils';
import type { PricePath } from './price-path.ts';

export interface RandomWalkOptions {
  readonly startPrice: number;
  /** Deviation of a year's return: 0.6 is usual for large coins. */
  readonly yearlyVolatility: number;
  /** Jumps come by chance, this many a day on average. */
  readonly jumpsPerDay: number;
  /** Deviation of a jump's size, as a fraction of the price. */
  readonly jumpDeviation: number;
  readonly random: Random;
}

const STEP_MS = 100;
const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** After a standstill the walk makes fewer, longer steps instead of millions of short ones. */
const STEPS_MAX = 1000;
/** No walk leaves the start price by more than this factor: beyond it the next steps are turned round. */
const RANGE = 50;

/**
 * A geometric Brownian motion without drift, with jumps. Of the arithmetic only +, -, *, / and square roots are used, which all
 * machines round alike, so that a seed gives the same walk everywhere.
 */
export class RandomWalk implements PricePath {
  private readonly options: RandomWalkOptions;
  private price: number;
  private atMs = 0;

  constructor(options: RandomWalkOptions) {
    this.options = options;
    this.price = options.startPrice;
  }

  priceAt(elapsedMs: number): number {
    const behind = elapsedMs - this.atMs;
    if (behind < STEP_MS) return this.price;
    const steps = Math.min(STEPS_MAX, Math.floor(behind / STEP_MS));
    const lengthMs = behind / steps;
    for (let step = 0; step < steps; step += 1) this.step(lengthMs);
    this.atMs = elapsedMs;
    return this.price;
  }

  private step(lengthMs: number): void {
    const { startPrice, yearlyVolatility, jumpsPerDay, jumpDeviation, random } = this.options;
    let change = yearlyVolatility * Math.sqrt(lengthMs / YEAR_MS) * random.nextNormal();
    if (random.nextFraction() < (jumpsPerDay * lengthMs) / DAY_MS)
      change += jumpDeviation * random.nextNormal();
    const isFarAbove = this.price > startPrice * RANGE;
    const isFarBelow = this.price < startPrice / RANGE;
    if ((isFarAbove && change > 0) || (isFarBelow && change < 0)) change = -change;
    this.price *= 1 + Math.max(-MOVE_MAX, Math.min(MOVE_MAX, change));
  }
}

/** No single step moves further, so that no price reaches zero. */
const MOVE_MAX = 0.2;
