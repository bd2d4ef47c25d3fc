import type { Filters } from '../market/index.ts';
import { nearestUnits, type Quantity, type QuoteAmount } from '../money/index.ts';
import type { MarketTerms } from '../orders/index.ts';

/**
 * Whether a market order lies so clearly inside the filters of quantity, step and worth that doubles can tell. Nearly all do, and
 * for them no bigint is made or compared (docs/performance.md). What is not clear the exact checks judge, and explain.
 * @param price  the reference price, as the nearest double; NaN where there is none
 */
export function fitsClearly(terms: MarketTerms, filters: Filters, price: number): boolean {
  const { step, smallest, largest, leastWorth, mostWorth } = boundsOf(filters);
  if (terms.quantity === undefined) {
    const worth = nearestUnits(terms.quoteAmount);
    const most = worth / price;
    // What a quote amount buys lies up to a step below the quotient.
    const least = most * INWARD - step;
    return worth > leastWorth && worth < mostWorth && least > smallest && most < largest;
  }
  const quantity = nearestUnits(terms.quantity);
  const worth = quantity * price;
  // A quotient of integers below 2^53 that is not whole never rounds to a whole number.
  const isOnStep = quantity <= Number.MAX_SAFE_INTEGER && Number.isInteger(quantity / step);
  return isOnStep && quantity > smallest && quantity < largest && worth > leastWorth && worth < mostWorth;
}

/** In doubles, drawn a little inward: quantities and worths counted in 10^-8. */
interface Bounds {
  /** NaN, which nothing is a multiple of, where two different steps bind. */
  readonly step: number;
  readonly smallest: number;
  readonly largest: number;
  readonly leastWorth: number;
  readonly mostWorth: number;
}

const known = new WeakMap<Filters, Bounds>();

function boundsOf(filters: Filters): Bounds {
  const before = known.get(filters);
  if (before !== undefined) return before;
  const bounds = countBounds(filters);
  known.set(filters, bounds);
  return bounds;
}

/** Every bound counts, also one of which the filter says that it does not bind market orders. */
function countBounds({ lot, marketLot, notional }: Filters): Bounds {
  const step = countOf(lot.step, 1);
  return {
    step: countOf(marketLot?.step, step) === step ? step : Number.NaN,
    smallest: Math.max(countOf(lot.minimum, 0), countOf(marketLot?.minimum, 0)) / INWARD,
    largest:
      Math.min(
        countOf(lot.maximum, Number.POSITIVE_INFINITY),
        countOf(marketLot?.maximum, Number.POSITIVE_INFINITY),
      ) * INWARD,
    leastWorth: countOf(notional?.minimum, 0) / INWARD,
    mostWorth: countOf(notional?.maximum, Number.POSITIVE_INFINITY) * INWARD,
  };
}

const countOf = (bound: Quantity | QuoteAmount | undefined, absent: number): number =>
  bound === undefined ? absent : nearestUnits(bound);

/** By more than what a few roundings of doubles make. */
const INWARD = 1 - 2 ** -48;
