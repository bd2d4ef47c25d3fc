import { Interval } from '@tradewind/core/market';
import { unitsOf } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { Clock } from '@tradewind/utils';
import type { BookLevel, MarketQueries, PublicTrade } from '../exchange/index.ts';
import { type TimeUnit, timeIn } from '../notation/time-unit.ts';
import { Bar } from './bar.ts';
import { BarHistory } from './bar-history.ts';
import { AmountFormat } from './format.ts';
import { Klines } from './klines.ts';
import { aggregateTradeRow, klineRow, tradeRow } from './rows.ts';
import type {
  AggregateTradeQuery,
  AggregateTradeRow,
  AveragePrice,
  BookTicker,
  DayTicker,
  DepthSnapshot,
  KlineQuery,
  KlineRow,
  MiniTicker,
  PriceTicker,
  PublicTradeRow,
  ReferencePrice,
  SymbolMarketData,
  WindowTicker,
} from './shapes.ts';
import { changeOf, miniTickerOf, type Span, windowTickerOf } from './tickers.ts';
import { aggregatesIn, tradesFrom } from './trade-search.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** What the exchange averages over for avgPrice, and for its filters where no other time is set. */
const AVERAGE_MINUTES = 5;

/** What is public of one symbol: statistics that are kept here, and what the exchange itself holds, as the wire has it. */
export class SymbolData implements SymbolMarketData {
  readonly symbol: string;
  readonly format: AmountFormat;
  readonly klineHistory: Klines;
  private readonly history = new BarHistory();
  private readonly exchange: MarketQueries;
  private readonly clock: Clock;
  private readonly window = new Bar();
  private last: PublicTrade | undefined;

  constructor(symbol: string, exchange: MarketQueries, clock: Clock) {
    this.symbol = symbol;
    this.exchange = exchange;
    this.clock = clock;
    const view = exchange.symbol(symbol);
    invariant(view !== undefined, 'market data is kept of symbols of the exchange');
    this.format = AmountFormat.of(view);
    this.klineHistory = new Klines(this.history);
    for (const trade of exchange.trades(symbol)) this.trade(trade);
    this.followStatus();
  }

  trade(trade: PublicTrade): void {
    const units = unitsOf(trade.price);
    const price = Number(units);
    invariant(BigInt(price) === units, 'a price counts 10^-8 exactly in a double');
    const { id, timeMs, isBuyerMaker } = trade;
    this.history.add(timeMs, id, price, unitsOf(trade.quantity), unitsOf(trade.quoteQuantity), !isBuyerMaker);
    this.last = trade;
  }

  /** Bars go on while a symbol trades or is halted, and not in a break or when it only takes cancels (binance-spot.md section 4.1). */
  followStatus(): void {
    const { pauses } = this.klineHistory;
    if (this.hasKlines) pauses.end(this.clock.nowMs());
    else pauses.begin(this.clock.nowMs());
  }

  get hasKlines(): boolean {
    const { status } = this;
    return status === 'TRADING' || status === 'HALT';
  }

  /** Whether streams tell of it at all. */
  get isShown(): boolean {
    return this.hasKlines || this.status === 'CANCEL_ONLY';
  }

  depth(limit: number): DepthSnapshot {
    const { lastUpdateId, bids, asks } = this.exchange.depth(this.symbol, limit);
    return { lastUpdateId, bids: bids.map(this.levelRow), asks: asks.map(this.levelRow) };
  }

  recentTrades(limit: number, unit: TimeUnit = 'MILLISECOND'): PublicTradeRow[] {
    return this.exchange
      .trades(this.symbol)
      .slice(-limit)
      .map((trade) => tradeRow(trade, this.format, unit));
  }

  historicalTrades(
    fromId: number | undefined,
    limit: number,
    unit: TimeUnit = 'MILLISECOND',
  ): PublicTradeRow[] {
    if (fromId === undefined) return this.recentTrades(limit, unit);
    const trades = tradesFrom(this.exchange.trades(this.symbol), fromId, limit);
    return trades.map((trade) => tradeRow(trade, this.format, unit));
  }

  aggregateTrades(query: AggregateTradeQuery, unit: TimeUnit = 'MILLISECOND'): AggregateTradeRow[] {
    const trades = this.exchange.aggregateTrades(this.symbol);
    return aggregatesIn(trades, query).map((trade) => aggregateTradeRow(trade, this.format, unit));
  }

  klines(query: KlineQuery, unit: TimeUnit = 'MILLISECOND'): KlineRow[] {
    const interval = Interval.parse(query.interval);
    invariant(interval !== undefined, 'klines are asked for in an interval that there is');
    const series = this.klineHistory.series(interval, query.timeZoneMinutes ?? 0);
    const rows: KlineRow[] = [];
    series.read(query, this.clock.nowMs(), (bar) => {
      rows.push(klineRow(bar, series.endOf(bar.openTime), this.format, unit));
    });
    return rows;
  }

  averagePrice(unit: TimeUnit = 'MILLISECOND'): AveragePrice {
    const average = this.exchange.averagePrice(this.symbol, AVERAGE_MINUTES);
    if (average === undefined) return { mins: AVERAGE_MINUTES, price: this.format.price(0), closeTime: 0 };
    const { minutes, price, closeTimeMs } = average;
    return {
      mins: minutes,
      price: this.format.price(unitsOf(price)),
      closeTime: timeIn(unit, closeTimeMs),
    };
  }

  dayTicker(unit: TimeUnit = 'MILLISECOND'): DayTicker {
    const span = this.readDay();
    const { symbol, ...rest } = miniTickerOf(this.symbol, this.window, inUnit(span, unit), this.format);
    const { openPrice, highPrice, lowPrice, lastPrice, volume, quoteVolume, ...ids } = rest;
    const { symbol: _symbol, ...book } = this.bookTicker();
    const lastQty = this.window.count > 0 && this.last !== undefined ? unitsOf(this.last.quantity) : 0n;
    return {
      symbol,
      ...changeOf(this.window, this.format),
      prevClosePrice: this.format.price(this.history.closeBefore(floorTo(span.openTime, SECOND_MS)) ?? 0),
      lastPrice,
      lastQty: this.format.quantity(lastQty),
      ...book,
      openPrice,
      highPrice,
      lowPrice,
      volume,
      quoteVolume,
      ...ids,
    };
  }

  dayMiniTicker(unit: TimeUnit = 'MILLISECOND'): MiniTicker {
    return this.mini(this.readDay(), unit);
  }

  tradingDayTicker(timeZoneMinutes: number, unit: TimeUnit = 'MILLISECOND'): WindowTicker {
    return this.full(this.readTradingDay(timeZoneMinutes), unit);
  }

  tradingDayMiniTicker(timeZoneMinutes: number, unit: TimeUnit = 'MILLISECOND'): MiniTicker {
    return this.mini(this.readTradingDay(timeZoneMinutes), unit);
  }

  rollingTicker(windowMs: number, unit: TimeUnit = 'MILLISECOND'): WindowTicker {
    return this.full(this.readRolling(windowMs), unit);
  }

  rollingMiniTicker(windowMs: number, unit: TimeUnit = 'MILLISECOND'): MiniTicker {
    return this.mini(this.readRolling(windowMs), unit);
  }

  priceTicker(): PriceTicker {
    return {
      symbol: this.symbol,
      price: this.format.price(this.last === undefined ? 0 : unitsOf(this.last.price)),
    };
  }

  bookTicker(): BookTicker {
    const bid = this.exchange.bestBid(this.symbol);
    const ask = this.exchange.bestAsk(this.symbol);
    return {
      symbol: this.symbol,
      bidPrice: this.format.price(bid === undefined ? 0 : unitsOf(bid.price)),
      bidQty: this.format.quantity(bid === undefined ? 0n : unitsOf(bid.quantity)),
      askPrice: this.format.price(ask === undefined ? 0 : unitsOf(ask.price)),
      askQty: this.format.quantity(ask === undefined ? 0n : unitsOf(ask.quantity)),
    };
  }

  referencePrice(unit: TimeUnit = 'MILLISECOND'): ReferencePrice | undefined {
    const reference = this.exchange.referencePrice(this.symbol);
    if (reference === undefined) return undefined;
    const { price, timeMs } = reference;
    return {
      symbol: this.symbol,
      referencePrice: price === null ? null : this.format.price(unitsOf(price)),
      timestamp: timeIn(unit, timeMs),
    };
  }

  private readonly levelRow = (level: BookLevel): readonly [string, string] => [
    this.format.price(unitsOf(level.price)),
    this.format.quantity(unitsOf(level.quantity)),
  ];

  private get status(): unknown {
    return this.exchange.symbol(this.symbol)?.entry.status;
  }

  private mini(span: Span, unit: TimeUnit): MiniTicker {
    return miniTickerOf(this.symbol, this.window, inUnit(span, unit), this.format);
  }

  private full(span: Span, unit: TimeUnit): WindowTicker {
    return windowTickerOf(this.symbol, this.window, inUnit(span, unit), this.format);
  }

  /** The last 24 hours to the millisecond; what is counted begins with the full second that the window begins in. */
  private readDay(): Span {
    const now = this.clock.nowMs();
    return this.read(now - DAY_MS, now);
  }

  /** The day goes to its end, whatever the time. */
  private readTradingDay(timeZoneMinutes: number): Span {
    const shift = timeZoneMinutes * MINUTE_MS;
    const midnight = floorTo(this.clock.nowMs() + shift, DAY_MS) - shift;
    return this.read(midnight, midnight + DAY_MS - 1);
  }

  /** It begins on a full minute, so that it is up to 59,999 ms wider (binance-spot.md section 4.2). */
  private readRolling(windowMs: number): Span {
    const now = this.clock.nowMs();
    return this.read(floorTo(now - windowMs, MINUTE_MS), now);
  }

  private read(openTime: number, closeTime: number): Span {
    this.window.begin(openTime);
    this.history.mergeFrom(floorTo(openTime, SECOND_MS), this.window);
    return { openTime, closeTime };
  }
}

const floorTo = (timeMs: number, lengthMs: number): number => Math.floor(timeMs / lengthMs) * lengthMs;

const inUnit = ({ openTime, closeTime }: Span, unit: TimeUnit): Span => ({
  openTime: timeIn(unit, openTime),
  closeTime: timeIn(unit, closeTime),
});
