import { SeededRandom } from '@tradewind/utils';
import { expect, test } from 'vitest';
import type { Stream } from '../market-streams/index.ts';
import { combined, MARKETS, makeStreams } from '../market-streams/streams.test-support.ts';
import { ScriptedSnapshots, sidesOf, snapshot } from './book.test-support.ts';
import { BookKeeper } from './book-keeper.ts';
import { SnapshotQueue } from './snapshot-queue.ts';

const DEPTH: Stream = { kind: 'depth', symbol: 'BTCUSDT', speed: '100ms' };
const [BTCUSDT] = MARKETS;
const diffEvent = (U: number, u: number, b: readonly (readonly [string, string])[] = []) => ({
  e: 'depthUpdate',
  E: 1_700_000_000_000,
  s: 'BTCUSDT',
  U,
  u,
  b,
  a: [],
});

/** Streams, books and scripted sockets and snapshots, put together as a service does it. */
function makeMarketData() {
  const told: string[] = [];
  let keeper: BookKeeper | undefined;
  const made = makeStreams({
    tell: {
      depth: (depth) => keeper!.depth(depth),
      up: (stream) => keeper!.up(stream),
      down: (stream) => keeper!.down(stream),
      restarted: (stream) => keeper!.restarted(stream),
      gap: () => told.push('gap of the stream'),
      messageRefused: ({ reason }) => told.push(reason),
    },
  });
  const { time } = made;
  const source = new ScriptedSnapshots(time);
  source.answer = () => snapshot(venueId, [[3_000_000, 5]], [[3_000_001, 4]], BTCUSDT);
  let venueId = 100;
  keeper = new BookKeeper({
    markets: MARKETS,
    snapshots: new SnapshotQueue({ source, clock: time, timers: time }),
    clock: time,
    timers: time,
    random: new SeededRandom(1),
    listener: {
      valid: () => told.push('valid'),
      changed: ({ levels }) => told.push(`changed ${levels!.lastUpdateId}`),
      invalid: (_, { reason }) => told.push(reason),
    },
  });
  const say = (event: object): void => made.venue.sockets.last.say(combined(DEPTH, event));
  const setVenueId = (id: number): void => {
    venueId = id;
  };
  return { ...made, keeper, source, say, setVenueId, told };
}

test('a book is made when its stream is up, and has no levels between a cut and the snapshot after it', async () => {
  const { streams, keeper, venue, connect, pass, say, setVenueId, told } = makeMarketData();
  streams.subscribe([DEPTH]);
  expect(keeper.book('BTCUSDT')!.levels).toBeUndefined();
  await connect();
  say(diffEvent(99, 101, [['30000.00', '0.00000007']]));
  expect(sidesOf(keeper.book('BTCUSDT')!.levels)).toEqual({
    id: 101,
    bids: [[3_000_000, 7]],
    asks: [[3_000_001, 4]],
  });
  venue.sockets.last.cut();
  expect(keeper.book('BTCUSDT')!.levels).toBeUndefined();
  setVenueId(205);
  await pass(1000);
  await connect();
  say(diffEvent(201, 206));
  expect(told).toEqual(['valid', 'stream_cut', 'gap of the stream', 'valid']);
  expect(keeper.book('BTCUSDT')!.levels?.lastUpdateId).toBe(206);
  keeper.stop();
  streams.stop();
});

test('M1: a diff that cannot be read is never half applied, and shows as a gap', async () => {
  const { streams, keeper, connect, pass, say, setVenueId, told } = makeMarketData();
  streams.subscribe([DEPTH]);
  await connect();
  say(diffEvent(99, 101));
  say(
    diffEvent(102, 103, [
      ['29999.99', '1'],
      ['broken', '1'],
    ]),
  );
  expect(keeper.book('BTCUSDT')!.levels?.bids.length).toBe(1);
  say(diffEvent(104, 105));
  expect(keeper.book('BTCUSDT')!.levels).toBeUndefined();
  setVenueId(105);
  await pass(2000);
  expect(told).toEqual(['valid', 'bad_field', 'gap of the stream', 'gap', 'valid']);
  expect(keeper.book('BTCUSDT')!.levels?.lastUpdateId).toBe(105);
});

test('other streams and other symbols are none of its business', () => {
  const { keeper, told } = makeMarketData();
  keeper.up({ kind: 'trade', symbol: 'BTCUSDT' });
  keeper.up({ ...DEPTH, symbol: 'NONE' });
  keeper.down({ ...DEPTH, symbol: 'NONE' });
  expect([keeper.book('NONE'), told]).toEqual([undefined, []]);
});
