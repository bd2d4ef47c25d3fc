import {
  type Bars,
  decimalsOf,
  Grid,
  type Instrument,
  type Lots,
  stepOf,
  type Ticks,
  tickOf,
} from '@tradewind/core/market';
import {
  BarMarket,
  type BarMarketListener,
  type BarOrder,
  type BarOrderEnd,
  type FeeDiscount,
  type FillAssumptions,
} from '@tradewind/core/matching/bars';
import { type Price, Tally } from '@tradewind/core/money';
import type { Liquidity } from '@tradewind/core/orders';
import type { AssetBook, Portfolio } from '@tradewind/core/portfolio';
import { BarCursor, type PriceSource } from '@tradewind/core/strategy';
import { DetailPath } from './detail-path.ts';
import { MarketLoad } from './market-load.ts';
import { RoundTrips } from './round-trips.ts';

export interface MarketData {
  readonly instrument: Instrument;
  readonly bars: Bars;
  /** Finer bars that decide the path inside a bar. */
  readonly detail?: Bars;
  /** The part of the bars that the run plays; left out: all of them. */
  readonly window?: { readonly first: number; readonly end: number };
}

/** Hears what becomes of the orders of all markets. Tallies are only valid during the call. */
export interface MarketDesk {
  filled(
    market: MarketRun,
    order: BarOrder,
    lots: Lots,
    price: Ticks,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): void;
  canceled(order: BarOrder): void;
  expired(market: MarketRun, order: BarOrder, reason: BarOrderEnd): void;
}

/** One symbol of a run: its bars, the simulated exchange for it, and what the equity curve needs of it. */
export class MarketRun implements PriceSource, BarMarketListener {
  /** Its place among the markets of the run. */
  readonly place: number = 0;
  readonly instrument: Instrument;
  readonly cursor: BarCursor;
  readonly exchange: BarMarket;
  readonly load: MarketLoad;
  readonly roundTrips = new RoundTrips();
  /** What was bought and sold, in quote, as a number. */
  traded = 0;
  /** Whether a position is held: more than dust. */
  isHolding = false;
  /** What it last traded at before the bar that is open now; zero before the first. */
  previousClose = 0 as Ticks;
  /** What is owned of the base, as a number; changed by fills of this market, and by fees that others pay in its base. */
  owned = 0;
  private ownedPerTick = 0;
  private readonly detail: DetailPath | undefined = undefined;
  private isDetailed = false;
  private readonly priceScale: number = 1;
  private readonly desk: MarketDesk;
  /** What it is worth before it has traded in the run: the close before, where there is one, else its first open. */
  private readonly firstPrice: Ticks = 0 as Ticks;
  private readonly factor: number = 1;
  private readonly total = new Tally();

  constructor(
    place: number,
    { instrument, bars, detail, window = { first: 0, end: bars.length } }: MarketData,
    portfolio: Portfolio,
    assumptions: FillAssumptions,
    desk: MarketDesk,
    discount: FeeDiscount | undefined,
  ) {
    const tick = tickOf(instrument);
    const step = stepOf(instrument);
    const priceDecimals = Math.max(decimalsOf(tick), bars.priceDecimals, detail?.priceDecimals ?? 0);
    const grid = new Grid(priceDecimals, decimalsOf(step));
    const increments = { tick: grid.ticksOf(tick)!, step: grid.lotsOf(step)! };
    const accounts = portfolio.market(instrument);
    this.place = place;
    this.instrument = instrument;
    this.cursor = new BarCursor(bars, window.first, window.end);
    this.exchange = new BarMarket(
      instrument.symbol,
      grid,
      increments,
      accounts,
      portfolio,
      assumptions,
      this,
      discount,
    );
    this.load = new MarketLoad(this.exchange);
    this.priceScale = 10 ** priceDecimals;
    this.factor = 10 ** (priceDecimals - bars.priceDecimals);
    if (detail !== undefined) {
      this.detail = new DetailPath(detail, 10 ** (priceDecimals - detail.priceDecimals), this.factor);
    }
    const before = window.first > 0 ? bars.close[window.first - 1]! : bars.open[0]!;
    this.firstPrice = (before * this.factor) as Ticks;
    if (window.first > 0) this.exchange.observe(this.firstPrice);
    this.desk = desk;
  }

  /** Bars whose inside the given finer bars do not cover, so that the bar itself decided. */
  get uncoveredBars(): number {
    return this.detail?.uncovered ?? 0;
  }

  get lastPrice(): Price | undefined {
    return this.exchange.last === 0 ? undefined : this.exchange.grid.priceOf(this.exchange.last);
  }

  /** The same as the nearest double; NaN before anything has traded. */
  get lastPriceNumber(): number {
    return this.exchange.last === 0 ? Number.NaN : this.exchange.last / this.priceScale;
  }

  get openingPrice(): Price {
    return this.exchange.grid.priceOf(this.firstPrice);
  }

  /** The base that is owned, valued at the last close; before the first bar at its open, so that coins held from the start count from the start. */
  get heldValue(): number {
    return this.ownedPerTick * (this.exchange.last || this.firstPrice);
  }

  /** The same at the close of one bar. */
  heldValueAt(bar: number): number {
    return this.ownedPerTick * (this.cursor.close[bar]! * this.factor);
  }

  readBalance(): void {
    this.exchange.accounts.base.totalInto(this.total);
    this.owned = this.total.toNumber();
    this.ownedPerTick = this.owned / this.priceScale;
  }

  filled(
    order: BarOrder,
    lots: Lots,
    price: Ticks,
    quote: Tally,
    fee: Tally,
    feeBook: AssetBook,
    liquidity: Liquidity,
  ): void {
    this.traded += quote.toNumber();
    this.judgePosition();
    this.desk.filled(this, order, lots, price, fee, feeBook, liquidity);
  }

  /** The position has changed, by a fill or by a fee that was paid out of it. */
  judgePosition(): void {
    const { position } = this.exchange.accounts;
    const wasHolding = this.isHolding;
    this.isHolding = !this.exchange.isDust(position.quantity);
    if (wasHolding && !this.isHolding) this.roundTrips.close(position);
  }

  canceled(order: BarOrder): void {
    this.desk.canceled(order);
  }

  expired(order: BarOrder, reason: BarOrderEnd): void {
    this.desk.expired(this, order, reason);
  }

  /** Plays the whole next bar, and says whether orders were waiting for it. */
  advance(): boolean {
    this.nextBar();
    const { hasOrders } = this.exchange;
    if (hasOrders) {
      this.freezePrice();
      this.openBar();
      this.closeBar();
    } else {
      this.exchange.observe(this.closing);
    }
    return hasOrders;
  }

  /** Keeps the last price as what is known before anything closes at this instant; only a fill asks for it. */
  freezePrice(): void {
    this.previousClose = this.exchange.last;
  }

  /** Goes to the next bar; nothing of it has happened yet. */
  nextBar(): void {
    this.cursor.advance();
    this.isDetailed = this.detail?.enter(this.cursor) ?? false;
  }

  /** The bar opens: what waits may trade at that open. */
  openBar(): void {
    const { cursor, exchange } = this;
    if (exchange.hasOrders) exchange.matchOpen(cursor.openTimeMs, cursor.open[cursor.index]! * this.factor);
  }

  /** Plays the rest of the bar that has been opened, by itself or by the finer bars that cover it. */
  closeBar(): void {
    const { cursor, exchange, factor, closing } = this;
    const i = cursor.index;
    if (exchange.hasOrders) {
      if (this.isDetailed) this.detail!.play(exchange);
      else exchange.matchInside(cursor.high[i]! * factor, cursor.low[i]! * factor, closing);
    }
    exchange.observe(closing);
  }

  /** What the present bar closes at. */
  private get closing(): number {
    return this.cursor.close[this.cursor.index]! * this.factor;
  }
}
