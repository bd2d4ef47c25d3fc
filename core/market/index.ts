export {
  type Aggregation,
  aggregateBars,
  BarAggregator,
  type CoarseBarListener,
  type IntervalsDoNotNest,
  type PartialBar,
} from './aggregate.ts';
export {
  type Bars,
  BarsBuilder,
  firstIndexFrom,
  type Gap,
  gapsOf,
  openTimeOf,
  type Run,
  type TickColumn,
} from './bars.ts';
export type { BookSide } from './book-side.ts';
export type { FieldProblem } from './field-reader.ts';
export { decimalsOf, Grid, type Lots, priceOfTicks, type Ticks } from './grid.ts';
export {
  type ExchangeFilters,
  type Filters,
  type Instrument,
  type LotBounds,
  type SymbolStatus,
  stepOf,
  tickOf,
} from './instrument.ts';
export {
  type ExchangeInfo,
  type InstrumentReading,
  readExchangeInfo,
  readInstrument,
} from './instrument-reader.ts';
export { Interval, type IntervalName } from './interval.ts';
export { LevelList } from './level-list.ts';
export {
  type BookDiff,
  type BookSnapshot,
  type BookState,
  type BookUpdate,
  OrderBook,
} from './order-book.ts';
export type { Level, Quote } from './quote.ts';
export type { Trade } from './trade.ts';
