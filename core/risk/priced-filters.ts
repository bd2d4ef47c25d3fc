import type { Filters, Instrument } from '../market/index.ts';
import {
  isPositive,
  isZero,
  type Price,
  type Quantity,
  type QuoteAmount,
  quantityFor,
  scalePrice,
} from '../money/index.ts';
import { limitPriceOf, type OrderIntent, type OrderTerms, type Side, triggerOf } from '../orders/index.ts';
import { type FilterRefusal, type MissingValue, missing } from './filter-refusal.ts';
import { checkLotBounds, checkNotionalAt } from './stated-filters.ts';

/** The filters that compare with the reference price. Without one they refuse, but only where a filter applies. */
export function checkPricedFilters(
  intent: OrderIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
): FilterRefusal | MissingValue | undefined {
  const { terms } = intent;
  const { filters } = instrument;
  if (referencePrice === undefined || !isPositive(referencePrice)) {
    return needsReference(terms, filters) ? missing('reference_price', intent.symbol) : undefined;
  }
  return (
    checkPercentPrice(intent.side, terms, filters, referencePrice) ??
    checkQuoteAmount(terms, filters, referencePrice) ??
    checkMarketNotional(terms, filters, referencePrice)
  );
}

/** Prices have 8 decimals, so bounds rounded inward to 8 decimals compare exactly. */
function checkPercentPrice(
  side: Side,
  terms: OrderTerms,
  filters: Filters,
  referencePrice: Price,
): FilterRefusal | undefined {
  const was = limitPriceOf(terms);
  if (was === undefined) return undefined;
  const both = filters.percentPrice;
  if (both !== undefined) {
    const minimum = scalePrice(referencePrice, both.down, 'ceiling');
    const maximum = scalePrice(referencePrice, both.up, 'floor');
    if (was < minimum || was > maximum) return { reason: 'price_outside_percent', minimum, maximum, was };
  }
  const bySide = filters.percentPriceBySide;
  if (bySide !== undefined) {
    const minimum = scalePrice(referencePrice, side === 'BUY' ? bySide.bidDown : bySide.askDown, 'ceiling');
    const maximum = scalePrice(referencePrice, side === 'BUY' ? bySide.bidUp : bySide.askUp, 'floor');
    if (was < minimum || was > maximum) return { reason: 'price_outside_percent', minimum, maximum, was };
  }
  return undefined;
}

/** The venue chooses a quantity on the step for a quote amount, so the bounds are judged and the step is given. */
function checkQuoteAmount(
  terms: OrderTerms,
  filters: Filters,
  referencePrice: Price,
): FilterRefusal | undefined {
  if (terms.quantity !== undefined) return undefined;
  const was = quantityForQuote(terms.quoteAmount, referencePrice, filters);
  if (isZero(was)) return { reason: 'quote_amount_below_one_step', referencePrice, was: terms.quoteAmount };
  const refusal = checkLotBounds('LOT_SIZE', 'quantity', was, filters.lot);
  if (refusal !== undefined || filters.marketLot === undefined) return refusal;
  return checkLotBounds('MARKET_LOT_SIZE', 'quantity', was, filters.marketLot);
}

/** floor_to_step(quote amount / price): what a market order by quote amount trades at that price. */
export const quantityForQuote = (quoteAmount: QuoteAmount, price: Price, filters: Filters): Quantity =>
  quantityFor(quoteAmount, price, filters.lot.step);

function checkMarketNotional(
  terms: OrderTerms,
  filters: Filters,
  referencePrice: Price,
): FilterRefusal | undefined {
  if (filters.notional === undefined || terms.quantity === undefined || !lacksPrice(terms)) return undefined;
  return checkNotionalAt(referencePrice, terms.quantity, true, filters.notional);
}

function needsReference(terms: OrderTerms, filters: Filters): boolean {
  if (limitPriceOf(terms) !== undefined) {
    return filters.percentPrice !== undefined || filters.percentPriceBySide !== undefined;
  }
  if (terms.quantity === undefined) return true;
  return lacksPrice(terms) && bindsMarket(filters);
}

/** A market order, or a stop that only trails and becomes one: nothing in it says a price. */
const lacksPrice = (terms: OrderTerms): boolean =>
  limitPriceOf(terms) === undefined && triggerOf(terms)?.stopPrice === undefined;

function bindsMarket(filters: Filters): boolean {
  const bounds = filters.notional;
  if (bounds === undefined) return false;
  return (
    (bounds.minimum !== undefined && bounds.minimumAppliesToMarket) ||
    (bounds.maximum !== undefined && bounds.maximumAppliesToMarket)
  );
}
