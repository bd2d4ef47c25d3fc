import type { SavedEngine } from '@tradewind/core/matching/book';
import type { Amount } from '@tradewind/core/money';
import type { CommissionRates, PriceRangeRule, ReferencePrice } from './commands.ts';
import { ListRecord } from './list-record.ts';
import type { AggregateTrade, Amendment, Fill, OrderListKind, PreventedMatch, PublicTrade } from './model.ts';
import { OrderRecord, type OrderStart } from './order-record.ts';
import type { Entry, SymbolMarket } from './symbol-market.ts';
import type { SavedAverage } from './trade-tape.ts';
import type { Venue } from './venue.ts';
import { Lock } from './wallet.ts';

export interface SavedMarket {
  readonly entry: Entry;
  readonly priceDecimals: number;
  readonly quantityDecimals: number;
  readonly engine: SavedEngine;
  readonly lastExecutionId: number;
  readonly lastUpdateId: number;
  readonly rule: PriceRangeRule | undefined;
  readonly referencePrice: ReferencePrice | undefined;
  readonly tax: CommissionRates | undefined;
  readonly tape: {
    readonly trades: readonly PublicTrade[];
    readonly aggregates: readonly AggregateTrade[];
    readonly lastTradeId: number;
    readonly lastAggregateId: number;
    readonly averages: readonly SavedAverage[];
  };
  readonly records: readonly {
    readonly account: number;
    readonly orders: readonly SavedRecord[];
    readonly names: readonly (readonly [string, number])[];
    readonly fills: readonly Fill[];
    readonly prevented: readonly PreventedMatch[];
    readonly amendments: readonly Amendment[];
  }[];
  /** What open orders hold together. */
  readonly locks: readonly {
    readonly asset: string;
    readonly orders: readonly number[];
    readonly amount: Amount;
  }[];
}

/** Every field of a record but its lock. */
type SavedRecord = Omit<
  OrderRecord,
  | 'lock'
  | 'view'
  | 'need'
  | 'isOpen'
  | 'isAlgo'
  | 'isIceberg'
  | 'isWorking'
  | 'openQuantity'
  | 'rename'
  | 'names'
> & { readonly start: OrderStart };

export interface SavedList {
  readonly orderListId: number;
  readonly symbol: string;
  readonly account: number;
  readonly kind: OrderListKind;
  readonly listClientOrderId: string;
  readonly createdAtMs: number;
  readonly legs: readonly number[];
  readonly engineListId: number;
  readonly statusType: ListRecord['statusType'];
  readonly orderStatus: ListRecord['orderStatus'];
  readonly transactionTimeMs: number;
  readonly proceeds: Amount | undefined;
}

/** What a saved exchange leaves out: `market`, what the world around its accounts trades and shows, which is followed anew. */
export interface SaveOptions {
  readonly leavesOut?: 'market';
}

export function saveMarket(market: SymbolMarket, { leavesOut }: SaveOptions): SavedMarket {
  const { tape } = market;
  const engine = market.engine.save();
  const locks = new Set([...market.open.values()].map((record) => record.lock!));
  return {
    entry: market.entry,
    priceDecimals: market.grid.priceDecimals,
    quantityDecimals: market.grid.quantityDecimals,
    engine: leavesOut === 'market' ? { ...engine, outsideBids: [], outsideAsks: [] } : engine,
    lastExecutionId: market.lastExecutionId,
    lastUpdateId: market.image.lastUpdateId,
    rule: market.rule,
    referencePrice: market.referencePrice,
    tax: market.tax,
    tape: {
      trades: leavesOut === 'market' ? [] : tape.trades.slice(),
      aggregates: leavesOut === 'market' ? [] : tape.aggregates.slice(),
      lastTradeId: tape.lastTradeId,
      lastAggregateId: tape.lastAggregateId,
      averages: leavesOut === 'market' ? [] : tape.saveAverages(),
    },
    records: [...market.records.values()].map((records) => ({
      account: records.account,
      orders: records.orders.slice().map((record) => ({ ...record, lock: undefined })),
      names: records.orders.names(),
      fills: records.fills.slice(),
      prevented: records.prevented.all,
      amendments: records.amendments.all,
    })),
    locks: [...locks].map((lock) => ({
      asset: lock.wallet.asset,
      orders: lock.orders.map(({ orderId }) => orderId),
      amount: lock.amount.toAmount(),
    })),
  };
}

/** Into a market that has its engine back and nothing else; its accounts are there. */
export function restoreMarket(venue: Venue, market: SymbolMarket, saved: SavedMarket): void {
  market.lastExecutionId = saved.lastExecutionId;
  market.rule = saved.rule;
  market.referencePrice = saved.referencePrice;
  market.tax = saved.tax;
  market.applyPriceRange();
  const { tape } = saved;
  market.tape.restore(tape.trades, tape.aggregates, tape.averages);
  market.tape.lastTradeId = tape.lastTradeId;
  market.tape.lastAggregateId = tape.lastAggregateId;
  const open: OrderRecord[] = [];
  for (const kept of saved.records) {
    const records = market.recordsOf(venue.account(kept.account));
    const orders = kept.orders.map(({ start, ...fields }) => Object.assign(new OrderRecord(start), fields));
    records.restore(orders, kept.names);
    records.fills.restore(kept.fills);
    records.prevented.restore(kept.prevented);
    records.amendments.restore(kept.amendments);
    open.push(...orders.filter(({ isOpen }) => isOpen));
  }
  open.sort((one, other) => one.orderId - other.orderId);
  for (const record of open) market.open.set(record.orderId, record);
  for (const { asset, orders, amount } of saved.locks) {
    const records = orders.map((orderId) => findRecord(market, orderId)!);
    const lock = new Lock(venue.account(records[0]!.start.account).wallet(asset), records);
    lock.amount.setAmount(amount);
    for (const record of records) record.lock = lock;
  }
  market.restartImage(saved.lastUpdateId);
}

export const saveList = (list: ListRecord): SavedList => ({
  orderListId: list.orderListId,
  symbol: list.symbol,
  account: list.account,
  kind: list.kind,
  listClientOrderId: list.listClientOrderId,
  createdAtMs: list.createdAtMs,
  legs: list.legs.map(({ orderId }) => orderId),
  engineListId: list.engineListId,
  statusType: list.statusType,
  orderStatus: list.orderStatus,
  transactionTimeMs: list.transactionTimeMs,
  proceeds: list.proceeds?.amount.toAmount(),
});

/**
 * After all markets. A list whose orders are not there, of a state saved by an earlier version, is passed over.
 * @param isInHistory  false for an open one that the history has no place for any more
 */
export function restoreList(venue: Venue, saved: SavedList, isInHistory: boolean): void {
  const market = venue.market(saved.symbol);
  const account = venue.account(saved.account);
  const legs = saved.legs.map((orderId) => market.recordsOf(account).orders.byId(orderId));
  if (!legs.every((leg) => leg !== undefined)) return;
  const list = new ListRecord(saved.orderListId, saved, saved.kind, legs, saved.createdAtMs);
  list.engineListId = saved.engineListId;
  list.statusType = saved.statusType;
  list.orderStatus = saved.orderStatus;
  list.transactionTimeMs = saved.transactionTimeMs;
  if (saved.proceeds !== undefined) {
    list.proceeds = new Lock(account.wallet(market.instrument.baseAsset), []);
    list.proceeds.amount.setAmount(saved.proceeds);
  }
  if (isInHistory) account.lists.begin(list);
  else account.lists.admit(list);
  if (!list.isOpen) return;
  venue.openLists.set(list.orderListId, list);
  market.openLists.set(list.engineListId, list);
  market.recordsOf(account).countLists(1);
  if (list.paysForPending) market.payingLists.set(list.legs[0]!.orderId, list);
}

function findRecord(market: SymbolMarket, orderId: number): OrderRecord | undefined {
  for (const records of market.records.values()) {
    const record = records.orders.byId(orderId);
    if (record !== undefined) return record;
  }
  return undefined;
}
