import { type Instrument, Interval, type IntervalName, type Level } from '@tradewind/core/market';
import {
  formatAmount,
  formatPrice,
  type ParseRefusal,
  type Price,
  parsePrice,
  parseQuantity,
  parseQuoteAmount,
  type Quantity,
  type QuoteAmount,
} from '@tradewind/core/money';
import { err, ok, type Result } from '@tradewind/core/result';
import type { ClosedBar, FeedStatus, MarketUpdate } from '@tradewind/proto';

/** One line of a session: an update, or a bar from before the session that strategies were warmed up with. */
export type SessionLine = MarketUpdate | { readonly kind: 'history'; readonly bar: ClosedBar };

type LevelTexts = readonly [price: string, quantity: string];
interface BarTexts {
  readonly symbol: string;
  readonly interval: IntervalName;
  readonly openTime: number;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly quoteVolume: string;
  readonly trades: number;
  readonly source: ClosedBar['source'];
}
/** A line as it is written, decimals as texts, times in epoch ms. */
type Written =
  | {
      readonly kind: 'trade';
      readonly at: number;
      readonly symbol: string;
      readonly id: number;
      readonly price: string;
      readonly quantity: string;
      readonly time: number;
      readonly buyerIsMaker: boolean;
    }
  | {
      readonly kind: 'quote';
      readonly at: number;
      readonly symbol: string;
      readonly updateId: number;
      readonly time: number;
      readonly bid?: LevelTexts;
      readonly ask?: LevelTexts;
    }
  | {
      readonly kind: 'book';
      readonly at: number;
      readonly symbol: string;
      readonly updateId: number;
      readonly time: number;
      readonly bids: readonly LevelTexts[];
      readonly asks: readonly LevelTexts[];
    }
  | ({ readonly kind: 'bar'; readonly at: number } & BarTexts)
  | ({ readonly kind: 'history' } & BarTexts)
  | ({ readonly kind: 'feed' } & FeedStatus)
  | { readonly kind: 'instrument'; readonly instrument: unknown };

/** JSON without a line break. */
export const textOfLine = (line: SessionLine): string => JSON.stringify(written(line));

function written(line: SessionLine): Written {
  switch (line.kind) {
    case 'trade': {
      const { symbol, id, price, quantity, timeMs, buyerIsMaker } = line.trade;
      return {
        kind: 'trade',
        at: line.receivedAtMs,
        symbol,
        id,
        price: formatPrice(price),
        quantity: formatAmount(quantity),
        time: timeMs,
        buyerIsMaker,
      };
    }
    case 'quote': {
      const { symbol, updateId, timeMs, bid, ask } = line.quote;
      return {
        kind: 'quote',
        at: line.receivedAtMs,
        symbol,
        updateId,
        time: timeMs,
        ...(bid === undefined ? {} : { bid: levelTexts(bid) }),
        ...(ask === undefined ? {} : { ask: levelTexts(ask) }),
      };
    }
    case 'book': {
      const { symbol, updateId, timeMs, bids, asks } = line.book;
      return {
        kind: 'book',
        at: line.receivedAtMs,
        symbol,
        updateId,
        time: timeMs,
        bids: bids.map(levelTexts),
        asks: asks.map(levelTexts),
      };
    }
    case 'bar':
      return { kind: 'bar', at: line.receivedAtMs, ...barTexts(line.bar) };
    case 'history':
      return { kind: 'history', ...barTexts(line.bar) };
    case 'feed':
      return { kind: 'feed', ...line.feed };
    case 'instrument':
      return { kind: 'instrument', instrument: withTexts(line.instrument) };
  }
}

/** @returns what is wrong with the line, in words */
export function readLine(text: string): Result<SessionLine, string> {
  try {
    const line = JSON.parse(text) as Written;
    const read = lineOf(line);
    return read === undefined ? err(`a line of an unknown kind: ${text.slice(0, 80)}`) : ok(read);
  } catch (error) {
    return err(`${error instanceof Error ? error.message : String(error)}: ${text.slice(0, 80)}`);
  }
}

/** @throws Error for what is no such line */
function lineOf(line: Written): SessionLine | undefined {
  switch (line.kind) {
    case 'trade': {
      const { at, symbol, id, price, quantity, time, buyerIsMaker } = line;
      const trade = {
        symbol,
        id,
        price: exact(parsePrice(price)),
        quantity: exact(parseQuantity(quantity)),
        timeMs: time,
        buyerIsMaker,
      };
      return { kind: 'trade', trade, receivedAtMs: at };
    }
    case 'quote': {
      const { at, symbol, updateId, time, bid, ask } = line;
      const quote = {
        symbol,
        bid: bid && levelOf(bid),
        ask: ask && levelOf(ask),
        updateId,
        timeMs: time,
      };
      return { kind: 'quote', quote, receivedAtMs: at };
    }
    case 'book': {
      const { at, symbol, updateId, time, bids, asks } = line;
      const book = { symbol, updateId, timeMs: time, bids: bids.map(levelOf), asks: asks.map(levelOf) };
      return { kind: 'book', book, receivedAtMs: at };
    }
    case 'bar':
      return { kind: 'bar', bar: barOf(line), receivedAtMs: line.at };
    case 'history':
      return { kind: 'history', bar: barOf(line) };
    case 'feed': {
      const { symbol, state, sinceMs, detail } = line;
      return { kind: 'feed', feed: { symbol, state, sinceMs, detail } };
    }
    case 'instrument':
      return { kind: 'instrument', instrument: withExact(line.instrument) as Instrument };
    default:
      return undefined;
  }
}

const levelTexts = ({ price, quantity }: Level): LevelTexts => [formatPrice(price), formatAmount(quantity)];
const levelOf = ([price, quantity]: LevelTexts): Level => ({
  price: exact(parsePrice(price)),
  quantity: exact(parseQuantity(quantity)),
});

const barTexts = (bar: ClosedBar): BarTexts => ({
  symbol: bar.symbol,
  interval: bar.interval,
  openTime: bar.openTimeMs,
  open: formatPrice(bar.open),
  high: formatPrice(bar.high),
  low: formatPrice(bar.low),
  close: formatPrice(bar.close),
  volume: formatAmount(bar.volume),
  quoteVolume: formatAmount(bar.quoteVolume),
  trades: bar.trades,
  source: bar.source,
});

function barOf(texts: BarTexts): ClosedBar {
  const interval = Interval.parse(texts.interval);
  if (interval === undefined) throw new Error(`${texts.interval} is no interval`);
  const { symbol, openTime, trades, source } = texts;
  return {
    symbol,
    interval: interval.name,
    openTimeMs: openTime,
    closeTimeMs: interval.endOf(openTime),
    open: exact(parsePrice(texts.open)),
    high: exact(parsePrice(texts.high)),
    low: exact(parsePrice(texts.low)),
    close: exact(parsePrice(texts.close)),
    volume: exact(parseQuantity(texts.volume)),
    quoteVolume: exact(parseQuoteAmount(texts.quoteVolume)),
    trades,
    source,
  };
}

function exact<E extends Price | Quantity | QuoteAmount>(parsed: Result<E, ParseRefusal>): E {
  if (!parsed.ok) throw new Error(`${parsed.error.text} is no decimal`);
  return parsed.value;
}

/** The exact amounts deep inside an instrument, of any unit and scale, as `{ exact: '123' }`. */
function withTexts(value: unknown): unknown {
  if (typeof value === 'bigint') return { exact: String(value) };
  if (Array.isArray(value)) return value.map(withTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withTexts(member)]));
}

function withExact(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withExact);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (entries.length === 1 && first?.[0] === 'exact') return BigInt(String(first[1]));
  return Object.fromEntries(entries.map(([name, member]) => [name, withExact(member)]));
}
