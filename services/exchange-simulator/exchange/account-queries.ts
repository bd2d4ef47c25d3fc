import { type Amount, unitsOf } from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import type { AccountRecords } from './account-records.ts';
import type { Commission, OrderCount, OrderReference } from './commands.ts';
import { commissionRates } from './commission.ts';
import type { Amendment, Fill, Order, OrderList, PreventedMatch, Refusal } from './model.ts';
import type { OrderHistory } from './order-history.ts';
import type { OrderRecord } from './order-record.ts';
import type { AccountQueries, HistoryRange } from './port.ts';
import {
  ARCHIVED,
  IDS_DIFFER,
  NO_LIST_ID,
  NO_ORDER_ID,
  NO_SUCH_LIST,
  NO_SUCH_ORDER,
  UNKNOWN_SYMBOL,
} from './refusals.ts';
import { firstFrom, inRange, type Sequence } from './sequence.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

type Judged<T> = Result<T, Refusal>;
type Query<K extends keyof AccountQueries> = Parameters<AccountQueries[K]>[2];

const ARCHIVE_MS = 90 * 86_400_000;

/** What an account may ask about its own orders, trades and rates. */
export class Records {
  private readonly venue: Venue;
  private readonly now: () => number;

  /** @param now  epoch ms; orders are archived and counts turn without a command */
  constructor(venue: Venue, now: () => number) {
    this.venue = venue;
    this.now = now;
  }

  order(account: TradingAccount, reference: OrderReference): Judged<Order> {
    const records = this.recordsOf(account, reference.symbol);
    if (!records.ok) return records;
    const { orders } = records.value;
    const { orderId, origClientOrderId } = reference;
    if (orderId === undefined && origClientOrderId === undefined) return err(NO_ORDER_ID);
    const record = orderId === undefined ? orders.byName(origClientOrderId!) : orders.byId(orderId);
    if (record === undefined) return err(NO_SUCH_ORDER);
    const isNamed =
      origClientOrderId === undefined ||
      record.clientOrderId === origClientOrderId ||
      record.start.clientOrderId === origClientOrderId ||
      orders.byName(origClientOrderId)?.orderId === record.orderId;
    if (!isNamed) return err(IDS_DIFFER);
    return this.isArchived(record) ? err(ARCHIVED) : ok(record.view());
  }

  openOrders(account: TradingAccount, symbol: string | undefined): Judged<readonly Order[]> {
    if (symbol !== undefined) {
      const records = this.recordsOf(account, symbol);
      return records.ok ? ok(openOf(records.value)) : records;
    }
    const markets = [...this.venue.markets.values()].sort((one, other) =>
      one.symbol < other.symbol ? -1 : 1,
    );
    return ok(markets.flatMap((market) => openOf(market.recordsOf(account))));
  }

  allOrders(account: TradingAccount, symbol: string, query: Query<'allOrders'>): Judged<readonly Order[]> {
    const records = this.recordsOf(account, symbol);
    if (!records.ok) return records;
    const kept = this.withoutArchived(records.value.orders);
    const { orderId, limit } = query;
    if (orderId === undefined)
      return ok(inRange(kept, query, (record) => record.start.createdAtMs).map((one) => one.view()));
    const from = firstFrom(kept, orderId, (record) => record.orderId);
    return ok(kept.slice(from, from + limit).map((record) => record.view()));
  }

  orderList(
    account: TradingAccount,
    { orderListId, origClientOrderId }: Parameters<AccountQueries['orderList']>[1],
  ): Judged<OrderList> {
    if (orderListId === undefined && origClientOrderId === undefined) return err(NO_LIST_ID);
    const { lists } = account;
    const list = orderListId === undefined ? lists.byName(origClientOrderId!) : lists.byId(orderListId);
    return list === undefined ? err(NO_SUCH_LIST) : ok(list.view());
  }

  openOrderLists(account: TradingAccount): readonly OrderList[] {
    return [...account.lists.open.values()].map((list) => list.view());
  }

  allOrderLists(account: TradingAccount, query: Parameters<AccountQueries['allOrderLists']>[1]) {
    const { all } = account.lists.all;
    const { fromId, limit } = query;
    if (fromId === undefined)
      return inRange(all, query, (list) => list.createdAtMs).map((list) => list.view());
    const from = firstFrom(all, fromId, (list) => list.orderListId);
    return all.slice(from, from + limit).map((list) => list.view());
  }

  fills(account: TradingAccount, symbol: string, query: Query<'fills'>): Judged<readonly Fill[]> {
    const records = this.recordsOf(account, symbol);
    if (!records.ok) return records;
    const { orderId, fromId, limit } = query;
    const all = records.value.fills;
    const mine = orderId === undefined ? all : all.slice().filter((fill) => fill.orderId === orderId);
    return ok(fromNumber(mine, fromId, limit, (fill) => fill.tradeId) ?? byTime(mine, query));
  }

  preventedMatches(
    account: TradingAccount,
    symbol: string,
    query: Query<'preventedMatches'>,
  ): Judged<readonly PreventedMatch[]> {
    const records = this.recordsOf(account, symbol);
    if (!records.ok) return records;
    const { preventedMatchId, orderId, fromPreventedMatchId = 0, limit } = query;
    const found = records.value.prevented.all.filter(
      (match) =>
        (preventedMatchId === undefined || match.preventedMatchId === preventedMatchId) &&
        (orderId === undefined || match.takerOrderId === orderId || match.makerOrderId === orderId) &&
        match.preventedMatchId >= fromPreventedMatchId,
    );
    return ok(found.slice(0, limit));
  }

  amendments(
    account: TradingAccount,
    symbol: string,
    { orderId, fromExecutionId = 0, limit }: Query<'amendments'>,
  ): Judged<readonly Amendment[]> {
    const records = this.recordsOf(account, symbol);
    if (!records.ok) return records;
    const found = records.value.amendments.all.filter(
      (amendment) => amendment.orderId === orderId && amendment.executionId >= fromExecutionId,
    );
    return ok(found.slice(0, limit));
  }

  commission(account: TradingAccount, symbol: string): Judged<Commission> {
    const market = this.venue.markets.get(symbol);
    return market === undefined ? err(UNKNOWN_SYMBOL) : ok(commissionRates(this.venue, market, account));
  }

  orderCounts(account: TradingAccount): readonly OrderCount[] {
    return account.unfilled.view(this.now());
  }

  assetLimits(account: TradingAccount): ReadonlyMap<string, Amount> {
    return account.assetLimits;
  }

  private recordsOf(account: TradingAccount, symbol: string): Judged<AccountRecords> {
    const market = this.venue.markets.get(symbol);
    return market === undefined ? err(UNKNOWN_SYMBOL) : ok(market.recordsOf(account));
  }

  private withoutArchived(orders: OrderHistory): Sequence<OrderRecord> {
    const oldest = orders.at(0);
    // No order has ended before it was placed, and all others were placed after the oldest.
    if (oldest === undefined || this.now() - oldest.start.createdAtMs <= ARCHIVE_MS) return orders;
    return orders.slice().filter((record) => !this.isArchived(record));
  }

  /** Ended without a trade more than 90 days ago (code -2026). */
  private isArchived(record: OrderRecord): boolean {
    if (record.isOpen || unitsOf(record.executedQuantity) > 0n) return false;
    return this.now() - record.updatedAtMs > ARCHIVE_MS;
  }
}

const openOf = (records: AccountRecords): Order[] =>
  [...records.orders.open.values()].map((record) => record.view());

const byTime = (fills: Sequence<Fill>, range: HistoryRange): Fill[] =>
  inRange(fills, range, (fill) => fill.timeMs);

function fromNumber<T>(
  entries: Sequence<T>,
  from: number | undefined,
  limit: number,
  numberOf: (entry: T) => number,
): T[] | undefined {
  if (from === undefined) return undefined;
  const at = firstFrom(entries, from, numberOf);
  return entries.slice(at, at + limit);
}
