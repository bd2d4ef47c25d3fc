import type { MakeCheck } from './check.ts';
import { isAnOrder } from './venue-orders.ts';

/** I2: an id that we have chosen makes at most one order at the exchange, whatever is retried, restarted or failed over. */
export const oneOrderPerIntent: MakeCheck = (_, fail) => {
  const numbers = new Map<string, string>();
  return {
    name: 'I2 one order per intent',
    reported({ order }) {
      if (!isAnOrder(order)) return;
      const { symbol, orderId, placedClientOrderId } = order;
      const number = `${symbol} ${orderId}`;
      const known = numbers.get(placedClientOrderId);
      if (known === undefined) numbers.set(placedClientOrderId, number);
      else if (known !== number)
        fail(`${placedClientOrderId} has made two orders at the exchange: ${known} and ${number}`);
    },
  };
};
