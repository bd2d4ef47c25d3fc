import { expect, test } from 'vitest';
import { LineLog } from './line-log.ts';
import { play, scripted, still, testMarket } from './test-market.test-support.ts';

test('every sample has the time and the value of each line, in the order in which they were asked for', () => {
  const lines = new Map([
    ['upper', { value: 5 }],
    ['lower', { value: Number.NaN }],
  ]);
  const log = new LineLog(lines);
  log.sample(60_000);
  lines.get('upper')!.value = 6;
  lines.get('lower')!.value = 2;
  log.sample(120_000);
  expect(log.names).toEqual(['upper', 'lower']);
  expect([...log]).toEqual([
    { timeMs: 60_000, values: [5, Number.NaN] },
    { timeMs: 120_000, values: [6, 2] },
  ]);
});

test('a line that comes later has holes before, and one that comes after the last sample has no column', () => {
  const lines = new Map<string, { value: number }>();
  const log = new LineLog(lines);
  log.sample(1);
  lines.set('first', { value: 1 });
  log.sample(2);
  lines.set('second', { value: 7 });
  log.sample(3);
  lines.set('third', { value: 9 });
  expect(log.names).toEqual(['first', 'second']);
  expect([...log]).toEqual([
    { timeMs: 2, values: [1, Number.NaN] },
    { timeMs: 3, values: [1, 7] },
  ]);
});

test('more samples than any column begins with are kept in their order', () => {
  const line = { value: 0 };
  const log = new LineLog(new Map([['count', line]]));
  for (let i = 0; i < 5000; i += 1) {
    line.value = i * 3;
    log.sample(i);
  }
  expect(log.length).toBe(5000);
  let i = 0;
  for (const { timeMs, values } of log) {
    expect([timeMs, values[0]]).toEqual([i, i * 3]);
    i += 1;
  }
});

test('a run samples its lines once at every close, as the strategy left them, when it is asked to', () => {
  const definition = scripted((context) => {
    const line = context.line('close');
    return { onBar: (bar) => line.set(bar.close) };
  });
  const markets = [testMarket('BTC/USDT', [still(100), '', still(102)])];
  expect([...play(definition, { markets, sampleLines: true }).lines!]).toEqual([
    { timeMs: 60_000, values: [100] },
    { timeMs: 180_000, values: [102] },
  ]);
  expect(play(definition, { markets }).lines).toBeUndefined();
});
