export type * from './commands.ts';
export { Exchange } from './exchange.ts';
export type {
  AccountPosition,
  BalanceChange,
  BookChange,
  ExchangeListener,
  ExecutionReport,
  ListStatusReport,
} from './listener.ts';
export type * from './model.ts';
export type {
  AccountQueries,
  ExchangePort,
  Feed,
  HistoryRange,
  MarketQueries,
  SavedExchange,
  SymbolView,
} from './port.ts';
export type { SaveOptions } from './saved-markets.ts';
export { firstFrom, inRange, type Sequence } from './sequence.ts';
export type { ExchangeOptions } from './settings.ts';
export type { Transfer } from './transfer-log.ts';
