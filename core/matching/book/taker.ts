import type { Lots, Ticks } from '../../market/index.ts';
import { SELF_TRADE_PREVENTION_MODES } from '../../orders/index.ts';
import { LevelWalk } from './level-walk.ts';
import type { MatchingListener } from './listener.ts';
import { OUTSIDE } from './listener.ts';
import type { OpenOrders } from './open-orders.ts';
import {
  BUY,
  DECREMENT,
  EXPIRE_BOTH,
  EXPIRE_MAKER,
  EXPIRE_TAKER,
  NONE,
  type OrderPool,
  SELL,
  type SideCode,
  TRANSFER,
} from './order-pool.ts';
import type { OutsideSide } from './outside-side.ts';
import type { QueueSide } from './queue-side.ts';
import type { OrderRequest } from './request.ts';
import type { Tape } from './tape.ts';

/**
 * The prices, in ticks, within which takers may trade (the price-range execution rule, binance-spot.md section 5.1);
 * 0 and Infinity where there is no limit.
 */
export interface PriceRange {
  readonly buyLowest: number;
  readonly buyHighest: number;
  readonly sellLowest: number;
  readonly sellHighest: number;
}

/** No key is less, so it lets a market order trade at any price. */
export const ANY_PRICE = -Number.MAX_VALUE;

/**
 * The taker phase: an arriving order trades with the other side, best price first, at each price with what is shown from
 * outside before orders of ours, and these first in, first out. Self-trade prevention is looked at per maker, before trading.
 */
export class TakerPhase {
  range: PriceRange | undefined = undefined;
  lastPreventedMatchId = 0;
  private readonly orders: OpenOrders;
  private readonly pool: OrderPool;
  private readonly outsideBids: OutsideSide;
  private readonly outsideAsks: OutsideSide;
  private readonly tape: Tape;
  private readonly listener: MatchingListener;
  private readonly bidWalk: LevelWalk;
  private readonly askWalk: LevelWalk;

  constructor(
    orders: OpenOrders,
    outsideBids: OutsideSide,
    outsideAsks: OutsideSide,
    tape: Tape,
    listener: MatchingListener,
  ) {
    this.orders = orders;
    this.pool = orders.pool;
    this.outsideBids = outsideBids;
    this.outsideAsks = outsideAsks;
    this.tape = tape;
    this.listener = listener;
    this.bidWalk = new LevelWalk(orders.book.bids, outsideBids);
    this.askWalk = new LevelWalk(orders.book.asks, outsideAsks);
  }

  /**
   * Trades as much of an order as can be. What is then left is in the pool's `open`; the order may have ended meanwhile
   * (its state is FREE) by self-trade prevention or by the price range.
   * @param limitKey  the least key of the other side that the order accepts, ANY_PRICE for a market order
   */
  run(slot: number, limitKey: number): void {
    const pool = this.pool;
    const side = pool.side(slot);
    const makers = this.orders.book.opposite(side);
    const outside = side === BUY ? this.outsideAsks : this.outsideBids;
    while (pool.open(slot) > 0) {
      const insideKey = makers.bestKey;
      const outsideRank = outside.levels === 0 ? -1 : outside.bestAvailableRank;
      const outsideKey = outsideRank === -1 ? Number.NEGATIVE_INFINITY : outside.keyAt(outsideRank);
      const key = Math.max(insideKey, outsideKey);
      if (key < limitKey) return;
      const price = key * makers.sign;
      if (this.range !== undefined && !isWithin(this.range, side, price)) {
        this.orders.expire(slot, 'EXECUTION_RULE_PRICE_RANGE_EXCEEDED');
        return;
      }
      if (outsideKey >= insideKey) this.tradeOutside(slot, side, outside, outsideRank, price);
      else this.meet(slot, side, makers, price);
    }
  }

  /** Whether an order would be filled completely by what `run` would find: for fill or kill. */
  couldFill(slot: number, limitKey: number): boolean {
    const pool = this.pool;
    const side = pool.side(slot);
    const makers = this.orders.book.opposite(side);
    const outside = side === BUY ? this.outsideAsks : this.outsideBids;
    const walk = this.walkOf(side === BUY ? 'asks' : 'bids');
    let missing: number = pool.open(slot);
    while (missing > 0 && walk.next() && walk.key >= limitKey) {
      if (this.range !== undefined && !isWithin(this.range, side, walk.key * makers.sign)) return false;
      if (walk.outsideRank !== -1) missing -= outside.availableAt(walk.outsideRank);
      if (walk.insideRank === -1) continue;
      for (
        let maker = makers.frontAt(walk.insideRank);
        maker !== -1 && missing > 0;
        maker = pool.next(maker)
      ) {
        if (!this.areOneOwner(slot, maker)) missing -= pool.open(maker);
        else if (pool.prevention(slot) !== EXPIRE_MAKER) return false;
      }
    }
    return missing <= 0;
  }

  /**
   * The greatest quantity, in whole steps, that a market order can trade for at most `amount` (ticks x lots) with the other
   * side as it is. Exact: a product that passes 2^53 is greater than any amount, rounded or not.
   * @returns quantity 0 when not even one step can be had; `isShort` when the other side ends before the amount does
   */
  quantityFor(side: SideCode, amount: number, stepLots: number): { quantity: number; isShort: boolean } {
    const makers = this.orders.book.opposite(side);
    const outside = side === BUY ? this.outsideAsks : this.outsideBids;
    const walk = this.walkOf(side === BUY ? 'asks' : 'bids');
    let rest = amount;
    let quantity = 0;
    let price = 0;
    while (walk.next()) {
      price = walk.key * makers.sign;
      let there = walk.outsideRank === -1 ? 0 : outside.availableAt(walk.outsideRank);
      if (walk.insideRank !== -1) there += makers.quantityAt(walk.insideRank);
      if (there * price > rest) {
        quantity += Math.floor(rest / price);
        return { quantity: quantity - (quantity % stepLots), isShort: false };
      }
      rest -= there * price;
      quantity += there;
    }
    return { quantity: quantity - (quantity % stepLots), isShort: rest >= price * stepLots };
  }

  /**
   * What a market order would trade with if it came now, told part by part; nothing happens. No order costs more than this:
   * where self-trade prevention lets both orders shrink, it counts as traded, and what it stops at or passes over does not.
   */
  rehearse(request: OrderRequest, visit: (price: Ticks, quantity: Lots) => void): void {
    const side = request.side === 'BUY' ? BUY : SELL;
    const makers = this.orders.book.opposite(side);
    const outside = side === BUY ? this.outsideAsks : this.outsideBids;
    const walk = this.walkOf(side === BUY ? 'asks' : 'bids');
    let missing: number = request.quantity;
    while (missing > 0 && walk.next()) {
      const price = (walk.key * makers.sign) as Ticks;
      if (this.range !== undefined && !isWithin(this.range, side, price)) return;
      const shown = walk.outsideRank === -1 ? 0 : outside.availableAt(walk.outsideRank);
      const { quantity, isEnd } =
        walk.insideRank === -1 ? NOTHING_INSIDE : this.quantityFrom(request, makers, walk.insideRank);
      const traded = Math.min(missing, shown + quantity);
      if (traded > 0) visit(price, traded as Lots);
      missing -= traded;
      if (isEnd) return;
    }
  }

  /** What of a level an order would trade with, and whether it would end there. */
  private quantityFrom(
    request: OrderRequest,
    makers: QueueSide,
    rank: number,
  ): { quantity: number; isEnd: boolean } {
    const mode = request.selfTradePrevention;
    if (mode === 'NONE' || mode === 'DECREMENT' || mode === 'TRANSFER')
      return { quantity: makers.quantityAt(rank), isEnd: false };
    const pool = this.pool;
    let quantity = 0;
    for (let maker = makers.frontAt(rank); maker !== -1; maker = pool.next(maker)) {
      const isOurs =
        pool.account(maker) === request.account ||
        (request.tradeGroup !== 0 && pool.tradeGroup(maker) === request.tradeGroup);
      if (!isOurs) quantity += pool.open(maker);
      else if (mode !== 'EXPIRE_MAKER') return { quantity, isEnd: true };
    }
    return { quantity, isEnd: false };
  }

  /**
   * The price that a peg takes, or 0 when the book has too few levels.
   * @param offset  existing levels deeper than the best
   */
  priceOfLevel(of: 'bids' | 'asks', offset: number): number {
    const walk = this.walkOf(of);
    for (let rank = 0; rank <= offset; rank++) if (!walk.next()) return 0;
    return of === 'bids' ? walk.key : -walk.key;
  }

  /** The visible book with what is shown from outside, best price first. */
  visibleLevels(of: 'bids' | 'asks', limit: number): { price: Ticks; quantity: Lots }[] {
    const walk = this.walkOf(of);
    const levels: { price: Ticks; quantity: Lots }[] = [];
    while (levels.length < limit && walk.next()) {
      const quantity = walk.visible as Lots;
      if (quantity > 0) levels.push({ price: (of === 'bids' ? walk.key : -walk.key) as Ticks, quantity });
    }
    return levels;
  }

  private walkOf(of: 'bids' | 'asks'): LevelWalk {
    const walk = of === 'bids' ? this.bidWalk : this.askWalk;
    walk.start();
    return walk;
  }

  private tradeOutside(
    slot: number,
    side: SideCode,
    outside: OutsideSide,
    rank: number,
    price: number,
  ): void {
    const quantity = Math.min(this.pool.open(slot), outside.availableAt(rank));
    outside.use(rank, quantity);
    this.tape.trade(price, quantity, side, this.pool.id(slot), OUTSIDE);
    this.orders.fillTaker(slot, quantity);
  }

  private meet(slot: number, side: SideCode, makers: QueueSide, price: number): void {
    const pool = this.pool;
    const maker = makers.front;
    if (this.areOneOwner(slot, maker)) {
      this.prevent(slot, maker, makers, price);
      return;
    }
    const quantity = Math.min(pool.open(slot), pool.visible(maker));
    this.tape.trade(price, quantity, side, pool.id(slot), pool.id(maker));
    this.orders.fillMaker(maker, quantity);
    this.orders.fillTaker(slot, quantity);
  }

  /** Whether prevention applies: the taker asks for it, and the two belong together. */
  private areOneOwner(taker: number, maker: number): boolean {
    const pool = this.pool;
    if (pool.prevention(taker) === NONE) return false;
    if (pool.account(taker) === pool.account(maker)) return true;
    return pool.tradeGroup(taker) !== 0 && pool.tradeGroup(taker) === pool.tradeGroup(maker);
  }

  /** Source: binance-spot.md section 11. The taker's mode decides, TRANSFER needs both and two accounts. */
  private prevent(taker: number, maker: number, makers: QueueSide, price: number): void {
    const pool = this.pool;
    let mode = pool.prevention(taker);
    if (mode === TRANSFER) {
      const canTransfer = pool.prevention(maker) === TRANSFER && pool.account(taker) !== pool.account(maker);
      if (!canTransfer) mode = DECREMENT;
    }
    const isDecrement = mode === DECREMENT || mode === TRANSFER;
    const endsMaker = mode === EXPIRE_MAKER || mode === EXPIRE_BOTH;
    const endsTaker = mode === EXPIRE_TAKER || mode === EXPIRE_BOTH;
    let takerPrevented = endsTaker ? pool.open(taker) : 0;
    let makerPrevented = endsMaker ? pool.open(maker) : 0;
    if (isDecrement) {
      takerPrevented = Math.min(pool.open(taker), pool.visible(maker));
      makerPrevented = takerPrevented;
    }
    this.lastPreventedMatchId += 1;
    this.listener.prevented(
      this.lastPreventedMatchId,
      price as Ticks,
      pool.id(taker),
      pool.id(maker),
      takerPrevented as Lots,
      makerPrevented as Lots,
      SELF_TRADE_PREVENTION_MODES[mode]!,
    );
    pool.setOpen(taker, pool.open(taker) - takerPrevented);
    if (isDecrement) {
      makers.take(maker, makerPrevented);
      if (pool.open(maker) === 0) this.orders.expireInMatch(maker);
    } else if (endsMaker) {
      this.orders.withdraw(maker);
      pool.setOpen(maker, 0);
      this.orders.expireInMatch(maker);
    }
    if (pool.open(taker) === 0) this.orders.expireInMatch(taker);
  }
}

const NOTHING_INSIDE = { quantity: 0, isEnd: false };

function isWithin(range: PriceRange, side: SideCode, price: number): boolean {
  return side === BUY
    ? price >= range.buyLowest && price <= range.buyHighest
    : price >= range.sellLowest && price <= range.sellHighest;
}
