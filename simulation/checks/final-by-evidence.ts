import type { OrderState } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';
import { isAnOrder, VenueOrders } from './venue-orders.ts';

/** What the exchange must say of an order that the ledger takes for ended so. */
const STATUS: ReadonlyMap<OrderState, string> = new Map([
  ['filled', 'FILLED'],
  ['canceled', 'CANCELED'],
  ['expired', 'EXPIRED'],
  ['expired_in_match', 'EXPIRED_IN_MATCH'],
]);

/** I4: an order ends in the ledger as it has ended at the exchange, and one that is declared absent or rejected never gets there. */
export const finalByEvidence: MakeCheck = (_, fail) => {
  const venue = new VenueOrders();
  const gone = new Map<string, OrderState>();
  return {
    name: 'I4 only evidence ends an order',
    committed(events) {
      for (const event of events) {
        if (event.kind !== 'order' || !event.isOurs) continue;
        const { clientOrderId, state, executedQuantity } = event.record;
        const order = venue.of(clientOrderId);
        const status = STATUS.get(state);
        if (status !== undefined) {
          const was = order === undefined ? 'no such order' : `${order.status} ${order.executedQuantity}`;
          const says = `${status} ${executedQuantity}`;
          if (was !== says) fail(`the ledger says ${says} of ${clientOrderId}, the exchange ${was}`);
        } else if (state === 'absent' || state === 'rejected') {
          if (order !== undefined)
            fail(`${clientOrderId} is ${state} in the ledger, and ${order.status} at the exchange`);
          gone.set(clientOrderId, state);
        }
      }
    },
    placing({ name }, { clientOrderId }) {
      const state = gone.get(clientOrderId);
      if (state !== undefined) fail(`${name} sends ${clientOrderId}, which is ${state} in the ledger`);
    },
    reported(report) {
      venue.take(report);
      const { placedClientOrderId, status } = report.order;
      const state = gone.get(placedClientOrderId);
      if (state !== undefined && isAnOrder(report.order))
        fail(`${placedClientOrderId} is ${state} in the ledger, and now ${status} at the exchange`);
    },
  };
};
