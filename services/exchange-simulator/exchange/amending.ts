import type { AmendRefusal } from '@tradewind/core/matching/book';
import { isZero, unitsOf } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import type { Amended, AmendRequest } from './commands.ts';
import type { Amendment, Refusal } from './model.ts';
import { lotFailure } from './order-filters.ts';
import { isMarketKind, type OrderRecord } from './order-record.ts';
import { notionalFailure } from './price-filters.ts';
import {
  ACCOUNT_DISABLED,
  AMEND_INCREASE,
  AMEND_MARKET_CLOSED,
  AMEND_NO_CHANGE,
  AMEND_PENDING_OPO,
  AMEND_TOO_MANY,
  AMEND_UNSUPPORTED,
  DUPLICATE,
  filterFailure,
  UNKNOWN_ORDER,
  UNKNOWN_SYMBOL,
} from './refusals.ts';
import type { CommandScope } from './scope.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { Trading } from './trading.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

/** Makes an order smaller in its place in the queue (binance-spot.md section 11). A refusal leaves it as it was. */
export function amend(
  venue: Venue,
  scope: CommandScope,
  trading: Trading,
  account: TradingAccount,
  request: AmendRequest,
): Result<Amended, Refusal> {
  const market = venue.markets.get(request.symbol);
  if (market === undefined) return err(UNKNOWN_SYMBOL);
  if (account.isDisabled || !account.canTrade) return err(ACCOUNT_DISABLED);
  const { status } = market.instrument;
  if (status !== 'TRADING' && status !== 'CANCEL_ONLY') return err(AMEND_MARKET_CLOSED);
  if (!market.instrument.amendAllowed) return err(AMEND_UNSUPPORTED);
  const found = trading.findOpen(account, market, request);
  if (!found.ok) return found;
  const record = found.value;
  const name = request.clientOrderId ?? venue.newName();
  const records = market.recordsOf(account);
  if (name !== record.clientOrderId && records.orders.isInUse(name)) return err(DUPLICATE);
  const refusal = refusalOf(market, record, request);
  if (refusal !== undefined) return err(refusal);
  const before = { name: record.clientOrderId, quantity: record.quantity! };
  const lots = market.lotsOf(request.quantity);
  if (lots === undefined) return err(filterFailure('LOT_SIZE'));
  scope.startAmending(record, name);
  const engine = wordsFor(market.engine.amend(record.orderId, lots));
  if (engine !== undefined) return err(engine);
  record.amendments += 1;
  const amendment: Amendment = {
    symbol: market.symbol,
    orderId: record.orderId,
    executionId: scope.amendedExecutionId,
    clientOrderIdBefore: before.name,
    clientOrderIdAfter: name,
    quantityBefore: before.quantity,
    quantityAfter: request.quantity,
    timeMs: venue.nowMs,
  };
  records.amendments.add(amendment);
  const list = venue.openLists.get(record.orderListId);
  return ok({ order: record.view(), amendment, timeMs: venue.nowMs, list: list?.view() });
}

function refusalOf(
  market: SymbolMarket,
  record: OrderRecord,
  { quantity }: AmendRequest,
): Refusal | undefined {
  const { filters } = market.instrument;
  if (record.quantity === undefined) return AMEND_PENDING_OPO;
  if (record.amendments >= (filters.amendsMaximum ?? Number.POSITIVE_INFINITY)) return AMEND_TOO_MANY;
  if (unitsOf(quantity) > unitsOf(record.quantity)) return AMEND_INCREASE;
  if (unitsOf(quantity) === unitsOf(record.quantity)) return AMEND_NO_CHANGE;
  if (unitsOf(quantity) <= 0n || lotFailure(quantity, filters.lot)) return filterFailure('LOT_SIZE');
  const isMarket = isMarketKind(record.start.type);
  const price = isMarket ? record.start.stopPrice : (record.peggedPrice ?? record.start.price);
  if (isZero(price)) return undefined;
  const failure = notionalFailure(market, price, quantity, isMarket);
  return failure === undefined ? undefined : filterFailure(failure);
}

/** The documents have no text of their own for a quantity that is executed already. */
function wordsFor(refusal: AmendRefusal | undefined): Refusal | undefined {
  switch (refusal) {
    case undefined:
      return undefined;
    case 'unknown_order':
      return UNKNOWN_ORDER;
    case 'quantity_increase':
      return AMEND_INCREASE;
    case 'no_change':
    case 'nothing_would_remain':
      return AMEND_NO_CHANGE;
    case 'pending_opo':
      return AMEND_PENDING_OPO;
  }
}
