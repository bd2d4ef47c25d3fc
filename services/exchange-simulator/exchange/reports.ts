import type { ListRecord } from './list-record.ts';
import type { ExecutionReport } from './listener.ts';
import type { ExecutionType } from './model.ts';
import { canRest, type OrderRecord } from './order-record.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { Venue } from './venue.ts';

type Extra = Partial<Pick<ExecutionReport, 'fill' | 'prevention' | 'originalClientOrderId' | 'rejectReason'>>;

/** Notes what has happened to an order, as it stands after it, if anybody hears of it. @returns the execution id */
export function noteReport(
  venue: Venue,
  market: SymbolMarket,
  executionType: ExecutionType,
  record: OrderRecord,
  extra: Extra = NOTHING_MORE,
): number {
  market.lastExecutionId += 1;
  if (!venue.journal.isHeard('executionReport', record.start.account)) return market.lastExecutionId;
  venue.journal.note('executionReport', {
    executionType,
    executionId: market.lastExecutionId,
    timeMs: venue.nowMs,
    order: record.view(),
    originalClientOrderId: extra.originalClientOrderId ?? '',
    rejectReason: extra.rejectReason ?? 'NONE',
    isOnBook: isOnBook(executionType, record),
    fill: extra.fill,
    prevention: extra.prevention,
  });
  return market.lastExecutionId;
}

const NOTHING_MORE: Extra = {};

/** Notes how an order list stands. */
export function noteListStatus({ journal, nowMs }: Venue, list: ListRecord): void {
  journal.note('listStatus', { list: list.view(), rejectReason: 'NONE', timeMs: nowMs });
}

/** The sequence of a market order in binance-vectors.json says `w` true with NEW, and false with its trades and its end. */
function isOnBook(executionType: ExecutionType, record: OrderRecord): boolean {
  if (!record.isOpen || !record.isWorking) return false;
  return executionType === 'NEW' || canRest(record.start);
}
