import { formatFixed } from '../notation/fixed-point.ts';
import type { Bar } from './bar.ts';
import { divideHalfEven } from './divide-half-even.ts';
import { type AmountFormat, DECIMALS } from './format.ts';
import type { MiniTicker, WindowTicker } from './shapes.ts';

/** When a window began and ended, in the unit that is answered in. */
export interface Span {
  readonly openTime: number;
  readonly closeTime: number;
}

/** A window without trades has zeros, as recorded (rest/ticker-24hr-all-2020-10-07), the last price included. */
export function miniTickerOf(symbol: string, bar: Bar, span: Span, format: AmountFormat): MiniTicker {
  const hasTrades = bar.count > 0;
  return {
    symbol,
    openPrice: format.price(hasTrades ? bar.open : 0),
    highPrice: format.price(hasTrades ? bar.high : 0),
    lowPrice: format.price(hasTrades ? bar.low : 0),
    lastPrice: format.price(hasTrades ? bar.close : 0),
    volume: format.quantity(bar.volume.value),
    quoteVolume: format.quote(bar.quoteVolume.value),
    openTime: span.openTime,
    closeTime: span.closeTime,
    firstId: bar.firstId,
    lastId: bar.lastId,
    count: bar.count,
  };
}

/** What a full ticker says beyond a mini ticker. */
export interface Change {
  readonly priceChange: string;
  readonly priceChangePercent: string;
  readonly weightedAvgPrice: string;
}

export function changeOf(bar: Bar, format: AmountFormat): Change {
  if (bar.count === 0)
    return { priceChange: format.price(0), priceChangePercent: '0', weightedAvgPrice: '0' };
  const change = BigInt(bar.close) - BigInt(bar.open);
  const percent = divideHalfEven(change * PERCENT_UNITS, BigInt(bar.open));
  const average = divideHalfEven(bar.quoteVolume.value * AMOUNT_ONE, bar.volume.value);
  return {
    priceChange: format.price(change),
    priceChangePercent: formatFixed(percent, PERCENT_DIGITS, PERCENT_DIGITS),
    weightedAvgPrice: format.price(average),
  };
}

export function windowTickerOf(symbol: string, bar: Bar, span: Span, format: AmountFormat): WindowTicker {
  const { symbol: _symbol, ...rest } = miniTickerOf(symbol, bar, span, format);
  return { symbol, ...changeOf(bar, format), ...rest };
}

const PERCENT_DIGITS = 3;
const PERCENT_UNITS = 100n * 10n ** BigInt(PERCENT_DIGITS);
const AMOUNT_ONE = 10n ** BigInt(DECIMALS);
