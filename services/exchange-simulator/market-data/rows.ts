import { unitsOf } from '@tradewind/core/money';
import type { AggregateTrade, PublicTrade } from '../exchange/index.ts';
import { type TimeUnit, timeIn } from '../notation/time-unit.ts';
import type { Bar } from './bar.ts';
import type { AmountFormat } from './format.ts';
import type { AggregateTradeRow, KlineRow, PublicTradeRow } from './shapes.ts';

export function tradeRow(trade: PublicTrade, format: AmountFormat, unit: TimeUnit): PublicTradeRow {
  return {
    id: trade.id,
    price: format.price(unitsOf(trade.price)),
    qty: format.quantity(unitsOf(trade.quantity)),
    quoteQty: format.quote(unitsOf(trade.quoteQuantity)),
    time: timeIn(unit, trade.timeMs),
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
    T: timeIn(unit, trade.timeMs),
    m: trade.isBuyerMaker,
    M: true,
  };
}

/** @param endTime  the opening time of the bar after it; a bar closes one unit of time before */
export function klineRow(bar: Bar, endTime: number, format: AmountFormat, unit: TimeUnit): KlineRow {
  return [
    timeIn(unit, bar.openTime),
    format.price(bar.open),
    format.price(bar.high),
    format.price(bar.low),
    format.price(bar.close),
    format.quantity(bar.volume.value),
    timeIn(unit, endTime) - 1,
    format.quote(bar.quoteVolume.value),
    bar.count,
    format.quantity(bar.takerVolume.value),
    format.quote(bar.takerQuoteVolume.value),
    '0',
  ];
}
