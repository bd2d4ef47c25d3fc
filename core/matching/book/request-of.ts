import type { Grid } from '../../market/index.ts';
import { type QuoteAmount, Tally } from '../../money/index.ts';
import {
  type OrderTerms,
  pegOf,
  type SelfTradePrevention,
  type Side,
  timeInForceOf,
  triggerOf,
} from '../../orders/index.ts';
import { err, ok, type Result } from '../../result.ts';
import { counted, type NotCountable } from '../counted.ts';
import type { OrderRequest } from './request.ts';

/** Whose order it is, as the engine wants to know it. */
export interface Owner {
  readonly account: number;
  /** 0 for none. */
  readonly tradeGroup: number;
  readonly selfTradePrevention: SelfTradePrevention;
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
  const count = counted(terms, grid);
  if (!count.ok) return count;
  const amount = terms.type === 'MARKET' ? terms.quoteAmount : undefined;
  const quoteAmount = amountOf(amount, grid);
  if (quoteAmount === undefined) {
    return err({ reason: 'not_countable', field: 'quoteAmount', was: amount! });
  }
  const peg = pegOf(terms);
  return ok({
    account: owner.account,
    tradeGroup: owner.tradeGroup,
    side,
    type: terms.type,
    timeInForce: timeInForceOf(terms),
    selfTradePrevention: owner.selfTradePrevention,
    ...count.value,
    quoteAmount,
    trailingDeltaBps: triggerOf(terms)?.trailingDeltaBps ?? 0,
    pegPriceType: peg?.priceType ?? 'NONE',
    pegOffsetLevels: peg?.offsetLevels ?? 0,
  });
}

/** As a count of ticks x lots, which is a count of units that cost 10^-decimals each. */
function amountOf(amount: QuoteAmount | undefined, grid: Grid): number | undefined {
  if (amount === undefined) return 0;
  const count = Tally.of(amount).affordable(1, grid.priceDecimals + grid.quantityDecimals);
  return Number.isSafeInteger(count) ? count : undefined;
}
