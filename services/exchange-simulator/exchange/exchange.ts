import { type ExchangeFilters, readExchangeInfo } from '@tradewind/core/market';
import type { SavedEngine } from '@tradewind/core/matching/book';
import type { Amount, Price, Quantity } from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant, ok, type Result } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import { Records } from './account-queries.ts';
import { amend } from './amending.ts';
import { cancelReplace } from './cancel-replace.ts';
import type * as commands from './commands.ts';
import { fromPlain, toPlain } from './exact-json.ts';
import { Execution } from './execution.ts';
import { applyDepth, applyQuote, applyTrade, replaceDepth } from './feed.ts';
import type { ExchangeListener } from './listener.ts';
import type { BookLevel, BookSnapshot, Order, Refusal } from './model.ts';
import { Operator } from './operator.ts';
import { oracleOf } from './oracle.ts';
import { readOrderLimiters } from './order-count.ts';
import type { AccountQueries, ExchangePort, Oracle, SavedExchange, SymbolView } from './port.ts';
import { ALONE } from './preparation.ts';
import { unsupported } from './refusals.ts';
import type { SaveOptions } from './saved-markets.ts';
import { restoreVenue, type SavedVenue, saveVenue } from './saved-venue.ts';
import { CommandScope } from './scope.ts';
import { type ExchangeOptions, settingsOf } from './settings.ts';
import { type Entry, SymbolMarket } from './symbol-market.ts';
import { Trading } from './trading.ts';
import { Venue } from './venue.ts';

type Judged<T> = Result<T, Refusal>;

/**
 * The exchange without the wire: synchronous, and pure but for the clock that is handed in. A command reads the clock once, is
 * judged, does its work and tells the listeners before it returns (`ExchangeListener`); equal commands at equal times give equal
 * events and ids. Parts: `trading.ts` places and cancels, `execution.ts` books what the matching engine does.
 */
export class Exchange implements ExchangePort {
  readonly exchangeInfo: Readonly<Record<string, unknown>>;
  private readonly clock: Clock;
  private readonly venue: Venue;
  private readonly scope = new CommandScope();
  private readonly trading: Trading;
  private readonly operator: Operator;
  private readonly records: Records;
  private readonly exchangeFilters: ExchangeFilters;
  private readonly kept: { readonly trades: number; readonly records: number };

  constructor(options: ExchangeOptions) {
    this.clock = options.clock;
    const { symbols, ...rest } = bodyOf(options.exchangeInfo);
    this.exchangeInfo = rest;
    const settings = settingsOf(options);
    this.kept = { trades: settings.tradesKept, records: settings.recordsKept };
    this.venue = new Venue(options.clock, settings, readOrderLimiters(rest.rateLimits));
    const info = readExchangeInfo(options.exchangeInfo);
    this.exchangeFilters = info.exchangeFilters;
    for (const entry of Array.isArray(symbols) ? (symbols as readonly Entry[]) : []) {
      const symbol = String(entry.symbol);
      if (info.instruments.has(symbol) && !this.venue.markets.has(symbol)) this.openMarket(entry);
    }
    this.trading = new Trading(this.venue, this.scope, this.exchangeFilters);
    this.operator = new Operator(this.venue, this.scope);
    this.records = new Records(this.venue, () => this.clock.nowMs());
  }

  /** @throws RangeError when the state is of another version, or of symbols that the exchangeInfo does not have */
  static load(options: ExchangeOptions, saved: SavedExchange): Exchange {
    if (saved.version !== 1) throw new RangeError(`a saved exchange of version ${saved.version}`);
    const exchange = new Exchange(options);
    restoreVenue(exchange.venue, fromPlain(saved.state) as SavedVenue, (market) =>
      exchange.openMarket(market.entry, market),
    );
    return exchange;
  }

  listen(listener: Partial<ExchangeListener>, hears?: (account: number) => boolean): () => void {
    return this.venue.journal.listen(listener, hears);
  }

  // Trading

  placeOrder(account: number, symbol: string, order: commands.NewOrder) {
    return this.command(symbol, () => this.trading.place(this.venue.account(account), symbol, order));
  }

  testOrder(account: number, symbol: string, order: commands.NewOrder): Judged<null> {
    this.venue.begin();
    const checked = this.trading.check(this.venue.account(account), symbol, order);
    return checked.ok ? ok(null) : checked;
  }

  placeList(account: number, list: commands.NewOrderList) {
    return this.command(list.symbol, () => this.trading.placeList(this.venue.account(account), list));
  }

  placeSor(account: number, symbol: string, order: commands.NewOrder): Judged<commands.Placed> {
    const checked = this.testOrder(account, symbol, order);
    return checked.ok ? { ok: false, error: unsupported('SOR orders') } : checked;
  }

  cancelOrder(account: number, request: commands.CancelRequest) {
    return this.command(request.symbol, () => this.trading.cancel(this.venue.account(account), request));
  }

  cancelList(
    account: number,
    request: commands.OrderListReference & { readonly clientOrderId?: string | undefined },
  ) {
    return this.command(request.symbol, () => this.trading.cancelList(this.venue.account(account), request));
  }

  cancelAll(account: number, symbol: string) {
    return this.command(symbol, () => this.trading.cancelAll(this.venue.account(account), symbol));
  }

  cancelReplace(account: number, request: commands.CancelReplaceRequest): commands.CancelReplaceOutcome {
    return this.command(request.symbol, () =>
      cancelReplace(this.venue, this.trading, this.venue.account(account), request),
    );
  }

  amend(account: number, request: commands.AmendRequest) {
    return this.command(request.symbol, () =>
      amend(this.venue, this.scope, this.trading, this.venue.account(account), request),
    );
  }

  chargeUnfilledOrders(account: number, count: number): void {
    this.venue.account(account).unfilled.add(count, this.clock.nowMs());
  }

  // What an account may ask

  account(account: number) {
    return this.venue.accounts.get(account)?.view();
  }

  transfers(account: number) {
    return this.venue.account(account).transfers.all;
  }

  balances(account: number) {
    return this.venue.account(account).view().balances;
  }

  order(account: number, reference: commands.OrderReference): Judged<Order> {
    return this.records.order(this.venue.account(account), reference);
  }

  openOrders(account: number, symbol?: string) {
    return this.records.openOrders(this.venue.account(account), symbol);
  }

  allOrders(account: number, symbol: string, range: Parameters<AccountQueries['allOrders']>[2]) {
    return this.records.allOrders(this.venue.account(account), symbol, range);
  }

  orderList(account: number, reference: Parameters<AccountQueries['orderList']>[1]) {
    return this.records.orderList(this.venue.account(account), reference);
  }

  openOrderLists(account: number) {
    return this.records.openOrderLists(this.venue.account(account));
  }

  allOrderLists(account: number, range: Parameters<AccountQueries['allOrderLists']>[1]) {
    return this.records.allOrderLists(this.venue.account(account), range);
  }

  fills(account: number, symbol: string, range: Parameters<AccountQueries['fills']>[2]) {
    return this.records.fills(this.venue.account(account), symbol, range);
  }

  preventedMatches(
    account: number,
    symbol: string,
    query: Parameters<AccountQueries['preventedMatches']>[2],
  ) {
    return this.records.preventedMatches(this.venue.account(account), symbol, query);
  }

  amendments(account: number, symbol: string, query: Parameters<AccountQueries['amendments']>[2]) {
    return this.records.amendments(this.venue.account(account), symbol, query);
  }

  commission(account: number, symbol: string) {
    return this.records.commission(this.venue.account(account), symbol);
  }

  orderCounts(account: number) {
    return this.records.orderCounts(this.venue.account(account));
  }

  assetLimits(account: number): ReadonlyMap<string, Amount> {
    return this.venue.account(account).assetLimits;
  }

  key(apiKey: string) {
    return this.venue.keys.get(apiKey);
  }

  // What everybody may ask

  get symbols(): readonly SymbolView[] {
    return [...this.venue.markets.values()];
  }

  symbol(symbol: string): SymbolView | undefined {
    return this.venue.markets.get(symbol);
  }

  lastPrice(symbol: string) {
    return this.venue.market(symbol).lastPrice;
  }

  averagePrice(symbol: string, minutes: number) {
    return this.venue.market(symbol).tape.average(minutes, this.clock.nowMs());
  }

  depth(symbol: string, limit: number): BookSnapshot {
    const market = this.venue.market(symbol);
    return {
      lastUpdateId: market.image.lastUpdateId,
      bids: market.levels('BUY', limit),
      asks: market.levels('SELL', limit),
    };
  }

  bestBid(symbol: string): BookLevel | undefined {
    return this.venue.market(symbol).levels('BUY', 1)[0];
  }

  bestAsk(symbol: string): BookLevel | undefined {
    return this.venue.market(symbol).levels('SELL', 1)[0];
  }

  lastUpdateId(symbol: string): number {
    return this.venue.market(symbol).image.lastUpdateId;
  }

  trades(symbol: string) {
    return this.venue.market(symbol).tape.trades;
  }

  aggregateTrades(symbol: string) {
    return this.venue.market(symbol).tape.aggregates;
  }

  priceRangeRule(symbol: string) {
    return this.venue.market(symbol).rule;
  }

  referencePrice(symbol: string) {
    return this.venue.market(symbol).referencePrice;
  }

  // The operator

  openAccount(account: commands.NewAccount = {}): number {
    return this.command(undefined, () => this.operator.openAccount(account));
  }

  switchAccount(account: number, switches: commands.AccountSwitches): void {
    this.command(undefined, () => this.operator.switchAccount(account, switches));
  }

  addKey(key: Omit<commands.ApiKey, 'createdAtMs'>) {
    return this.command(undefined, () => this.operator.addKey(key));
  }

  removeKey(apiKey: string): void {
    this.venue.keys.delete(apiKey);
  }

  transfer(account: number, asset: string, delta: Amount) {
    return this.command(undefined, () => this.operator.transfer(account, asset, delta));
  }

  lockExternally(account: number, asset: string, delta: Amount) {
    return this.command(undefined, () => this.operator.lockExternally(account, asset, delta));
  }

  placeByHand(account: number, symbol: string, order: commands.NewOrder) {
    return this.command(symbol, () =>
      this.trading.place(this.venue.account(account), symbol, order, { ...ALONE, isByHand: true }),
    );
  }

  cancelByHand(account: number, request: commands.CancelRequest) {
    return this.command(request.symbol, () =>
      this.trading.cancel(this.venue.account(account), request, true),
    );
  }

  expireOrder(symbol: string, orderId: number) {
    return this.command(symbol, () => this.operator.expireOrder(symbol, orderId));
  }

  setSymbolStatus(symbol: string, status: string): void {
    this.command(symbol, () => this.operator.setSymbolStatus(symbol, status));
  }

  setFilter(symbol: string, filter: Entry & { readonly filterType: string }): void {
    this.command(symbol, () => this.operator.setFilter(symbol, filter));
  }

  removeFilter(symbol: string, filterType: string): void {
    this.command(symbol, () => this.operator.removeFilter(symbol, filterType));
  }

  setPriceRangeRule(symbol: string, rule: commands.PriceRangeRule | undefined): void {
    this.command(symbol, () => this.operator.setPriceRangeRule(symbol, rule));
  }

  setReferencePrice(symbol: string, price: Price | null): void {
    this.command(symbol, () => this.operator.setReferencePrice(symbol, price));
  }

  setSpecialCommission(account: number, symbol: string, rates: commands.CommissionRates | undefined): void {
    this.operator.setSpecialCommission(account, symbol, rates);
  }

  setStandardCommission(account: number, symbol: string, rates: commands.CommissionRates | undefined): void {
    this.operator.setStandardCommission(account, symbol, rates);
  }

  setTaxCommission(symbol: string, rates: commands.CommissionRates | undefined): void {
    this.operator.setTaxCommission(symbol, rates);
  }

  setAssetLimit(account: number, asset: string, limit: Amount | undefined): void {
    this.operator.setAssetLimit(account, asset, limit);
  }

  wipe(): void {
    this.command(undefined, () => {
      const { venue } = this;
      const entries = [...venue.markets.values()].map(({ entry }) => entry);
      venue.markets.clear();
      venue.openLists.clear();
      for (const entry of entries) this.openMarket(entry);
      venue.outside.wipe([], 1);
      venue.changedAccounts.length = 0;
      venue.lastOrderListId = 0;
      for (const account of venue.accounts.values()) {
        account.wipe(venue.limiters, this.kept.records);
        this.operator.fund(account);
      }
      venue.journal.note('wiped', undefined);
    });
  }

  // The real market around a symbol

  applyQuote(symbol: string, bid: BookLevel, ask: BookLevel): boolean {
    return this.feed(symbol, (market) => applyQuote(market, bid, ask));
  }

  applyDepth(symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean {
    return this.feed(symbol, (market) => applyDepth(market, bids, asks));
  }

  replaceDepth(symbol: string, bids: readonly BookLevel[], asks: readonly BookLevel[]): boolean {
    return this.feed(symbol, (market) => replaceDepth(market, bids, asks));
  }

  applyTrade(symbol: string, price: Price, quantity: Quantity, takerSide: Side): boolean {
    return this.feed(symbol, (market) => applyTrade(market, price, quantity, takerSide));
  }

  // The whole

  get oracle(): Oracle {
    return oracleOf(this.venue);
  }

  save(options: SaveOptions = {}): SavedExchange {
    return { version: 1, state: toPlain(saveVenue(this.venue, options)) };
  }

  private openMarket(
    entry: Entry,
    saved?: {
      readonly engine: SavedEngine;
      readonly priceDecimals: number;
      readonly quantityDecimals: number;
    },
  ): SymbolMarket {
    const execution = new Execution(this.venue, this.scope);
    const market = new SymbolMarket(entry, execution, this.kept, saved);
    execution.attach(market);
    this.venue.addMarket(market);
    return market;
  }

  private command<T>(symbol: string | undefined, work: () => T): T {
    this.venue.begin();
    const outcome = work();
    this.venue.end(symbol === undefined ? undefined : this.venue.markets.get(symbol));
    return outcome;
  }

  private feed(symbol: string, work: (market: SymbolMarket) => boolean): boolean {
    const market = this.venue.markets.get(symbol);
    invariant(market !== undefined, `symbol ${symbol} is there`);
    return market.isTrading && this.command(symbol, () => work(market));
  }
}

const bodyOf = (body: unknown): Record<string, unknown> =>
  typeof body === 'object' && body !== null ? { ...body } : {};
