import { type AggregateTrade, firstFrom, inRange, type Sequence } from '../exchange/index.ts';
import type { AggregateTradeQuery } from './shapes.ts';

/** The oldest `limit` from an id on. */
export function tradesFrom<T extends { readonly id: number }>(
  trades: Sequence<T>,
  fromId: number,
  limit: number,
): readonly T[] {
  const first = firstFrom(trades, fromId, ({ id }) => id);
  return trades.slice(first, first + limit);
}

export const aggregatesIn = (
  trades: Sequence<AggregateTrade>,
  { fromId, startTime, endTime, limit }: AggregateTradeQuery,
): readonly AggregateTrade[] =>
  fromId === undefined
    ? inRange(trades, { startTimeMs: startTime, endTimeMs: endTime, limit }, ({ timeMs }) => timeMs)
    : tradesFrom(trades, fromId, limit);
