import { type Amount, add, formatAmount, type QuoteAmount, zero } from '@tradewind/core/money';
import { type AccountBooks, type MarketName, OWNER, type Posting } from '@tradewind/core/portfolio';
import type { EquityAmount } from '@tradewind/core/risk';
import type { BalanceBody, CommittedEvent, FillBody, LedgerState, ValuationBody } from '@tradewind/proto';
import type { Clock, Gauge, Telemetry } from '@tradewind/utils';
import { dayOf, EquityDay, type KeptEquity } from './equity-day.ts';
import { throughSeqOf } from './event-maker.ts';
import type { Holdings } from './holdings.ts';
import type { Prices } from './prices.ts';

export interface AccountsParts {
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly books: AccountBooks;
  readonly holdings: Holdings;
  readonly prices: Prices;
  readonly equityAsset: string;
  readonly symbols: readonly string[];
}

type Placed = Pick<CommittedEvent, 'seq' | 'id'>;

/** Flows that could not be valued yet; beyond them the oldest are valued at nothing. */
const UNVALUED_MAX = 1_000;

/** The books as this service follows them, and what they were worth when the day began and at their best. */
export class Accounts {
  day: EquityDay;
  private readonly parts: AccountsParts;
  private unvalued: (readonly Posting[])[] = [];
  /** The last event that moved what equity is held against. */
  private movedSeq = 0;
  /** By strategy and quote asset: profit of the fills of the running day. */
  private realized = new Map<string, Map<string, QuoteAmount>>();
  private readonly balanceGauge: Gauge<'asset'>;
  private readonly profitGauge: Gauge<'strategy' | 'timeframe'>;

  constructor(parts: AccountsParts) {
    this.parts = parts;
    this.day = new EquityDay(parts.clock.nowMs());
    const { metrics } = parts.telemetry;
    this.balanceGauge = metrics.gauge('balance_usd', 'Worth of all that is held of an asset', ['asset']);
    this.profitGauge = metrics.gauge('pnl_realized_usd', 'Realized profit after fees', [
      'strategy',
      'timeframe',
    ]);
  }

  restore(state: LedgerState): void {
    const { books, clock, prices } = this.parts;
    for (const balance of state.balances) books.restoreBalance(balance);
    for (const position of state.positions) books.restorePosition(position, this.marketOf(position.symbol));
    const { valuation } = state;
    for (const { symbol, price } of valuation?.prices ?? []) prices.restoreGood(symbol, price);
    const kept: KeptEquity | undefined =
      valuation?.equityAsset === this.parts.equityAsset ? valuation : undefined;
    this.day = new EquityDay(clock.nowMs(), kept);
    this.realized.clear();
    for (const { dayMs, strategy, quoteAsset, realizedPnl } of state.profits) {
      if (dayMs === this.day.startMs) this.addRealized(strategy, quoteAsset, realizedPnl);
    }
    this.parts.holdings.changed();
  }

  /**
   * Books what order execution has booked.
   * @returns the ends of yesterday, when the fill belongs there and changes what was lost then (faults.md K3)
   */
  takeFill(event: FillBody & Placed): { end: EquityAmount; start: EquityAmount } | undefined {
    const { books, holdings } = this.parts;
    const { fill, postings, position, feePosition, quoteAsset, realizedPnl } = event;
    const isOfToday = dayOf(fill.timeMs) >= this.day.startMs;
    const changed = isOfToday ? undefined : holdings.worthOf(postings);
    books.apply(postings, position, this.marketOf(position.symbol, quoteAsset));
    if (feePosition !== undefined) books.restorePosition(feePosition, this.marketOf(feePosition.symbol));
    holdings.changed();
    if (isOfToday) this.addRealized(fill.strategy, quoteAsset, realizedPnl);
    else this.moved(event.seq);
    return changed === undefined ? undefined : this.day.changedYesterday(changed);
  }

  /** Money that moved without a fill: capital, but for dust, which is lost. */
  takeBalance({ cause, postings, position, seq }: BalanceBody & Placed): void {
    const { books, holdings } = this.parts;
    books.apply(postings, position, position && this.marketOf(position.symbol));
    holdings.changed();
    if (cause !== 'dust') this.flow(postings, seq);
  }

  /** Is in the books already, and not yet in what equity is held against. */
  takeMissed(event: CommittedEvent): void {
    if (event.kind === 'balance' && event.cause !== 'dust') this.flow(event.postings, event.seq);
    if (event.kind !== 'fill' || dayOf(event.fill.timeMs) >= this.day.startMs) return;
    this.moved(event.seq);
    const changed = this.parts.holdings.worthOf(event.postings);
    if (changed !== undefined) this.day.changedYesterday(changed);
  }

  private flow(postings: readonly Posting[], seq: number): void {
    // What the owner has is no part of equity.
    if (postings.every(({ subAccount }) => subAccount === OWNER)) return;
    this.moved(seq);
    this.unvalued.push(postings);
    if (this.unvalued.length > UNVALUED_MAX) this.unvalued.shift();
    this.valueFlows();
  }

  private moved(seq: number): void {
    this.movedSeq = seq;
    this.day.moved();
  }

  /** A valuation stands in the ledger, ours or that of another instance, which may not have known all that is known here. */
  takeValuation(valuation: ValuationBody & KeptEquity & Placed, isOurs: boolean): void {
    if (valuation.equityAsset !== this.parts.equityAsset) return;
    if (this.day.rollTo(valuation.atMs)) this.realized.clear();
    const knowsLess = (throughSeqOf(valuation.id) ?? valuation.seq) < this.movedSeq;
    if (knowsLess) return;
    if (isOurs) this.day.recorded(valuation.atMs);
    else if (this.unvalued.length === 0) this.day.recordedByAnother(valuation);
    // It has the worth of what came and went already.
    else if (this.day.recordedWithFlows(valuation)) this.unvalued = [];
  }

  /**
   * What all strategies hold. undefined while something of it has no price, or while something has none that came or went: without its
   * worth the beginning of the day and the peak are not known, and what went would look like a loss: nothing is judged or recorded then.
   */
  equity(): EquityAmount | undefined {
    return this.unvalued.length > 0 ? undefined : this.parts.holdings.equity();
  }

  /** @returns equity now, undefined while it is not known; and whether a day has begun with it */
  observe(): { readonly equity: EquityAmount | undefined; readonly hasBegun: boolean } {
    this.parts.holdings.changed();
    this.valueFlows();
    const equity = this.equity();
    const hasBegun = this.day.observe(equity, this.parts.clock.nowMs());
    if (hasBegun) this.realized.clear();
    return { equity, hasBegun };
  }

  /** undefined while it would say less than everything. */
  valuation(): ValuationBody | undefined {
    const { holdings, prices, equityAsset, symbols, books } = this.parts;
    const equity = this.equity();
    const { dayStart, peak } = this.day;
    if (equity === undefined || dayStart === undefined || peak === undefined) return undefined;
    return {
      kind: 'valuation',
      equityAsset,
      equity,
      dayStartEquity: dayStart,
      peakEquity: peak,
      subAccounts: books.subAccounts.flatMap((subAccount) => {
        const ofAccount = holdings.subAccountEquity(subAccount);
        const unrealized = holdings.unrealized(subAccount, symbols);
        const realizedToday = this.realizedToday(subAccount);
        if (ofAccount === undefined || unrealized === undefined || realizedToday === undefined) return [];
        return [{ subAccount, equity: ofAccount, realizedToday, unrealized }];
      }),
      prices: symbols.flatMap((symbol) => {
        const price = prices.valuationPrice(symbol);
        return price === undefined ? [] : [{ symbol, price, ageMs: prices.ageMs(symbol) ?? -1 }];
      }),
    };
  }

  /** For charts alone: doubles. */
  showMetrics(): void {
    const { holdings, books } = this.parts;
    for (const asset of holdings.assets()) {
      const worth = holdings.worth(asset, holdings.accountTotal(asset), 'receive');
      if (worth !== undefined) this.balanceGauge.set({ asset }, Number(formatAmount(worth)));
    }
    for (const strategy of books.subAccounts) {
      const realized = this.realizedToday(strategy);
      if (realized === undefined) continue;
      this.profitGauge.set({ strategy, timeframe: 'day' }, Number(formatAmount(realized)));
    }
  }

  /** Base and quote of a symbol, also of one that the exchange does not list any more (faults.md M11). */
  private marketOf(symbol: string, quoteAsset?: string): MarketName {
    const instrument = this.parts.prices.instrument(symbol);
    if (instrument !== undefined) return instrument;
    const assets = quoteAsset === undefined ? [...this.parts.books.assets()] : [quoteAsset];
    // A symbol is its base and then its quote; the longest known quote leaves the fewest doubts.
    const quote = assets
      .filter((asset) => symbol.endsWith(asset) && asset.length < symbol.length)
      .sort((a, b) => b.length - a.length)[0];
    return {
      symbol,
      baseAsset: symbol.slice(0, symbol.length - (quote?.length ?? 0)),
      quoteAsset: quote ?? '',
    };
  }

  private valueFlows(): void {
    const left: (readonly Posting[])[] = [];
    for (const postings of this.unvalued) {
      const worth = this.parts.holdings.worthOf(postings);
      if (worth === undefined) left.push(postings);
      else this.day.flow(worth);
    }
    this.unvalued = left;
  }

  private addRealized(strategy: string, quoteAsset: string, amount: QuoteAmount): void {
    const ofStrategy = this.realized.get(strategy) ?? new Map<string, QuoteAmount>();
    this.realized.set(strategy, ofStrategy);
    ofStrategy.set(quoteAsset, add(ofStrategy.get(quoteAsset) ?? zero(), amount));
  }

  private realizedToday(subAccount: string): EquityAmount | undefined {
    let total: EquityAmount = zero();
    for (const [asset, amount] of this.realized.get(subAccount) ?? []) {
      const worth = this.parts.holdings.worth(asset, amount as Amount, 'receive');
      if (worth === undefined) return undefined;
      total = add(total, worth);
    }
    return total;
  }
}
