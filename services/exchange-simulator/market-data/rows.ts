import { unitsOf } from '@tradewind/core/money';
import type { AggregateTrade, PublicTrade } from '../exchange/index.ts';
import type { Bar } from './bar.ts';
import type { AmountFormat } from './format.ts';
import type { AggregateTradeRow, KlineRow, PublicTradeRow, TimeUnit } from './shapes.ts';

/** How many of a unit make a millisecond. */
export const timesIn = (unit: TimeUnit): number => (unit === 'MICROSECOND' ? 1000 : 1);

export function tradeRow(trade: PublicTrade, format: AmountFormat, unit: TimeUnit): PublicTradeRow {
  return {
    id: trade.id,
    price: format.price(unitsOf(trade.price)),
    qty: format.quantity(unitsOf(trade.quantity)),
    quoteQty: format.quote(unitsOf(trade.quoteQuantity)),
    time: trade.timeMs * timesIn(unit),
    isBuyerMaker: trade.isBuyerMaker,
    isBestMatch: true,
  };
}

export function aggregateTradeRow(
  trade: AggregateTrade,
  format: AmountFormat,
  unit: TimeUnit,
): AggregateTradeRow {
  return {
    a: trade.id,
    p: format.price(unitsOf(trade.price)),
    q: format.quantity(unitsOf(trade.quantity)),
    f: trade.firstTradeId,
    l: trade.lastTradeId,
    T: trade.timeMs * timesIn(unit),
    m: trade.isBuyerMaker,
    M: true,
  };
}

/** @param endTime  the opening time of the bar after it; a bar closes one unit of time before */
export function klineRow(bar: Bar, endTime: number, format: AmountFormat, unit: TimeUnit): KlineRow {
  const scale = timesIn(unit);
  return [
    bar.openTime * scale,
    format.price(bar.open),
    format.price(bar.high),
    format.price(bar.low),
    format.price(bar.close),
    format.quantity(bar.volume.value),
    endTime * scale - 1,
    format.quote(bar.quoteVolume.value),
    bar.count,
    format.quantity(bar.takerVolume.value),
    format.quote(bar.takerQuoteVolume.value),
    '0',
  ];
}
