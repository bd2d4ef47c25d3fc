import type { Ticks } from '../../market/index.ts';
import { type Liquidity, timeInForceOf, waitsAbove } from '../../orders/index.ts';
import type { ExpiryReason } from '../expiry.ts';
import { isReached, type TrailingStop } from '../trigger.ts';
import type { BarOrder } from './bar-order.ts';
import type { Slippage } from './slippage.ts';

/** What the matcher can make happen to an order. */
export interface BarOrderActions {
  /** A stop has fired. */
  triggered(order: BarOrder): void;
  fill(order: BarOrder, price: Ticks, liquidity: Liquidity): void;
  expire(order: BarOrder, reason: ExpiryReason): void;
}

/**
 * Where inside a bar an order trades: rules 2 and 3 of docs/fills.md. A bar is taken apart into its open, its end that is
 * worse for us, and its end that is better; whoever drives the matcher asks in that order. Prices are in ticks.
 */
export class BarMatcher {
  private readonly slippage: Slippage;
  private readonly limitFill: 'through' | 'touch';
  private readonly tick: number;
  private readonly actions: BarOrderActions;

  constructor(slippage: Slippage, limitFill: 'through' | 'touch', tick: number, actions: BarOrderActions) {
    this.slippage = slippage;
    this.limitFill = limitFill;
    this.tick = tick;
    this.actions = actions;
  }

  atOpen(order: BarOrder, open: number): void {
    if (order.trailing !== undefined && !order.isTriggered) {
      if (order.trailing.observe(open)) this.trigger(order, open);
    } else if (order.intent.terms.type === 'MARKET') {
      this.fillMoved(order, open);
    } else if (order.waitsForStop) {
      if (isReached(waitsAbove(order.stopType!, order.intent.side), order.stop, open))
        this.trigger(order, open);
    } else {
      this.limitAtOpen(order, open);
    }
  }

  /** Stop-losses, and what trails. */
  atWorse(order: BarOrder, high: number, low: number): void {
    if (order.isTriggered) return;
    if (order.trailing !== undefined) this.trail(order, order.trailing, order.isBuy ? high : low);
    else if (order.isStopLoss && (order.isBuy ? high >= order.stop : low <= order.stop))
      this.trigger(order, order.stop);
  }

  /** Limits and take-profits; and what trails follows to the better end, then comes back to the close. */
  atBetter(order: BarOrder, high: number, low: number, close: number): void {
    if (order.trailing !== undefined && !order.isTriggered) {
      this.trail(order, order.trailing, order.isBuy ? low : high);
      if (!order.isTriggered) this.trail(order, order.trailing, close);
    } else if (order.waitsForStop) {
      const isTarget = !order.isStopLoss;
      if (isTarget && (order.isBuy ? low <= order.stop : high >= order.stop)) this.trigger(order, order.stop);
    } else if (!order.isTriggered || !order.isArriving) {
      const isThrough = order.isBuy ? low < order.limit : high > order.limit;
      const isTouched = this.limitFill === 'touch' && (order.isBuy ? low : high) === order.limit;
      if (isThrough || isTouched) this.actions.fill(order, order.limit, 'MAKER');
    }
  }

  /**
   * The price goes to one end of the bar. A stop price on the way makes the order active there, and that is then the first
   * extreme, not the end; from then on it fires where the price meets what the extreme so far sets.
   */
  private trail(order: BarOrder, trailing: TrailingStop, end: number): void {
    const { stopPrice } = trailing;
    if (!trailing.isActive && stopPrice !== undefined) {
      if (!isReached(waitsAbove(order.stopType!, order.intent.side), stopPrice, end)) return;
      trailing.observe(stopPrice);
    }
    const { firesAt } = trailing;
    if (trailing.observe(end)) this.trigger(order, this.againstUs(order, firesAt!));
  }

  private limitAtOpen(order: BarOrder, open: number): void {
    const { terms } = order.intent;
    const timeInForce = timeInForceOf(terms);
    const isBeyond = order.isBuy ? open < order.limit : open > order.limit;
    if (timeInForce !== 'GTC' && order.isArriving) {
      if (isBeyond || open === order.limit) this.actions.fill(order, open as Ticks, 'TAKER');
      else this.actions.expire(order, unfilled(timeInForce));
    } else if (isBeyond) {
      // Post-only never takes: the market came to it, so it trades at its own price.
      if (terms.type === 'LIMIT_MAKER') this.actions.fill(order, order.limit, 'MAKER');
      else this.actions.fill(order, open as Ticks, order.isArriving ? 'TAKER' : 'MAKER');
    }
  }

  /** A stop fires at a price: as a market order it trades there, as a limit order it trades there if its limit allows. */
  private trigger(order: BarOrder, price: number): void {
    order.isTriggered = true;
    this.actions.triggered(order);
    if (order.limit === 0) {
      this.fillMoved(order, price);
      return;
    }
    const timeInForce = timeInForceOf(order.intent.terms);
    const isMarketable = order.isBuy ? price <= order.limit : price >= order.limit;
    if (isMarketable) {
      const moved = this.slippage.move(price, order.intent.side, this.tick);
      const capped = order.isBuy ? Math.min(moved, order.limit) : Math.max(moved, order.limit);
      this.actions.fill(order, capped as Ticks, 'TAKER');
    } else if (timeInForce !== 'GTC') {
      this.actions.expire(order, unfilled(timeInForce));
    } else {
      // It rests from here; what the bar did after this moment is unknown, so it can trade from the next bar on.
      order.isArriving = true;
    }
  }

  private fillMoved(order: BarOrder, price: number): void {
    this.actions.fill(order, this.slippage.move(price, order.intent.side, this.tick) as Ticks, 'TAKER');
  }

  /** The tick at or beyond a price that lies between ticks, on the side that is worse for us; never none at all. */
  private againstUs(order: BarOrder, price: number): number {
    const { tick } = this;
    if (order.isBuy) return Math.ceil(price / tick) * tick;
    return Math.min(price, Math.max(1, Math.floor(price / tick)) * tick);
  }
}

const unfilled = (timeInForce: 'IOC' | 'FOK'): ExpiryReason =>
  timeInForce === 'IOC' ? 'UNFILLED_IOC_QUANTITY_EXPIRED' : 'UNFILLED_FOK_ORDER_EXPIRED';
