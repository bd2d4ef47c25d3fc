import Big from 'big.js';
import type { Side } from './account.ts';
import { isMultiple } from './exact-decimals.ts';

export type ScriptedOrderType =
  | 'MARKET'
  | 'LIMIT'
  | 'LIMIT_MAKER'
  | 'STOP_LOSS'
  | 'TAKE_PROFIT'
  | 'STOP_LOSS_LIMIT'
  | 'TAKE_PROFIT_LIMIT';

/** One order of a script: placed after the close of the bar with index `atBar`. Amounts and prices are texts. */
export interface ScriptedOrder {
  readonly atBar: number;
  readonly side: Side;
  readonly type: ScriptedOrderType;
  readonly quantity?: string;
  /** Instead of the quantity, for a market BUY alone. */
  readonly quoteAmount?: string;
  /** The limit, exactly for the four types that have one. */
  readonly price?: string;
  /** Exactly for the four stop types. */
  readonly stopPrice?: string;
  /** Two orders with the same text are a pair of which one cancels the other. */
  readonly ocoGroup?: string;
}

export const isStop = (type: ScriptedOrderType): boolean =>
  type !== 'MARKET' && type !== 'LIMIT' && type !== 'LIMIT_MAKER';

export const isStopLoss = (type: ScriptedOrderType): boolean =>
  type === 'STOP_LOSS' || type === 'STOP_LOSS_LIMIT';

export const isLimitOnceWorking = (type: ScriptedOrderType): boolean =>
  type !== 'MARKET' && type !== 'STOP_LOSS' && type !== 'TAKE_PROFIT';

/** Throws for a script that no exchange would take: a mistake in the test, not a case to simulate. */
export function checkScript(
  script: readonly ScriptedOrder[],
  bars: number,
  increments: { readonly tick: string; readonly step: string },
): void {
  const tick = Big(increments.tick);
  const step = Big(increments.step);
  const groups = new Map<string, ScriptedOrder[]>();

  for (const [number, order] of script.entries()) {
    const { quantity, quoteAmount, price, stopPrice } = order;
    const claim = (holds: boolean, what: string): void => {
      if (!holds) throw new Error(`order ${number} of the script: ${what}`);
    };
    claim(Number.isInteger(order.atBar) && order.atBar >= 0 && order.atBar < bars, 'its bar exists');
    claim((quantity === undefined) !== (quoteAmount === undefined), 'has a quantity or a quote amount');
    if (quantity !== undefined) claim(isPositiveMultiple(quantity, step), 'its quantity is whole steps');
    if (quoteAmount !== undefined) {
      claim(order.type === 'MARKET' && order.side === 'BUY', 'only a market BUY has a quote amount');
      claim(isPositiveMultiple(quoteAmount, Big('0.00000001')), 'its quote amount has 8 decimals at most');
    }
    claim((price !== undefined) === isLimitOnceWorking(order.type), 'has a limit price if its type has one');
    if (price !== undefined) claim(isPositiveMultiple(price, tick), 'its price is whole ticks');
    claim((stopPrice !== undefined) === isStop(order.type), 'has a stop price if its type has one');
    if (stopPrice !== undefined) claim(isPositiveMultiple(stopPrice, tick), 'its stop price is whole ticks');
    if (order.ocoGroup !== undefined) {
      groups.set(order.ocoGroup, [...(groups.get(order.ocoGroup) ?? []), order]);
    }
  }
  for (const [name, orders] of groups) {
    if (!isPair(orders))
      throw new Error(`OCO group ${name} is not one stop and one target of the same order`);
  }
}

const isPositiveMultiple = (text: string, increment: Big): boolean =>
  Big(text).gt(0) && isMultiple(Big(text), increment);

/** Two orders alike in bar, side and quantity: a stop loss, and a target on the better side of it. */
function isPair(orders: readonly ScriptedOrder[]): boolean {
  const stop = orders.find(({ type }) => isStopLoss(type));
  const target = orders.find(({ type }) => !isStopLoss(type) && type !== 'MARKET');
  if (orders.length !== 2 || stop === undefined || target === undefined) return false;
  if (stop.atBar !== target.atBar || stop.side !== target.side) return false;
  if (!Big(stop.quantity!).eq(target.quantity!)) return false;
  const targetPrice = Big(target.stopPrice ?? target.price!);
  return stop.side === 'SELL' ? targetPrice.gt(stop.stopPrice!) : targetPrice.lt(stop.stopPrice!);
}
