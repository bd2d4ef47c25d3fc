import { Interval } from '@tradewind/core/market';
import { err, ok, type Result, unreachable } from '@tradewind/core/result';
import { BadField, EventFields } from './event-fields.ts';
import type {
  KlineEvent,
  MarketEvent,
  MiniTickerEvent,
  RollingTickerEvent,
  TickerEvent,
} from './market-event.ts';
import type { Stream, TickerWindow } from './stream.ts';

/** Why an event says nothing. */
export interface EventRefusal {
  readonly reason: 'bad_field';
  readonly message: string;
  readonly field: string;
}

/** What arrives on hot streams is read by `MessageScanner`. */
export type ColdStream = Exclude<Stream, { readonly kind: 'trade' | 'aggTrade' | 'bookTicker' | 'depth' }>;

/**
 * Reads what arrived on a stream that is not hot (binance-spot.md section 8.3).
 * @returns one event, or those of all symbols that changed; a refusal when any part of the message is wrong
 */
export function readEvent(stream: ColdStream, data: unknown): Result<readonly MarketEvent[], EventRefusal> {
  try {
    return ok(eventsIn(stream, data));
  } catch (problem) {
    if (!(problem instanceof BadField)) throw problem;
    return err({ reason: 'bad_field', message: stream.kind, field: problem.field });
  }
}

function eventsIn(stream: ColdStream, data: unknown): readonly MarketEvent[] {
  switch (stream.kind) {
    case 'allMiniTickers':
      return all(data).map((one) => miniTicker(one));
    case 'allRollingTickers':
      return all(data).map((one) => rollingTicker(one, stream.window));
    case 'partialDepth':
      return [partialDepth(stream.symbol, new EventFields(data, 'data'))];
    default: {
      const fields = new EventFields(data, 'data');
      if (fields.text('s') !== stream.symbol) throw new BadField('s');
      return [singleEvent(stream, fields)];
    }
  }
}

function singleEvent(
  stream: Exclude<ColdStream, { readonly kind: 'allMiniTickers' | 'allRollingTickers' | 'partialDepth' }>,
  fields: EventFields,
): MarketEvent {
  switch (stream.kind) {
    case 'kline':
      return kline(fields, stream.interval);
    case 'miniTicker':
      return miniTicker(fields);
    case 'ticker':
      return ticker(fields);
    case 'rollingTicker':
      return rollingTicker(fields, stream.window);
    case 'avgPrice':
      return {
        kind: 'avgPrice',
        symbol: fields.text('s'),
        eventTimeMs: fields.integer('E'),
        over: fields.text('i'),
        price: fields.price('w'),
        lastTradeTimeMs: fields.integer('T'),
      };
    case 'referencePrice':
      return {
        kind: 'referencePrice',
        symbol: fields.text('s'),
        price: fields.priceOrNone('r'),
        timeMs: fields.integer('t'),
      };
    case 'blockTrade':
      return blockTrade(fields);
    default:
      return unreachable(stream);
  }
}

const all = (data: unknown): EventFields[] => {
  if (!Array.isArray(data)) throw new BadField('data');
  return data.map((one) => new EventFields(one, 'data'));
};

function kline(fields: EventFields, name: KlineEvent['interval']): KlineEvent {
  const k = fields.inner('k');
  const interval = Interval.parse(name);
  if (interval === undefined || k.text('i') !== name) throw new BadField('i');
  const openTimeMs = k.integer('t');
  const closeTimeMs = k.integer('T');
  if (closeTimeMs < openTimeMs) throw new BadField('T');
  return {
    kind: 'kline',
    symbol: fields.text('s'),
    eventTimeMs: fields.integer('E'),
    interval: interval.name,
    bar: {
      openTimeMs,
      closeTimeMs,
      open: k.price('o'),
      high: k.price('h'),
      low: k.price('l'),
      close: k.price('c'),
      volume: k.quantity('v'),
      quoteVolume: k.quoteAmount('q'),
      trades: k.integer('n'),
      takerBuyVolume: k.quantity('V'),
      takerBuyQuoteVolume: k.quoteAmount('Q'),
    },
    isClosed: k.flag('x'),
    firstTradeId: k.idOrNone('f'),
    lastTradeId: k.idOrNone('L'),
  };
}

function partialDepth(symbol: string, fields: EventFields): MarketEvent {
  const depth = {
    lastUpdateId: fields.integer('lastUpdateId'),
    bids: fields.levels('bids'),
    asks: fields.levels('asks'),
  };
  return { kind: 'partialDepth', symbol, depth };
}

function miniTicker(fields: EventFields): MiniTickerEvent {
  return { kind: 'miniTicker', ...prices(fields) };
}

const prices = (fields: EventFields): Omit<MiniTickerEvent, 'kind'> => ({
  symbol: fields.text('s'),
  eventTimeMs: fields.integer('E'),
  last: fields.price('c'),
  open: fields.price('o'),
  high: fields.price('h'),
  low: fields.price('l'),
  volume: fields.quantity('v'),
  quoteVolume: fields.quoteAmount('q'),
});

const windowOf = (fields: EventFields): Omit<RollingTickerEvent, 'kind' | 'window'> => ({
  ...prices(fields),
  priceChange: fields.signedPrice('p'),
  priceChangePercent: fields.text('P'),
  averagePrice: fields.price('w'),
  openTimeMs: fields.integer('O'),
  closeTimeMs: fields.integer('C'),
  firstTradeId: fields.idOrNone('F'),
  lastTradeId: fields.idOrNone('L'),
  trades: fields.integer('n'),
});

function ticker(fields: EventFields): TickerEvent {
  return {
    kind: 'ticker',
    ...windowOf(fields),
    previousClose: fields.price('x'),
    lastQuantity: fields.quantity('Q'),
    bid: fields.level('b', 'B'),
    ask: fields.level('a', 'A'),
  };
}

const rollingTicker = (fields: EventFields, window: TickerWindow): RollingTickerEvent => ({
  kind: 'rollingTicker',
  window,
  ...windowOf(fields),
});

function blockTrade(fields: EventFields): MarketEvent {
  const trade = {
    symbol: fields.text('s'),
    id: fields.integer('t'),
    price: fields.price('p'),
    quantity: fields.quantity('q'),
    timeMs: fields.integer('T'),
    buyerIsMaker: fields.flag('m'),
  };
  return { kind: 'blockTrade', eventTimeMs: fields.integer('E'), trade };
}
