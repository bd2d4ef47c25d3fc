import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { price, quantity, unitsOf } from '@tradewind/core/money';
import { VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../../../tools/shared-data.ts';
import type { BookLevel } from '../../exchange/index.ts';
import type { ReplayEvent } from './event.ts';
import { instrumentOf, listed, PlainMarket, playAll } from './plain-market.test-support.ts';
import { Player } from './player.ts';
import { openRecording } from './recording.ts';

describe('a player', () => {
  const trade = (atMs: number, symbol = 'BTCUSDT'): ReplayEvent => ({
    kind: 'trade',
    atMs,
    symbol,
    price: price('100'),
    quantity: quantity('1'),
    takerSide: 'BUY',
    isAggregate: false,
  });

  test('keeps the distances between events, at any speed', async () => {
    for (const speed of [1, 10]) {
      const time = new VirtualTime(0);
      const feed = new PlainMarket();
      const player = new Player({ feed, symbols: ['BTCUSDT'], clock: time, timers: time, speed });
      const played = player.play(listed([trade(5000), trade(6000), trade(9000)]));
      await time.advance(999 / speed);
      expect(feed.trades.length).toBe(1);
      await time.advance(1 / speed);
      expect(feed.trades.length).toBe(2);
      await time.advance(3000 / speed);
      expect(await played).toEqual({ applied: 3, refused: 0, leftOut: 0 });
    }
  });

  test('as fast as possible lets others have their turn', async () => {
    const time = new VirtualTime(0);
    const feed = new PlainMarket();
    const events = Array.from({ length: 1200 }, (_, index) => trade(index * 1e6));
    const player = new Player({
      feed,
      symbols: ['BTCUSDT'],
      clock: time,
      timers: time,
      speed: Number.POSITIVE_INFINITY,
    });
    const played = player.play(listed(events));
    await time.advance(0);
    await time.advance(0);
    expect(await played).toMatchObject({ applied: 1200 });
    expect(time.elapsedMs()).toBe(0);
  });

  test('stops in the middle of a wait, and leaves out other symbols', async () => {
    const time = new VirtualTime(0);
    const feed = new PlainMarket();
    const player = new Player({ feed, symbols: ['BTCUSDT'], clock: time, timers: time, speed: 1 });
    const played = player.play(listed([trade(0, 'ETHUSDT'), trade(0), trade(1e9)]));
    await time.advance(10);
    player.stop();
    expect(await played).toEqual({ applied: 1, refused: 0, leftOut: 1 });
    expect(time.pending).toBe(0);
  });

  test('bridges snapshot and diffs as section 8.4 says, and falls back to quotes while something is missing', async () => {
    const time = new VirtualTime(0);
    const feed = new PlainMarket();
    const level = (at: string, amount: string): BookLevel => ({
      price: price(at),
      quantity: quantity(amount),
    });
    const base = { atMs: 0, symbol: 'BTCUSDT' } as const;
    const diff = (firstUpdateId: number, lastUpdateId: number, at: string, amount = '1'): ReplayEvent => ({
      ...base,
      kind: 'diff',
      firstUpdateId,
      lastUpdateId,
      bids: [level(at, amount)],
      asks: [],
    });
    const quote: ReplayEvent = { ...base, kind: 'quote', bid: level('50', '9'), ask: level('60', '9') };
    const snapshot: ReplayEvent = {
      ...base,
      kind: 'snapshot',
      lastUpdateId: 150,
      bids: [level('10', '1')],
      asks: [level('20', '1')],
    };
    const bestBids: number[] = [];
    async function* watched(): AsyncGenerator<ReplayEvent> {
      // Old ones are in the snapshot; 151 to 160 came before it and count; then 162 is missing.
      const events = [
        diff(101, 150, '11'),
        diff(151, 160, '12'),
        snapshot,
        quote,
        diff(161, 161, '13'),
        diff(163, 170, '14'),
        quote,
      ];
      for (const event of events) {
        yield event;
        bestBids.push(feed.bids.size === 0 ? 0 : Number(feed.best[0] / 100_000_000n));
      }
    }
    const player = new Player({ feed, symbols: ['BTCUSDT'], clock: time, timers: time, speed: 1 });
    const played = player.play(watched());
    await time.advance(1);
    await played;
    expect(bestBids).toEqual([0, 0, 12, 12, 13, 13, 50]);
  });
});

testWithSharedData(
  'the book played from a real capture has the best prices of their book ticker',
  async () => {
    const file = sharedData('ws/BTCUSDT-spot-depth-trade-bookTicker-2024-08-08.txt.gz');
    const tickers = new Map<number, readonly [bigint, bigint, bigint, bigint]>();
    for (const line of gunzipSync(readFileSync(file)).toString().split('\n')) {
      if (!line.includes('@bookTicker')) continue;
      const { u, b, B, a, A } = JSON.parse(line.slice(line.indexOf('{'))).data as Record<string, string>;
      tickers.set(
        Number(u),
        [b, B, a, A].map((text) => unitsOf(price(text!))) as [bigint, bigint, bigint, bigint],
      );
    }
    const opened = await openRecording([file], instrumentOf);
    if (!opened.ok) throw new Error(opened.error.kind);
    const { events, malformed } = opened.value;
    const feed = new PlainMarket();
    const same: boolean[] = [];
    let trades = 0;
    async function* watched(): AsyncGenerator<ReplayEvent> {
      for await (const event of events()) {
        if (event.kind === 'trade') trades += 1;
        yield event;
        const ticker = event.kind === 'diff' ? tickers.get(event.lastUpdateId) : undefined;
        if (ticker !== undefined && feed.bids.size > 0) same.push(String(feed.best) === String(ticker));
      }
    }
    const counts = await playAll(feed, 'BTCUSDT', watched());
    // What the README of the recordings says: 9757 trades; 564 moments at which both streams carry one update id, all equal.
    expect([malformed(), counts.refused, trades, feed.trades.length]).toEqual([0, 0, 9757, 9757]);
    expect([same.length, same.every((isSame) => isSame)]).toEqual([564, true]);
  },
);

testWithSharedData(
  'captures with recorded REST snapshots beside them are bridged for every symbol',
  async () => {
    const symbols = ['NKNUSDT', 'BLZETH', 'LRCBTC'];
    const opened = await openRecording(
      [
        sharedData('ws/binance-4-symbols-depth-aggTrade-kline-bookTicker-2021-10-12.txt.gz'),
        sharedData('ws/binance-4-symbols-depth-aggTrade-kline-bookTicker-2021-10-12-rest-depth.jsonl.gz'),
      ],
      instrumentOf,
    );
    if (!opened.ok) throw new Error(opened.error.kind);
    const time = new VirtualTime(0);
    for (const symbol of symbols) {
      const feed = new PlainMarket();
      const player = new Player({
        feed,
        symbols: [symbol],
        clock: time,
        timers: time,
        speed: Number.POSITIVE_INFINITY,
      });
      const played = player.play(opened.value.events());
      for (let done = false; !done; )
        done = await Promise.race([played.then(() => true), time.advance(1).then(() => false)]);
      const [bid, , ask] = feed.best;
      expect([symbol, bid < ask, feed.bids.size > 20]).toEqual([symbol, true, true]);
    }
  },
);
