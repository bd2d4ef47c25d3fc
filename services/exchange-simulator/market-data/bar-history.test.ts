import { expect, test } from 'vitest';
import { Bar } from './bar.ts';
import { BarHistory } from './bar-history.ts';
import { BarRing } from './bar-ring.ts';

const SECOND = 1000;

function barAt(openTime: number): Bar {
  const bar = new Bar();
  bar.begin(openTime);
  bar.addTrade(openTime, 100 + openTime, 2n ** 60n, 3n, true);
  return bar;
}

test('a full ring gives up its oldest bars and finds the others by their time', () => {
  const ring = new BarRing(100);
  for (let time = 0; time < 250; time += 1) ring.push(barAt(time * 10));
  expect([ring.length, ring.isFull, ring.openTimeAt(0), ring.openTimeAt(99)]).toEqual([
    100,
    true,
    1500,
    2490,
  ]);
  expect([1400, 1500, 1501, 2490, 2491].map((time) => ring.firstIndexFrom(time))).toEqual([0, 0, 1, 99, 100]);
  const loaded = new Bar();
  ring.load(7, loaded);
  expect(loaded).toEqual(barAt(1570));
  expect(ring.closeAt(7)).toBe(1670);
});

test('seconds that are no longer kept are still in minutes and longer bars', () => {
  const history = new BarHistory();
  const seconds = 90_500;
  for (let second = 0; second < seconds; second += 1)
    history.add(second * SECOND, second + 1, 1000 + second, 1n, 1n, false);
  const all = new Bar();
  history.mergeFrom(0, all);
  expect([all.count, all.firstId, all.lastId, all.volume.value]).toEqual([
    seconds,
    1,
    seconds,
    BigInt(seconds),
  ]);
  const later = new Bar();
  history.mergeFrom(601 * SECOND, later);
  expect([later.count, later.open, later.close]).toEqual([seconds - 601, 1601, 1000 + seconds - 1]);
});

test('a trade whose time lies before that of the last one counts into the same second', () => {
  const history = new BarHistory();
  history.add(5000, 1, 10, 1n, 1n, false);
  history.add(3000, 2, 30, 1n, 1n, false);
  const all = new Bar();
  history.mergeFrom(5000, all);
  expect([all.count, all.high]).toEqual([2, 30]);
});
