import { ordersOf } from '@tradewind/core/orders';
import type { MakeCheck } from './check.ts';

/** binance-spot.md section 7.2: an order that breaks a filter. */
const FILTER_FAILURE = -1013;
/** Twice what makes the system stop a strategy. */
const IN_A_ROW_MAX = 10;

/** B3, O6: what the exchange refuses for its size is not asked for again and again. */
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
        if (event.kind !== 'answer' || event.call !== 'place' || event.outcome === 'unknown') continue;
        const way = ways.get(event.clientOrderId) ?? '';
        const isTooSmall = event.code === FILTER_FAILURE && /LOT_SIZE|NOTIONAL/.test(event.detail ?? '');
        const inARow = isTooSmall ? (refusals.get(way) ?? 0) + 1 : 0;
        refusals.set(way, inARow);
        if (inARow > IN_A_ROW_MAX) fail(`${inARow} times in a row a ${way} was refused for its size`);
      }
    },
  };
};
