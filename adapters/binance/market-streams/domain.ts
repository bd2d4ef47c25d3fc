import type { Level, Lots, Quote, Ticks, Trade } from '@tradewind/core/market';
import type { AggregateTrade } from '../model/market.ts';
import type { ScannedQuote, ScannedTrade, StreamMarket } from './scanned.ts';

/** What was scanned, as values that may be kept. */
export function tradeOf({ market, id, price, quantity, timeMs, buyerIsMaker }: ScannedTrade): Trade {
  const { symbol, grid } = market;
  return {
    symbol,
    id,
    price: grid.priceOf(price),
    quantity: grid.quantityOf(quantity),
    timeMs,
    buyerIsMaker,
  };
}

export function aggregateTradeOf(scanned: ScannedTrade): AggregateTrade {
  const { firstTradeId, lastTradeId } = scanned;
  return { ...tradeOf(scanned), firstTradeId, lastTradeId };
}

/** @param timeMs  epoch ms of its arrival, since the venue puts no time on it */
export function quoteOf(scanned: ScannedQuote, timeMs: number): Quote {
  const { market, updateId, bidPrice, bidQuantity, askPrice, askQuantity } = scanned;
  return {
    symbol: market.symbol,
    bid: levelOf(market, bidPrice, bidQuantity),
    ask: levelOf(market, askPrice, askQuantity),
    updateId,
    timeMs,
  };
}

const levelOf = ({ grid }: StreamMarket, price: Ticks, quantity: Lots): Level | undefined =>
  price === 0 ? undefined : { price: grid.priceOf(price), quantity: grid.quantityOf(quantity) };
