import type { Level, Trade } from '@tradewind/core/market';
import { fromUnits, type Price, unitsOf, zero } from '@tradewind/core/money';
import type { ExchangePort, SymbolEntry } from '@tradewind/exchange-simulator';
import type { BookLevels, FeedStatus, MarketUpdate } from '@tradewind/proto';
import type { Log } from '@tradewind/utils';
import { entryOf } from './instrument-entry.ts';

/** What is known of the market of one symbol. */
interface Followed {
  /** The last book that is proven; undefined while it may be another by now. */
  book: BookLevels | undefined;
  /** Why nothing is matched; undefined while it is. */
  haltedBecause: string | undefined;
  isLive: boolean;
  readonly bids: ShownSide;
  readonly asks: ShownSide;
}

const HALTED = 'HALT';
const TRADING = 'TRADING';

/**
 * Shows the exchange the market that is followed. A symbol is only matched while its feed is live and its book is known: else it is
 * halted, with nothing shown, so that nobody trades at a price that is no price any more. Orders that rest keep their places.
 */
export class MarketFollower {
  private readonly exchange: ExchangePort;
  private readonly log: Log;
  private readonly followed = new Map<string, Followed>();

  /** Every symbol is halted until its market is known. @param entries  of today: an exchange that was saved has those of its day */
  constructor(exchange: ExchangePort, entries: readonly SymbolEntry[], log: Log) {
    this.exchange = exchange;
    this.log = log;
    for (const entry of entries) {
      const { symbol } = entry;
      this.changeFilters(entry);
      this.followed.set(symbol, {
        book: undefined,
        haltedBecause: 'its market is not known yet',
        isLive: false,
        bids: new ShownSide(),
        asks: new ShownSide(),
      });
      exchange.setSymbolStatus(symbol, HALTED);
    }
  }

  /** Why symbols are not matched now. */
  get halts(): ReadonlyMap<string, string> {
    const halted = [...this.followed].flatMap(([symbol, { haltedBecause }]) =>
      haltedBecause === undefined ? [] : [[symbol, haltedBecause] as const],
    );
    return new Map(halted);
  }

  take(update: MarketUpdate): void {
    switch (update.kind) {
      case 'trade':
        return this.trade(update.trade);
      case 'book':
        return this.book(update.book);
      case 'feed':
        return this.judge(update.feed);
      case 'instrument':
        return this.changeFilters(entryOf(update.instrument));
    }
  }

  private trade({ symbol, price, quantity, buyerIsMaker }: Trade): void {
    const market = this.followed.get(symbol);
    if (market === undefined || market.haltedBecause !== undefined) return;
    (buyerIsMaker ? market.bids : market.asks).traded(price);
    this.exchange.applyTrade(symbol, price, quantity, buyerIsMaker ? 'SELL' : 'BUY');
  }

  private book(book: BookLevels): void {
    const { symbol } = book;
    const market = this.followed.get(symbol);
    if (market === undefined) return;
    market.book = book;
    if (market.haltedBecause === undefined) {
      const bids = market.bids.changesTo(book.bids);
      const asks = market.asks.changesTo(book.asks);
      if (bids.length + asks.length > 0) this.exchange.applyDepth(symbol, bids, asks);
    } else if (market.isLive) this.resume(symbol, market, book);
  }

  private judge({ symbol, state, detail }: FeedStatus): void {
    const market = this.followed.get(symbol);
    if (market === undefined) return;
    market.isLive = state === 'live';
    if (market.isLive) {
      if (market.book !== undefined) this.resume(symbol, market, market.book);
      return;
    }
    // A book without updates is another by the time it has some; one of which nothing is missing stays what it was.
    if (state === 'gap' || state === 'down') market.book = undefined;
    this.halt(symbol, market, `its feed is ${state}: ${detail}`);
  }

  private halt(symbol: string, market: Followed, because: string): void {
    if (market.haltedBecause === undefined) {
      this.exchange.replaceDepth(symbol, [], []);
      this.exchange.setSymbolStatus(symbol, HALTED);
      this.log.write('warn', 'paper_matching_halted', { symbol, detail: because });
    }
    market.haltedBecause = because;
  }

  private resume(symbol: string, market: Followed, { bids, asks }: BookLevels): void {
    if (market.haltedBecause === undefined) return;
    market.haltedBecause = undefined;
    market.bids.show(bids);
    market.asks.show(asks);
    this.exchange.setSymbolStatus(symbol, TRADING);
    this.exchange.replaceDepth(symbol, bids, asks);
    this.log.write('info', 'paper_matching_resumed', { symbol });
  }

  private changeFilters({ symbol, filters }: SymbolEntry): void {
    const view = this.exchange.symbol(symbol);
    if (view === undefined) return;
    const types = new Set(filters.map(({ filterType }) => filterType));
    for (const { filterType } of view.entry.filters as SymbolEntry['filters'])
      if (!types.has(filterType)) this.exchange.removeFilter(symbol, filterType);
    for (const filter of filters) this.exchange.setFilter(symbol, filter);
  }
}

/** One side of a book as it was shown last, to tell which of its levels have changed: the others are not to be had a second time. */
class ShownSide {
  private quantities = new Map<bigint, bigint>();

  show(levels: readonly Level[]): void {
    this.quantities = new Map(levels.map(({ price, quantity }) => [unitsOf(price), unitsOf(quantity)]));
  }

  /** Somebody traded at this price: what is shown there next is news, whatever it is. */
  traded(price: Price): void {
    const key = unitsOf(price);
    if (this.quantities.has(key)) this.quantities.set(key, UNKNOWN);
  }

  /** The levels that are not as they were, with a quantity of zero where there is none any more. */
  changesTo(levels: readonly Level[]): Level[] {
    const before = this.quantities;
    this.show(levels);
    const changes = levels.filter(({ price, quantity }) => before.get(unitsOf(price)) !== unitsOf(quantity));
    for (const key of before.keys())
      if (!this.quantities.has(key)) changes.push({ price: fromUnits(key), quantity: zero() });
    return changes;
  }
}

const UNKNOWN = -1n;
