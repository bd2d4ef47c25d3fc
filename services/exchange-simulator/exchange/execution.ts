import type { Lots, Ticks } from '@tradewind/core/market';
import type { ExpiryReason, FundsPort, MatchingListener, OrderRequest } from '@tradewind/core/matching/book';
import {
  add,
  fromUnits,
  notional,
  type Quantity,
  type QuoteAmount,
  settle,
  unitsOf,
} from '@tradewind/core/money';
import type { SelfTradePrevention, Side } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import { Activation } from './activation.ts';
import { commissionOf } from './commission.ts';
import type { ListRecord } from './list-record.ts';
import type { Prevention } from './listener.ts';
import type { AggregateTrade, Fill, PreventedMatch, PublicTrade } from './model.ts';
import { isStopKind, type OrderRecord } from './order-record.ts';
import { noteListStatus, noteReport } from './reports.ts';
import type { CommandScope } from './scope.ts';
import { Settlement } from './settlement.ts';
import type { SymbolMarket } from './symbol-market.ts';
import { publicTrade } from './trade-tape.ts';
import type { Venue } from './venue.ts';
import type { Wallet } from './wallet.ts';

/**
 * What follows from what the engine of one symbol does: records, balances, commissions, lists, reports, public trades. The
 * engine is told nothing here but whether orders that it starts by itself can be paid for.
 */
export class Execution implements MatchingListener, FundsPort {
  private readonly venue: Venue;
  private readonly scope: CommandScope;
  private readonly activation: Activation;
  private readonly settlement: Settlement;
  private market!: SymbolMarket;

  constructor(venue: Venue, scope: CommandScope) {
    this.venue = venue;
    this.scope = scope;
    this.activation = new Activation(venue);
    this.settlement = new Settlement(venue);
  }

  /** The market and its engine's listener need one another; this closes the circle once. */
  attach(market: SymbolMarket): void {
    this.market = market;
    this.activation.attach(market);
  }

  accepted(orderId: number, _request: OrderRequest, isPending: boolean): void {
    const { market, venue } = this;
    const record = this.scope.nextAccepted();
    record.orderId = orderId;
    if (isPending) record.status = 'PENDING_NEW';
    else if (!isStopKind(record.start.type)) record.workingTimeMs = venue.nowMs;
    market.open.set(orderId, record);
    const records = market.recordsOf(venue.account(record.start.account));
    records.begin(record);
    if (record.start.side === 'BUY') records.changeBuying(unitsOf(record.openQuantity));
    noteReport(venue, market, 'NEW', record);
  }

  lockPending(orderId: number): boolean {
    return this.activation.lockPending(this.record(orderId), this.listOf(this.record(orderId)));
  }

  admitFired(orderId: number): boolean {
    const record = this.record(orderId);
    if (!this.activation.admitFired(record)) return false;
    this.startWorking(record);
    return true;
  }

  proceedsOf(workingOrderId: number): Lots {
    const list = this.market.payingLists.get(workingOrderId);
    invariant(list !== undefined, 'the list of an OPO is open when its working order is filled');
    return this.activation.proceedsOf(list);
  }

  activated(orderId: number): void {
    const record = this.record(orderId);
    record.status = 'NEW';
    if (isStopKind(record.start.type)) {
      record.updatedAtMs = this.venue.nowMs;
      noteReport(this.venue, this.market, 'NEW', record);
    } else this.startWorking(record);
  }

  triggered(): void {
    // Its reports come when its turn comes: `admitFired`.
  }

  trailingStarted(orderId: number): void {
    this.record(orderId).trailingTimeMs = this.venue.nowMs;
  }

  pegged(orderId: number, price: Ticks): void {
    this.record(orderId).peggedPrice = this.market.grid.priceOf(price);
  }

  sized(orderId: number, quantity: Lots): void {
    const record = this.record(orderId);
    record.quantity = this.market.grid.quantityOf(quantity);
  }

  trade(
    _engineTradeId: number,
    ticks: Ticks,
    lots: Lots,
    takerSide: Side,
    takerId: number,
    makerId: number,
  ): void {
    const { market } = this;
    const price = market.grid.priceOf(ticks);
    const quantity = market.grid.quantityOf(lots);
    // One amount for both sides, so that nothing is made or lost; what is below the last decimal stays with the payer.
    const quote = settle(notional(price, quantity), 'receive');
    const taker = market.open.get(takerId);
    const maker = market.open.get(makerId);
    const [buyer, seller] = takerSide === 'BUY' ? [taker, maker] : [maker, taker];
    const { baseAsset, quoteAsset } = market.instrument;
    this.settlement.pay(buyer, quoteAsset, quote);
    this.settlement.pay(seller, baseAsset, quantity);
    const trade = this.tradeOf(
      { price, quantity, quoteQuantity: quote },
      takerSide,
      takerId === 0 ? undefined : takerId,
    );
    this.fill(taker, trade, takerSide === 'BUY', false);
    this.fill(maker, trade, takerSide === 'SELL', true);
    this.tell(trade);
  }

  outsideTrade(ticks: Ticks, lots: Lots, takerSide: Side): void {
    const { market } = this;
    const price = market.grid.priceOf(ticks);
    const quantity = market.grid.quantityOf(lots);
    const quoteQuantity = settle(notional(price, quantity), 'receive');
    const trade = this.tradeOf({ price, quantity, quoteQuantity }, takerSide, undefined);
    this.tell(trade);
  }

  prevented(
    preventedMatchId: number,
    ticks: Ticks,
    takerId: number,
    makerId: number,
    takerLots: Lots,
    makerLots: Lots,
    mode: SelfTradePrevention,
  ): void {
    const { market, venue } = this;
    const { grid } = market;
    const taker = this.record(takerId);
    const maker = this.record(makerId);
    const price = grid.priceOf(ticks);
    const takerQuantity = grid.quantityOf(takerLots);
    const makerQuantity = grid.quantityOf(makerLots);
    if (mode === 'TRANSFER') this.settlement.transfer(market, taker, maker, price, takerQuantity);
    const { tradeGroup } = taker.start;
    const match: PreventedMatch = {
      symbol: market.symbol,
      preventedMatchId,
      takerOrderId: takerId,
      takerAccount: taker.start.account,
      makerOrderId: makerId,
      makerAccount: maker.start.account,
      tradeGroup: tradeGroup === 0 ? -1 : tradeGroup,
      mode,
      price,
      takerPreventedQuantity: takerQuantity,
      makerPreventedQuantity: makerQuantity,
      timeMs: venue.nowMs,
    };
    this.recordsOf(taker).prevented.add(match);
    if (maker.start.account !== taker.start.account) this.recordsOf(maker).prevented.add(match);
    this.scope.notePrevention(taker, match);
    this.prevent(taker, match, takerQuantity, makerId);
    this.prevent(maker, match, makerQuantity, takerId);
  }

  replaced(orderId: number, lots: Lots): void {
    const { venue, market } = this;
    const record = this.record(orderId);
    const quantity = market.grid.quantityOf(lots);
    this.changeOpen(record, unitsOf(quantity) - unitsOf(record.quantity!));
    record.quantity = quantity;
    if (unitsOf(record.icebergQuantity) > unitsOf(quantity)) record.icebergQuantity = quantity;
    record.updatedAtMs = venue.nowMs;
    record.lock?.release();
    const name = this.scope.newNameOf(record);
    const isRenamed = name !== undefined && name !== record.clientOrderId;
    if (isRenamed) this.recordsOf(record).orders.rename(record, name);
    const executionId = noteReport(venue, market, 'REPLACED', record);
    if (name !== undefined) this.scope.noteAmended(executionId);
    const list = this.listOf(record);
    if (!isRenamed || list === undefined) return;
    list.statusType = 'UPDATED';
    list.transactionTimeMs = venue.nowMs;
    noteListStatus(venue, list);
  }

  canceled(orderId: number): void {
    const record = this.record(orderId);
    const before = record.clientOrderId;
    this.close(record, 'CANCELED', this.scope.cancelName);
    noteReport(this.venue, this.market, 'CANCELED', record, { originalClientOrderId: before });
    this.scope.noteCanceled(record, before);
  }

  expired(orderId: number, reason: ExpiryReason): void {
    const record = this.record(orderId);
    record.expiryReason = reason;
    this.close(record, 'EXPIRED');
    noteReport(this.venue, this.market, 'EXPIRED', record);
  }

  expiredInMatch(orderId: number): void {
    // The TRADE_PREVENTION that took the rest has said so; only its place among the open orders is left.
    this.forget(this.record(orderId));
  }

  listStatus(engineListId: number, status: 'EXECUTING' | 'ALL_DONE'): void {
    const { market, venue } = this;
    if (status === 'EXECUTING') {
      const list = this.scope.acceptedList();
      list.engineListId = engineListId;
      market.openLists.set(engineListId, list);
      if (list.paysForPending) market.payingLists.set(list.legs[0]!.orderId, list);
      noteListStatus(venue, list);
      return;
    }
    const list = market.openLists.get(engineListId);
    invariant(list !== undefined, 'a list that ends is open');
    market.openLists.delete(engineListId);
    market.payingLists.delete(list.legs[0]!.orderId);
    venue.openLists.delete(list.orderListId);
    list.orderStatus = 'ALL_DONE';
    list.statusType = 'ALL_DONE';
    list.transactionTimeMs = venue.nowMs;
    this.activation.releaseProceeds(list);
    const account = venue.account(list.account);
    account.lists.end(list);
    market.recordsOf(account).countLists(-1);
    noteListStatus(venue, list);
  }

  stepEnded(): void {
    const { market, venue } = this;
    this.scope.stepEnded();
    this.tellEnded(market.tape.endAggregate());
    if (venue.changedAccounts.length > 0) venue.tellPositions(market);
  }

  /** The next public trade, happening now. */
  private tradeOf(
    amounts: Pick<PublicTrade, 'price' | 'quantity' | 'quoteQuantity'>,
    takerSide: Side,
    takerId: number | undefined,
  ): PublicTrade {
    const { symbol, tape } = this.market;
    return publicTrade(
      symbol,
      tape.lastTradeId + 1,
      amounts,
      this.venue.nowMs,
      takerSide === 'SELL',
      takerId,
    );
  }

  private tell(trade: PublicTrade): void {
    this.venue.journal.note('trade', trade);
    this.tellEnded(this.market.tape.add(trade));
  }

  private tellEnded(aggregate: AggregateTrade | undefined): void {
    if (aggregate !== undefined) this.venue.journal.note('aggregateTrade', aggregate);
  }

  /** An order comes to be matched: NEW once more, now on the book. */
  private startWorking(record: OrderRecord): void {
    record.workingTimeMs = this.venue.nowMs;
    record.updatedAtMs = this.venue.nowMs;
    noteReport(this.venue, this.market, 'NEW', record);
  }

  /** What one side gets, what it pays for that, and what becomes of its order. */
  private fill(
    record: OrderRecord | undefined,
    trade: PublicTrade,
    isBuyer: boolean,
    isMaker: boolean,
  ): void {
    const { venue, market, settlement } = this;
    const { baseAsset, quoteAsset } = market.instrument;
    const received = isBuyer ? trade.quantity : trade.quoteQuantity;
    const wallet = settlement.receive(record, isBuyer ? baseAsset : quoteAsset, received);
    if (record === undefined) return;
    const account = venue.account(record.start.account);
    const charge = commissionOf(venue, market, account, { isBuyer, isMaker, received: unitsOf(received) });
    settlement.charge(account, charge.asset, charge.amount);
    this.keepProceeds(record, wallet, received, charge);
    this.execute(record, trade, isMaker);
    const fill: Fill = {
      symbol: market.symbol,
      account: account.number,
      tradeId: trade.id,
      orderId: record.orderId,
      orderListId: record.orderListId,
      price: trade.price,
      quantity: trade.quantity,
      quoteQuantity: trade.quoteQuantity,
      commission: charge.amount,
      commissionAsset: charge.asset,
      timeMs: venue.nowMs,
      isBuyer,
      isMaker,
    };
    this.recordsOf(record).fills.add(fill);
    this.scope.noteFill(record, fill);
    noteReport(venue, market, 'TRADE', record, { fill });
    if (!record.isOpen) this.forget(record);
  }

  /** What the working order of an OPO buys is kept for the pending orders (binance-spot.md section 4.3). */
  private keepProceeds(
    record: OrderRecord,
    wallet: Wallet,
    received: Quantity | QuoteAmount,
    charge: { readonly asset: string; readonly amount: Quantity },
  ): void {
    const list = this.listOf(record);
    if (list === undefined || !list.paysForPending || list.legs[0] !== record) return;
    const fee = charge.asset === wallet.asset ? charge.amount : fromUnits<Quantity>(0n);
    this.activation.keepProceeds(list, wallet, received as Quantity, fee);
  }

  private execute(
    record: OrderRecord,
    trade: { readonly quantity: Quantity; readonly quoteQuantity: QuoteAmount },
    isMaker: boolean,
  ): void {
    const { venue } = this;
    if (unitsOf(record.executedQuantity) === 0n && !record.start.isByHand) {
      const account = venue.account(record.start.account);
      account.unfilled.subtract(isMaker ? venue.settings.makerFirstFillDecrement : 1, venue.nowMs);
    }
    this.changeOpen(record, -unitsOf(trade.quantity));
    record.executedQuantity = add(record.executedQuantity, trade.quantity);
    record.executedQuote = add(record.executedQuote, trade.quoteQuantity);
    record.updatedAtMs = venue.nowMs;
    const isFilled = unitsOf(record.openQuantity) === 0n && !record.isShort;
    record.status = isFilled ? 'FILLED' : 'PARTIALLY_FILLED';
    record.lock?.release();
  }

  private prevent(
    record: OrderRecord,
    match: PreventedMatch,
    quantity: Quantity,
    counterOrderId: number,
  ): void {
    if (unitsOf(quantity) === 0n) return;
    const { venue, market } = this;
    this.changeOpen(record, -unitsOf(quantity));
    record.preventedQuantity = add(record.preventedQuantity, quantity);
    record.preventedMatchId = match.preventedMatchId;
    record.updatedAtMs = venue.nowMs;
    if (unitsOf(record.openQuantity) === 0n) record.status = 'EXPIRED_IN_MATCH';
    record.lock?.release();
    const prevention: Prevention = {
      preventedMatchId: match.preventedMatchId,
      mode: match.mode,
      price: match.price,
      quantity,
      quoteQuantity: settle(notional(match.price, quantity), 'receive'),
      counterOrderId,
      counterSymbol: market.symbol,
    };
    noteReport(venue, market, 'TRADE_PREVENTION', record, { prevention });
  }

  /**
   * The order is open no more: nothing is locked for it, and nothing counts it.
   * @param name  the client order id that it has from now on; its own when left out
   */
  private close(record: OrderRecord, status: 'CANCELED' | 'EXPIRED', name?: string): void {
    this.changeOpen(record, -unitsOf(record.openQuantity));
    record.status = status;
    record.updatedAtMs = this.venue.nowMs;
    record.lock?.release();
    if (name !== undefined) this.recordsOf(record).orders.rename(record, name);
    this.forget(record);
  }

  private forget(record: OrderRecord): void {
    this.market.open.delete(record.orderId);
    // What it had locked is free.
    record.lock = undefined;
    this.recordsOf(record).end(record);
  }

  private changeOpen(record: OrderRecord, by: bigint): void {
    if (record.start.side === 'BUY') this.recordsOf(record).changeBuying(by);
  }

  private recordsOf(record: OrderRecord) {
    return this.market.records.get(record.start.account)!;
  }

  private record(orderId: number): OrderRecord {
    const record = this.market.open.get(orderId);
    invariant(record !== undefined, `order ${orderId} of ${this.market.symbol} is open`);
    return record;
  }

  private listOf(record: OrderRecord): ListRecord | undefined {
    return record.orderListId === -1 ? undefined : this.venue.openLists.get(record.orderListId);
  }
}
