import type { TradersOptions } from '@tradewind/exchange-simulator';
import { SeededRandom } from '@tradewind/utils';

type PricePath = NonNullable<TradersOptions['paths']> extends ReadonlyMap<string, infer Path> ? Path : never;

const STEP_MS = 100;

/** How a market behaves for a while: the drift and the deviation of a minute, and how long it stays so, ms. */
const MOODS = [
  { name: 'calm', drift: 0, deviation: 0.0002, lastsMs: [30_000, 120_000] },
  { name: 'trending', drift: 0.002, deviation: 0.0005, lastsMs: [20_000, 90_000] },
  { name: 'falling', drift: -0.002, deviation: 0.0005, lastsMs: [20_000, 90_000] },
  { name: 'wild', drift: 0, deviation: 0.004, lastsMs: [10_000, 60_000] },
  { name: 'crashing', drift: -0.15, deviation: 0.01, lastsMs: [5_000, 20_000] },
  { name: 'still', drift: 0, deviation: 0, lastsMs: [10_000, 40_000] },
] as const;

/** A price that is calm, trends, crashes or stands still for a while each, by chance from a seed. */
export class MoodyPath implements PricePath {
  private readonly random: SeededRandom;
  private price: number;
  private atMs = 0;
  private mood: (typeof MOODS)[number] = MOODS[0];
  private moodEndsMs = 0;

  /** @param startPrice  in quote per base, for computing only */
  constructor(startPrice: number, seed: number) {
    this.price = startPrice;
    this.random = new SeededRandom(seed);
  }

  priceAt(elapsedMs: number): number {
    for (; this.atMs + STEP_MS <= elapsedMs; this.atMs += STEP_MS) this.step();
    return this.price;
  }

  private step(): void {
    const { random } = this;
    if (this.atMs >= this.moodEndsMs) {
      this.mood = MOODS[random.nextUint32() % MOODS.length]!;
      const [least, most] = this.mood.lastsMs;
      this.moodEndsMs = this.atMs + least + Math.floor(random.nextFraction() * (most - least));
    }
    const { drift, deviation } = this.mood;
    const share = STEP_MS / 60_000;
    this.price *= 1 + drift * share + deviation * Math.sqrt(share) * random.nextNormal();
  }
}
