import {
  type BookView,
  quoteOf,
  type ScannedQuote,
  type ScannedTrade,
  type StreamMarket,
  tradeOf,
} from '@tradewind/binance';
import type { Lots, Quote, Ticks, Trade } from '@tradewind/core/market';
import { add, fromUnits, type Price, unitsOf } from '@tradewind/core/money';
import { PriceCollar } from './price-collar.ts';
import type { MarketDataSettings } from './settings.ts';

/** A price, and how old it is by both clocks, the worse one counting, ms; below zero when the venue's time lies in the future. */
export interface AgedPrice {
  readonly price: Price;
  readonly ageMs: number;
}

/** The two clocks of one moment: elapsed ms, and the venue's epoch ms. */
export interface Moment {
  readonly elapsedMs: number;
  readonly venueMs: number;
}

const NO_TICKS = 0 as Ticks;
const NO_LOTS = 0 as Lots;

/** What one symbol costs: its last trade and the best of its book, in whole ticks and lots until somebody asks. */
export class SymbolPrices {
  private readonly settings: MarketDataSettings;
  private readonly collar: PriceCollar;
  private readonly last: ScannedTrade;
  private readonly best: ScannedQuote;
  private hasTrade = false;
  /** Made when somebody asks, and kept until there is another one. */
  private lastTradeMade: Trade | undefined;
  private quoteMade: Quote | undefined;
  private hasBest = false;
  private bestReceivedAtMs = 0;
  private bestArrivedAtMs = 0;
  /** The last trade that is a reference. */
  private goodArrivedAtMs = Number.NEGATIVE_INFINITY;
  private goodTimeMs = 0;
  /** The last best prices whose middle is a reference. */
  private goodBid = NO_TICKS;
  private goodAsk = NO_TICKS;
  private goodBestAtMs = Number.NEGATIVE_INFINITY;

  constructor(market: StreamMarket, settings: MarketDataSettings) {
    this.settings = settings;
    this.collar = new PriceCollar(settings.collarBps);
    this.last = {
      market,
      eventTimeMs: 0,
      id: 0,
      price: NO_TICKS,
      quantity: NO_LOTS,
      timeMs: 0,
      buyerIsMaker: false,
      firstTradeId: 0,
      lastTradeId: 0,
    };
    this.best = {
      market,
      updateId: 0,
      bidPrice: NO_TICKS,
      bidQuantity: NO_LOTS,
      askPrice: NO_TICKS,
      askQuantity: NO_LOTS,
    };
  }

  /**
   * @param arrivedAtMs  elapsed ms
   * @returns false for a print that is no reference (faults.md M15)
   */
  takeTrade(trade: ScannedTrade, arrivedAtMs: number): boolean {
    const { last, best } = this;
    last.id = trade.id;
    last.price = trade.price;
    last.quantity = trade.quantity;
    last.timeMs = trade.timeMs;
    last.buyerIsMaker = trade.buyerIsMaker;
    this.hasTrade = true;
    this.lastTradeMade = undefined;
    const middle = this.hasGoodBest(arrivedAtMs) ? (best.bidPrice + best.askPrice) / 2 : undefined;
    if (!this.collar.take(trade.price, middle)) return false;
    this.goodArrivedAtMs = arrivedAtMs;
    this.goodTimeMs = trade.timeMs;
    return true;
  }

  /** The best prices, unless newer ones are known. @param receivedAtMs  epoch ms */
  takeQuote(quote: ScannedQuote, receivedAtMs: number, arrivedAtMs: number): void {
    if (quote.updateId < this.best.updateId) return;
    const { best } = this;
    best.updateId = quote.updateId;
    best.bidPrice = quote.bidPrice;
    best.bidQuantity = quote.bidQuantity;
    best.askPrice = quote.askPrice;
    best.askQuantity = quote.askQuantity;
    this.note(receivedAtMs, arrivedAtMs);
  }

  /** The best of a proven book: it is as good as a quote of the same update id, and newer when nothing at the top changes. */
  takeBook({ lastUpdateId, bids, asks }: BookView, receivedAtMs: number, arrivedAtMs: number): void {
    if (lastUpdateId < this.best.updateId) return;
    const { best } = this;
    best.updateId = lastUpdateId;
    best.bidPrice = bids.bestPrice ?? NO_TICKS;
    best.bidQuantity = bids.bestQuantity ?? NO_LOTS;
    best.askPrice = asks.bestPrice ?? NO_TICKS;
    best.askQuantity = asks.bestQuantity ?? NO_LOTS;
    this.note(receivedAtMs, arrivedAtMs);
  }

  /** The venue counts its updates anew. */
  forgetBest(): void {
    this.hasBest = false;
    this.best.updateId = 0;
  }

  get lastTrade(): Trade | undefined {
    if (this.hasTrade) this.lastTradeMade ??= tradeOf(this.last);
    return this.lastTradeMade;
  }

  get quote(): Quote | undefined {
    if (!this.hasBest) return undefined;
    this.quoteMade ??= quoteOf(this.best, this.bestReceivedAtMs);
    return this.quoteMade;
  }

  /**
   * The middle of fresh best prices that are not too far apart, rounded down to 8 decimals. Else what was a reference last: a trade, or
   * such a middle, with its age.
   * @param lagMs  how late the venue's events arrive; NaN when it is not known
   */
  reference({ elapsedMs, venueMs }: Moment, lagMs: number): AgedPrice | undefined {
    const { collar, goodArrivedAtMs, goodBestAtMs } = this;
    const { grid } = this.best.market;
    if (!this.hasGoodBest(elapsedMs) && collar.price !== undefined && goodArrivedAtMs >= goodBestAtMs) {
      const ageMs = this.worse(elapsedMs - goodArrivedAtMs, venueMs - this.goodTimeMs);
      return { price: grid.priceOf(collar.price), ageMs };
    }
    if (this.goodBid === NO_TICKS) return undefined;
    const middle = unitsOf(add(grid.priceOf(this.goodBid), grid.priceOf(this.goodAsk))) / 2n;
    const silentMs = elapsedMs - goodBestAtMs;
    const ageMs = this.worse(silentMs, Number.isNaN(lagMs) ? silentMs : silentMs + lagMs);
    return { price: fromUnits(middle), ageMs };
  }

  private hasGoodBest(elapsedMs: number): boolean {
    const { best, collar, settings } = this;
    const isFresh = this.hasBest && elapsedMs - this.bestArrivedAtMs <= settings.staleAfterMs;
    return isFresh && collar.spans(best.bidPrice, best.askPrice);
  }

  private worse(silentMs: number, venueAgeMs: number): number {
    return venueAgeMs < -this.settings.aheadAfterMs ? venueAgeMs : Math.max(silentMs, venueAgeMs);
  }

  private note(receivedAtMs: number, arrivedAtMs: number): void {
    this.hasBest = true;
    this.quoteMade = undefined;
    this.bestReceivedAtMs = receivedAtMs;
    this.bestArrivedAtMs = arrivedAtMs;
    const { bidPrice, askPrice } = this.best;
    if (!this.collar.spans(bidPrice, askPrice)) return;
    this.goodBid = bidPrice;
    this.goodAsk = askPrice;
    this.goodBestAtMs = arrivedAtMs;
  }
}
