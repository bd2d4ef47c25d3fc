import type { Level } from '@tradewind/core/market';
import { isZero } from '@tradewind/core/money';
import type {
  AggregateTrade,
  AveragePrice,
  BookTicker,
  DayTicker,
  DepthSnapshot,
  Kline,
  PriceTicker,
  PublicTrade,
} from './market.ts';
import type { Decode, FieldReader } from './reader.ts';

export const depthSnapshot = (fields: FieldReader): DepthSnapshot => ({
  lastUpdateId: fields.whole('lastUpdateId'),
  bids: fields.rows('bids', level),
  asks: fields.rows('asks', level),
});

const level = (row: FieldReader): Level => ({ price: row.price(0), quantity: row.quantity(1) });

/** Rows of trades do not name their symbol. */
export const publicTrade =
  (symbol: string): Decode<PublicTrade> =>
  (fields) => ({
    symbol,
    id: fields.whole('id'),
    price: fields.price('price'),
    quantity: fields.quantity('qty'),
    quoteAmount: fields.quoteAmount('quoteQty'),
    timeMs: fields.whole('time'),
    buyerIsMaker: fields.flag('isBuyerMaker'),
    isBestMatch: fields.optionalFlag('isBestMatch'),
  });

export const aggregateTrade =
  (symbol: string): Decode<AggregateTrade> =>
  (fields) => ({
    symbol,
    id: fields.whole('a'),
    price: fields.price('p'),
    quantity: fields.quantity('q'),
    firstTradeId: fields.optionalWhole('f'),
    lastTradeId: fields.optionalWhole('l'),
    timeMs: fields.whole('T'),
    buyerIsMaker: fields.flag('m'),
  });

export const kline = (row: FieldReader): Kline => ({
  openTimeMs: row.whole(0),
  open: row.price(1),
  high: row.price(2),
  low: row.price(3),
  close: row.price(4),
  volume: row.quantity(5),
  closeTimeMs: row.whole(6),
  quoteVolume: row.quoteAmount(7),
  trades: row.whole(8),
  takerBuyVolume: row.quantity(9),
  takerBuyQuoteVolume: row.quoteAmount(10),
});

export const averagePrice = (fields: FieldReader): AveragePrice => ({
  minutes: fields.whole('mins'),
  price: fields.price('price'),
  closeTimeMs: fields.optionalWhole('closeTime'),
});

export const priceTicker = (fields: FieldReader): PriceTicker => ({
  symbol: fields.text('symbol'),
  price: fields.price('price'),
});

export const bookTicker = (fields: FieldReader): BookTicker => ({
  symbol: fields.text('symbol'),
  bid: bestOf(fields, 'bidPrice', 'bidQty'),
  ask: bestOf(fields, 'askPrice', 'askQty'),
});

/** The venue sends zeros for a side where nobody stands. */
function bestOf(fields: FieldReader, price: string, quantity: string): Level | undefined {
  const best = { price: fields.price(price), quantity: fields.quantity(quantity) };
  return isZero(best.price) || isZero(best.quantity) ? undefined : best;
}

export const dayTicker = (fields: FieldReader): DayTicker => ({
  symbol: fields.text('symbol'),
  priceChange: fields.signedPrice('priceChange'),
  priceChangePercent: fields.text('priceChangePercent'),
  averagePrice: fields.price('weightedAvgPrice'),
  previousClose: fields.price('prevClosePrice'),
  last: fields.price('lastPrice'),
  lastQuantity: fields.quantity('lastQty'),
  bid: bestOf(fields, 'bidPrice', 'bidQty'),
  ask: bestOf(fields, 'askPrice', 'askQty'),
  open: fields.price('openPrice'),
  high: fields.price('highPrice'),
  low: fields.price('lowPrice'),
  volume: fields.quantity('volume'),
  quoteVolume: fields.quoteAmount('quoteVolume'),
  openTimeMs: fields.whole('openTime'),
  closeTimeMs: fields.whole('closeTime'),
  firstTradeId: fields.optionalWhole('firstId'),
  lastTradeId: fields.optionalWhole('lastId'),
  trades: fields.whole('count'),
});
