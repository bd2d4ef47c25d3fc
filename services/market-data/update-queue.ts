import type { MarketUpdate } from '@tradewind/proto';

const DEFAULT_CAPACITY = 10_000;

interface Waiting {
  readonly number: number;
  readonly update: MarketUpdate;
}

/**
 * Market updates on their way to somebody who takes them when he can: a bus, another process. When it is full the oldest prices, trades
 * and bars go, and are counted. Feed states and instruments are not dropped; when as many of them wait, of each symbol only the
 * last one counts (faults.md X2).
 */
export class UpdateQueue {
  private readonly capacity: number;
  private prices: Waiting[] = [];
  private states: Waiting[] = [];
  /** Those before have been taken or dropped; they are cut off now and then. */
  private firstPrice = 0;
  private firstState = 0;
  private lastNumber = 0;
  private droppedUpdates = 0;

  /** @param capacity  how many prices, trades and bars may wait, and how many states */
  constructor(capacity = DEFAULT_CAPACITY) {
    this.capacity = capacity;
  }

  /** Prices, trades and bars that were lost because nobody took them. */
  get dropped(): number {
    return this.droppedUpdates;
  }

  get size(): number {
    return this.prices.length - this.firstPrice + this.states.length - this.firstState;
  }

  put(update: MarketUpdate): void {
    this.lastNumber += 1;
    const waiting = { number: this.lastNumber, update };
    if (keyOf(update) !== undefined) {
      if (this.states.length - this.firstState >= this.capacity) this.keepLastStates();
      this.states.push(waiting);
      return;
    }
    if (this.prices.length - this.firstPrice >= this.capacity) {
      this.firstPrice += 1;
      this.droppedUpdates += 1;
    }
    this.prices.push(waiting);
    if (this.firstPrice < this.capacity) return;
    this.prices = this.prices.slice(this.firstPrice);
    this.firstPrice = 0;
  }

  /** The oldest that waits; undefined when nothing does. */
  take(): MarketUpdate | undefined {
    const price = this.prices[this.firstPrice];
    const state = this.states[this.firstState];
    if (state !== undefined && (price === undefined || state.number < price.number)) {
      this.firstState += 1;
      if (this.firstState === this.states.length) {
        this.states = [];
        this.firstState = 0;
      }
      return state.update;
    }
    if (price === undefined) return undefined;
    this.firstPrice += 1;
    if (this.firstPrice === this.prices.length) {
      this.prices = [];
      this.firstPrice = 0;
    }
    return price.update;
  }

  private keepLastStates(): void {
    const last = new Map<string, Waiting>();
    for (const waiting of this.states.slice(this.firstState)) {
      const key = keyOf(waiting.update)!;
      // At the end of the map again: they stay in their order.
      last.delete(key);
      last.set(key, waiting);
    }
    this.states = [...last.values()];
    this.firstState = 0;
  }
}

/** What a state is the state of; undefined for what is none. */
function keyOf(update: MarketUpdate): string | undefined {
  if (update.kind === 'feed') return `feed ${update.feed.symbol}`;
  return update.kind === 'instrument' ? `instrument ${update.instrument.symbol}` : undefined;
}
