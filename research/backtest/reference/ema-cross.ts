import Big from 'big.js';
import { type Account, equity, type ReferenceFill, settle, slippedPrice } from './account.ts';
import { floorQuotientToStep, floorTo8Decimals, floorToMultiple, plain } from './exact-decimals.ts';
import type { Row } from './read-rows.ts';

/** Amounts, prices and rates are decimal texts; a bound that is left out is off. */
export interface EmaCrossOptions {
  readonly cash: string;
  readonly takerFee: string;
  readonly fast: number;
  readonly slow: number;
  readonly fraction: string;
  readonly slippageBps: number;
  readonly tick: string;
  readonly step: string;
  readonly minimumQuantity?: string;
  readonly maximumQuantity?: string;
  readonly minimumNotional?: string;
}

export type EmaCrossRefusal =
  | 'zero_amount'
  | 'notional_below_minimum'
  | 'quote_amount_below_one_step'
  | 'quantity_below_minimum'
  | 'quantity_above_maximum'
  | 'insufficient_balance';

export interface EmaCrossResult {
  readonly fills: readonly ReferenceFill[];
  /** Cash plus holdings at the last close, a plain decimal of at most 8 decimals. */
  readonly finalEquity: string;
  readonly finalQuote: string;
  readonly finalBase: string;
  readonly refused: Readonly<Record<EmaCrossRefusal, number>>;
  /** Orders that never traded: placed after the last bar, or too small for one step at the fill price. */
  readonly expired: number;
}

type MarketOrder = { side: 'BUY'; quoteAmount: Big } | { side: 'SELL'; quantity: Big };

/** Rule 6 with rules 1, 2, 4 and 5. */
export function referenceEmaCross(rows: readonly Row[], options: EmaCrossOptions): EmaCrossResult {
  const tick = Big(options.tick);
  const step = Big(options.step);
  const feeRate = Big(options.takerFee);
  const closes = rows.map((row) => Number(row.close));
  const fast = exponentialMovingAverage(closes, options.fast);
  const slow = exponentialMovingAverage(closes, options.slow);

  const account: Account = { quote: Big(options.cash), base: Big(0) };
  const fills: ReferenceFill[] = [];
  const refused: Record<EmaCrossRefusal, number> = {
    zero_amount: 0,
    notional_below_minimum: 0,
    quote_amount_below_one_step: 0,
    quantity_below_minimum: 0,
    quantity_above_maximum: 0,
    insufficient_balance: 0,
  };
  let expired = 0;
  let waiting: MarketOrder | undefined;

  for (const [index, row] of rows.entries()) {
    // Rule 1 and 2: what was ordered after the bar before trades at this bar's open.
    if (waiting !== undefined) {
      const price = slippedPrice(Big(row.open), waiting.side, options.slippageBps, tick);
      const quantity =
        waiting.side === 'BUY' ? floorQuotientToStep(waiting.quoteAmount, price, step) : waiting.quantity;
      if (quantity.eq(0)) expired += 1;
      else fills.push(settle(account, { timeMs: row.timeMs, side: waiting.side, quantity, price, feeRate }));
      waiting = undefined;
    }

    // Rule 6: the bar has closed; the averages must be defined on this bar and on the one before.
    const fastBefore = fast[index - 1];
    const slowBefore = slow[index - 1];
    const fastNow = fast[index];
    const slowNow = slow[index];
    if (fastBefore === undefined || slowBefore === undefined) continue;
    if (fastNow === undefined || slowNow === undefined) continue;
    const crossesAbove = fastBefore <= slowBefore && fastNow > slowNow;
    const crossesBelow = fastBefore >= slowBefore && fastNow < slowNow;
    const holding = floorToMultiple(account.base, step);

    let order: MarketOrder | undefined;
    if (holding.eq(0) && crossesAbove) {
      const quoteAmount = floorTo8Decimals(account.quote.times(options.fraction));
      order = { side: 'BUY', quoteAmount };
    } else if (holding.gt(0) && crossesBelow) {
      order = { side: 'SELL', quantity: holding };
    }
    if (order === undefined) continue;

    const refusal = refusalOf(order, account, Big(row.close), options);
    if (refusal === undefined) waiting = order;
    else refused[refusal] += 1;
  }

  // Rule 5: the data ends before the last order can trade.
  if (waiting !== undefined) expired += 1;

  const lastClose = Big(rows[rows.length - 1]?.close ?? 0);
  return {
    fills,
    finalEquity: plain(equity(account, lastClose)),
    finalQuote: plain(account.quote),
    finalBase: plain(account.base),
    refused,
    expired,
  };
}

/**
 * TA-Lib's exponential moving average in doubles: undefined before the nth value, the mean of the first n values
 * there, and from then on moved towards each value by 2 / (n + 1) of the distance.
 */
function exponentialMovingAverage(values: readonly number[], length: number): (number | undefined)[] {
  const factor = 2 / (length + 1);
  const averages: (number | undefined)[] = [];
  let sum = 0;
  let average = 0;
  for (const [index, value] of values.entries()) {
    if (index < length) sum += value;
    if (index === length - 1) average = sum / length;
    if (index >= length) average = average + factor * (value - average);
    averages.push(index < length - 1 ? undefined : average);
  }
  return averages;
}

/** The first reason against the order, in the order written here; prices are judged by the close just seen. */
function refusalOf(
  order: MarketOrder,
  account: Account,
  close: Big,
  options: EmaCrossOptions,
): EmaCrossRefusal | undefined {
  const isBuy = order.side === 'BUY';
  const amount = isBuy ? order.quoteAmount : order.quantity;
  const notional = isBuy ? order.quoteAmount : order.quantity.times(close);
  const quantity = isBuy ? floorQuotientToStep(order.quoteAmount, close, Big(options.step)) : order.quantity;
  const balance = isBuy ? account.quote : account.base;

  const { minimumNotional, minimumQuantity, maximumQuantity } = options;
  const isNotionalTooSmall = minimumNotional !== undefined && notional.lt(minimumNotional);
  if (amount.eq(0)) return 'zero_amount';
  // A quote amount is its own notional and is judged first; the notional of a quantity takes a price and is judged last.
  if (isBuy && isNotionalTooSmall) return 'notional_below_minimum';
  if (quantity.eq(0)) return 'quote_amount_below_one_step';
  if (minimumQuantity !== undefined && quantity.lt(minimumQuantity)) return 'quantity_below_minimum';
  if (maximumQuantity !== undefined && quantity.gt(maximumQuantity)) return 'quantity_above_maximum';
  if (isNotionalTooSmall) return 'notional_below_minimum';
  if (amount.gt(balance)) return 'insufficient_balance';
  return undefined;
}
