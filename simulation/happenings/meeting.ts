import { fromUnits, isZero, type Quantity, ratio, unitsOf } from '@tradewind/core/money';
import type { SelfTradePrevention } from '@tradewind/core/orders';
import {
  type ExecutionReport,
  fillFromOutside,
  openQuantity,
  standingBefore,
} from '@tradewind/exchange-simulator';
import type { SeededRandom } from '@tradewind/utils';
import type { World } from '../world/world.ts';
import { between, IN_FLIGHT_MS } from './happening.ts';

type Order = ExecutionReport['order'];
type Side = Order['side'];

/** More levels than a book of the made-up market has. */
const DEPTH = 5_000;
const HALF = ratio('0.5');

/** Calls back a few ms after an order of our account has begun to rest, for as long as it lasts. */
export function atEachNew(world: World, random: SeededRandom, act: (order: Order) => void): () => void {
  return world.simulator.exchange.listen({
    executionReport: ({ executionType, order }) => {
      if (executionType !== 'NEW' || order.account !== world.account) return;
      world.time.after(between(random, 0, IN_FLIGHT_MS), () => {
        const now = world.simulator.exchange.order(order.account, order);
        if (now.ok && isInBook(now.value)) act(now.value);
      });
    },
  });
}

const other = (side: Side): Side => (side === 'BUY' ? 'SELL' : 'BUY');

/** Somebody from outside takes what stands before an order of ours, and then it meets another of our account. */
function meet(world: World, order: Order, wanted: Quantity, mode: SelfTradePrevention): void {
  const { exchange } = world.simulator;
  const { symbol, price: at, side } = order;
  const { bids, asks } = exchange.depth(symbol, DEPTH);
  const others = standingBefore(side === 'BUY' ? bids : asks, order, at, openQuantity(order));
  if (unitsOf(others) > 0n) exchange.applyTrade(symbol, at, others, other(side));
  exchange.placeByHand(world.account, symbol, {
    side: other(side),
    type: 'LIMIT',
    timeInForce: 'IOC',
    price: at,
    quantity: wanted,
    selfTradePrevention: mode,
  });
}

/** A step that every symbol of the world has. */
const STEP = 10_000n;
const halfOf = (order: Order): Quantity => fromUnits((unitsOf(openQuantity(order)) / 2n / STEP) * STEP);

/** It meets another order of our account, and expires in this match. */
export const expireInMatch = (world: World, order: Order): void =>
  meet(world, order, openQuantity(order), 'EXPIRE_MAKER');

/** Whether an order can be met in the book. */
export const isInBook = ({ isWorking, price }: Order): boolean => isWorking && !isZero(price);

/** What becomes of an order before anything else is heard of it: a part is filled, it meets another, or somebody cancels it by hand. */
export function befall(world: World, random: SeededRandom, order: Order): void {
  const { exchange } = world.simulator;
  const { account, symbol, orderId } = order;
  const list =
    order.orderListId === -1 ? undefined : exchange.orderList(account, { orderListId: order.orderListId });
  const hasPending = list?.ok === true && list.value.orders.some((leg) => isPending(world, order, leg));
  // The others of its list begin to rest with it.
  if (hasPending) return void fillFromOutside(exchange, order, ratio('1'));
  const chance = random.nextFraction();
  if (chance < 0.35) fillFromOutside(exchange, order, HALF);
  else if (chance < 0.5) exchange.cancelOrder(account, { symbol, orderId });
  else if (chance < 0.85) meet(world, order, halfOf(order), 'DECREMENT');
  else expireInMatch(world, order);
}

function isPending(world: World, { account, symbol }: Order, leg: { readonly orderId: number }): boolean {
  const now = world.simulator.exchange.order(account, { symbol, orderId: leg.orderId });
  return now.ok && now.value.status === 'PENDING_NEW';
}
