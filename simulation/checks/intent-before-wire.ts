import { ordersOf } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';

/** I1: the intent and its client order id are committed before the first byte of the request leaves. */
export const intentBeforeWire: MakeCheck = (_, fail) => {
  const intended = new Set<string>();
  return {
    name: 'I1 intent before wire',
    committed(events) {
      for (const event of events) {
        if (event.kind !== 'intent') continue;
        for (const { clientOrderId } of ordersOf(event.wanted)) intended.add(clientOrderId);
      }
    },
    placing(process, { clientOrderId }) {
      if (!intended.has(clientOrderId))
        fail(`${process.name} sends order ${clientOrderId}, of which the ledger has no intent`);
    },
  };
};
