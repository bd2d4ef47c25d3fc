import { Grid, Interval, type Lots, type Ticks } from '@tradewind/core/market';
import { formatAmount, formatPrice, price, quantity } from '@tradewind/core/money';
import type { ClosedBar } from '@tradewind/proto';
import { expect } from 'vitest';
import { readTestLines } from '../../tools/read-test-bars.ts';
import { testWithSharedData } from '../../tools/shared-data.ts';
import { BarSeries } from './bar-series.ts';

testWithSharedData(
  'M5: two days of real trades of XRPETH make the bars that the exchange’s own history has, to the last digit',
  () => {
    const [, ...rows] = readTestLines('trades/XRPETH-aggTrades-2019-10-11_2019-10-13.csv.gz');
    const [, ...expected] = readTestLines('klines/1m/XRPETH-1m-2019-10-11_2019-10-13.csv.gz');
    const grid = new Grid(8, 0);
    const firstMs = Number(rows[0]!.split(',')[5]);
    const bars: ClosedBar[] = [];
    const series = new BarSeries('XRPETH', Interval.parse('1m')!, grid, firstMs, {
      closed: (bar) => bars.push(bar),
      // Minutes without a trade are not in that history, which was made of trades.
      missing: (quiet) => quiet.backfill([], true),
      deaf: () => undefined,
    });
    series.begin(0);
    for (const row of rows) {
      const [, at = '', size = '', , , time] = row.split(',');
      const ticks = grid.ticksOf(price(at)) as Ticks;
      const lots = grid.lotsOf(quantity(size)) as Lots;
      expect(series.trade(ticks, lots, Number(time))).toBe(true);
    }
    series.witness(Number.MAX_SAFE_INTEGER);
    series.closeUpTo(firstMs + 3 * 86_400_000, 0);
    const texts = bars.map((bar) =>
      [
        bar.openTimeMs,
        ...[bar.open, bar.high, bar.low, bar.close].map(formatPrice),
        formatAmount(bar.volume),
      ].join(),
    );
    const wanted = expected.map((row) => {
      const [time, ...values] = row.split(',');
      return [time, ...values.slice(0, 5).map((value) => formatPrice(price(value)))].join();
    });
    expect(texts.length).toBe(2469);
    expect(texts).toEqual(wanted);
  },
);
