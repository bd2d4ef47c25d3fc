import { BarsBuilder, Interval } from '@tradewind/core/market';
import { priceToNumber } from '@tradewind/core/money';
import { SeededRandom, VirtualTime } from '@tradewind/utils';
import { describe, expect, test } from 'vitest';
import { EngineFloor } from './engine-floor.test-support.ts';
import { MadeUpMarket } from './made-up-market.ts';
import { HistoryPath } from './path/history-path.ts';
import type { PricePath } from './path/price-path.ts';
import { RandomWalk } from './path/random-walk.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const START = Date.UTC(2026, 0, 1);

interface Run {
  readonly floor: EngineFloor;
  readonly time: VirtualTime;
  readonly market: MadeUpMarket;
}

function opened(seed: number, path?: PricePath, ordersPerSecond = 10): Run {
  const floor = new EngineFloor();
  const time = new VirtualTime(START);
  const market = new MadeUpMarket({
    floor,
    clock: time,
    timers: time,
    seed,
    symbols: ['BTCUSDT'],
    ordersPerSecond,
    ...(path === undefined ? {} : { paths: new Map([['BTCUSDT', path]]) }),
  });
  market.start();
  return { floor, time, market };
}

const best = ({ floor }: Run): { bid: number; ask: number } => ({
  bid: priceToNumber(floor.bestBid()!.price),
  ask: priceToNumber(floor.bestAsk()!.price),
});

describe('a made-up market', () => {
  test('has a book of many levels on both sides from its first moment', () => {
    const { floor } = opened(1);
    for (const side of ['BUY', 'SELL'] as const) expect(floor.levels(side, 100).length).toBeGreaterThan(30);
  });

  test('is never crossed, stays a few ticks wide and near the price path, and trades', async () => {
    const path = new RandomWalk({
      startPrice: 60_000,
      yearlyVolatility: 0.8,
      jumpsPerDay: 200,
      jumpDeviation: 0.004,
      random: new SeededRandom(5),
    });
    const run = opened(2, path);
    const spreads: number[] = [];
    const distances: number[] = [];
    for (let second = 1; second <= 1200; second += 1) {
      await run.time.advance(SECOND);
      const { bid, ask } = best(run);
      expect(bid).toBeLessThan(ask);
      spreads.push((ask - bid) / bid);
      distances.push(Math.abs((bid + ask) / 2 / path.priceAt(second * SECOND) - 1));
    }
    const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
    const upper = (values: number[]): number => values[Math.floor(values.length * 0.98)]!;
    expect(middle(spreads)).toBeLessThan(0.0004);
    expect(middle(distances)).toBeLessThan(0.0005);
    expect(upper(distances)).toBeLessThan(0.005);
    const bought = run.floor.trades.filter(({ takerSide }) => takerSide === 'BUY').length;
    expect(run.floor.trades.length).toBeGreaterThan(1000);
    expect(bought / run.floor.trades.length).toBeGreaterThan(0.3);
    expect(bought / run.floor.trades.length).toBeLessThan(0.7);
  });

  test('has more quantity away from the best prices than at them', async () => {
    const run = opened(3);
    let near = 0n;
    let far = 0n;
    for (let second = 0; second < 120; second += 1) {
      await run.time.advance(SECOND);
      for (const side of ['BUY', 'SELL'] as const) {
        const levels = run.floor.levels(side, 25).map(({ quantity }) => quantity as unknown as bigint);
        near += levels.slice(0, 5).reduce((a, b) => a + b);
        far += levels.slice(-5).reduce((a, b) => a + b);
      }
    }
    expect(far > 2n * near).toBe(true);
  });

  test('gives the same trades for the same seed, and others for another', async () => {
    const tradesOf = async (seed: number): Promise<unknown> => {
      const { floor, time } = opened(seed);
      await time.advance(MINUTE);
      return floor.trades;
    };
    const trades = await tradesOf(7);
    expect(await tradesOf(7)).toEqual(trades);
    expect(await tradesOf(8)).not.toEqual(trades);
  });

  test('places no more than twice the orders that were set within a second, and about as many in the long run', async () => {
    const run = opened(4, undefined, 20);
    const before = run.floor.placed;
    let most = 0;
    for (let second = 0; second < 100; second += 1) {
      const at = run.floor.placed;
      await run.time.advance(SECOND);
      most = Math.max(most, run.floor.placed - at);
    }
    expect(most).toBeLessThanOrEqual(40);
    expect(run.floor.placed - before).toBeGreaterThan(1000);
    expect(run.floor.placed - before).toBeLessThan(2200);
  });

  test('does nothing any more once it is stopped', async () => {
    const run = opened(5);
    await run.time.advance(SECOND);
    run.market.stop();
    expect(run.time.pending).toBe(0);
  });

  test('follows a history, faster than it happened', async () => {
    const builder = new BarsBuilder('BTCUSDT', Interval.parse('1h')!);
    const closes = [60_000, 60_600, 59_400, 60_300];
    closes.forEach((close, index) => {
      const open = closes[index - 1] ?? 60_000;
      const [high, low] = [Math.max(open, close) + 100, Math.min(open, close) - 100];
      builder.append(START + index * 60 * MINUTE, open * 100, high * 100, low * 100, close * 100, 2, 1, 5);
    });
    const run = opened(6, new HistoryPath(builder.build(), 30));
    for (const close of closes) {
      await run.time.advance(2 * MINUTE);
      const { bid, ask } = best(run);
      expect(Math.abs((bid + ask) / 2 / close - 1)).toBeLessThan(0.002);
    }
  });
});

describe('a history path', () => {
  test('goes from the open over the nearer extreme and the farther one to the close, and stays there', () => {
    const builder = new BarsBuilder('BTCUSDT', Interval.parse('1m')!);
    builder.append(START, 100, 130, 90, 120, 0, 1, 0);
    const path = new HistoryPath(builder.build(), 1);
    const prices = [0, 10, 20, 30, 40, 50, 60, 90].map((second) => path.priceAt(second * SECOND));
    // The low is nearer: 100, 90 at 20 s, 130 at 40 s, 120 at 60 s.
    expect(prices).toEqual([100, 95, 90, 110, 130, 125, 120, 120]);
  });
});

describe('a random walk', () => {
  test('has about the volatility that was asked for', () => {
    const walk = new RandomWalk({
      startPrice: 100,
      yearlyVolatility: 0.6,
      jumpsPerDay: 0,
      jumpDeviation: 0,
      random: new SeededRandom(1),
    });
    let before = 100;
    let squares = 0;
    const minutes = 5000;
    for (let minute = 1; minute <= minutes; minute += 1) {
      const now = walk.priceAt(minute * MINUTE);
      squares += (now / before - 1) ** 2;
      before = now;
    }
    const yearly = Math.sqrt((squares / minutes) * 365 * 24 * 60);
    expect(yearly).toBeGreaterThan(0.57);
    expect(yearly).toBeLessThan(0.63);
  });

  test('jumps as often as was asked for, and never leaves its range', () => {
    const walk = new RandomWalk({
      startPrice: 100,
      yearlyVolatility: 0,
      jumpsPerDay: 2400,
      jumpDeviation: 0.5,
      random: new SeededRandom(2),
    });
    let jumps = 0;
    let before = 100;
    for (let minute = 1; minute <= 24 * 60; minute += 1) {
      const now = walk.priceAt(minute * MINUTE);
      if (now !== before) jumps += 1;
      before = now;
      expect(now).toBeGreaterThan(100 / 70);
      expect(now).toBeLessThan(7000);
    }
    expect(jumps).toBeGreaterThan(1000);
  });
});
