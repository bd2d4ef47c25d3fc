import type { BookSide, OrderBook, Ticks } from '@tradewind/core/market';

/** Prices outside of these are unknown to a book until they change (binance-spot.md section 8.4, step 7). */
export interface KnownPrices {
  readonly lowestBid: Ticks;
  readonly highestAsk: Ticks;
}

/** The first level at which two books of one update id are not the same; a quantity of zero says that the level is missing. */
export interface BookDifference {
  readonly side: 'bid' | 'ask';
  readonly price: Ticks;
  readonly ours: number;
  readonly theirs: number;
}

/** Looks at the levels, best first, that both books know. */
export function differenceOf(
  ours: OrderBook,
  theirs: OrderBook,
  known: readonly KnownPrices[],
): BookDifference | undefined {
  const lowestBid = Math.max(...known.map((prices) => prices.lowestBid));
  const highestAsk = Math.min(...known.map((prices) => prices.highestAsk));
  return (
    sideDifference('bid', ours.bids, theirs.bids, (price) => price >= lowestBid) ??
    sideDifference('ask', ours.asks, theirs.asks, (price) => price <= highestAsk)
  );
}

function sideDifference(
  side: 'bid' | 'ask',
  ours: BookSide,
  theirs: BookSide,
  isKnown: (price: Ticks) => boolean,
): BookDifference | undefined {
  const depth = Math.min(LEVELS_COMPARED, Math.max(ours.length, theirs.length));
  for (let i = 0; i < depth; i += 1) {
    const price = betterPrice(side, levelAt(ours, i), levelAt(theirs, i));
    if (price === undefined || !isKnown(price)) return undefined;
    const [our, their] = [ours.quantityOf(price), theirs.quantityOf(price)];
    if (our !== their) return { side, price, ours: our, theirs: their };
  }
  return undefined;
}

const levelAt = (side: BookSide, depth: number): Ticks | undefined =>
  depth < side.length ? side.priceAt(depth) : undefined;

function betterPrice(side: 'bid' | 'ask', a: Ticks | undefined, b: Ticks | undefined): Ticks | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return (side === 'bid') === a > b ? a : b;
}

const LEVELS_COMPARED = 500;
