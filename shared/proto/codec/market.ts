import type {
  Filters,
  Instrument,
  Level,
  LotBounds,
  Quote,
  SymbolStatus,
  Trade,
} from '@tradewind/core/market';
import {
  type BookLevels,
  type ClosedBar,
  correlationIdOf,
  type FeedStatus,
  type MarketSnapshot,
  type MarketUpdate,
} from '../contracts/market-data.ts';
import * as wire from '../generated/tradewind/v1/market_pb.js';
import { kinds, under } from './choice.ts';
import { type Codec, decodePart, list, Malformed } from './codec.ts';
import { orderType, selfTradePrevention } from './orders.ts';
import { optional, orUndefined, record } from './record.ts';
import {
  flag,
  fraction,
  intervalName,
  lower,
  price,
  quantity,
  quoteAmount,
  ratio,
  text,
  whole,
} from './scalars.ts';

export const updateKind = lower(wire.MarketUpdateKind);

const level = record<Level, wire.Level>(wire.LevelSchema, { price, quantity });

const trade = record<Trade, wire.Trade>(wire.TradeSchema, {
  symbol: text,
  id: whole,
  price,
  quantity,
  timeMs: whole,
  buyerIsMaker: flag,
});

const quote = record<Quote, wire.Quote>(wire.QuoteSchema, {
  symbol: text,
  bid: orUndefined(level),
  ask: orUndefined(level),
  updateId: whole,
  timeMs: whole,
});

const book = record<BookLevels, wire.BookLevels>(wire.BookLevelsSchema, {
  symbol: text,
  updateId: whole,
  timeMs: whole,
  bids: list(level),
  asks: list(level),
});

const bar = record<ClosedBar, wire.ClosedBar>(wire.ClosedBarSchema, {
  symbol: text,
  interval: intervalName,
  openTimeMs: whole,
  closeTimeMs: whole,
  open: price,
  high: price,
  low: price,
  close: price,
  volume: quantity,
  quoteVolume: quoteAmount,
  trades: whole,
  source: lower(wire.BarSource),
});

const feed = record<FeedStatus, wire.FeedStatus>(wire.FeedStatusSchema, {
  symbol: text,
  state: lower(wire.FeedState),
  sinceMs: whole,
  detail: text,
});

const KNOWN_STATUSES: readonly SymbolStatus[] = ['TRADING', 'HALT', 'BREAK', 'END_OF_DAY', 'CANCEL_ONLY'];

/** The exchange's own word, because it may say one that we do not know. */
export const symbolStatus: Codec<SymbolStatus, string> = {
  encode: (status) => (typeof status === 'string' ? status : status.unknown),
  decode: (word) => KNOWN_STATUSES.find((known) => known === word) ?? { unknown: word },
};

const lotBounds = record<LotBounds, wire.LotBounds>(wire.LotBoundsSchema, {
  minimum: optional(quantity),
  maximum: optional(quantity),
  step: optional(quantity),
});

type Given<Name extends keyof Filters> = Filters[Name] & {};

const filters = record<Filters, wire.Filters>(wire.FiltersSchema, {
  price: record<Given<'price'>, wire.PriceBounds>(wire.PriceBoundsSchema, {
    minimum: optional(price),
    maximum: optional(price),
    tick: optional(price),
  }),
  lot: lotBounds,
  marketLot: optional(lotBounds),
  percentPrice: optional(
    record<Given<'percentPrice'>, wire.PercentPrice>(wire.PercentPriceSchema, {
      up: ratio,
      down: ratio,
      averageMinutes: whole,
    }),
  ),
  percentPriceBySide: optional(
    record<Given<'percentPriceBySide'>, wire.PercentPriceBySide>(wire.PercentPriceBySideSchema, {
      bidUp: ratio,
      bidDown: ratio,
      askUp: ratio,
      askDown: ratio,
      averageMinutes: whole,
    }),
  ),
  notional: optional(
    record<Given<'notional'>, wire.NotionalBounds>(wire.NotionalBoundsSchema, {
      minimum: optional(quoteAmount),
      minimumAppliesToMarket: flag,
      maximum: optional(quoteAmount),
      maximumAppliesToMarket: flag,
      averageMinutes: whole,
    }),
  ),
  icebergPartsMaximum: optional(whole),
  openOrdersMaximum: optional(whole),
  openAlgoOrdersMaximum: optional(whole),
  openIcebergOrdersMaximum: optional(whole),
  openOrderListsMaximum: optional(whole),
  amendsMaximum: optional(whole),
  positionMaximum: optional(quantity),
  trailingDelta: optional(
    record<Given<'trailingDelta'>, wire.TrailingDeltaBounds>(wire.TrailingDeltaBoundsSchema, {
      aboveMinimumBps: whole,
      aboveMaximumBps: whole,
      belowMinimumBps: whole,
      belowMaximumBps: whole,
    }),
  ),
});

const instrument = record<Instrument, wire.Instrument>(wire.InstrumentSchema, {
  symbol: text,
  baseAsset: text,
  quoteAsset: text,
  status: symbolStatus,
  orderTypes: list(orderType),
  filters,
  unknownFilters: list(text),
  blockers: list(text),
  icebergAllowed: flag,
  ocoAllowed: flag,
  otoAllowed: flag,
  opoAllowed: flag,
  quoteAmountMarketAllowed: flag,
  trailingStopAllowed: flag,
  cancelReplaceAllowed: flag,
  amendAllowed: flag,
  pegAllowed: flag,
  selfTradePreventionModes: list(selfTradePrevention),
  defaultSelfTradePrevention: selfTradePrevention,
});

type Untimed<Update> = Update extends unknown
  ? Omit<Update, 'receivedAtMs'> & { kind: MarketUpdate['kind'] }
  : never;

const update = kinds<Untimed<MarketUpdate>, wire.MarketUpdate['update']>({
  trade: under('trade', trade),
  quote: under('quote', quote),
  book: under('book', book),
  bar: under('bar', bar),
  feed: under('feed', feed),
  instrument: under('instrument', instrument),
});

const times = record<{ readonly receivedAtMs?: number }, wire.MarketUpdate>(wire.MarketUpdateSchema, {
  receivedAtMs: optional(whole),
});

export const marketUpdate: Codec<MarketUpdate, wire.MarketUpdate> = {
  encode: (value) => {
    const message = times.encode('receivedAtMs' in value ? value : {});
    message.correlationId = correlationIdOf(value);
    message.update = update.encode(value);
    return message;
  },
  decode: (message) => {
    const value = { ...decodePart('update', update, message.update), ...times.decode(message) };
    const isTimed = value.kind !== 'feed' && value.kind !== 'instrument';
    if (isTimed !== 'receivedAtMs' in value) {
      throw Malformed.within(
        'receivedAtMs',
        new Malformed(isTimed ? 'is missing' : `does not belong to ${value.kind}`),
      );
    }
    return value as MarketUpdate;
  },
};

export const marketSnapshot = record<MarketSnapshot, wire.MarketSnapshot>(wire.MarketSnapshotSchema, {
  instrument,
  status: symbolStatus,
  feed,
  referencePrice: orUndefined(price),
  referencePriceAgeMs: orUndefined(fraction),
  lastTrade: orUndefined(trade),
  quote: orUndefined(quote),
});
