import { invariant } from '@tradewind/core/result';
import { type Clock, SeededRandom, type Timers } from '@tradewind/utils';
import { Crowd } from './crowd.ts';
import type { PricePath } from './path/price-path.ts';
import { RandomWalk } from './path/random-walk.ts';
import { startPriceOf } from './start-prices.ts';
import type { TradingFloor } from './traders/desk.ts';

export interface MadeUpMarketOptions {
  readonly floor: TradingFloor;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A whole number: equal seeds, symbols and times give equal orders. */
  readonly seed: number;
  readonly symbols: readonly string[];
  /** Per symbol, on average; 10. */
  readonly ordersPerSecond?: number;
  /** Prices to follow instead of a random walk, by symbol. */
  readonly paths?: ReadonlyMap<string, PricePath>;
}

const ORDERS_PER_SECOND = 10;
const YEARLY_VOLATILITY = 0.6;
const JUMPS_PER_DAY = 24;
const JUMP_DEVIATION = 0.004;

/** A market worth trading on, from a seed: for each symbol market makers, noise, momentum and informed traders around a price path. */
export class MadeUpMarket {
  private readonly crowds: readonly Crowd[];

  constructor(options: MadeUpMarketOptions) {
    const { floor, clock, timers, seed, symbols, paths } = options;
    this.crowds = symbols.map((symbol) => {
      const instrument = floor.symbol(symbol)?.instrument;
      invariant(instrument !== undefined, 'a market is made up of symbols of the exchange');
      const seedOfSymbol = mix(seed, symbol);
      const walk = (): PricePath =>
        new RandomWalk({
          startPrice: startPriceOf(instrument),
          yearlyVolatility: YEARLY_VOLATILITY,
          jumpsPerDay: JUMPS_PER_DAY,
          jumpDeviation: JUMP_DEVIATION,
          random: new SeededRandom(mix(seedOfSymbol, 'path')),
        });
      return new Crowd({
        floor,
        clock,
        timers,
        instrument,
        path: paths?.get(symbol) ?? walk(),
        seed: seedOfSymbol,
        ordersPerSecond: options.ordersPerSecond ?? ORDERS_PER_SECOND,
      });
    });
  }

  start(): void {
    for (const crowd of this.crowds) crowd.start();
  }

  stop(): void {
    for (const crowd of this.crowds) crowd.stop();
  }
}

/** A seed of its own for each name, so that a symbol's market does not depend on which others there are. */
function mix(seed: number, name: string): number {
  let hash = seed | 0;
  for (const character of name) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return hash;
}
