import {
  decimalsOf,
  Grid,
  type Instrument,
  Interval,
  type Level,
  LevelList,
  OrderBook,
  stepOf,
  tickOf,
} from '@tradewind/core/market';
import { formatAmount, type Price } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import { type Bar, type BarFigures, type Input, LiveBars } from '@tradewind/core/strategy';
import type { BookLevels, ClosedBar } from '@tradewind/proto';

type BarInput = Extract<Input, { readonly kind: 'bars' }>;

/** What a strategy has asked to see, and the latest of it. */
export class LiveInputs {
  /** The bars of each bar input, in the order in which the strategy named them. */
  readonly bars: readonly LiveBars[];
  private readonly watched = {
    bars: new Set<string>(),
    trades: new Set<string>(),
    quotes: new Set<string>(),
    book: new Set<string>(),
  };
  private readonly prices = new Map<string, Price>();
  private readonly books = new Map<string, { readonly book: OrderBook; readonly grid: Grid }>();
  private readonly bids = new LevelList();
  private readonly asks = new LevelList();

  constructor(inputs: readonly Input[], instruments: ReadonlyMap<string, Instrument>, barsKept: number) {
    const isBars = (input: Input): input is BarInput => input.kind === 'bars';
    this.bars = inputs
      .filter(isBars)
      .map(({ symbol, interval }) => new LiveBars(symbol, Interval.parse(interval)!, barsKept));
    for (const { kind, symbol } of inputs) {
      const instrument = instruments.get(symbol);
      invariant(instrument !== undefined, `the instrument of ${symbol} is known`);
      this.watched[kind].add(symbol);
      if (kind !== 'book') continue;
      const grid = new Grid(decimalsOf(tickOf(instrument)), decimalsOf(stepOf(instrument)));
      this.books.set(symbol, { book: new OrderBook(), grid });
    }
  }

  get views(): readonly Bar[] {
    return this.bars.map(({ view }) => view);
  }

  watches(kind: Input['kind'], symbol: string): boolean {
    return this.watched[kind].has(symbol);
  }

  /** Which inputs a bar is for: one as a rule, none if nobody asked for it. */
  placesOf({ symbol, interval }: Pick<ClosedBar, 'symbol' | 'interval'>): readonly number[] {
    return this.bars.flatMap((bars, place) =>
      bars.symbol === symbol && bars.interval.name === interval ? [place] : [],
    );
  }

  append(place: number, bar: BarFigures): void {
    const bars = this.bars[place]!;
    bars.append(bar);
    this.prices.set(bars.symbol, bar.closePrice);
  }

  /** What was last seen of a symbol among what the strategy sees: the close of a bar, a trade. */
  lastPriceOf(symbol: string): Price | undefined {
    return this.prices.get(symbol);
  }

  traded(symbol: string, price: Price): void {
    this.prices.set(symbol, price);
  }

  /** The book of a symbol with these levels in it; undefined for one that is not on the grid of the symbol's present rules. */
  bookWith({ symbol, updateId, bids, asks }: BookLevels): OrderBook | undefined {
    const { book, grid } = this.books.get(symbol)!;
    if (!readLevels(bids, grid, this.bids) || !readLevels(asks, grid, this.asks)) return undefined;
    const update = book.reset({ lastUpdateId: updateId, bids: this.bids, asks: this.asks });
    return update.kind === 'applied' ? book : undefined;
  }
}

/** Volume is a statistic: the double nearest to the decimal, which is what a history holds, too. */
export const figuresOf = (bar: ClosedBar): BarFigures => ({
  openTimeMs: bar.openTimeMs,
  closeTimeMs: bar.closeTimeMs,
  openPrice: bar.open,
  highPrice: bar.high,
  lowPrice: bar.low,
  closePrice: bar.close,
  volume: Number(formatAmount(bar.volume)),
});

function readLevels(levels: readonly Level[], grid: Grid, into: LevelList): boolean {
  into.clear();
  for (const { price, quantity } of levels) {
    const [ticks, lots] = [grid.ticksOf(price), grid.lotsOf(quantity)];
    if (ticks === undefined || lots === undefined) return false;
    into.push(ticks, lots);
  }
  return true;
}
