import type { OrderState } from '@tradewind/core/orders';
import type { CommittedEvent } from '@tradewind/proto';

/** Which moves of the table of an order's life (core/orders/life.ts) a run has made, as its ledger has them: 'working canceled canceled'. */
export class Transitions {
  readonly made = new Map<string, number>();
  private readonly states = new Map<string, OrderState>();

  see(events: readonly CommittedEvent[]): void {
    for (const event of events) {
      if (event.kind !== 'order' || !event.isOurs) continue;
      const { clientOrderId, state } = event.record;
      const before = this.states.get(clientOrderId) ?? 'created';
      this.states.set(clientOrderId, state);
      const move = `${before} ${event.event} ${state}`;
      this.made.set(move, (this.made.get(move) ?? 0) + 1);
    }
  }
}
