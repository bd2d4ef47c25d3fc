import type { IntervalName } from '@tradewind/core/market';

export type UpdateSpeed = '100ms' | '1000ms';
export type TickerWindow = '1h' | '4h' | '1d';

/** What can be subscribed to (binance-spot.md section 8.3). Symbols are spelled as in payloads: upper case. */
export type Stream =
  | { readonly kind: 'trade' | 'aggTrade' | 'bookTicker'; readonly symbol: string }
  | {
      readonly kind: 'blockTrade' | 'miniTicker' | 'ticker' | 'avgPrice' | 'referencePrice';
      readonly symbol: string;
    }
  /** `fromHour8` moves the boundaries of the bars to UTC+8; the times in them stay UTC. */
  | {
      readonly kind: 'kline';
      readonly symbol: string;
      readonly interval: IntervalName;
      readonly fromHour8?: boolean;
    }
  | { readonly kind: 'depth'; readonly symbol: string; readonly speed: UpdateSpeed }
  | {
      readonly kind: 'partialDepth';
      readonly symbol: string;
      readonly levels: 5 | 10 | 20;
      readonly speed: UpdateSpeed;
    }
  | { readonly kind: 'rollingTicker'; readonly symbol: string; readonly window: TickerWindow }
  | { readonly kind: 'allMiniTickers' }
  | { readonly kind: 'allRollingTickers'; readonly window: TickerWindow };

/** The name to subscribe with. A symbol in upper case would be acknowledged, and stay silent for ever (section 14, trap 26). */
export function nameOf(stream: Stream): string {
  switch (stream.kind) {
    case 'allMiniTickers':
      return '!miniTicker@arr';
    case 'allRollingTickers':
      return `!ticker_${stream.window}@arr`;
    default:
      return `${stream.symbol.toLowerCase()}@${suffixOf(stream)}`;
  }
}

function suffixOf(
  stream: Exclude<Stream, { readonly kind: 'allMiniTickers' | 'allRollingTickers' }>,
): string {
  switch (stream.kind) {
    case 'kline':
      return `kline_${stream.interval}${stream.fromHour8 === true ? '@+08:00' : ''}`;
    case 'depth':
      return `depth${suffixOfSpeed(stream.speed)}`;
    case 'partialDepth':
      return `depth${stream.levels}${suffixOfSpeed(stream.speed)}`;
    case 'rollingTicker':
      return `ticker_${stream.window}`;
    default:
      return stream.kind;
  }
}

const suffixOfSpeed = (speed: UpdateSpeed): string => (speed === '100ms' ? '@100ms' : '');
