import type { Instrument } from '../market/index.ts';
import type { Price, Quantity } from '../money/index.ts';
import type { OrderIntent, OrderTerms } from '../orders/index.ts';
import type { FilterRefusal, MissingValue, SymbolLoad } from './filter-refusal.ts';
import { checkOpenCounts, checkPositionFilter, countsOf, NO_ORDERS } from './open-counts.ts';
import { checkPricedFilters, quantityForQuote } from './priced-filters.ts';
import { checkStatedFilters } from './stated-filters.ts';

/**
 * Every filter of binance-spot.md section 6 that can be judged when an order is placed, for an order that stands alone.
 * A backtest without limits uses this and the balance; the risk desk composes the same parts.
 * @param referencePrice  what the venue calls the reference or average price; undefined refuses where a filter needs it
 */
export function checkFilters(
  intent: OrderIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
  load: SymbolLoad,
): FilterRefusal | MissingValue | undefined {
  return (
    checkStatedFilters(intent, instrument) ??
    checkPricedFilters(intent, instrument, referencePrice) ??
    checkOpenCounts('symbol', countsOf(intent.terms), load, NO_ORDERS, instrument.filters) ??
    (intent.side === 'BUY' && instrument.filters.positionMaximum !== undefined
      ? checkPositionFilter(buyingOf(intent.terms, instrument, referencePrice), load.held, instrument)
      : undefined)
  );
}

/** The base that the terms ask for; a quote amount has a reference price by now, or `checkPricedFilters` has refused it. */
function buyingOf(terms: OrderTerms, instrument: Instrument, referencePrice: Price | undefined): Quantity {
  if (terms.quantity !== undefined) return terms.quantity;
  return quantityForQuote(terms.quoteAmount, referencePrice as Price, instrument.filters);
}
