import type { CanceledList, Fill, Order, OrderList, PlacedList } from '../../exchange/index.ts';
import type { TimeUnit } from '../../notation/time-unit.ts';
import { canceledJson, listedReportJson, listJson, type ResponseType } from './order-json.ts';

/** The answer to a new list. @param fillsOf  what an order of it has traded, for FULL */
export function placedListJson(
  placed: PlacedList,
  type: ResponseType,
  fillsOf: (order: Order) => readonly Fill[],
  unit: TimeUnit,
): string {
  const { list, orders, timeMs } = placed;
  const reports = orders.map((order) => listedReportJson(order, fillsOf(order), timeMs, type, unit));
  return `${listJson(list, timeMs, unit)},"orderReports":[${reports.join(',')}]}`;
}

export function canceledListJson(canceled: CanceledList, unit: TimeUnit): string {
  const reports = canceled.orders.map((it) => canceledJson(it, unit));
  return `${listJson(canceled.list, canceled.timeMs, unit)},"orderReports":[${reports.join(',')}]}`;
}

/** A list as queries show it: its orders by name only. */
export const queriedListJson = (list: OrderList, unit: TimeUnit): string =>
  `${listJson(list, list.transactionTimeMs, unit)}}`;
