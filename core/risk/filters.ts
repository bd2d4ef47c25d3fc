import type { Instrument } from '../market/index.ts';
import type { Price, Quantity } from '../money/index.ts';
import {
  type Approved,
  checkOrderList,
  checkTerms,
  legsOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderListRefusal,
  type OrderTerms,
  type TermsRefusal,
} from '../orders/index.ts';
import { err, ok, type Result } from '../result.ts';
import { fitsClearly } from './clear-fit.ts';
import type { FilterRefusal, MissingValue, SymbolLoad } from './filter-refusal.ts';
import { checkOpenCounts, checkPositionFilter, countsOf, NO_ORDERS } from './open-counts.ts';
import { checkPricedFilters, quantityForQuote } from './priced-filters.ts';
import { checkAdmission, checkListSupport, checkStatedBounds } from './stated-filters.ts';

/** What keeps an order from the exchange whatever its owner's limits are. */
export type UnfitOrder = TermsRefusal | OrderListRefusal | FilterRefusal | MissingValue;

/**
 * Approves an order on its terms and the filters of its symbol alone: for a backtest without limits. Trading goes through
 * the `RiskDesk`, which checks the same and its limits.
 * @param referencePrice  what the venue calls the reference or average price; undefined refuses where a filter needs it
 */
export function approveOnFilters(
  intent: OrderIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
  load: SymbolLoad,
): Result<Approved<OrderIntent>, UnfitOrder> {
  const refusal = checkTerms(intent.terms) ?? checkFilters(intent, instrument, referencePrice, load);
  return refusal === undefined ? ok(intent as Approved<OrderIntent>) : err(refusal);
}

/** The same for the legs of a list, all or none. */
export function approveListOnFilters(
  list: OrderListIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
  load: SymbolLoad,
): Result<Approved<OrderListIntent>, UnfitOrder> {
  const unfit = checkOrderList(list) ?? checkListSupport(list, instrument);
  if (unfit !== undefined) return err(unfit);
  for (const leg of legsOf(list)) {
    const refusal = checkFilters(leg, instrument, referencePrice, load);
    if (refusal !== undefined) return err(refusal);
  }
  return ok(list as Approved<OrderListIntent>);
}

/** Every filter of binance-spot.md section 6 that can be judged when an order is placed, for an order that stands alone. */
export function checkFilters(
  intent: OrderIntent,
  instrument: Instrument,
  referencePrice: Price | undefined,
  load: SymbolLoad,
): FilterRefusal | MissingValue | undefined {
  const { terms, side } = intent;
  const { filters } = instrument;
  const isClear =
    terms.type === 'MARKET' && referencePrice !== undefined && fitsClearly(terms, filters, referencePrice);
  return (
    checkAdmission(intent, instrument) ??
    (isClear ? undefined : checkStatedBounds(intent, filters)) ??
    (isClear ? undefined : checkPricedFilters(intent, instrument, referencePrice)) ??
    checkOpenCounts('symbol', countsOf(terms), load, NO_ORDERS, filters) ??
    (side === 'BUY' && filters.positionMaximum !== undefined
      ? checkPositionFilter(buyingOf(terms, instrument, referencePrice), load.held, instrument)
      : undefined)
  );
}

/** The base that the terms ask for; a quote amount has a reference price by now, or `checkPricedFilters` has refused it. */
function buyingOf(terms: OrderTerms, instrument: Instrument, referencePrice: Price | undefined): Quantity {
  if (terms.quantity !== undefined) return terms.quantity;
  return quantityForQuote(terms.quoteAmount, referencePrice as Price, instrument.filters);
}
