import type { Grid, Lots, Ticks } from '../market/index.ts';
import type { Price, Quantity, QuoteAmount } from '../money/index.ts';
import { icebergQuantityOf, limitPriceOf, type OrderTerms, triggerOf } from '../orders/index.ts';
import { err, ok, type Result } from '../result.ts';

/** What an order's terms state, in ticks and lots of one grid; zero for what they do not state. */
export interface CountedTerms {
  /** Zero for a market order by quote amount. */
  readonly quantity: Lots;
  readonly price: Ticks;
  readonly stopPrice: Ticks;
  readonly icebergQuantity: Lots;
}

/** A price or quantity lies between two steps of the grid, or a value cannot be counted below 2^53. */
export type NotCountable =
  | Uncounted<'price', Price>
  | Uncounted<'stopPrice', Price>
  | Uncounted<'quantity', Quantity>
  | Uncounted<'icebergQuantity', Quantity>
  | Uncounted<'quoteAmount', QuoteAmount>;

interface Uncounted<Field extends string, Value> {
  readonly reason: 'not_countable';
  readonly field: Field;
  readonly was: Value;
}

/** The prices and quantities of an order as both engines take them. A quote amount is not among them. */
export function counted(terms: OrderTerms, grid: Grid): Result<CountedTerms, NotCountable> {
  const limit = limitPriceOf(terms);
  const stop = triggerOf(terms)?.stopPrice;
  const visible = icebergQuantityOf(terms);
  const price = ticksOf(limit, grid);
  const stopPrice = ticksOf(stop, grid);
  const quantity = lotsOf(terms.quantity, grid);
  const icebergQuantity = lotsOf(visible, grid);
  if (price === undefined) return err({ reason: 'not_countable', field: 'price', was: limit! });
  if (stopPrice === undefined) return err({ reason: 'not_countable', field: 'stopPrice', was: stop! });
  if (quantity === undefined) {
    return err({ reason: 'not_countable', field: 'quantity', was: terms.quantity! });
  }
  if (icebergQuantity === undefined) {
    return err({ reason: 'not_countable', field: 'icebergQuantity', was: visible! });
  }
  return ok({ quantity, price, stopPrice, icebergQuantity });
}

const NO_TICKS = 0 as Ticks;
const NO_LOTS = 0 as Lots;

const ticksOf = (price: Price | undefined, grid: Grid): Ticks | undefined =>
  price === undefined ? NO_TICKS : grid.ticksOf(price);
const lotsOf = (quantity: Quantity | undefined, grid: Grid): Lots | undefined =>
  quantity === undefined ? NO_LOTS : grid.lotsOf(quantity);
