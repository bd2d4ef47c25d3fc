import type { WebsocketClient } from 'binance';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamClient } from './binance-client.test-support.ts';
import { until } from './until.test-support.ts';
import { startVenue, type Venue } from './venue.test-support.ts';

/** The client named `binance` on `/stream`: every event in the envelope with the name of its stream. */

type Event = Readonly<Record<string, unknown>>;

let venue: Venue;
let client: WebsocketClient;
/** What came, by the name of its stream; events of a list have the name on each row. */
let heard: Map<string, Event[]>;
beforeEach(async () => {
  venue = await startVenue();
  client = streamClient(venue);
  heard = new Map();
  client.on('message', (message) => {
    const events: unknown[] = Array.isArray(message) ? message : [message];
    for (const event of events as Event[]) {
      const stream = String(event.streamName);
      heard.set(stream, [...(heard.get(stream) ?? []), event]);
    }
  });
});
afterEach(async () => {
  client.closeAll(true);
  await venue.stop();
});

const buy = (): void => venue.house.buy('BTCUSDT', '60010.00', '0.001');
const first = (stream: string): Event | undefined => heard.get(stream)?.[0];

test('every stream of a symbol comes under its name', async () => {
  const streams = [
    'btcusdt@trade',
    'btcusdt@aggTrade',
    'btcusdt@kline_1d',
    'btcusdt@miniTicker',
    'btcusdt@ticker',
    'btcusdt@ticker_1h',
    'btcusdt@bookTicker',
    'btcusdt@avgPrice',
    'btcusdt@depth@100ms',
    'btcusdt@depth5@100ms',
  ];
  await client.subscribe(streams, 'main');
  await until('news on every stream', () => streams.every((stream) => heard.has(stream)), buy);

  expect(first('btcusdt@trade')).toMatchObject({
    e: 'trade',
    s: 'BTCUSDT',
    p: '60010.00000000',
    q: '0.00100000',
    m: false,
  });
  expect(first('btcusdt@aggTrade')).toMatchObject({
    e: 'aggTrade',
    s: 'BTCUSDT',
    p: '60010.00000000',
    m: false,
  });
  expect(first('btcusdt@kline_1d')).toMatchObject({
    e: 'kline',
    k: {
      i: '1d',
      o: '60000.00000000',
      h: '60010.00000000',
      l: '60000.00000000',
      c: '60010.00000000',
      x: false,
    },
  });
  expect(first('btcusdt@miniTicker')).toMatchObject({
    e: '24hrMiniTicker',
    o: '60000.00000000',
    c: '60010.00000000',
  });
  expect(first('btcusdt@ticker')).toMatchObject({
    e: '24hrTicker',
    p: '10.00000000',
    b: '59990.00000000',
    F: venue.house.exchange.oracle.trades('BTCUSDT')[0]!.id,
  });
  expect(first('btcusdt@ticker_1h')).toMatchObject({
    e: '1hTicker',
    o: '60000.00000000',
    h: '60010.00000000',
  });
  expect(first('btcusdt@bookTicker')).toMatchObject({
    s: 'BTCUSDT',
    b: '59990.00000000',
    B: '1.00000000',
    a: '60010.00000000',
  });
  expect(first('btcusdt@avgPrice')).toMatchObject({ e: 'avgPrice', s: 'BTCUSDT', i: '5m' });
  expect(first('btcusdt@depth5@100ms')).toMatchObject({
    bids: [
      ['59990.00000000', '1.00000000'],
      ['59980.00000000', '2.00000000'],
    ],
  });
  // Only the best ask changes.
  expect(first('btcusdt@depth@100ms')).toMatchObject({ e: 'depthUpdate', s: 'BTCUSDT', b: [] });
  const changes = heard.get('btcusdt@depth@100ms')!;
  for (const [i, change] of changes.entries()) {
    if (i > 0) expect(change.U).toBe(Number(changes[i - 1]!.u) + 1);
  }
});

test('trades come in order and none is missing', async () => {
  await client.subscribeSpotTrades('btcusdt');
  await until('the first trade', () => first('btcusdt@trade'), buy);
  for (let i = 0; i < 100; i += 1) buy();
  const { oracle } = venue.house.exchange;
  const ids = (): unknown[] => (heard.get('btcusdt@trade') ?? []).map(({ t }) => t);
  const last = oracle.trades('BTCUSDT').at(-1)!.id;
  await until('the last trade', () => ids().at(-1) === last);
  const from = Number(ids()[0]);
  expect(ids()).toEqual(Array.from({ length: last - from + 1 }, (_, i) => from + i));
});

test('the list of all symbols holds those that changed', async () => {
  await client.subscribe(['!miniTicker@arr'], 'main');
  await until('the list', () => first('!miniTicker@arr'), buy);
  expect(heard.get('!miniTicker@arr')!.map(({ s }) => s)).toContain('BTCUSDT');
});

test('a stream that was left is silent', async () => {
  await client.subscribe(['btcusdt@trade'], 'main');
  await until('the first trade', () => first('btcusdt@trade'), buy);
  const isAnswered = new Promise<void>((resolve) => client.once('response', () => resolve()));
  await client.unsubscribe(['btcusdt@trade'], 'main');
  await isAnswered;
  heard.clear();
  await client.subscribe(['btcusdt@aggTrade'], 'main');
  await until('the other stream', () => first('btcusdt@aggTrade'), buy);
  expect(heard.has('btcusdt@trade')).toBe(false);
});
