import { type ExchangeInfo, type IntervalName, readExchangeInfo } from '@tradewind/core/market';
import { ok, type Result } from '@tradewind/core/result';
import type { RateLimit } from '../model/account.ts';
import type { ReadingFailure } from '../model/failure.ts';
import type {
  AggregateTrade,
  AveragePrice,
  BookTicker,
  DayTicker,
  DepthSnapshot,
  Kline,
  PriceTicker,
  PublicTrade,
} from '../model/market.ts';
import type { Parameters } from '../model/parameters.ts';
import { rateLimit } from '../model/read-account.ts';
import {
  aggregateTrade,
  averagePrice,
  bookTicker,
  dayTicker,
  depthSnapshot,
  kline,
  priceTicker,
  publicTrade,
} from '../model/read-market.ts';
import { type Decode, readList, readObject, readRows } from '../model/reader.ts';
import { type HistoryRange, rangeParameters } from './account.ts';
import type { Call } from './call.ts';
import { optional } from './order-parameters.ts';

type PublicQuestion<T> = Pick<Call<T>, 'path' | 'socketMethod' | 'parameters' | 'read'> & {
  readonly weight: number;
};

const question = <T>({ weight, ...call }: PublicQuestion<T>): Call<T> => ({
  ...call,
  method: 'GET',
  security: 'none',
  cost: { weight },
  priority: 'normal',
  hasEffect: false,
});

/** Whether anybody is there. */
export const ping = (): Call<true> =>
  question({
    path: '/api/v3/ping',
    socketMethod: 'ping',
    parameters: [],
    weight: 1,
    read: (body) => readObject(body, () => true),
  });

/** The venue's clock, epoch ms. Goes before other calls: without it nothing signed is accepted. */
export const serverTime = (): Call<number> => ({
  ...question({
    path: '/api/v3/time',
    socketMethod: 'time',
    parameters: [],
    weight: 1,
    read: (body) => readObject(body, (fields) => fields.whole('serverTime')),
  }),
  priority: 'exit',
});

/** What the venue trades and by which rules, with its limits. */
export interface VenueRules extends ExchangeInfo {
  readonly serverTimeMs: number;
  readonly rateLimits: readonly RateLimit[];
}

/** All symbols, or those named, for which the venue refuses one that it does not know with -1121. */
export const exchangeInfo = (symbols?: readonly string[]): Call<VenueRules> =>
  question({
    path: '/api/v3/exchangeInfo',
    socketMethod: 'exchangeInfo',
    parameters: optional('symbols', symbols),
    weight: 20,
    read: readVenueRules,
  });

function readVenueRules(body: unknown): Result<VenueRules, ReadingFailure> {
  const frame = readObject(body, (fields) => ({
    serverTimeMs: fields.whole('serverTime'),
    rateLimits: fields.list('rateLimits', rateLimit),
    // What stands in the entries is judged symbol by symbol; that they are a list of objects is judged here.
    entries: fields.list('symbols', () => true),
  }));
  if (!frame.ok) return frame;
  const { serverTimeMs, rateLimits } = frame.value;
  return ok({ ...readExchangeInfo(body), serverTimeMs, rateLimits });
}

/** @param levels  of each side, 1 to 5000 (binance-spot.md section 4.2) */
export const depth = (symbol: string, levels: number): Call<DepthSnapshot> =>
  question({
    path: '/api/v3/depth',
    socketMethod: 'depth',
    parameters: [
      ['symbol', symbol],
      ['limit', levels],
    ],
    weight: weightOfDepth(levels),
    read: (body) => readObject(body, depthSnapshot),
  });

function weightOfDepth(levels: number): number {
  if (levels <= 100) return 5;
  if (levels <= 500) return 25;
  return levels <= 1000 ? 50 : 250;
}

/** @param limit  at most 1000 */
export const recentTrades = (symbol: string, limit = 500): Call<readonly PublicTrade[]> =>
  question({
    path: '/api/v3/trades',
    socketMethod: 'trades.recent',
    parameters: [
      ['symbol', symbol],
      ['limit', limit],
    ],
    weight: 25,
    read: listOf(publicTrade(symbol)),
  });

/** Trades from an id on, oldest first; at most 1000. */
export const historicalTrades = (
  symbol: string,
  fromTradeId: number,
  limit = 500,
): Call<readonly PublicTrade[]> =>
  question({
    path: '/api/v3/historicalTrades',
    socketMethod: 'trades.historical',
    parameters: [
      ['symbol', symbol],
      ['fromId', fromTradeId],
      ['limit', limit],
    ],
    weight: 25,
    read: listOf(publicTrade(symbol)),
  });

export const aggregateTrades = (
  symbol: string,
  range: HistoryRange & { readonly fromId?: number } = {},
): Call<readonly AggregateTrade[]> =>
  question({
    path: '/api/v3/aggTrades',
    socketMethod: 'trades.aggregate',
    parameters: [['symbol', symbol], ...optional('fromId', range.fromId), ...rangeParameters(range)],
    weight: 4,
    read: listOf(aggregateTrade(symbol)),
  });

/** Bars by their opening time, oldest first; the newest is usually still open. */
export const klines = (
  symbol: string,
  interval: IntervalName,
  range: HistoryRange = {},
): Call<readonly Kline[]> =>
  question({
    path: '/api/v3/klines',
    socketMethod: 'klines',
    parameters: [['symbol', symbol], ['interval', interval], ...rangeParameters(range)],
    weight: 2,
    read: (body) => readRows(body, kline),
  });

export const currentAveragePrice = (symbol: string): Call<AveragePrice> =>
  question({
    path: '/api/v3/avgPrice',
    socketMethod: 'avgPrice',
    parameters: [['symbol', symbol]],
    weight: 2,
    read: (body) => readObject(body, averagePrice),
  });

/** The rolling 24 hours of the symbols named, or of all for weight 80. */
export const dayTickers = (symbols?: readonly string[]): Call<readonly DayTicker[]> =>
  question({
    path: '/api/v3/ticker/24hr',
    socketMethod: 'ticker.24hr',
    parameters: symbolsParameter(symbols),
    weight: weightOfDayTickers(symbols?.length),
    read: listOf(dayTicker),
  });

function weightOfDayTickers(symbols: number | undefined): number {
  if (symbols === undefined || symbols > 100) return 80;
  return symbols <= 20 ? 2 : 40;
}

/** The last price of the symbols named, or of all. */
export const priceTickers = (symbols?: readonly string[]): Call<readonly PriceTicker[]> =>
  question({
    path: '/api/v3/ticker/price',
    socketMethod: 'ticker.price',
    parameters: symbolsParameter(symbols),
    weight: 4,
    read: listOf(priceTicker),
  });

/** Best bid and offer of the symbols named, or of all. */
export const bookTickers = (symbols?: readonly string[]): Call<readonly BookTicker[]> =>
  question({
    path: '/api/v3/ticker/bookTicker',
    socketMethod: 'ticker.book',
    parameters: symbolsParameter(symbols),
    weight: 4,
    read: listOf(bookTicker),
  });

/** Always `symbols`, never `symbol`, so that the answer is always a list. */
const symbolsParameter = (symbols: readonly string[] | undefined): Parameters => optional('symbols', symbols);

const listOf =
  <T>(decode: Decode<T>): Call<readonly T[]>['read'] =>
  (body) =>
    readList(body, decode);
