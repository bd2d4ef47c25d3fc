import { createHash } from 'node:crypto';
import { type Bars, BarsBuilder, Interval } from '@tradewind/core/market';
import { expect, test } from 'vitest';
import { fingerprintOf } from './index.ts';

const MINUTE = Interval.parse('1m')!;

function bars(change: Partial<Bars> = {}, openTimes: readonly number[] = [0, 60_000]): Bars {
  const builder = new BarsBuilder('BTCUSDT', MINUTE);
  for (const [i, time] of openTimes.entries()) builder.append(time, 100 + i, 105, 99, 101, 1, 25, 2);
  return { ...builder.build(), ...change };
}

test('the fingerprint is the SHA-256 of the layout that its documentation describes', () => {
  const hash = createHash('sha256');
  hash.update('{"format":"tradewind bars 1","symbol":"BTCUSDT","interval":"1m","length":2,');
  hash.update('"priceDecimals":1,"volumeDecimals":2,"runs":[[0,0]]}\n');
  const column = (one: number, two: number): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeInt32LE(one, 0);
    bytes.writeInt32LE(two, 4);
    return bytes;
  };
  hash.update(column(100, 101)).update(column(105, 105)).update(column(99, 99)).update(column(101, 101));
  hash.update(column(25, 25));
  expect(fingerprintOf(bars())).toBe(hash.digest('hex'));
});

test('values beyond 32 bits are hashed as doubles', () => {
  const large = bars({ volume: Float64Array.of(2 ** 31, 1) });
  const hash = createHash('sha256');
  hash.update('{"format":"tradewind bars 1","symbol":"BTCUSDT","interval":"1m","length":2,');
  hash.update('"priceDecimals":1,"volumeDecimals":2,"runs":[[0,0]]}\n');
  for (const column of [large.open, large.high, large.low, large.close]) {
    hash.update(Buffer.from(Int32Array.from(column).buffer));
  }
  const doubles = Buffer.alloc(16);
  doubles.writeDoubleLE(2 ** 31, 0);
  doubles.writeDoubleLE(1, 8);
  expect(fingerprintOf(large)).toBe(hash.update(doubles).digest('hex'));
});

test('column types, zeros behind and spare decimals do not change it', () => {
  const { open, high, low, close, volume } = bars();
  const tenfold = (column: ArrayLike<number>) => Float64Array.from(column, (value) => value * 1000);
  const finer = bars({
    priceDecimals: 4,
    open: tenfold(open),
    high: tenfold(high),
    low: Int32Array.from(tenfold(low)),
    close: tenfold(close),
    volumeDecimals: 5,
    volume: tenfold(volume),
  });
  expect(fingerprintOf(finer)).toBe(fingerprintOf(bars()));
});

test.each([
  { what: 'symbol', other: bars({ symbol: 'ETHUSDT' }) },
  { what: 'interval', other: bars({ interval: Interval.parse('3m')! }) },
  { what: 'open', other: bars({ open: Int32Array.of(100, 102) }) },
  { what: 'high', other: bars({ high: Int32Array.of(105, 106) }) },
  { what: 'low', other: bars({ low: Int32Array.of(98, 99) }) },
  { what: 'close', other: bars({ close: Int32Array.of(101, 102) }) },
  { what: 'volume', other: bars({ volume: Float64Array.of(25, 26) }) },
  { what: 'decimals', other: bars({ priceDecimals: 2 }) },
  { what: 'time', other: bars({}, [60_000, 120_000]) },
  { what: 'gap', other: bars({}, [0, 120_000]) },
  { what: 'length', other: bars({}, [0]) },
])('another $what gives another fingerprint', ({ other }) => {
  expect(fingerprintOf(other)).not.toBe(fingerprintOf(bars()));
});
