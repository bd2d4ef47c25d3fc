import type { Price, Quantity } from '../money/index.ts';

/** One public match on the venue between anybody; ours are fills. */
export interface Trade {
  readonly symbol: string;
  /** Rises by one from trade to trade of a symbol. Orders trades: one millisecond can hold hundreds. */
  readonly id: number;
  readonly price: Price;
  readonly quantity: Quantity;
  /** When the venue matched it, epoch ms. */
  readonly timeMs: number;
  /** The buyer's order was resting, so that the seller took: the trade pushed down. */
  readonly buyerIsMaker: boolean;
}
