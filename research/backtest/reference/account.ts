import Big from 'big.js';
import {
  ceilTo8Decimals,
  ceilToMultiple,
  floorTo8Decimals,
  floorToMultiple,
  plain,
} from './exact-decimals.ts';

export type Side = 'BUY' | 'SELL';

/** What we own, locked or not. Changed in place by `settle`. */
export interface Account {
  quote: Big;
  base: Big;
}

/** Amounts as plain decimals; `timeMs` is the open time of the bar in which it traded. */
export interface ReferenceFill {
  readonly timeMs: number;
  readonly side: Side;
  readonly quantity: string;
  readonly price: string;
  readonly fee: string;
  readonly feeAsset: 'base' | 'quote';
}

/** Rule 2: a market order's price, from the price of the bar. Without slippage that price is not altered at all. */
export function slippedPrice(price: Big, side: Side, slippageBps: number, tick: Big): Big {
  if (slippageBps === 0) return price;
  if (side === 'BUY') {
    const moved = price.times(Big(10_000).plus(slippageBps)).times('0.0001');
    return ceilToMultiple(moved, tick);
  }
  const moved = price.times(Big(10_000).minus(slippageBps)).times('0.0001');
  const rounded = floorToMultiple(moved, tick);
  return rounded.eq(0) ? tick : rounded;
}

/** Rule 4: what a BUY takes from the quote balance. */
export const buyCost = (quantity: Big, price: Big): Big => ceilTo8Decimals(quantity.times(price));

/** Rule 4: books one fill on the account and returns its record. */
export function settle(
  account: Account,
  trade: { timeMs: number; side: Side; quantity: Big; price: Big; feeRate: Big },
): ReferenceFill {
  let fee: Big;
  if (trade.side === 'BUY') {
    fee = ceilTo8Decimals(trade.feeRate.times(trade.quantity));
    account.quote = account.quote.minus(buyCost(trade.quantity, trade.price));
    account.base = account.base.plus(trade.quantity).minus(fee);
  } else {
    const received = floorTo8Decimals(trade.quantity.times(trade.price));
    fee = ceilTo8Decimals(trade.feeRate.times(received));
    account.base = account.base.minus(trade.quantity);
    account.quote = account.quote.plus(received).minus(fee);
  }
  if (account.quote.lt(0) || account.base.lt(0)) throw new Error('a fill made a balance negative');
  return {
    timeMs: trade.timeMs,
    side: trade.side,
    quantity: plain(trade.quantity),
    price: plain(trade.price),
    fee: plain(fee),
    feeAsset: trade.side === 'BUY' ? 'base' : 'quote',
  };
}

/** Cash and holdings at the last close, a quote amount, so rounded down at 8 decimals by rule 4. */
export const equity = (account: Account, lastClose: Big): Big =>
  account.quote.plus(floorTo8Decimals(account.base.times(lastClose)));
