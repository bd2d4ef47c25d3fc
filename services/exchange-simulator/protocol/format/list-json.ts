import type { CanceledList, OrderList, PlacedList } from '../../exchange/index.ts';
import type { TimeUnit } from '../../notation/time-unit.ts';
import { canceledJson, listJson, placedJson, type ResponseType } from './order-json.ts';

/** The answer to a new list. */
export function placedListJson(placed: PlacedList, type: ResponseType, unit: TimeUnit): string {
  const { list, orders, timeMs, fills, preventedMatches } = placed;
  const reports = orders.map((order, at) => {
    const traded = at === 0 ? { fills, preventedMatches } : NOTHING_TRADED;
    return placedJson({ order, timeMs, ...traded }, type, unit);
  });
  return `${listJson(list, timeMs, unit)},"orderReports":[${reports.join(',')}]}`;
}

const NOTHING_TRADED = { fills: [], preventedMatches: [] };

export function canceledListJson(canceled: CanceledList, unit: TimeUnit): string {
  const reports = canceled.orders.map((it) => canceledJson(it, unit));
  return `${listJson(canceled.list, canceled.timeMs, unit)},"orderReports":[${reports.join(',')}]}`;
}

/** A list as queries show it: its orders by name only. */
export const queriedListJson = (list: OrderList, unit: TimeUnit): string =>
  `${listJson(list, list.transactionTimeMs, unit)}}`;
