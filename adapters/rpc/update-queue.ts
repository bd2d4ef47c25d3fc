import { type MarketUpdate, symbolOf } from '@tradewind/proto';
import type { Timers } from '@tradewind/utils';

export interface TakenUpdates {
  readonly updates: readonly MarketUpdate[];
  readonly dropped: readonly { readonly symbol: string; readonly count: number }[];
}

/**
 * What one reader of market data has not taken yet, in order. Of trades, quotes and books the oldest are dropped when there are too many, and
 * counted by symbol. Bars are told once, and feed states and instruments are what trust is built on: none of these is dropped, and a
 * reader that leaves too many of them is given up.
 */
export class UpdateQueue {
  private readonly maximum: number;
  private items: (MarketUpdate | undefined)[] = [];
  /** How many are held that may be dropped, and that may not. */
  private passing = 0;
  private kept = 0;
  /** Where the oldest that may be dropped is looked for. */
  private cursor = 0;
  private readonly dropped = new Map<string, number>();
  private wake: (() => void) | undefined;
  private isGivenUp = false;

  /** @param maximum  of those that may be dropped, and of the others */
  constructor(maximum: number) {
    this.maximum = maximum;
  }

  /** Whether the reader was too slow to be told what must not be dropped. */
  get isOverrun(): boolean {
    return this.isGivenUp;
  }

  push(update: MarketUpdate): void {
    if (this.isGivenUp) return;
    this.items.push(update);
    if (!mayBeDropped(update)) this.kept += 1;
    else if (this.passing < this.maximum) this.passing += 1;
    else this.dropOldest();
    if (this.kept > this.maximum) this.giveUp();
    // Twice the maximum is held at most; the rest are holes where dropped ones were.
    if (this.items.length > 4 * this.maximum) this.compact();
    this.wake?.();
  }

  /** Resolves when there is something to take, or after a time. */
  waiting(timers: Timers, longestMs: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.items.length > 0 || this.isGivenUp) return resolve();
      const end = (): void => {
        timer.cancel();
        this.wake = undefined;
        resolve();
      };
      const timer = timers.after(longestMs, end);
      this.wake = end;
    });
  }

  /** Ends a wait, because nobody reads any more. */
  giveUp(): void {
    this.isGivenUp = true;
    this.items = [];
    this.wake?.();
  }

  take(): TakenUpdates {
    const updates = this.items.filter((item) => item !== undefined);
    const dropped = [...this.dropped].map(([symbol, count]) => ({ symbol, count }));
    this.items = [];
    this.passing = 0;
    this.kept = 0;
    this.cursor = 0;
    this.dropped.clear();
    return { updates, dropped };
  }

  private dropOldest(): void {
    while (!isDroppable(this.items[this.cursor])) this.cursor += 1;
    const symbol = symbolOf(this.items[this.cursor] as MarketUpdate);
    this.dropped.set(symbol, (this.dropped.get(symbol) ?? 0) + 1);
    this.items[this.cursor] = undefined;
    this.cursor += 1;
  }

  private compact(): void {
    this.items = this.items.filter((item) => item !== undefined);
    this.cursor = 0;
  }
}

const mayBeDropped = ({ kind }: MarketUpdate): boolean =>
  kind === 'trade' || kind === 'quote' || kind === 'book';
const isDroppable = (item: MarketUpdate | undefined): boolean => item !== undefined && mayBeDropped(item);
