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
import { MarketLoad } from './market-load.ts';
import { RoundTrips } from './round-trips.ts';

export interface MarketData {
  readonly instrument: Instrument;
  readonly bars: Bars;
  /** Finer bars that decide the path inside a bar. */
  readonly detail?: Bars;
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
  readonly place: number;
  readonly instrument: Instrument;
  readonly cursor: BarCursor;
  readonly exchange: BarMarket;
  readonly load: MarketLoad;
  readonly roundTrips = new RoundTrips();
  /** What was bought and sold, in quote, as a number. */
  traded = 0;
  /** Whether a position is held: more than dust. */
  isHolding = false;
  /** What is owned of the base, as a number; changed by fills of this market, and by fees that others pay in its base. */
  owned = 0;
  private ownedPerTick = 0;
  private readonly detail: BarCursor | undefined;
  private readonly priceScale: number;
  private readonly desk: MarketDesk;
  private readonly factor: number;
  private readonly detailFactor: number;
  private readonly total = new Tally();

  constructor(
    place: number,
    { instrument, bars, detail }: MarketData,
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
    this.cursor = new BarCursor(bars);
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
    this.desk = desk;
    this.detail = detail === undefined ? undefined : new BarCursor(detail);
    this.priceScale = 10 ** priceDecimals;
    this.factor = 10 ** (priceDecimals - bars.priceDecimals);
    this.detailFactor = 10 ** (priceDecimals - (detail?.priceDecimals ?? 0));
  }

  get lastPrice(): Price | undefined {
    return this.exchange.last === 0 ? undefined : this.exchange.grid.priceOf(this.exchange.last);
  }

  /** The base that is owned, valued at the last close. */
  get heldValue(): number {
    return this.ownedPerTick * this.exchange.last;
  }

  /** The same at the first open, for what is owned from the beginning. */
  get openingValue(): number {
    const { open, priceDecimals } = this.cursor.bars;
    return (this.owned * open[0]!) / 10 ** priceDecimals;
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
    const { position } = this.exchange.accounts;
    this.traded += quote.toNumber();
    this.isHolding = !this.exchange.isDust(position.quantity);
    if (!order.isBuy && !this.isHolding) this.roundTrips.close(position);
    this.desk.filled(this, order, lots, price, fee, feeBook, liquidity);
  }

  canceled(order: BarOrder): void {
    this.desk.canceled(order);
  }

  expired(order: BarOrder, reason: BarOrderEnd): void {
    this.desk.expired(this, order, reason);
  }

  /** Closes the next bar: matches waiting orders against it, or against the finer bars inside it. */
  advance(): void {
    const { cursor, exchange, factor } = this;
    cursor.advance();
    const i = cursor.index;
    const close = cursor.close[i]! * factor;
    if (this.detail !== undefined && this.matchDetail(this.detail)) {
      exchange.observe(close);
    } else if (exchange.hasOrders) {
      exchange.match(
        cursor.openTimeMs,
        cursor.open[i]! * factor,
        cursor.high[i]! * factor,
        cursor.low[i]! * factor,
        close,
      );
    } else {
      exchange.observe(close);
    }
  }

  /** False when no finer bar lies inside the bar: then the bar itself decides. */
  private matchDetail(detail: BarCursor): boolean {
    const { cursor, exchange, detailFactor } = this;
    let isAny = false;
    while (detail.nextCloseMs <= cursor.closeTimeMs) {
      detail.advance();
      if (detail.openTimeMs < cursor.openTimeMs) continue;
      isAny = true;
      const i = detail.index;
      exchange.match(
        detail.openTimeMs,
        detail.open[i]! * detailFactor,
        detail.high[i]! * detailFactor,
        detail.low[i]! * detailFactor,
        detail.close[i]! * detailFactor,
      );
    }
    return isAny;
  }
}
