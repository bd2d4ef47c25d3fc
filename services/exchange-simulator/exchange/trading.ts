import type { ExchangeFilters } from '@tradewind/core/market';
import { err, invariant, ok, type Result } from '@tradewind/core/result';
import type {
  CanceledList,
  CancelOutcome,
  CancelRequest,
  NewOrder,
  NewOrderList,
  OrderListReference,
  OrderReference,
  Placed,
  PlacedList,
} from './commands.ts';
import { legsOf, listRefusal } from './list-legs.ts';
import { ListRecord } from './list-record.ts';
import type { Refusal } from './model.ts';
import { countFailure } from './order-filters.ts';
import type { OrderRecord } from './order-record.ts';
import {
  ALONE,
  addingOf,
  engineRefusal,
  type Prepared,
  prepare,
  type Ready,
  readyOf,
  reserve,
  type Standing,
  wordsFor,
} from './preparation.ts';
import {
  CANCEL_ACCOUNT_DISABLED,
  CANCEL_RESTRICTED,
  DUPLICATE,
  IDS_DIFFER,
  NO_LIST_ID,
  NO_ORDER_ID,
  UNKNOWN_ORDER,
  UNKNOWN_SYMBOL,
} from './refusals.ts';
import type { CommandScope } from './scope.ts';
import { phaseRefusal, placingRefusal } from './shape-checks.ts';
import type { SymbolMarket } from './symbol-market.ts';
import type { TradingAccount } from './trading-account.ts';
import type { Venue } from './venue.ts';

type Judged<T> = Result<T, Refusal>;

/** Places and cancels orders and lists. Every command begins and ends in `Exchange`; nothing here tells anything by itself. */
export class Trading {
  private readonly venue: Venue;
  private readonly scope: CommandScope;
  private readonly exchangeFilters: ExchangeFilters;

  constructor(venue: Venue, scope: CommandScope, exchangeFilters: ExchangeFilters) {
    this.venue = venue;
    this.scope = scope;
    this.exchangeFilters = exchangeFilters;
  }

  /** Everything that is judged before the engine is asked; `cancelReplace` does it before its cancel, too. */
  check(
    account: TradingAccount,
    symbol: string,
    order: NewOrder,
    standing: Standing = ALONE,
  ): Judged<{ readonly market: SymbolMarket; readonly prepared: Prepared }> {
    const market = this.venue.markets.get(symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    const refusal = standing.isByHand ? phaseRefusal(market) : placingRefusal(market, account);
    if (refusal !== undefined) return err(refusal);
    const prepared = prepare(this.venue, market, account, order, standing);
    if (!prepared.ok) return prepared;
    const failure = countFailure(market, account, addingOf([prepared.value], 0), this.exchangeFilters);
    return failure === undefined ? ok({ market, prepared: prepared.value }) : err(failure);
  }

  place(
    account: TradingAccount,
    symbol: string,
    order: NewOrder,
    standing: Standing = ALONE,
  ): Judged<Placed> {
    const checked = this.check(account, symbol, order, standing);
    if (!checked.ok) return checked;
    if (!standing.isByHand) {
      const limit = account.unfilled.refusalOf(1, this.venue.nowMs);
      if (limit !== undefined) return err(limit);
    }
    return this.enter(account, checked.value.market, checked.value.prepared);
  }

  /** What is left when the API has passed an order: duplicates, the book, the balance; then the engine. */
  enter(account: TradingAccount, market: SymbolMarket, prepared: Prepared): Judged<Placed> {
    const { venue, scope } = this;
    if (market.recordsOf(account).orders.isInUse(prepared.start.clientOrderId)) return err(DUPLICATE);
    const ready = readyOf(market, prepared);
    if (!ready.ok) return ready;
    const refusal = engineRefusal(market, ready.value) ?? reserve(market, account, [ready.value]);
    if (refusal !== undefined) return err(refusal);
    if (!prepared.standing.isByHand) account.unfilled.add(1, venue.nowMs);
    const { record, request } = ready.value;
    scope.startPlacing([record]);
    const placed = market.engine.place(request);
    invariant(typeof placed === 'number', 'the engine takes an order that it did not refuse');
    return ok({
      order: scope.asPlaced[0]!,
      timeMs: venue.nowMs,
      fills: scope.fills,
      preventedMatches: scope.preventedMatches,
    });
  }

  placeList(account: TradingAccount, list: NewOrderList): Judged<PlacedList> {
    const { venue } = this;
    const market = venue.markets.get(list.symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    const refusal = placingRefusal(market, account) ?? listRefusal(list, market);
    if (refusal !== undefined) return err(refusal);
    const prepared = this.prepareLegs(account, market, list);
    if (!prepared.ok) return prepared;
    const limit = account.unfilled.refusalOf(prepared.value.length, venue.nowMs);
    if (limit !== undefined) return err(limit);
    const name = list.listClientOrderId ?? venue.newName();
    if (this.hasDuplicate(account, market, name, prepared.value)) return err(DUPLICATE);
    const legs: Ready[] = [];
    for (const leg of prepared.value) {
      const ready = readyOf(market, leg);
      if (!ready.ok) return ready;
      legs.push(ready.value);
    }
    const requests = legs.map(({ request }) => request);
    const engine = wordsFor(market.engine.refusalOfList(list.kind, requests));
    if (engine !== undefined) return err(engine);
    const balance = this.reserveLegs(account, market, list, legs);
    if (balance !== undefined) return err(balance);
    account.unfilled.add(legs.length, venue.nowMs);
    return ok(this.enterList(account, market, list, name, legs));
  }

  cancel(account: TradingAccount, request: CancelRequest, isByHand = false): Judged<CancelOutcome> {
    const { venue } = this;
    const market = venue.markets.get(request.symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    if (account.isDisabled && !isByHand) return err(CANCEL_ACCOUNT_DISABLED);
    const found = this.findOpen(account, market, request);
    if (!found.ok) return found;
    const record = found.value;
    const { restriction } = request;
    const isAllowed =
      restriction === undefined ||
      restriction === 'NONE' ||
      record.status === (restriction === 'ONLY_NEW' ? 'NEW' : 'PARTIALLY_FILLED');
    if (!isAllowed) return err(CANCEL_RESTRICTED);
    return ok(this.withdraw(market, record, request.clientOrderId ?? venue.newName()));
  }

  cancelList(
    account: TradingAccount,
    request: OrderListReference & { readonly clientOrderId?: string | undefined },
  ): Judged<CanceledList> {
    const { venue } = this;
    const market = venue.markets.get(request.symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    if (account.isDisabled) return err(CANCEL_ACCOUNT_DISABLED);
    const { orderListId, listClientOrderId } = request;
    if (orderListId === undefined && listClientOrderId === undefined) return err(NO_LIST_ID);
    const list =
      orderListId === undefined
        ? account.lists.byName(listClientOrderId!)
        : account.lists.open.get(orderListId);
    if (list === undefined || !list.isOpen || list.symbol !== market.symbol) return err(UNKNOWN_ORDER);
    if (listClientOrderId !== undefined && list.listClientOrderId !== listClientOrderId)
      return err(IDS_DIFFER);
    const leg = list.legs.find(({ isOpen }) => isOpen)!;
    const outcome = this.withdraw(market, leg, request.clientOrderId ?? venue.newName());
    invariant(outcome.kind === 'list', 'canceling an order of a list cancels the list');
    return ok(outcome);
  }

  cancelAll(account: TradingAccount, symbol: string): Judged<readonly CancelOutcome[]> {
    const market = this.venue.markets.get(symbol);
    if (market === undefined) return err(UNKNOWN_SYMBOL);
    if (account.isDisabled) return err(CANCEL_ACCOUNT_DISABLED);
    const open = [...market.recordsOf(account).orders.open.values()];
    if (open.length === 0) return err(UNKNOWN_ORDER);
    const name = this.venue.newName();
    const outcomes: CancelOutcome[] = [];
    for (const record of open) if (record.isOpen) outcomes.push(this.withdraw(market, record, name));
    return ok(outcomes);
  }

  /** The open order that a reference names. */
  findOpen(
    account: TradingAccount,
    market: SymbolMarket,
    { orderId, origClientOrderId }: OrderReference,
  ): Judged<OrderRecord> {
    if (orderId === undefined && origClientOrderId === undefined) return err(NO_ORDER_ID);
    const { orders } = market.recordsOf(account);
    const record = orderId === undefined ? orders.byName(origClientOrderId!) : orders.open.get(orderId);
    if (record === undefined || !record.isOpen) return err(UNKNOWN_ORDER);
    const isNamed = origClientOrderId === undefined || record.clientOrderId === origClientOrderId;
    if (isNamed) return ok(record);
    return err(orderId === undefined ? UNKNOWN_ORDER : IDS_DIFFER);
  }

  private withdraw(market: SymbolMarket, record: OrderRecord, name: string): CancelOutcome {
    const { venue, scope } = this;
    const list = venue.openLists.get(record.orderListId);
    scope.startCanceling(name);
    const refusal = market.engine.cancel(record.orderId);
    invariant(refusal === undefined, 'an open order can be canceled');
    const timeMs = venue.nowMs;
    const canceled = scope.canceled
      .map((one) => ({ ...one, timeMs }))
      .sort((one, other) => one.order.orderId - other.order.orderId);
    if (list === undefined) return { kind: 'order', ...canceled[0]! };
    return { kind: 'list', list: list.view(), timeMs, orders: canceled };
  }

  private prepareLegs(
    account: TradingAccount,
    market: SymbolMarket,
    list: NewOrderList,
  ): Judged<readonly Prepared[]> {
    const prepared: Prepared[] = [];
    const isPaidFor = list.kind === 'OPO' || list.kind === 'OPOCO';
    for (const [at, leg] of legsOf(list).entries()) {
      const isPending = list.kind !== 'OCO' && at > 0;
      const one = prepare(this.venue, market, account, leg, {
        isByHand: false,
        isPending,
        isPaidFor: isPending && isPaidFor,
      });
      if (!one.ok) return one;
      prepared.push(one.value);
    }
    const failure = countFailure(market, account, addingOf(prepared, 1), this.exchangeFilters);
    return failure === undefined ? ok(prepared) : err(failure);
  }

  private hasDuplicate(
    account: TradingAccount,
    market: SymbolMarket,
    name: string,
    legs: readonly Prepared[],
  ): boolean {
    const { orders } = market.recordsOf(account);
    const names = legs.map(({ start }) => start.clientOrderId);
    return (
      account.lists.isInUse(name) ||
      new Set(names).size < names.length ||
      names.some((one) => orders.isInUse(one))
    );
  }

  /** Alternatives share one lock, and pending orders have one that holds nothing yet. */
  private reserveLegs(
    account: TradingAccount,
    market: SymbolMarket,
    list: NewOrderList,
    legs: readonly Ready[],
  ): Refusal | undefined {
    if (list.kind === 'OCO') return reserve(market, account, legs);
    const refusal = reserve(market, account, legs.slice(0, 1));
    return refusal ?? reserve(market, account, legs.slice(1));
  }

  private enterList(
    account: TradingAccount,
    market: SymbolMarket,
    list: NewOrderList,
    listClientOrderId: string,
    legs: readonly Ready[],
  ): PlacedList {
    const { venue, scope } = this;
    const records = legs.map(({ record }) => record);
    venue.lastOrderListId += 1;
    const placed = new ListRecord(
      venue.lastOrderListId,
      { symbol: market.symbol, account: account.number, listClientOrderId },
      list.kind,
      records,
      venue.nowMs,
    );
    for (const record of records) record.orderListId = placed.orderListId;
    venue.openLists.set(placed.orderListId, placed);
    account.lists.begin(placed);
    market.recordsOf(account).countLists(1);
    scope.startPlacing(records, placed);
    const outcome = market.engine.placeList(
      list.kind,
      legs.map(({ request }) => request),
    );
    invariant(typeof outcome === 'object', 'the engine takes a list that it did not refuse');
    return {
      list: scope.listAsPlaced!,
      timeMs: venue.nowMs,
      orders: scope.asPlaced,
      fills: scope.fills,
      preventedMatches: scope.preventedMatches,
    };
  }
}
