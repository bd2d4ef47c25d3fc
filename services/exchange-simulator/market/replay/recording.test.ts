import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { BarsBuilder, Interval } from '@tradewind/core/market';
import { price, quantity } from '@tradewind/core/money';
import { VirtualTime } from '@tradewind/utils';
import { afterAll, describe, expect, test } from 'vitest';
import { CaptureReader } from './capture-reader.ts';
import type { ReplayEvent } from './event.ts';
import { instrumentOf, folderWith as newFolder, PlainMarket } from './plain-market.test-support.ts';
import { pricePathsOf } from './price-paths.ts';
import { openRecording } from './recording.ts';
import { DamagedRecording, kindOfLine } from './recording-files.ts';
import { ReplayedMarket } from './replayed-market.ts';
import { eventsOfBars, eventsOfTradeRow } from './trade-events.ts';

const INCREMENTS = { tick: price('0.01'), step: quantity('0.00001') };

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = newFolder(files);
  folders.push(folder);
  return folder;
}

async function all(sources: readonly string[]): Promise<ReplayEvent[]> {
  const recording = await openRecording(sources, instrumentOf);
  if (!recording.ok) throw new Error(recording.error.kind);
  const events: ReplayEvent[] = [];
  for await (const event of recording.value.events()) events.push(event);
  return events;
}

describe('a file of recorded data is told by its first line:', () => {
  const LINES: readonly (readonly [string, string | undefined])[] = [
    ['open_time,open,high,low,close,volume', 'klines'],
    ['1499040000000,0.01,0.8,0.01,0.01,148976.1,1499644799999,2434.1,308,1756.8,28.4,0', 'klines'],
    ['1499040000000,1,2,1,2,5', 'klines'],
    [
      'agg_trade_id,price,quantity,first_trade_id,last_trade_id,timestamp,is_buyer_maker,is_best_match',
      'aggregate_trades',
    ],
    ['0,4261.48,0.075183,0,0,1502942428322,True,True', 'aggregate_trades'],
    ['id,price,qty,quote_qty,time,is_buyer_maker', 'trades'],
    ['3735683259,61837.63,0.02,1236.75,1723161255342,True,True', 'trades'],
    ['1723161253937085768 {"stream":"a@depth","data":{}}', 'capture'],
    ['{"recv_ns":"1633998512320639000","path":"/api/v3/depth","body":{}}', 'capture'],
    ['hello', undefined],
    ['1,2,3', undefined],
  ];
  for (const [line, kind] of LINES) test(line, () => expect(kindOfLine(line)).toBe(kind));
});

describe('trades', () => {
  test('of an archive come with the quotes that they show, in milliseconds whatever the archive counts', () => {
    const row = '26129,100.005,0.000019,27781,27781,1735689600123456,True,True';
    expect(eventsOfTradeRow(row, 'BTCUSDT', true, INCREMENTS)).toEqual([
      {
        kind: 'trade',
        atMs: 1735689600123.456,
        symbol: 'BTCUSDT',
        price: price('100'),
        quantity: quantity('0.00001'),
        takerSide: 'SELL',
        isAggregate: false,
      },
      {
        kind: 'quote',
        atMs: 1735689600123.456,
        symbol: 'BTCUSDT',
        bid: { price: price('100'), quantity: quantity('0.00001') },
        ask: { price: price('100.01'), quantity: quantity('0.00001') },
      },
    ]);
  });

  test('that the exchange took back are left out, and what is no trade is no trade', () => {
    expect(eventsOfTradeRow('1,0,0,-1,-1,1502942428322,True,True', 'BTCUSDT', true, INCREMENTS)).toEqual([]);
    expect(eventsOfTradeRow('id,price,qty,quote_qty,time,m', 'BTCUSDT', false, INCREMENTS)).toBeUndefined();
  });
});

test('a bar goes over the nearer extreme and the farther one, a quarter of its volume at each', () => {
  const builder = new BarsBuilder('BTCUSDT', Interval.parse('1m')!);
  builder.append(60_000, 10000, 10300, 9900, 10100, 2, 400_000, 5);
  builder.append(120_000, 10100, 10100, 10100, 10100, 2, 0, 5);
  const [first, second] = [...eventsOfBars(builder.build(), INCREMENTS)];
  const trades = first!.filter((event) => event.kind === 'trade');
  expect(
    trades.map(({ atMs, price: at, quantity: amount, takerSide }) => [atMs, at, amount, takerSide]),
  ).toEqual([
    [60_000, price('100'), quantity('1'), 'BUY'],
    [80_000, price('99'), quantity('1'), 'SELL'],
    [100_000, price('103'), quantity('1'), 'BUY'],
    [119_999, price('101'), quantity('1'), 'SELL'],
  ]);
  expect(second!.map(({ kind }) => kind)).toEqual(['quote', 'quote', 'quote', 'quote']);
});

test('a folder of recordings is played in the order of time, whatever kinds of files it holds', async () => {
  const folder = folderWith({
    'BTCUSDT-trades-2024-01-01.csv':
      '1,100,1,100,1700000000500,True,True\nrubbish\n2,101,1,101,1700000002000,False,True\n',
    'BTCUSDT-capture.txt.gz': gzipSync(
      '1700000001000000000 {"e":"trade","E":1,"s":"BTCUSDT","t":9,"p":"102.5","q":"1","T":1,"m":true,"M":true}\n',
    ),
    'notes.md': 'not a recording',
  });
  const events = await all([folder]);
  expect(events.map(({ kind, atMs }) => [kind, atMs - 1_700_000_000_000])).toEqual([
    ['trade', 500],
    ['quote', 500],
    ['trade', 1000],
    ['trade', 2000],
    ['quote', 2000],
  ]);
});

test('recordings give prices to follow: bars, or else trades, or else quotes', async () => {
  const stamp = (second: number): string => `${1_700_000_000 + second}000000000`;
  const folder = folderWith({
    'BTCUSDT-trades-2024-01-01.csv': [0, 1, 2]
      .map((i) => `${i},${100 + i},1,1,${1_700_000_000_000 + 1000 * i},True,True`)
      .join('\n'),
    'ETHUSDT-capture.txt': [0, 4]
      .map((i) => `${stamp(i)} {"u":1,"s":"ETHUSDT","b":"${10 + i}","B":"1","a":"${12 + i}","A":"1"}`)
      .join('\n'),
    'SOLUSDT-1m-2024-01-01.csv':
      'open_time,open,high,low,close,volume\n1700000040000,5,7,4,6,1\n1700000100000,6,6,6,6,1\n',
  });
  const recording = await openRecording([folder], instrumentOf);
  if (!recording.ok) throw new Error(recording.error.kind);
  const paths = await pricePathsOf(recording.value, 2);
  const prices = (symbol: string): number[] => [0, 600, 5000].map((time) => paths.get(symbol)!.priceAt(time));
  expect(prices('BTCUSDT')).toEqual([100, 101, 102]);
  expect(prices('ETHUSDT')).toEqual([11, 11, 15]);
  expect(prices('SOLUSDT')[0]).toBe(5);
});

test('what cannot be played is told', async () => {
  const kindOfProblem = async (source: string): Promise<string | undefined> => {
    const opened = await openRecording([source], instrumentOf);
    return opened.ok ? undefined : opened.error.kind;
  };
  const folder = folderWith({
    'a.csv': 'what is this\n',
    'empty.csv': '\n',
    'trades.csv': '1,100,1,100,1700000000500,True,True\n',
  });
  const missing = await openRecording([join(folder, 'missing.csv')], instrumentOf);
  expect(missing).toMatchObject({ ok: false, error: { detail: 'there is no such file or folder' } });
  expect(await kindOfProblem(join(folder, 'a.csv'))).toBe('unknown_kind');
  expect(await kindOfProblem(join(folder, 'empty.csv'))).toBe('nothing_recorded');
  expect(await kindOfProblem(join(folder, 'trades.csv'))).toBe('symbol_unknown');
  expect(await kindOfProblem(folderWith({}))).toBe('nothing_recorded');
});

test('a capture cut off in the middle of its compressed bytes is a problem, not an end', async () => {
  const line = '1700000001000000000 {"e":"trade","s":"BTCUSDT","p":"102.5","q":"1","m":true}\n';
  const whole = gzipSync(Array.from({ length: 5000 }, (_, i) => line.replace('102', String(i + 1))).join(''));
  const folder = folderWith({ 'BTCUSDT-cut.txt.gz': whole.subarray(0, whole.length - 100) });
  await expect(all([folder])).rejects.toThrow(DamagedRecording);
  const recording = await openRecording([folder], instrumentOf);
  if (!recording.ok) throw new Error(recording.error.kind);
  const time = new VirtualTime(0);
  const feed = new PlainMarket();
  let outcome: unknown;
  const onEnd = (ended: unknown): void => {
    outcome = ended;
  };
  const speed = Number.POSITIVE_INFINITY;
  const parts = { feed, recording: recording.value, symbols: ['BTCUSDT'], clock: time, timers: time, speed };
  new ReplayedMarket({ ...parts, onEnd }).start();
  while (outcome === undefined) await time.advance(1);
  expect(outcome).toMatchObject({ ok: false, error: { kind: 'cannot_read' } });
  expect(feed.trades.length).toBeGreaterThan(0);
});

test('a recording plays to its end also where nobody waits for it', async () => {
  const folder = folderWith({
    'BTCUSDT-trades.csv': '1,100,1,100,1700000000500,True,True\n2,101,2,202,1700000000600,False,True\n',
  });
  const recording = await openRecording([folder], instrumentOf);
  if (!recording.ok) throw new Error(recording.error.kind);
  const time = new VirtualTime(0);
  const feed = new PlainMarket();
  const speed = Number.POSITIVE_INFINITY;
  const market = new ReplayedMarket({
    feed,
    recording: recording.value,
    symbols: ['BTCUSDT'],
    clock: time,
    timers: time,
    speed,
  });
  market.start();
  // Files are read in real time: the test's own time limit ends a wait for ever.
  while (feed.trades.length < 2) await time.advance(1);
  expect(feed.trades).toHaveLength(2);
});

test('a line that is no event is counted and passed over', () => {
  const reader = new CaptureReader('BTCUSDT');
  const lines = [
    '1700000001000000000 {"e":"depthUpdate","s":"BTCUSDT","U":1,"u":"2","b":[],"a":[]}',
    '1700000001000000000 {"u":1,"s":"BTCUSDT","b":"x","B":"1","a":"2","A":"1"}',
    '1700000001000000000 {"e":"trade"}',
    'nothing',
    '1700000001000000000 {"broken',
  ];
  for (const line of lines) expect(reader.read(line)).toBeUndefined();
  expect(reader.malformed).toBe(5);
  expect(
    reader.read('1700000001000000000 {"stream":"btcusdt@kline_1m","data":{"e":"kline"}}'),
  ).toBeUndefined();
  expect(reader.malformed).toBe(5);
});
