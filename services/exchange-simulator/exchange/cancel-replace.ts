import type { CancelReplaceOutcome, CancelReplaceRequest } from './commands.ts';
import { isRefusal } from './engine-request.ts';
import type { Refusal } from './model.ts';
import { OrderRecord } from './order-record.ts';
import type { Prepared } from './preparation.ts';
import {
  CANCEL_REPLACE_FAILED,
  CANCEL_REPLACE_PARTLY_FAILED,
  CANCEL_REPLACE_UNSUPPORTED,
} from './refusals.ts';
import { noteReport } from './reports.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { Trading } from './trading.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

/**
 * Cancels one order and places another: filters and the order count are looked at before either, and there is no way back once
 * the cancel is done. A new order that is not attempted still costs one of the count. Source: binance-spot.md sections 3.3 and 4.3.
 */
export function cancelReplace(
  venue: Venue,
  trading: Trading,
  account: TradingAccount,
  request: CancelReplaceRequest,
): CancelReplaceOutcome {
  const checked = trading.check(account, request.symbol, request.order);
  if (!checked.ok) return { kind: 'refused', refusal: checked.error };
  const { market, prepared } = checked.value;
  if (!market.instrument.cancelReplaceAllowed)
    return { kind: 'refused', refusal: CANCEL_REPLACE_UNSUPPORTED };
  const limit = account.unfilled.refusalOf(1, venue.nowMs);
  if (limit !== undefined && request.orderRateLimitExceededMode !== 'CANCEL_ONLY')
    return { kind: 'refused', refusal: limit };
  const canceled = trading.cancel(account, {
    symbol: request.symbol,
    orderId: request.cancelOrderId,
    origClientOrderId: request.cancelOrigClientOrderId,
    clientOrderId: request.cancelClientOrderId,
    restriction: request.restriction,
  });
  if (!canceled.ok && request.mode === 'STOP_ON_FAILURE') {
    if (limit === undefined) account.unfilled.add(1, venue.nowMs);
    return { kind: 'failed', refusal: CANCEL_REPLACE_FAILED, canceled: canceled.error, placed: undefined };
  }
  const placed = placeSecond(venue, trading, account, market, prepared, limit, canceled.ok);
  if (!canceled.ok && isRefusal(placed))
    return { kind: 'failed', refusal: CANCEL_REPLACE_FAILED, canceled: canceled.error, placed };
  if (!canceled.ok)
    return { kind: 'partly_failed', refusal: CANCEL_REPLACE_PARTLY_FAILED, canceled: canceled.error, placed };
  if (isRefusal(placed))
    return { kind: 'partly_failed', refusal: CANCEL_REPLACE_PARTLY_FAILED, canceled: canceled.value, placed };
  return { kind: 'done', canceled: canceled.value, placed };
}

function placeSecond(
  venue: Venue,
  trading: Trading,
  account: TradingAccount,
  market: SymbolMarket,
  prepared: Prepared,
  limit: Refusal | undefined,
  isCanceled: boolean,
) {
  if (limit !== undefined) return limit;
  const placed = trading.enter(account, market, prepared);
  if (placed.ok) return placed.value;
  // Only here the user's stream hears of a rejected order (binance-spot.md section 5.3).
  if (isCanceled && placed.error.code === -2010) noteRejected(venue, market, prepared, placed.error);
  return placed.error;
}

function noteRejected(venue: Venue, market: SymbolMarket, { start }: Prepared, refusal: Refusal): void {
  const record = new OrderRecord(start);
  record.status = 'REJECTED';
  noteReport(venue, market, 'REJECTED', record, { rejectReason: refusal.rejectReason ?? 'NONE' });
}
