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

/** What stands for the venue's reference or average price, made when a filter asks for it: most orders clearly fit without. */
export interface LastPrice {
  /** undefined refuses where a filter needs it. */
  readonly lastPrice: Price | undefined;
  /** The same as the nearest double; NaN where there is none. */
  readonly lastPriceNumber: number;
}

/**
 * Approves an order on its terms and the filters of its symbol alone: for a backtest without limits. Trading goes through
 * the `RiskDesk`, which checks the same and its limits.
 */
export function approveOnFilters(
  intent: OrderIntent,
  instrument: Instrument,
  market: LastPrice,
  load: SymbolLoad,
): Result<Approved<OrderIntent>, UnfitOrder> {
  const refusal = checkTerms(intent.terms) ?? checkFilters(intent, instrument, market, load);
  return refusal === undefined ? ok(intent as Approved<OrderIntent>) : err(refusal);
}

/** The same for the legs of a list, all or none. */
export function approveListOnFilters(
  list: OrderListIntent,
  instrument: Instrument,
  market: LastPrice,
  load: SymbolLoad,
): Result<Approved<OrderListIntent>, UnfitOrder> {
  const unfit = checkOrderList(list) ?? checkListSupport(list, instrument);
  if (unfit !== undefined) return err(unfit);
  for (const leg of legsOf(list)) {
    const refusal = checkFilters(leg, instrument, market, load);
    if (refusal !== undefined) return err(refusal);
  }
  return ok(list as Approved<OrderListIntent>);
}

/** Every filter of binance-spot.md section 6 that can be judged when an order is placed, for an order that stands alone. */
export function checkFilters(
  intent: OrderIntent,
  instrument: Instrument,
  market: LastPrice,
  load: SymbolLoad,
): FilterRefusal | MissingValue | undefined {
  const { terms, side } = intent;
  const { filters } = instrument;
  const isClear = terms.type === 'MARKET' && fitsClearly(terms, filters, market.lastPriceNumber);
  return (
    checkAdmission(intent, instrument) ??
    (isClear ? undefined : checkStatedBounds(intent, filters)) ??
    (isClear ? undefined : checkPricedFilters(intent, instrument, market.lastPrice)) ??
    checkOpenCounts('symbol', countsOf(terms), load, NO_ORDERS, filters) ??
    (side === 'BUY' && filters.positionMaximum !== undefined
      ? checkPositionFilter(buyingOf(terms, instrument, market.lastPrice), load.held, instrument)
      : undefined)
  );
}

/** The base that the terms ask for; a quote amount has a reference price by now, or `checkPricedFilters` has refused it. */
function buyingOf(terms: OrderTerms, instrument: Instrument, referencePrice: Price | undefined): Quantity {
  if (terms.quantity !== undefined) return terms.quantity;
  return quantityForQuote(terms.quoteAmount, referencePrice as Price, instrument.filters);
}
