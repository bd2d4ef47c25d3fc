import { decimalsOf, Grid, type Instrument, stepOf, tickOf } from '@tradewind/core/market';
import { formatAmount } from '@tradewind/core/money';

const DECIMALS_MAX = 8;
/** A level of the book holds no more than so many orders of the largest quantity. */
const ORDERS_IN_A_LEVEL = 10_000;

/**
 * How a symbol is counted: finer than its increments where there is room below 2^53. Orders from when the increments were finer still
 * rest in books, and one level that cannot be counted is a book that cannot be kept.
 */
export function gridOf(instrument: Instrument): Grid {
  const price = decimalsOf(tickOf(instrument));
  const quantity = decimalsOf(stepOf(instrument));
  const { maximum } = instrument.filters.lot;
  const largest = maximum === undefined ? Number.POSITIVE_INFINITY : Number(formatAmount(maximum));
  let decimals = DECIMALS_MAX;
  while (decimals > quantity && largest * ORDERS_IN_A_LEVEL * 10 ** decimals > Number.MAX_SAFE_INTEGER)
    decimals -= 1;
  return new Grid(Math.min(price + 1, DECIMALS_MAX), decimals);
}

/** A grid on which the increments of now can be counted, too; undefined when this one is fine enough, or they are not stated. */
export function finerGrid(
  { priceDecimals, quantityDecimals }: Grid,
  { filters }: Instrument,
): Grid | undefined {
  const { tick } = filters.price;
  const { step } = filters.lot;
  const price = Math.max(priceDecimals, tick === undefined ? 0 : decimalsOf(tick));
  const quantity = Math.max(quantityDecimals, step === undefined ? 0 : decimalsOf(step));
  return price > priceDecimals || quantity > quantityDecimals ? new Grid(price, quantity) : undefined;
}
