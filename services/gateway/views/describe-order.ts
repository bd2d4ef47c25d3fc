import { formatAmount, formatPrice } from '@tradewind/core/money';
import {
  legsOf,
  limitPriceOf,
  type OrderIntent,
  type OrderListIntent,
  type OrderTerms,
  type Side,
  timeInForceOf,
  triggerOf,
} from '@tradewind/core/orders';

/** `BUY 0.01 BTCUSDT LIMIT at 50000 GTC` */
export const describeIntent = ({
  side,
  symbol,
  terms,
}: Pick<OrderIntent, 'side' | 'symbol' | 'terms'>): string => describeTerms(side, symbol, terms);

/** An order, or a list with its legs: `OCO of SELL ... and SELL ...` */
export const describeWanted = (wanted: OrderIntent | OrderListIntent): string =>
  'kind' in wanted
    ? `${wanted.kind} of ${legsOf(wanted).map(describeIntent).join(' and ')}`
    : describeIntent(wanted);

function describeTerms(side: Side, symbol: string, terms: OrderTerms): string {
  const size =
    terms.quantity === undefined ? `for ${formatAmount(terms.quoteAmount)}` : formatAmount(terms.quantity);
  const words = [side, size, symbol, terms.type];
  const limit = limitPriceOf(terms);
  if (limit !== undefined) words.push(`at ${formatPrice(limit)}`);
  const trigger = triggerOf(terms);
  if (trigger?.stopPrice !== undefined) words.push(`when ${formatPrice(trigger.stopPrice)} is reached`);
  if (trigger?.trailingDeltaBps !== undefined) words.push(`trailing by ${trigger.trailingDeltaBps} bps`);
  const timeInForce = limit === undefined ? undefined : timeInForceOf(terms);
  if (timeInForce !== undefined) words.push(timeInForce);
  return words.join(' ');
}
