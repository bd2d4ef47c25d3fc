import { VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import type { PublicTrade } from '../exchange/index.ts';
import { MarketData } from './market-data.ts';
import { RecordedExchange } from './recorded-exchange.test-support.ts';
import { START, SYMBOL } from './slow-statistics.test-support.ts';

describe('trades', () => {
  test('are answered newest, or from an id on, with the fields of the reference', () => {
    const exchange = new RecordedExchange([SYMBOL]);
    const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
    exchange.trade(SYMBOL, START, '4.000001', '12', true);
    exchange.trade(SYMBOL, START + 1, '4', '1', false);
    const rows = [
      {
        id: 1,
        price: '4.00000100',
        qty: '12.00000000',
        quoteQty: '48.00001200',
        time: START,
        isBuyerMaker: true,
        isBestMatch: true,
      },
      {
        id: 2,
        price: '4.00000000',
        qty: '1.00000000',
        quoteQty: '4.00000000',
        time: START + 1,
        isBuyerMaker: false,
        isBestMatch: true,
      },
    ];
    expect(symbol.recentTrades(5)).toEqual(rows);
    expect(symbol.recentTrades(1)).toEqual(rows.slice(1));
    expect(symbol.historicalTrades(1, 1)).toEqual(rows.slice(0, 1));
    expect(symbol.historicalTrades(2, 10)).toEqual(rows.slice(1));
    expect(symbol.historicalTrades(3, 10)).toEqual([]);
  });

  test('that are aggregated are found by id and by time, both ends included', () => {
    const exchange = new RecordedExchange([SYMBOL]);
    const symbol = new MarketData(exchange, new VirtualTime(START)).symbol(SYMBOL)!;
    for (let id = 1; id <= 5; id += 1) {
      const { price, quantity }: PublicTrade = exchange.trade(
        SYMBOL,
        START + 10 * id,
        '0.01633102',
        '4.70443515',
        true,
      );
      exchange.aggregate({
        symbol: SYMBOL,
        id,
        price,
        quantity,
        firstTradeId: id,
        lastTradeId: id,
        timeMs: START + 10 * id,
        isBuyerMaker: true,
      });
    }
    expect(symbol.aggregateTrades({ limit: 1 })).toEqual([
      { a: 5, p: '0.01633102', q: '4.70443515', f: 5, l: 5, T: START + 50, m: true, M: true },
    ]);
    const ids = (query: { fromId?: number; startTime?: number; endTime?: number; limit: number }) =>
      symbol.aggregateTrades(query).map((row) => row.a);
    expect(ids({ fromId: 2, limit: 2 })).toEqual([2, 3]);
    expect(ids({ startTime: START + 20, endTime: START + 40, limit: 10 })).toEqual([2, 3, 4]);
    expect(ids({ startTime: START + 21, limit: 2 })).toEqual([3, 4]);
    expect(ids({ endTime: START + 30, limit: 2 })).toEqual([2, 3]);
    expect(ids({ startTime: START + 60, limit: 2 })).toEqual([]);
  });
});
