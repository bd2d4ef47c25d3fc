import type { AggregateTrade, Sequence } from '../exchange/index.ts';
import type { AggregateTradeQuery } from './shapes.ts';

/** The oldest `limit` from an id on. */
export function tradesFrom<T extends { readonly id: number }>(
  trades: Sequence<T>,
  fromId: number,
  limit: number,
): readonly T[] {
  const first = firstIndex(trades, (trade) => trade.id >= fromId);
  return trades.slice(first, first + limit);
}

export function aggregatesIn(
  trades: Sequence<AggregateTrade>,
  query: AggregateTradeQuery,
): readonly AggregateTrade[] {
  const { fromId, startTime, endTime, limit } = query;
  if (fromId !== undefined) {
    return tradesFrom(trades, fromId, limit);
  }
  const end = endTime === undefined ? trades.length : firstIndex(trades, (trade) => trade.timeMs > endTime);
  if (startTime === undefined) return trades.slice(Math.max(0, end - limit), end);
  const first = firstIndex(trades, (trade) => trade.timeMs >= startTime);
  return trades.slice(first, Math.max(first, Math.min(end, first + limit)));
}

/** In a list where the condition, once true, stays true: the first index where it is; the length when it never is. */
function firstIndex<T>(list: Sequence<T>, condition: (item: T) => boolean): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (condition(list.at(middle)!)) high = middle;
    else low = middle + 1;
  }
  return low;
}
