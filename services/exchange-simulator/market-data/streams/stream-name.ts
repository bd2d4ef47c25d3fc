import { Interval } from '@tradewind/core/market';

/** What a stream of one symbol tells. Source: binance-spot.md section 8.3. */
export type SymbolStream =
  | { readonly kind: 'aggTrade' | 'trade' | 'blockTrade' | 'referencePrice' }
  | { readonly kind: 'miniTicker' | 'ticker' | 'bookTicker' | 'avgPrice' }
  | { readonly kind: 'kline'; readonly interval: Interval; readonly timeZoneMinutes: number }
  | { readonly kind: 'windowTicker'; readonly window: TickerWindow }
  | { readonly kind: 'partialDepth'; readonly levels: number; readonly periodMs: 100 | 1000 }
  | { readonly kind: 'depth'; readonly periodMs: 100 | 1000 };

/** What a stream over all symbols tells. */
export type MarketStream =
  | { readonly kind: 'allMiniTickers' }
  | { readonly kind: 'allWindowTickers'; readonly window: TickerWindow };

export interface TickerWindow {
  readonly name: string;
  readonly lengthMs: number;
}

export type StreamName =
  | { readonly of: 'symbol'; readonly symbol: string; readonly stream: SymbolStream }
  | { readonly of: 'market'; readonly stream: MarketStream };

const HOUR_MS = 3_600_000;
const WINDOWS: ReadonlyMap<string, TickerWindow> = new Map(
  [
    { name: '1h', lengthMs: HOUR_MS },
    { name: '4h', lengthMs: 4 * HOUR_MS },
    { name: '1d', lengthMs: 24 * HOUR_MS },
  ].map((window) => [window.name, window]),
);
const SLOW_DEPTH_MS = 1000;
const FAST_DEPTH_MS = 100;
/** The only zone that the exchange moves the bars of a stream to. */
const ZONE_SUFFIX = '@+08:00';
const ZONE_MINUTES = 480;

/** Undefined for what is no stream of the exchange: it can be subscribed to and stays silent. Symbols are in lower case. */
export function parseStreamName(name: string): StreamName | undefined {
  if (name.startsWith('!')) {
    const stream = parseMarketStream(name);
    return stream === undefined ? undefined : { of: 'market', stream };
  }
  const at = name.indexOf('@');
  const symbol = name.slice(0, at);
  if (at < 1 || symbol !== symbol.toLowerCase()) return undefined;
  const stream = parseSymbolStream(name.slice(at + 1));
  return stream === undefined ? undefined : { of: 'symbol', symbol: symbol.toUpperCase(), stream };
}

function parseMarketStream(name: string): MarketStream | undefined {
  if (name === '!miniTicker@arr') return { kind: 'allMiniTickers' };
  const window = WINDOWS.get(/^!ticker_(.*)@arr$/.exec(name)?.[1] ?? '');
  return window === undefined ? undefined : { kind: 'allWindowTickers', window };
}

function parseSymbolStream(text: string): SymbolStream | undefined {
  switch (text) {
    case 'aggTrade':
    case 'trade':
    case 'blockTrade':
    case 'referencePrice':
    case 'miniTicker':
    case 'ticker':
    case 'bookTicker':
    case 'avgPrice':
      return { kind: text };
    default:
      if (text.startsWith('kline_')) return parseKline(text.slice('kline_'.length));
      if (text.startsWith('depth')) return parseDepth(text.slice('depth'.length));
      return parseWindowTicker(text);
  }
}

function parseKline(text: string): SymbolStream | undefined {
  const isMoved = text.endsWith(ZONE_SUFFIX);
  const name = isMoved ? text.slice(0, -ZONE_SUFFIX.length) : text;
  const interval = Interval.parse(name);
  // The archives' spelling of the month is none of the streams'.
  if (interval === undefined || interval.name !== name) return undefined;
  return { kind: 'kline', interval, timeZoneMinutes: isMoved ? ZONE_MINUTES : 0 };
}

function parseDepth(text: string): SymbolStream | undefined {
  const match = /^(5|10|20)?(@100ms)?$/.exec(text);
  if (match === null) return undefined;
  const [, levels, fast] = match;
  const periodMs = fast === undefined ? SLOW_DEPTH_MS : FAST_DEPTH_MS;
  return levels === undefined
    ? { kind: 'depth', periodMs }
    : { kind: 'partialDepth', levels: Number(levels), periodMs };
}

function parseWindowTicker(text: string): SymbolStream | undefined {
  const window = WINDOWS.get(/^ticker_(.*)$/.exec(text)?.[1] ?? '');
  return window === undefined ? undefined : { kind: 'windowTicker', window };
}
