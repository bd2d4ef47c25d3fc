import type { Grid, Lots, Ticks } from '../../market/index.ts';
import { type Price, type Quantity, type QuoteAmount, Tally } from '../../money/index.ts';
import type { OrderTerms, SelfTradePrevention, Side } from '../../orders/index.ts';
import { err, ok, type Result } from '../../result.ts';
import type { OrderRequest } from './request.ts';

/** Whose order it is, as the engine wants to know it. */
export interface Owner {
  readonly account: number;
  /** 0 for none. */
  readonly tradeGroup: number;
  readonly selfTradePrevention: SelfTradePrevention;
}

/** A price or quantity lies between two steps of the grid, or an amount cannot be counted below 2^53. */
export interface NotCountable {
  readonly reason: 'not_countable';
  readonly field: 'price' | 'quantity' | 'stopPrice' | 'icebergQuantity' | 'quoteAmount';
}

/**
 * An order as the engine takes it. A quote amount that does not come out even in ticks x lots is rounded down: a BUY spends, and
 * a SELL raises, no more than was said.
 */
export function requestOf(
  owner: Owner,
  side: Side,
  terms: OrderTerms,
  grid: Grid,
): Result<OrderRequest, NotCountable> {
  const hasLimit = 'price' in terms;
  const trigger = 'trigger' in terms ? terms.trigger : undefined;
  const peg = hasLimit ? terms.peg : undefined;
  const price = hasLimit ? ticksOf(terms.price, grid) : NO_TICKS;
  const stopPrice = ticksOf(trigger?.stopPrice, grid);
  const quantity = lotsOf(terms.quantity, grid);
  const icebergQuantity = lotsOf(hasLimit ? terms.icebergQuantity : undefined, grid);
  const quoteAmount = amountOf(terms.type === 'MARKET' ? terms.quoteAmount : undefined, grid);
  if (price === undefined) return err({ reason: 'not_countable', field: 'price' });
  if (stopPrice === undefined) return err({ reason: 'not_countable', field: 'stopPrice' });
  if (quantity === undefined) return err({ reason: 'not_countable', field: 'quantity' });
  if (icebergQuantity === undefined) return err({ reason: 'not_countable', field: 'icebergQuantity' });
  if (quoteAmount === undefined) return err({ reason: 'not_countable', field: 'quoteAmount' });
  return ok({
    account: owner.account,
    tradeGroup: owner.tradeGroup,
    side,
    type: terms.type,
    timeInForce: 'timeInForce' in terms ? terms.timeInForce : 'GTC',
    selfTradePrevention: owner.selfTradePrevention,
    quantity,
    price,
    quoteAmount,
    stopPrice,
    trailingDeltaBps: trigger?.trailingDeltaBps ?? 0,
    icebergQuantity,
    pegPriceType: peg?.priceType ?? 'NONE',
    pegOffsetLevels: peg?.offsetLevels ?? 0,
  });
}

const NO_TICKS = 0 as Ticks;
const NO_LOTS = 0 as Lots;

const ticksOf = (price: Price | undefined, grid: Grid): Ticks | undefined =>
  price === undefined ? NO_TICKS : grid.ticksOf(price);
const lotsOf = (quantity: Quantity | undefined, grid: Grid): Lots | undefined =>
  quantity === undefined ? NO_LOTS : grid.lotsOf(quantity);

/** As a count of ticks x lots, which is a count of units that cost 10^-decimals each. */
function amountOf(amount: QuoteAmount | undefined, grid: Grid): number | undefined {
  if (amount === undefined) return 0;
  const count = Tally.of(amount).affordable(1, grid.priceDecimals + grid.quantityDecimals);
  return Number.isSafeInteger(count) ? count : undefined;
}
