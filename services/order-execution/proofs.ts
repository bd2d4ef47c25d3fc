import { isFinal } from '@tradewind/core/orders';
import type { Timers } from '@tradewind/utils';
import type { Watcher } from './bookkeeper.ts';
import type { Orders } from './orders.ts';

/** Waits for evidence that orders have ended. */
export class Proofs {
  private readonly timers: Timers;
  private readonly orders: Orders;
  private readonly waiting = new Set<() => void>();

  constructor(timers: Timers, orders: Orders) {
    this.timers = timers;
    this.orders = orders;
  }

  /** To be told of every change. */
  readonly watch: Watcher = ({ order }) => {
    if (isFinal(order.record.state)) for (const look of [...this.waiting]) look();
  };

  /** @returns which of them are not final after that time */
  untilFinal(clientOrderIds: readonly string[], withinMs: number): Promise<readonly string[]> {
    const open = (): readonly string[] => clientOrderIds.filter((id) => !this.isFinal(id));
    return new Promise((resolve) => {
      const done = (): void => {
        timeout.cancel();
        this.waiting.delete(look);
        resolve(open());
      };
      const look = (): void => {
        if (open().length === 0) done();
      };
      const timeout = this.timers.after(withinMs, done);
      this.waiting.add(look);
      look();
    });
  }

  private isFinal(clientOrderId: string): boolean {
    const order = this.orders.of(clientOrderId);
    return order === undefined || isFinal(order.record.state);
  }
}
