import { ordersOf } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';

/** binance-spot.md section 7.2: an order that breaks a filter. */
const FILTER_FAILURE = -1013;
/** A little more than what makes the system itself stop a strategy; a change of the rules is worth one (M12). */
const REFUSALS_MAX = 6;

/** B3, O6: what the exchange refuses for its size is not asked for again and again, and a run is only minutes long. */
export const notForEver: MakeCheck = (_, fail) => {
  const ways = new Map<string, string>();
  const refusals = new Map<string, number>();
  return {
    name: 'B3 nothing is refused for ever',
    committed(events) {
      for (const event of events) {
        if (event.kind === 'intent')
          for (const { clientOrderId, strategy, symbol, side } of ordersOf(event.wanted))
            ways.set(clientOrderId, `${side} of ${strategy} in ${symbol}`);
        if (event.kind !== 'answer' || event.call !== 'place' || event.code !== FILTER_FAILURE) continue;
        if (!/LOT_SIZE|NOTIONAL/.test(event.detail ?? '')) continue;
        const way = ways.get(event.clientOrderId) ?? '';
        const times = (refusals.get(way) ?? 0) + 1;
        refusals.set(way, times);
        if (times > REFUSALS_MAX) fail(`${times} times a ${way} was refused for its size`);
      }
    },
  };
};
