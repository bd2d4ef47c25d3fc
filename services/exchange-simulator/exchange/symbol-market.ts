import {
  decimalsOf,
  Grid,
  type Instrument,
  type Lots,
  readInstrument,
  stepOf,
  type Ticks,
  tickOf,
} from '@tradewind/core/market';
import {
  type FundsPort,
  MatchingEngine,
  type MatchingListener,
  type PriceRange,
  refine,
  type SavedEngine,
} from '@tradewind/core/matching/book';
import {
  fromUnits,
  isZero,
  type Price,
  type Quantity,
  type Ratio,
  scalePrice,
  toMultiple,
} from '@tradewind/core/money';
import type { Side } from '@tradewind/core/orders';
import { invariant } from '@tradewind/core/result';
import { AccountRecords } from './account-records.ts';
import { BookImage } from './book-image.ts';
import type { CommissionRates, PriceRangeRule, ReferencePrice } from './commands.ts';
import type { ListRecord } from './list-record.ts';
import type { BookLevel } from './model.ts';
import type { OrderRecord } from './order-record.ts';
import { TradeTape } from './trade-tape.ts';
import type { TradingAccount } from './trading-account.ts';

export type Entry = Readonly<Record<string, unknown>>;

/** One symbol: its rules, its engine, its open orders and its public record. */
export class SymbolMarket {
  readonly symbol: string;
  readonly tape: TradeTape;
  readonly image: BookImage;
  readonly open = new Map<number, OrderRecord>();
  /** By the number that the engine gave them. */
  readonly openLists = new Map<number, ListRecord>();
  /** Lists whose working order pays for the pending ones, by the working order. */
  readonly payingLists = new Map<number, ListRecord>();
  readonly records = new Map<number, AccountRecords>();
  lastExecutionId = 0;
  engine: MatchingEngine;
  grid: Grid;
  instrument: Instrument;
  entry: Entry;
  rule: PriceRangeRule | undefined = undefined;
  referencePrice: ReferencePrice | undefined = undefined;
  tax: CommissionRates | undefined = undefined;
  /** Decimals to which commissions of base and quote are rounded. */
  baseCommissionPrecision = 8;
  quoteCommissionPrecision = 8;
  /** Under which name an order fails its notional bounds. */
  notionalFilter: 'NOTIONAL' | 'MIN_NOTIONAL' = 'NOTIONAL';
  private readonly recordsKept: number;
  private readonly listener: MatchingListener & FundsPort;

  /** @param entry  of exchangeInfo; it can be read as an instrument */
  constructor(
    entry: Entry,
    listener: MatchingListener & FundsPort,
    kept: { readonly trades: number; readonly records: number },
    saved?: {
      readonly engine: SavedEngine;
      readonly priceDecimals: number;
      readonly quantityDecimals: number;
    },
  ) {
    const { instrument } = readInstrument(entry, 'symbol');
    invariant(instrument !== undefined, 'a market has a symbol and assets');
    this.symbol = instrument.symbol;
    this.instrument = instrument;
    this.entry = entry;
    this.listener = listener;
    this.recordsKept = kept.records;
    this.tape = new TradeTape(this.symbol, kept.trades);
    this.image = new BookImage(this.symbol);
    this.grid = new Grid(
      saved?.priceDecimals ?? decimalsOf(tickOf(instrument)),
      saved?.quantityDecimals ?? decimalsOf(stepOf(instrument)),
    );
    this.engine =
      saved === undefined
        ? new MatchingEngine(listener, this.engineOptions())
        : MatchingEngine.restore(listener, this.engineOptions(), saved.engine);
    this.readEntry();
  }

  recordsOf(account: TradingAccount): AccountRecords {
    let records = this.records.get(account.number);
    if (records === undefined) {
      records = new AccountRecords(
        this.symbol,
        account.number,
        account.openCounts,
        account.lists,
        this.recordsKept,
      );
      this.records.set(account.number, records);
    }
    return records;
  }

  get isTrading(): boolean {
    return this.instrument.status === 'TRADING';
  }

  get lastPrice(): Price | undefined {
    const ticks = this.engine.lastPrice;
    return ticks === undefined ? undefined : this.grid.priceOf(ticks);
  }

  /** What filters compare with: the reference price, else the average, else the last price. Source: binance-spot.md section 6. */
  filterPrice(minutes: number, nowMs: number): Price | undefined {
    return this.referencePrice?.price ?? this.tape.average(minutes, nowMs)?.price ?? this.lastPrice;
  }

  levels(side: Side, limit: number): BookLevel[] {
    return this.engine.visibleLevels(side, limit).map(({ price, quantity }) => ({
      price: this.grid.priceOf(price),
      quantity: this.grid.quantityOf(quantity),
    }));
  }

  /** In ticks of the market's grid, made finer where the price needs it; undefined when it cannot be counted. */
  ticksOf(price: Price): Ticks | undefined {
    const ticks = this.grid.ticksOf(price);
    if (ticks !== undefined || !this.refine(decimalsOf(price), 0)) return ticks;
    return this.grid.ticksOf(price);
  }

  lotsOf(quantity: Quantity): Lots | undefined {
    const lots = this.grid.lotsOf(quantity);
    if (lots !== undefined || !this.refine(0, decimalsOf(quantity))) return lots;
    return this.grid.lotsOf(quantity);
  }

  /** Takes a changed entry of exchangeInfo: another status, other filters. */
  change(entry: Entry): void {
    const { instrument } = readInstrument(entry, this.symbol);
    invariant(instrument !== undefined, 'an entry keeps its symbol and assets');
    this.entry = entry;
    this.instrument = instrument;
    this.refine(decimalsOf(tickOf(instrument)), decimalsOf(stepOf(instrument)));
    this.engine.setStep(this.stepLots());
    this.readEntry();
  }

  /** Takes the visible book as published, up to an update id. */
  restartImage(lastUpdateId: number): void {
    this.image.lastUpdateId = lastUpdateId;
    this.image.restart(this.levels('BUY', LEVELS_ALL), this.levels('SELL', LEVELS_ALL));
  }

  /** Sets the limits that the price-range rule gives takers with the reference price of now. */
  applyPriceRange(): void {
    this.engine.setPriceRange(this.priceRange());
  }

  private priceRange(): PriceRange | undefined {
    const { rule } = this;
    const price = this.referencePrice?.price;
    if (rule === undefined || price === undefined || price === null) return undefined;
    const { grid } = this;
    const tick = grid.priceOf(1 as Ticks);
    // Inward to a whole tick, which is all that an order can name.
    const bound = (multiplier: Ratio | undefined, isUpper: boolean): number => {
      if (multiplier === undefined) return isUpper ? Number.POSITIVE_INFINITY : 0;
      const rounding = isUpper ? 'floor' : 'ceiling';
      const exact = toMultiple(scalePrice(price, multiplier, rounding), tick, rounding);
      // What cannot be counted lies above every price that can.
      return grid.ticksOf(exact) ?? Number.POSITIVE_INFINITY;
    };
    return {
      buyLowest: bound(rule.bidLimitMultDown, false),
      buyHighest: bound(rule.bidLimitMultUp, true),
      sellLowest: bound(rule.askLimitMultDown, false),
      sellHighest: bound(rule.askLimitMultUp, true),
    };
  }

  /** Counts prices and quantities with more decimals where needed; the book stays as it is. False when nothing changed. */
  private refine(priceDecimals: number, quantityDecimals: number): boolean {
    const { grid } = this;
    const price = Math.max(grid.priceDecimals, priceDecimals);
    const quantity = Math.max(grid.quantityDecimals, quantityDecimals);
    if (price === grid.priceDecimals && quantity === grid.quantityDecimals) return false;
    const saved = refine(
      this.engine.save(),
      10 ** (price - grid.priceDecimals),
      10 ** (quantity - grid.quantityDecimals),
    );
    this.grid = new Grid(price, quantity);
    this.engine = MatchingEngine.restore(this.listener, this.engineOptions(), saved);
    this.restartImage(this.image.lastUpdateId);
    this.applyPriceRange();
    return true;
  }

  private engineOptions() {
    return { funds: this.listener, stepLots: this.stepLots(), notesChanges: true };
  }

  /** A market order by quote amount has to fit LOT_SIZE and MARKET_LOT_SIZE. */
  private stepLots(): number {
    const { lot, marketLot } = this.instrument.filters;
    const lots = (step: Quantity | undefined): number =>
      step === undefined || isZero(step) ? 1 : (this.grid.lotsOf(step) ?? 1);
    const one = lots(lot.step);
    const other = lots(marketLot?.step);
    return (one / greatestDivisor(one, other)) * other;
  }

  private readEntry(): void {
    const list = Array.isArray(this.entry.filters) ? this.entry.filters : [];
    const hasNewForm = list.some((filter) => (filter as Entry | null)?.filterType === 'NOTIONAL');
    this.notionalFilter = hasNewForm ? 'NOTIONAL' : 'MIN_NOTIONAL';
    this.baseCommissionPrecision = precisionOf(this.entry.baseCommissionPrecision);
    this.quoteCommissionPrecision = precisionOf(this.entry.quoteCommissionPrecision);
  }
}

const LEVELS_ALL = Number.POSITIVE_INFINITY;
export const NO_PRICE = fromUnits<Price>(0n);
export const NO_QUANTITY = fromUnits<Quantity>(0n);

const precisionOf = (value: unknown): number =>
  Number.isInteger(value) && Number(value) >= 0 && Number(value) <= 8 ? Number(value) : 8;

function greatestDivisor(one: number, other: number): number {
  while (other !== 0) [one, other] = [other, one % other];
  return one;
}
