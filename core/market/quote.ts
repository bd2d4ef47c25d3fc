import type { Price, Quantity } from '../money/index.ts';

/** One price with the total quantity of the orders that rest there. */
export interface Level {
  readonly price: Price;
  readonly quantity: Quantity;
}

/** The best of both sides of a book at one moment. */
export interface Quote {
  readonly symbol: string;
  /** undefined while nobody bids; the venue sends zeros then. */
  readonly bid: Level | undefined;
  /** undefined while nobody offers. */
  readonly ask: Level | undefined;
  /** The id of the book's update; rises, and skips. */
  readonly updateId: number;
  /** Epoch ms; when it was received, since the venue puts no time on its quotes (binance-spot.md section 8.3). */
  readonly timeMs: number;
}
