import { add, notional, type Quantity, type QuoteAmount, settle, zero } from '@tradewind/core/money';
import { legsOf, type OrderIntent } from '@tradewind/core/orders';
import { describeRefusal } from '@tradewind/core/risk';
import type { CommittedEvent } from '@tradewind/proto';
import type { Run } from './run.ts';

/** What the ledger has of one order. */
export interface LiveOrder {
  readonly intent: OrderIntent;
  refusal: string | undefined;
  state: string;
  filled: Quantity;
  paid: QuoteAmount;
  filledAtMs: number;
}

/** The orders that a run wanted, by id, with what became of them. */
export function liveOrdersOf(run: Run, events: readonly CommittedEvent[]): ReadonlyMap<string, LiveOrder> {
  const orders = new Map<string, LiveOrder>();
  const { strategy } = run.strategy;
  for (const event of events) {
    switch (event.kind) {
      case 'signal': {
        const { signal } = event;
        if (signal.strategy !== strategy || signal.action === 'cancel') break;
        if (signal.decidedAtMs <= run.fromMs || signal.decidedAtMs > run.toMs) break;
        for (const intent of signal.action === 'order' ? [signal.intent] : legsOf(signal.list)) {
          if (orders.has(intent.clientOrderId)) break;
          const nothing = { filled: zero<Quantity>(), paid: zero<QuoteAmount>(), filledAtMs: 0 };
          orders.set(intent.clientOrderId, { intent, refusal: undefined, state: 'signal', ...nothing });
        }
        break;
      }
      case 'verdict': {
        if (event.isApproved) break;
        const order = orders.get(event.clientOrderId);
        if (order !== undefined)
          order.refusal = event.refusal === undefined ? 'a check failed' : describeRefusal(event.refusal);
        break;
      }
      case 'order': {
        const order = orders.get(event.record.clientOrderId);
        if (order === undefined) break;
        order.state = event.record.state;
        if (event.record.state === 'rejected') order.refusal = event.reason ?? 'the exchange rejected it';
        break;
      }
      case 'fill': {
        const order = orders.get(event.fill.clientOrderId);
        if (order === undefined) break;
        order.filled = add(order.filled, event.fill.quantity);
        order.paid = add(order.paid, settle(notional(event.fill.price, event.fill.quantity), 'receive'));
        order.filledAtMs = event.fill.timeMs;
        break;
      }
    }
  }
  return orders;
}

/** The closes of the bars that the strategy has judged. */
export function evaluatedOf(
  { strategy, fromMs, toMs }: Run,
  events: readonly CommittedEvent[],
): ReadonlySet<number> {
  const times = new Set<number>();
  for (const event of events) {
    if (
      event.kind === 'evaluation' &&
      event.strategy === strategy.strategy &&
      event.closeTimeMs > fromMs &&
      event.closeTimeMs <= toMs
    )
      times.add(event.closeTimeMs);
  }
  return times;
}
