import { ordersOf } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';

/** A price may be 20 s old when an order is judged (world/settings.ts), and the decision may wait 10 s more until it is sent. */
const MARKET_SILENT_MS_MAX = 30_000;
/** A connection without a sign of life is given up after 45 s; and the same 10 s. */
const USER_SILENT_MS_MAX = 55_000;

/**
 * I7, as far as it can be seen from outside without doubt: nothing that buys leaves a process that has heard nothing of the market, or
 * of its own orders, for longer than it may; and nothing leaves after its decision has expired by the machine's own clock. That a lost
 * store and a lost lease stop everything is seen by I1 and I9; that a clock is wrong the exchange sees, and refuses.
 */
export const failClosed: MakeCheck = ({ time, clock }, fail) => {
  const expiries = new Map<string, number>();
  return {
    name: 'I7 blind means closed',
    committed(events) {
      for (const event of events) {
        if (event.kind !== 'intent') continue;
        for (const { clientOrderId } of ordersOf(event.wanted))
          expiries.set(clientOrderId, event.expiresAtMs);
      }
    },
    placing({ name, network: { heardAtMs } }, { clientOrderId, side }) {
      const lateMs = clock.nowMs() - (expiries.get(clientOrderId) ?? Number.POSITIVE_INFINITY);
      if (lateMs >= 0) fail(`${name} sends ${clientOrderId} ${lateMs} ms after its decision has expired`);
      if (side !== 'BUY') return;
      const marketMs = time.elapsedMs() - heardAtMs.market;
      if (marketMs > MARKET_SILENT_MS_MAX)
        fail(`${name} buys with ${clientOrderId}, and has heard nothing of the market for ${marketMs} ms`);
      const userMs = time.elapsedMs() - heardAtMs.user;
      if (userMs > USER_SILENT_MS_MAX)
        fail(`${name} buys with ${clientOrderId}, and has heard nothing of its orders for ${userMs} ms`);
    },
  };
};
