import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Aggregation,
  aggregateBars,
  BarAggregator,
  type Bars,
  BarsBuilder,
  Interval,
  type IntervalName,
  openTimeOf,
} from './index.ts';

const MINUTE = 60_000;
/** A Monday and the first of a month, so that every interval but 3d begins here. */
const START = Date.UTC(2024, 0, 1);

interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

function interval(name: IntervalName): Interval {
  const found = Interval.parse(name);
  if (found === undefined) throw new Error(`no interval ${name}`);
  return found;
}

function barsOf(list: readonly Bar[], name: IntervalName = '1m'): Bars {
  const builder = new BarsBuilder('BTCUSDT', interval(name));
  for (const { time, open, high, low, close, volume } of list) {
    builder.append(time, open, high, low, close, 2, volume, 5);
  }
  return builder.build();
}

const listOf = (bars: Bars): Bar[] =>
  Array.from({ length: bars.length }, (_, i) => ({
    time: openTimeOf(bars, i),
    open: bars.open[i] ?? Number.NaN,
    high: bars.high[i] ?? Number.NaN,
    low: bars.low[i] ?? Number.NaN,
    close: bars.close[i] ?? Number.NaN,
    volume: bars.volume[i] ?? Number.NaN,
  }));

function aggregated(bars: Bars, name: IntervalName): Aggregation {
  const result = aggregateBars(bars, interval(name));
  if (!result.ok) throw new Error(`${result.error.finer.name} does not nest in ${result.error.coarser.name}`);
  return result.value;
}

/** A bar `minute` minutes after the start: open, high, low, close, volume. */
const at = (
  minute: number,
  [open, high, low, close, volume]: readonly [number, number, number, number, number],
): Bar => ({
  time: START + minute * MINUTE,
  open,
  high,
  low,
  close,
  volume,
});

test('opens with the first, spans all, closes with the last and adds the volumes', () => {
  const finer = barsOf([
    at(0, [100, 105, 99, 101, 10]),
    at(1, [101, 110, 101, 104, 20]),
    at(2, [104, 104, 90, 95, 30]),
  ]);
  const { bars, ...rest } = aggregated(finer, '3m');
  expect(listOf(bars)).toEqual([at(0, [100, 110, 90, 95, 60])]);
  expect(bars).toMatchObject({ symbol: 'BTCUSDT', priceDecimals: 2, volumeDecimals: 5 });
  expect(bars.interval.name).toBe('3m');
  expect(rest).toEqual({});
});

test('a minute without a trade opens nothing, since it only repeats a price of the hour before', () => {
  const finer = barsOf([
    at(0, [200, 200, 200, 200, 0]),
    at(1, [101, 103, 100, 102, 5]),
    at(2, [102, 102, 102, 102, 0]),
  ]);
  expect(listOf(aggregated(finer, '3m').bars)).toEqual([at(0, [101, 103, 100, 102, 5])]);
});

test('a bucket without any trade repeats the last price', () => {
  const finer = barsOf([0, 1, 2].map((minute) => at(minute, [200, 200, 200, 200, 0])));
  expect(listOf(aggregated(finer, '3m').bars)).toEqual([at(0, [200, 200, 200, 200, 0])]);
});

test('a bar that moved has traded, whatever its volume says', () => {
  const finer = barsOf([
    at(0, [100, 105, 99, 101, 0]),
    at(1, [101, 110, 101, 104, 0]),
    at(2, [104, 104, 90, 95, 0]),
  ]);
  expect(listOf(aggregated(finer, '3m').bars)).toEqual([at(0, [100, 110, 90, 95, 0])]);
});

test('a halt makes a short bar, or none, and no bar is invented', () => {
  const flat = [100, 100, 100, 100, 1] as const;
  const finer = barsOf([0, 1, 2, 13, 14, 15, 16, 17, 18, 19].map((minute) => at(minute, flat)));
  const { bars, ...rest } = aggregated(finer, '5m');
  expect(listOf(bars)).toEqual([
    at(0, [100, 100, 100, 100, 3]),
    at(10, [100, 100, 100, 100, 2]),
    at(15, [100, 100, 100, 100, 5]),
  ]);
  expect(rest).toEqual({});
});

test('the last bar is left out until the data reach its end, and the first says that it is partial', () => {
  const flat = [100, 100, 100, 100, 1] as const;
  const finer = barsOf([3, 4, 5, 6, 7, 8].map((minute) => at(minute, flat)));
  const { bars, leadingPartial, unfinished } = aggregated(finer, '5m');
  expect(listOf(bars)).toEqual([at(0, [100, 100, 100, 100, 2])]);
  expect(leadingPartial).toEqual({ openTimeMs: START, finerBars: 2 });
  expect(unfinished).toEqual({ openTimeMs: START + 5 * MINUTE, finerBars: 4 });
});

test('data inside one bucket make no bar at all', () => {
  const { bars, ...rest } = aggregated(barsOf([at(1, [1, 1, 1, 1, 1])]), '5m');
  expect(bars.length).toBe(0);
  expect(rest).toEqual({ unfinished: { openTimeMs: START, finerBars: 1 } });
  expect(aggregated(barsOf([]), '5m')).toMatchObject({ bars: { length: 0 } });
});

test('a month is as long as it is', () => {
  const days = Array.from({ length: 31 + 29 }, (_, day) =>
    at(day * 1440, [100 + day, 100 + day, 100, 100, 1]),
  );
  const { bars } = aggregated(barsOf(days, '1d'), '1M');
  expect(listOf(bars)).toEqual([
    { time: Date.UTC(2024, 0, 1), open: 100, high: 130, low: 100, close: 100, volume: 31 },
    { time: Date.UTC(2024, 1, 1), open: 131, high: 159, low: 100, close: 100, volume: 29 },
  ]);
});

test('an interval made of itself is unchanged', () => {
  const months = [0, 31, 60].map((day) => at(day * 1440, [100, 101, 99, 100, day]));
  expect(listOf(aggregated(barsOf(months, '1M'), '1M').bars)).toEqual(months);
  const minutes = [0, 1, 3].map((minute) => at(minute, [100, 101, 99, 100, 5]));
  expect(listOf(aggregated(barsOf(minutes), '1m').bars)).toEqual(minutes);
});

test.each([
  ['1h', '1m'],
  ['3m', '5m'],
  ['3d', '1w'],
  ['1w', '1M'],
  ['8h', '12h'],
  ['1M', '1d'],
] as const)('%s bars do not make %s bars', (finer, coarser) => {
  expect(aggregateBars(barsOf([], finer), interval(coarser))).toEqual({
    ok: false,
    error: { reason: 'intervals_do_not_nest', finer: interval(finer), coarser: interval(coarser) },
  });
});

test('volumes beyond 2^53 units are counted more coarsely', () => {
  const builder = new BarsBuilder('SHIBUSDT', interval('1m'));
  for (let minute = 0; minute < 60; minute += 1) {
    builder.append(START + minute * MINUTE, 1, 1, 1, 1, 8, 2 ** 53 - 1, 8);
  }
  const { bars } = aggregated(builder.build(), '1h');
  expect(bars.volumeDecimals).toBe(6);
  expect(bars.volume[0]).toBe(Math.round((60 * (2 ** 53 - 1)) / 100));
});

test('bar after bar, each coarse bar comes with the finer bar that ends it, before the next one', () => {
  const closed: number[] = [];
  const aggregator = BarAggregator.create(interval('1m'), interval('5m'), (openTimeMs) =>
    closed.push(openTimeMs),
  );
  if (!aggregator.ok) throw new Error('1m nests in 5m');
  const counts = Array.from({ length: 11 }, (_, minute) => {
    aggregator.value.add(START + minute * MINUTE, 1, 1, 1, 1, 1);
    return closed.length;
  });
  expect(counts).toEqual([0, 0, 0, 0, 1, 1, 1, 1, 1, 2, 2]);
  expect(closed).toEqual([START, START + 5 * MINUTE]);
  expect(aggregator.value.unfinished).toEqual({ openTimeMs: START + 10 * MINUTE, finerBars: 1 });
});

test('time closes a bar that a halt cut short, once and not before its end', () => {
  const closed: number[] = [];
  const aggregator = BarAggregator.create(interval('1m'), interval('5m'), (openTimeMs) =>
    closed.push(openTimeMs),
  );
  if (!aggregator.ok) throw new Error('1m nests in 5m');
  aggregator.value.advanceTo(START + MINUTE);
  aggregator.value.add(START, 1, 1, 1, 1, 1);
  aggregator.value.advanceTo(START + 5 * MINUTE - 1);
  expect(closed).toEqual([]);
  aggregator.value.advanceTo(START + 5 * MINUTE);
  aggregator.value.advanceTo(START + 6 * MINUTE);
  expect(closed).toEqual([START]);
  expect(aggregator.value.unfinished).toBeUndefined();
});

/** The same by lists: bars grouped by the bucket of their opening time. */
function slowlyAggregated(list: readonly Bar[], coarser: Interval): Bar[] {
  const buckets = new Map<number, Bar[]>();
  for (const bar of list) {
    const time = coarser.startOf(bar.time);
    buckets.set(time, [...(buckets.get(time) ?? []), bar]);
  }
  const last = list.at(-1);
  return [...buckets].flatMap(([time, bucket]) => {
    if (last === undefined || last.time + MINUTE < coarser.endOf(time)) return [];
    const traded = bucket.filter((bar) => bar.volume > 0 || bar.high > bar.low);
    const counted = traded.length > 0 ? traded : bucket;
    return {
      time,
      open: counted[0]?.open ?? Number.NaN,
      high: Math.max(...counted.map((bar) => bar.high)),
      low: Math.min(...counted.map((bar) => bar.low)),
      close: counted.at(-1)?.close ?? Number.NaN,
      volume: bucket.reduce((sum, bar) => sum + bar.volume, 0),
    };
  });
}

const prices = fc.integer({ min: 1, max: 1_000_000 });
const shapes = fc.oneof(
  fc
    .tuple(prices, prices, prices, prices, fc.integer({ min: 0, max: 1_000_000 }))
    .map(([a, b, open, close, volume]) => ({
      open,
      close,
      high: Math.max(a, b, open, close),
      low: Math.min(a, b, open, close),
      volume,
    })),
  prices.map((price) => ({ open: price, high: price, low: price, close: price, volume: 0 })),
);
const lists = fc
  .uniqueArray(fc.tuple(fc.integer({ min: 0, max: 400 }), shapes), { selector: ([minute]) => minute })
  .map((list) =>
    list
      .sort(([a], [b]) => a - b)
      .map(([minute, shape]): Bar => ({ time: START + minute * MINUTE, ...shape })),
  );

test('equals grouping by lists, with any holes in the data', () => {
  const coarser = fc.constantFrom<IntervalName>('3m', '5m', '15m', '1h', '1d', '1w', '1M');
  fc.assert(
    fc.property(lists, coarser, (list, name) => {
      expect(listOf(aggregated(barsOf(list), name).bars)).toEqual(slowlyAggregated(list, interval(name)));
    }),
  );
});

/** As on record at the exchange: a bar without a trade stands at the last price. */
const repeatingLastPrice = (list: readonly Bar[]): Bar[] => {
  const repeated: Bar[] = [];
  for (const bar of list) {
    const last = bar.volume > 0 || bar.high > bar.low ? undefined : repeated.at(-1)?.close;
    repeated.push(last === undefined ? bar : { ...bar, open: last, high: last, low: last, close: last });
  }
  return repeated;
};

test('by way of an interval between gives the same bars', () => {
  fc.assert(
    fc.property(lists, (list) => {
      // The end is the same on both ways only where the data reach the end of the last hour.
      const whole = barsOf(repeatingLastPrice([...list, at(419, [7, 7, 7, 7, 1])]));
      const direct = aggregated(whole, '1h').bars;
      const byWay = aggregated(aggregated(whole, '15m').bars, '1h').bars;
      expect(listOf(byWay)).toEqual(listOf(direct));
    }),
  );
});
