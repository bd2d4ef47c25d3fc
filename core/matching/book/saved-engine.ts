import type { Lots } from '../../market/index.ts';
import type { ListKind, ListPhase } from '../contingency.ts';
import type { OpenOrders } from './open-orders.ts';
import { type OrderPool, PENDING, RESTING, type SideCode, WAITING } from './order-pool.ts';

/** Everything that an engine knows between two commands: plain numbers and words, so that JSON keeps it exactly. */
export interface SavedEngine {
  readonly lastOrderId: number;
  readonly lastListId: number;
  readonly lastTradeId: number;
  readonly lastPreventedMatchId: number;
  readonly lastPrice: number;
  /** Resting orders in the order of their queues, best price first; then waiting stops; then pending orders. */
  readonly resting: readonly SavedOrder[];
  readonly stopsAbove: readonly SavedOrder[];
  readonly stopsBelow: readonly SavedOrder[];
  readonly followers: readonly SavedFollower[];
  readonly pending: readonly SavedOrder[];
  readonly lists: readonly SavedList[];
  /** Price, shown, available, ... worst first. */
  readonly outsideBids: readonly number[];
  readonly outsideAsks: readonly number[];
}

/** Words as the order pool counts them. */
export interface SavedOrder {
  readonly id: number;
  readonly account: number;
  readonly tradeGroup: number;
  readonly side: number;
  readonly type: number;
  readonly timeInForce: number;
  readonly prevention: number;
  readonly original: number;
  readonly open: number;
  readonly executed: number;
  readonly visible: number;
  /** null for an unknown queue, which counts as endless: JSON knows no infinity. */
  readonly ahead: number | null;
  readonly price: number;
  readonly stopPrice: number;
  readonly trailingDelta: number;
  readonly slice: number;
  readonly peg: number;
  readonly pegOffset: number;
  readonly list: number;
}

export interface SavedFollower {
  readonly order: SavedOrder;
  /** 0 until it follows the price. */
  readonly extreme: number;
}

export interface SavedList {
  readonly id: number;
  readonly kind: ListKind;
  readonly phase: ListPhase;
  /** Order ids; 0 where the leg has ended. */
  readonly legs: readonly number[];
  readonly workingOrderId: number;
  readonly workingExecuted: number;
}

/** The same on a finer grid: prices and quantities are whole multiples of what they were. */
export function refine(saved: SavedEngine, priceFactor: number, quantityFactor: number): SavedEngine {
  const order = (one: SavedOrder): SavedOrder => ({
    ...one,
    original: one.original * quantityFactor,
    open: one.open * quantityFactor,
    executed: one.executed * quantityFactor,
    visible: one.visible * quantityFactor,
    ahead: one.ahead === null ? null : one.ahead * quantityFactor,
    slice: one.slice * quantityFactor,
    price: one.price * priceFactor,
    stopPrice: one.stopPrice * priceFactor,
  });
  const levels = (flat: readonly number[]): number[] =>
    flat.map((value, at) => value * (at % 3 === 0 ? priceFactor : quantityFactor));
  return {
    ...saved,
    lastPrice: saved.lastPrice * priceFactor,
    resting: saved.resting.map(order),
    stopsAbove: saved.stopsAbove.map(order),
    stopsBelow: saved.stopsBelow.map(order),
    followers: saved.followers.map((one) => ({
      order: order(one.order),
      extreme: one.extreme * priceFactor,
    })),
    pending: saved.pending.map(order),
    lists: saved.lists.map((list) => ({ ...list, workingExecuted: list.workingExecuted * quantityFactor })),
    outsideBids: levels(saved.outsideBids),
    outsideAsks: levels(saved.outsideAsks),
  };
}

type SavedOrders = Pick<
  SavedEngine,
  'lastOrderId' | 'lastListId' | 'resting' | 'stopsAbove' | 'stopsBelow' | 'followers' | 'pending' | 'lists'
>;

export function saveOrders(orders: OpenOrders): SavedOrders {
  const { pool, stops, lists, book } = orders;
  const save = (slot: number): SavedOrder => saveOrder(pool, slot);
  return {
    lastOrderId: orders.lastOrderId,
    lastListId: lists.lastId,
    resting: [...book.bids.slots(), ...book.asks.slots()].map(save),
    stopsAbove: stops.above.map(save),
    stopsBelow: stops.below.map(save),
    followers: stops.followers.map(({ slot, stop }) => ({ order: save(slot), extreme: stop.extreme ?? 0 })),
    pending: [...lists.allOpen()]
      .flatMap(({ legs }) => legs)
      .filter((slot) => slot !== -1 && pool.state(slot) === PENDING)
      .map(save),
    lists: [...lists.allOpen()].map((list) => ({
      id: list.id,
      kind: list.kind,
      phase: list.phase,
      legs: list.legs.map((slot) => (slot === -1 ? 0 : pool.id(slot))),
      workingOrderId: list.workingOrderId,
      workingExecuted: list.workingExecuted,
    })),
  };
}

/** Into orders that are empty. */
export function restoreOrders(orders: OpenOrders, saved: SavedOrders): void {
  const { pool, stops, lists, book } = orders;
  const restore = (order: SavedOrder, state: number): number => {
    const slot = orders.readmit(order.id);
    restoreOrder(pool, slot, order);
    pool.setState(slot, state);
    return slot;
  };
  for (const order of saved.resting) {
    const slot = restore(order, RESTING);
    book.side(pool.side(slot)).add(slot);
  }
  for (const order of saved.stopsAbove) stops.above.push(restore(order, WAITING));
  for (const order of saved.stopsBelow) stops.below.push(restore(order, WAITING));
  for (const { order, extreme } of saved.followers) {
    stops.add(restore(order, WAITING));
    if (extreme !== 0) stops.followers.at(-1)!.stop.resume(extreme);
  }
  for (const order of saved.pending) restore(order, PENDING);
  for (const { legs, workingExecuted, ...list } of saved.lists) {
    lists.restore({
      ...list,
      legs: legs.map((id) => (id === 0 ? -1 : orders.slotOf(id))),
      workingExecuted: workingExecuted as Lots,
    });
  }
  orders.lastOrderId = saved.lastOrderId;
  lists.lastId = saved.lastListId;
}

function saveOrder(pool: OrderPool, slot: number): SavedOrder {
  const ahead = pool.ahead(slot);
  const isResting = pool.state(slot) === RESTING;
  return {
    id: pool.id(slot),
    account: pool.account(slot),
    tradeGroup: pool.tradeGroup(slot),
    side: pool.side(slot),
    type: pool.type(slot),
    timeInForce: pool.timeInForce(slot),
    prevention: pool.prevention(slot),
    original: pool.original(slot),
    open: pool.open(slot),
    executed: pool.executed(slot),
    // Outside the book a slot has what its last order left there.
    visible: isResting ? pool.visible(slot) : 0,
    ahead: isResting && Number.isFinite(ahead) ? ahead : null,
    price: pool.price(slot),
    stopPrice: pool.stopPrice(slot),
    trailingDelta: pool.trailingDelta(slot),
    slice: pool.slice(slot),
    peg: pool.peg(slot),
    pegOffset: pool.pegOffset(slot),
    list: pool.list(slot),
  };
}

function restoreOrder(pool: OrderPool, slot: number, order: SavedOrder): void {
  pool.setId(slot, order.id);
  pool.setAccount(slot, order.account);
  pool.setTradeGroup(slot, order.tradeGroup);
  pool.setSide(slot, order.side as SideCode);
  pool.setType(slot, order.type);
  pool.setTimeInForce(slot, order.timeInForce);
  pool.setPrevention(slot, order.prevention);
  pool.setOriginal(slot, order.original);
  pool.setOpen(slot, order.open);
  pool.setExecuted(slot, order.executed);
  pool.setVisible(slot, order.visible);
  pool.setAhead(slot, order.ahead ?? Number.POSITIVE_INFINITY);
  pool.setPrice(slot, order.price);
  pool.setStopPrice(slot, order.stopPrice);
  pool.setTrailingDelta(slot, order.trailingDelta);
  pool.setSlice(slot, order.slice);
  pool.setPeg(slot, order.peg);
  pool.setPegOffset(slot, order.pegOffset);
  pool.setList(slot, order.list);
}
