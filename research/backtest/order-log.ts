import type { Lots, Ticks } from '@tradewind/core/market';
import type { BarMarket } from '@tradewind/core/matching/bars';
import type { Price, Quantity } from '@tradewind/core/money';
import type { OrderIntent } from '@tradewind/core/orders';

export type OrderOutcome = 'open' | 'filled' | 'canceled' | 'expired' | 'refused';

/** One order of a run and what became of it. */
export interface LoggedOrder {
  readonly intent: OrderIntent;
  outcome: OrderOutcome;
  /** Why it was refused or expired; empty otherwise. */
  reason: string;
  /** When it ended, epoch ms; undefined while it is open. */
  endedAtMs: number | undefined;
  fillPrice: Price | undefined;
  fillQuantity: Quantity | undefined;
}

/** Every order of a run, kept only when the result is to list them: it is the one log that grows by objects. */
export class OrderLog {
  private readonly orders = new Map<string, LoggedOrder>();

  submitted(intent: OrderIntent): void {
    this.orders.set(intent.clientOrderId, {
      intent,
      outcome: 'open',
      reason: '',
      endedAtMs: undefined,
      fillPrice: undefined,
      fillQuantity: undefined,
    });
  }

  filled({ clientOrderId }: OrderIntent, lots: Lots, price: Ticks, market: BarMarket): void {
    const order = this.orders.get(clientOrderId)!;
    order.outcome = 'filled';
    order.endedAtMs = market.openTimeMs;
    order.fillPrice = market.grid.priceOf(price);
    order.fillQuantity = market.grid.quantityOf(lots);
  }

  ended({ clientOrderId }: OrderIntent, outcome: OrderOutcome, reason: string, timeMs: number): void {
    const order = this.orders.get(clientOrderId)!;
    order.outcome = outcome;
    order.reason = reason;
    order.endedAtMs = timeMs;
  }

  /** In the order in which they were submitted. */
  [Symbol.iterator](): Iterator<LoggedOrder> {
    return this.orders.values();
  }
}
