import type { Lots, Ticks } from '../../../market/index.ts';
import type { SelfTradePrevention } from '../../../orders/index.ts';
import type { MatchingListener } from '../listener.ts';
import type { OrderRequest } from '../request.ts';

interface PlainOrder {
  readonly id: number;
  readonly request: OrderRequest;
  original: number;
  executed: number;
  prevented: number;
  /** What others can meet now, while it rests. */
  visible: number;
  /** When it joined its queue. */
  turn: number;
  place: 'book' | 'stops' | 'nowhere';
}

/**
 * A second exchange, slow and obvious: one list of orders, sorted anew whenever something is looked for. Limit, post-only,
 * market and stop orders, every time in force, icebergs, self-trade prevention, amendments; no lists, pegs, trailing stops or outside.
 */
export class PlainExchange {
  private orders: PlainOrder[] = [];
  private readonly listener: MatchingListener;
  private last = 0;
  private orderIds = 0;
  private tradeIds = 0;
  private preventedIds = 0;
  private turns = 0;

  constructor(listener: MatchingListener) {
    this.listener = listener;
  }

  place(request: OrderRequest): void {
    if (request.type === 'LIMIT_MAKER' && this.crossing(request).length > 0) return;
    const isStop = request.stopPrice > 0;
    if (isStop && this.last > 0 && fires(request, this.last)) return;
    const order: PlainOrder = {
      id: ++this.orderIds,
      request,
      original: request.quantity,
      executed: 0,
      prevented: 0,
      visible: 0,
      turn: ++this.turns,
      place: isStop ? 'stops' : 'nowhere',
    };
    this.orders.push(order);
    this.listener.accepted(order.id, request, false);
    const trades = this.tradeIds;
    if (!isStop) this.match(order);
    this.runStops(trades);
  }

  cancel(id: number): void {
    const order = this.orders.find((other) => other.id === id);
    if (order === undefined) return;
    this.end(order);
    this.listener.canceled(id);
  }

  amend(id: number, quantity: number): void {
    const order = this.orders.find((other) => other.id === id);
    if (order === undefined || quantity >= order.original || quantity <= order.executed + order.prevented)
      return;
    order.original = quantity;
    order.visible = Math.min(order.visible, open(order));
    this.listener.replaced(id, quantity as Lots);
  }

  /** The resting orders of a side in the order in which they trade. */
  queue(side: 'BUY' | 'SELL'): PlainOrder[] {
    const better = side === 'BUY' ? -1 : 1;
    return this.orders
      .filter((order) => order.place === 'book' && order.request.side === side)
      .sort((a, b) => better * (a.request.price - b.request.price) || a.turn - b.turn);
  }

  get openOrders(): readonly PlainOrder[] {
    return this.orders;
  }

  private match(taker: PlainOrder): void {
    const { request } = taker;
    const isMarket = ['MARKET', 'STOP_LOSS', 'TAKE_PROFIT'].includes(request.type);
    if (!isMarket && request.timeInForce === 'FOK' && !this.couldFill(taker)) {
      this.expire(taker, 'UNFILLED_FOK_ORDER_EXPIRED');
      return;
    }
    while (open(taker) > 0) {
      const maker = this.crossing(request)[0];
      if (maker === undefined) break;
      if (isOneOwner(request, maker.request)) this.prevent(taker, maker);
      else this.trade(taker, maker);
      if (!this.orders.includes(taker)) return;
    }
    if (open(taker) === 0) this.end(taker);
    else if (isMarket) this.expire(taker, 'INSUFFICIENT_LIQUIDITY');
    else if (request.timeInForce === 'IOC') this.expire(taker, 'UNFILLED_IOC_QUANTITY_EXPIRED');
    else if (request.timeInForce === 'FOK') this.expire(taker, 'UNFILLED_FOK_ORDER_EXPIRED');
    else {
      taker.place = 'book';
      taker.turn = ++this.turns;
      taker.visible = slice(taker);
    }
  }

  private trade(taker: PlainOrder, maker: PlainOrder): void {
    const quantity = Math.min(open(taker), maker.visible);
    this.tradeIds += 1;
    this.last = maker.request.price;
    const { side } = taker.request;
    this.listener.trade(this.tradeIds, this.last as Ticks, quantity as Lots, side, taker.id, maker.id);
    taker.executed += quantity;
    maker.executed += quantity;
    this.show(maker, quantity);
    if (open(maker) === 0) this.end(maker);
  }

  private prevent(taker: PlainOrder, maker: PlainOrder): void {
    let mode: SelfTradePrevention = taker.request.selfTradePrevention;
    const isTransfer =
      maker.request.selfTradePrevention === 'TRANSFER' && maker.request.account !== taker.request.account;
    if (mode === 'TRANSFER' && !isTransfer) mode = 'DECREMENT';
    const both = Math.min(open(taker), maker.visible);
    let quantities: readonly [number, number] = [both, both];
    if (mode === 'EXPIRE_TAKER') quantities = [open(taker), 0];
    if (mode === 'EXPIRE_MAKER') quantities = [0, open(maker)];
    if (mode === 'EXPIRE_BOTH') quantities = [open(taker), open(maker)];
    const [ofTaker, ofMaker] = quantities as readonly [Lots, Lots];
    this.preventedIds += 1;
    const price = maker.request.price;
    this.listener.prevented(this.preventedIds, price, taker.id, maker.id, ofTaker, ofMaker, mode);
    taker.prevented += ofTaker;
    maker.prevented += ofMaker;
    this.show(maker, Math.min(ofMaker, maker.visible));
    for (const order of [maker, taker]) {
      if (open(order) > 0) continue;
      this.end(order);
      this.listener.expiredInMatch(order.id);
    }
  }

  /** The visible part shrinks; when it is gone the order shows its next slice, last in its queue. */
  private show(maker: PlainOrder, quantity: number): void {
    maker.visible -= quantity;
    if (maker.visible > 0 || open(maker) === 0) return;
    maker.visible = slice(maker);
    maker.turn = ++this.turns;
  }

  private couldFill(taker: PlainOrder): boolean {
    let there = 0;
    for (const maker of this.crossing(taker.request)) {
      if (there >= open(taker)) break;
      if (!isOneOwner(taker.request, maker.request)) there += open(maker);
      else if (taker.request.selfTradePrevention !== 'EXPIRE_MAKER') return false;
    }
    return there >= open(taker);
  }

  /** The makers that an order can meet, next one first. */
  private crossing(request: OrderRequest): PlainOrder[] {
    const makers = this.queue(request.side === 'BUY' ? 'SELL' : 'BUY');
    if (request.price === 0) return makers;
    return makers.filter(({ request: { price } }) =>
      request.side === 'BUY' ? price <= request.price : price >= request.price,
    );
  }

  /** Fired stops wait in line; after each one the price that it left is looked at again. */
  private runStops(tradesBefore: number): void {
    const line: PlainOrder[] = [];
    let seen = tradesBefore;
    for (;;) {
      if (this.tradeIds > seen) {
        seen = this.tradeIds;
        const fired = this.orders
          .filter((order) => order.place === 'stops' && fires(order.request, this.last))
          .sort(
            (a, b) => Number(isAbove(b.request)) - Number(isAbove(a.request)) || nearer(a, b) || a.id - b.id,
          );
        for (const order of fired) {
          order.place = 'nowhere';
          this.listener.triggered(order.id);
          line.push(order);
        }
      }
      const next = line.shift();
      if (next === undefined) return;
      this.match(next);
    }
  }

  private expire(order: PlainOrder, reason: Parameters<MatchingListener['expired']>[1]): void {
    this.end(order);
    this.listener.expired(order.id, reason);
  }

  private end(order: PlainOrder): void {
    this.orders = this.orders.filter((other) => other !== order);
  }
}

const open = (order: PlainOrder): number => order.original - order.executed - order.prevented;
const slice = (order: PlainOrder): number =>
  order.request.icebergQuantity === 0 ? open(order) : Math.min(order.request.icebergQuantity, open(order));

const isAbove = ({ type, side }: OrderRequest): boolean => type.startsWith('STOP_LOSS') === (side === 'BUY');
const fires = (request: OrderRequest, last: number): boolean =>
  isAbove(request) ? last >= request.stopPrice : last <= request.stopPrice;
const nearer = (a: PlainOrder, b: PlainOrder): number =>
  (isAbove(a.request) ? 1 : -1) * (a.request.stopPrice - b.request.stopPrice);

function isOneOwner(taker: OrderRequest, maker: OrderRequest): boolean {
  const isGroup = taker.tradeGroup !== 0 && taker.tradeGroup === maker.tradeGroup;
  return taker.selfTradePrevention !== 'NONE' && (taker.account === maker.account || isGroup);
}
