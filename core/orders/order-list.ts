import type { Price } from '../money/index.ts';
import { unreachable } from '../result.ts';
import type { OrderLeg } from './client-order-id.ts';
import type { OrderIntent, OrderListIntent, OrderType, Side } from './order.ts';
import { checkTerms, isStopLoss, limitPriceOf, type TermsRefusal, triggerOf } from './terms.ts';

type Leg = Exclude<OrderLeg, 'list'>;

/** What an order list says that no list may say. `leg` is the one at fault; of a pending pair, its side of the market. */
export type OrderListRefusal =
  | {
      readonly reason: 'leg_refused';
      readonly leg: Leg;
      readonly because: TermsRefusal;
    }
  | {
      readonly reason: 'leg_type_not_allowed';
      readonly leg: Leg;
      readonly side: Side;
      readonly was: OrderType;
    }
  | { readonly reason: 'pending_by_quote_amount' }
  | {
      readonly reason: 'legs_differ';
      readonly in: 'symbol' | 'strategy' | 'side' | 'quantity' | 'selfTradePrevention';
    }
  | { readonly reason: 'prices_not_in_order'; readonly above: Price; readonly below: Price }
  | { readonly reason: 'client_order_id_repeated'; readonly clientOrderId: string };

/** The rules for lists of binance-spot.md section 4.3 that can be judged without a market price. */
export function checkOrderList(list: OrderListIntent): OrderListRefusal | undefined {
  return checkIds(list) ?? checkCommon(list) ?? checkLegs(list);
}

/** The legs in the order in which the venue places them. */
export function legsOf(list: OrderListIntent): readonly [OrderIntent, ...OrderIntent[]] {
  switch (list.kind) {
    case 'OCO':
      return [list.above, list.below];
    case 'OTO':
      return [list.working, list.pending];
    case 'OTOCO':
      return [list.working, list.pendingAbove, list.pendingBelow];
    default:
      return unreachable(list);
  }
}

/** The orders of what is wanted: itself, or its legs in that order. */
export const ordersOf = (wanted: OrderIntent | OrderListIntent): readonly [OrderIntent, ...OrderIntent[]] =>
  'kind' in wanted ? legsOf(wanted) : [wanted];

function checkIds(list: OrderListIntent): OrderListRefusal | undefined {
  const seen = new Set([list.listClientOrderId]);
  for (const { clientOrderId } of legsOf(list)) {
    if (seen.has(clientOrderId)) return { reason: 'client_order_id_repeated', clientOrderId };
    seen.add(clientOrderId);
  }
  return undefined;
}

/** A list has one symbol, one owner and one self-trade prevention mode: the venue takes the mode once for all legs. */
function checkCommon(list: OrderListIntent): OrderListRefusal | undefined {
  const [first, ...others] = legsOf(list);
  for (const other of others) {
    for (const field of ['symbol', 'strategy', 'selfTradePrevention'] as const) {
      if (first[field] !== other[field]) return { reason: 'legs_differ', in: field };
    }
  }
  return undefined;
}

function checkLegs(list: OrderListIntent): OrderListRefusal | undefined {
  switch (list.kind) {
    case 'OCO':
      return checkPair(list.above, list.below);
    case 'OTO':
      return checkWorking(list.working) ?? checkPending(list.pending);
    case 'OTOCO':
      return checkWorking(list.working) ?? checkPair(list.pendingAbove, list.pendingBelow);
    default:
      return unreachable(list);
  }
}

function checkWorking(working: OrderIntent): OrderListRefusal | undefined {
  const { side, terms } = working;
  if (terms.type !== 'LIMIT' && terms.type !== 'LIMIT_MAKER') {
    return { reason: 'leg_type_not_allowed', leg: 'working', side, was: terms.type };
  }
  return checkLegTerms('working', working);
}

function checkPending(pending: OrderIntent): OrderListRefusal | undefined {
  if (pending.terms.quantity === undefined) return { reason: 'pending_by_quote_amount' };
  return checkLegTerms('pending', pending);
}

/** A SELL pair takes profit above the market and stops below it; a BUY pair the other way round. */
function checkPair(above: OrderIntent, below: OrderIntent): OrderListRefusal | undefined {
  if (above.side !== below.side) return { reason: 'legs_differ', in: 'side' };
  const side = above.side;
  const [fitsAbove, fitsBelow] = side === 'SELL' ? [takesProfit, isStopLoss] : [isStopLoss, takesProfit];
  if (!fitsAbove(above.terms.type)) {
    return { reason: 'leg_type_not_allowed', leg: 'above', side, was: above.terms.type };
  }
  if (!fitsBelow(below.terms.type)) {
    return { reason: 'leg_type_not_allowed', leg: 'below', side, was: below.terms.type };
  }
  const refusal = checkLegTerms('above', above) ?? checkLegTerms('below', below);
  if (refusal !== undefined) return refusal;
  if (above.terms.quantity !== below.terms.quantity) return { reason: 'legs_differ', in: 'quantity' };
  const high = restingPriceOf(above);
  const low = restingPriceOf(below);
  if (high !== undefined && low !== undefined && high <= low) {
    return { reason: 'prices_not_in_order', above: high, below: low };
  }
  return undefined;
}

function checkLegTerms(leg: Leg, { terms }: OrderIntent): OrderListRefusal | undefined {
  const because = checkTerms(terms);
  return because === undefined ? undefined : { reason: 'leg_refused', leg, because };
}

/** Where the leg waits: its stop price, or the price of a limit. undefined for a stop that only trails. */
function restingPriceOf(leg: OrderIntent): Price | undefined {
  const trigger = triggerOf(leg.terms);
  return trigger === undefined ? limitPriceOf(leg.terms) : trigger.stopPrice;
}

const takesProfit = (type: OrderType): boolean =>
  type === 'LIMIT_MAKER' || type === 'TAKE_PROFIT' || type === 'TAKE_PROFIT_LIMIT';
