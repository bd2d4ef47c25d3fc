import {
  add,
  isZero,
  maximum,
  type Price,
  type Quantity,
  type Ratio,
  share,
  subtract,
  toMultiple,
  unitsOf,
  zero,
} from '@tradewind/core/money';
import type { BookLevel, ExchangePort, Order } from '../exchange/index.ts';

const DEPTH = 5000;

/** What an open order can still trade. */
export const openQuantity = ({ quantity, executedQuantity, preventedQuantity }: Order): Quantity =>
  subtract(subtract(quantity ?? zero<Quantity>(), executedQuantity), preventedQuantity);

/**
 * Somebody from outside trades a share of what is open of a resting order, and all that stands before it in the book.
 * @param part  above 0, at most 1; rounded down to the lot size
 * @returns why it cannot be done; undefined when it is done
 */
export function fillFromOutside(exchange: ExchangePort, order: Order, part: Ratio): string | undefined {
  const price = order.peggedPrice ?? order.price;
  if (!order.isWorking || isZero(price)) return `order ${order.orderId} does not rest in the book`;
  const { filters } = exchange.symbol(order.symbol)!.instrument;
  const open = openQuantity(order);
  const wanted = floorTo(share(open, part, 'receive'), filters.lot.step);
  if (isZero(wanted)) return `order ${order.orderId} has nothing open that is as large as a lot`;
  const { bids, asks } = exchange.depth(order.symbol, DEPTH);
  const levels = order.side === 'SELL' ? asks : bids;
  const before = standingBefore(levels, order, price, open);
  // A tick beyond its price: a trade at that price itself could leave the order waiting in the queue.
  const tick = filters.price.tick ?? price;
  const beyond = order.side === 'SELL' ? add(price, tick) : maximum(subtract(price, tick), tick);
  const takerSide = order.side === 'SELL' ? 'BUY' : 'SELL';
  const isTaken = exchange.applyTrade(order.symbol, beyond, add(before, wanted), takerSide);
  return isTaken ? undefined : `${order.symbol} does not trade now`;
}

/** The quantity of all that would be traded before this order is: it counts as the last one at its price. */
export function standingBefore(
  levels: readonly BookLevel[],
  { side }: Order,
  price: Price,
  open: Quantity,
): Quantity {
  let before = zero<Quantity>();
  for (const level of levels) {
    const isBetter =
      side === 'SELL' ? unitsOf(level.price) < unitsOf(price) : unitsOf(level.price) > unitsOf(price);
    if (isBetter) before = add(before, level.quantity);
    if (unitsOf(level.price) === unitsOf(price)) {
      before = add(before, maximum(subtract(level.quantity, open), zero<Quantity>()));
    }
  }
  return before;
}

const floorTo = (quantity: Quantity, step: Quantity | undefined): Quantity =>
  step === undefined ? quantity : toMultiple(quantity, step, 'floor');
