import { calls, type Kline } from '@tradewind/binance';
import { Interval, openTimeOf, priceOfTicks } from '@tradewind/core/market';
import { formatAmount, formatPrice } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { ClosedBar } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { MarketWorld, type MarketWorldOptions, START_MS } from './market-world.test-support.ts';

const MINUTE = 60_000;

async function trading(options: MarketWorldOptions = {}): Promise<MarketWorld> {
  const made = new MarketWorld({ hasTraders: true, ...options });
  await made.begin();
  return made;
}
async function quiet(options: MarketWorldOptions = {}): Promise<MarketWorld> {
  const made = new MarketWorld(options);
  await made.beginQuietly();
  return made;
}

/** A bar without what says where it came from. */
const numbersOf = (bar: ClosedBar | Kline) => [
  bar.openTimeMs,
  ...[bar.open, bar.high, bar.low, bar.close].map(formatPrice),
  formatAmount(bar.volume),
  formatAmount(bar.quoteVolume),
  bar.trades,
];

/** The venue's own bars that opened in a range. */
async function klinesOf(
  on: MarketWorld,
  fromMs: number,
  toMs: number,
  symbol = 'BTCUSDT',
  interval: '1m' | '3m' = '1m',
): Promise<readonly Kline[]> {
  const range = { startTimeMs: fromMs, endTimeMs: toMs - 1, limit: 1000 };
  const outcome = await on.after(on.rest.perform(calls.klines(symbol, interval, range)));
  invariant(outcome.kind === 'done', 'the venue tells its bars');
  return outcome.value;
}

/** Every minute from the first told to the last, and nothing else, was told in its order and as the venue has it. */
async function expectVenueBars(on: MarketWorld, count: number): Promise<void> {
  const { bars } = on;
  const klines = await klinesOf(on, bars[0]!.openTimeMs, bars.at(-1)!.closeTimeMs);
  expect(bars.map(numbersOf)).toEqual(klines.map(numbersOf));
  expect(bars.length).toBe(count);
}
const sourcesOf = (on: MarketWorld): string[] => on.bars.map(({ source }) => source);

describe('bars', () => {
  test('M5: of two symbols that trade, every bar equals the venue’s to the last digit, each told once', async () => {
    const on = await trading({ symbols: ['BTCUSDT', 'ETHBTC'], intervals: ['3m', '1m'] });
    await on.time.advance(6 * MINUTE);
    for (const symbol of ['BTCUSDT', 'ETHBTC']) {
      for (const interval of ['1m', '3m'] as const) {
        const bars = on.bars.filter((bar) => bar.symbol === symbol && bar.interval === interval);
        const klines = await klinesOf(on, bars[0]!.openTimeMs, bars.at(-1)!.closeTimeMs, symbol, interval);
        expect(bars.map(numbersOf)).toEqual(klines.map(numbersOf));
        expect(bars.length).toBe(interval === '1m' ? 6 : 2);
        // The first was under way when it was begun to listen.
        expect(bars.map(({ source }) => source)).toEqual(
          bars.map((_, at) => (at === 0 ? 'backfill' : 'trades')),
        );
      }
    }
  });

  test('M6: a minute without a trade closes once, at the last price; the venue confirms it', async () => {
    const on = await quiet();
    await on.time.advance(60_000);
    on.trade('60005', '0.1');
    await on.time.advance(60_000);
    on.stir();
    await on.time.advance(27_000);
    on.stir();
    // 12:03 and 12:04 pass without anything.
    await on.time.advance(150_000);
    await expectVenueBars(on, 5);
    expect(on.bars.map(({ trades }) => trades)).toEqual([1, 1, 0, 0, 0]);
    // Of 12:01 nothing later came in time to prove it; that the others were quiet is confirmed.
    expect(sourcesOf(on)).toEqual(['backfill', 'backfill', 'trades', 'trades', 'trades']);
  });

  test('U3, M5: a stream of trades that has gone deaf shows in the venue’s bars, and is subscribed anew', async () => {
    const on = await quiet();
    on.install({ faults: [{ fault: 'drop_message', where: { event: 'trade' }, when: { for_ms: 130_000 } }] });
    for (let second = 0; second < 300; second += 2) {
      on.trade('60001', '0.001');
      await on.time.advance(2000);
    }
    await expectVenueBars(on, 5);
    // Deaf from 12:00:34 to 12:02:44, which shows at 12:02.
    expect(sourcesOf(on)).toEqual(['backfill', 'backfill', 'backfill', 'trades', 'trades']);
    expect(on.states).toContain('gap');
  });

  test('M5, U2: a bar in which the connection broke is the venue’s, and says so', async () => {
    const on = await trading();
    await on.time.advance(100_000);
    on.wire.cutSockets();
    await on.time.advance(140_000);
    await expectVenueBars(on, 4);
    expect(sourcesOf(on)).toEqual(['backfill', 'trades', 'backfill', 'trades']);
  });

  test('M5, R1: bars of minutes in which neither streams nor questions came through are told later, in order, once', async () => {
    const on = await trading();
    await on.time.advance(30_000);
    on.install({
      faults: [
        { fault: 'refuse_socket', status: 503 },
        { fault: 'fail_request', error: 'service_unavailable', where: { endpoint: 'GET *' } },
      ],
    });
    on.wire.cutSockets();
    await on.time.advance(3 * MINUTE);
    expect(on.bars.length).toBe(1);
    expect(on.states.at(-1)).toBe('down');
    on.install({ faults: [] });
    await on.time.advance(2 * MINUTE);
    expect(on.bars.length).toBeGreaterThanOrEqual(5);
    await expectVenueBars(on, on.bars.length);
  });

  test('M7: trades that come twice or out of order change no bar', async () => {
    const on = await trading();
    on.install({
      seed: 3,
      faults: [
        { fault: 'duplicate_message', where: { event: 'trade' }, when: { rate: 0.3 } },
        {
          fault: 'reorder_message',
          by: 2,
          where: { event: 'trade' },
          when: { from_ms: 60_000, for_ms: 60_000, rate: 0.2 },
        },
      ],
    });
    await on.time.advance(4 * MINUTE);
    await expectVenueBars(on, 4);
    expect(sourcesOf(on)).toContain('trades');
    expect(sourcesOf(on).slice(1)).toContain('backfill');
    const ids = on.updates.flatMap((update) => (update.kind === 'trade' ? [update.trade.id] : []));
    expect(ids).toEqual([...new Set(ids)].sort((one, other) => one - other));
  });

  test('M9: while the venue breaks a symbol off there are no bars, and afterwards there are again', async () => {
    const on = await trading({ refreshRulesEveryMs: 15_000 });
    await on.time.advance(90_000);
    on.simulator.exchange.setSymbolStatus('BTCUSDT', 'BREAK');
    await on.time.advance(200_000);
    on.simulator.exchange.setSymbolStatus('BTCUSDT', 'TRADING');
    await on.time.advance(2 * MINUTE);
    const klines = await klinesOf(on, on.bars[0]!.openTimeMs, on.bars.at(-1)!.closeTimeMs);
    expect(on.bars.map(numbersOf)).toEqual(klines.map(numbersOf));
    const [first, last] = [on.bars[0]!, on.bars.at(-1)!];
    const minutes = (last.closeTimeMs - first.openTimeMs) / MINUTE;
    expect(minutes - on.bars.length).toBe(2);
    expect(on.states.slice(-2)).toEqual(['paused', 'live']);
  });

  test('C3: steps of our wall clock close no bar early, late or twice', async () => {
    const on = await trading();
    for (const step of [5000, -5000, -30_000, 60_000]) {
      on.wallStepMs += step;
      await on.time.advance(45_000);
    }
    await expectVenueBars(on, 3);
    expect(sourcesOf(on).slice(1)).toEqual(['trades', 'trades']);
  });
});

describe('history', () => {
  const openTimesOf = async (on: MarketWorld, count: number): Promise<number[]> => {
    const history = await on.after(on.service.history('BTCUSDT', '1m', count));
    invariant(history.ok, 'the venue has a history');
    return Array.from({ length: history.value.length }, (_, at) => openTimeOf(history.value, at));
  };

  test('ends with the last bar that was told, whenever it is asked for, so that none is missing or doubled', async () => {
    const on = new MarketWorld({ hasTraders: true });
    on.simulator.startMarket();
    await on.time.advance(4 * MINUTE);
    const firstTold = Interval.parse('1m')!.startOf(on.time.nowMs());
    await on.begin();
    for (const wait of [0, 20_000, 6_950, 45, 10, 60_500, 30_000]) {
      await on.time.advance(wait);
      const told = on.bars.length;
      const times = await openTimesOf(on, 4 + told);
      const expected = times.map((_, at) => times[0]! + at * MINUTE);
      expect(times).toEqual(expected);
      if (on.bars.length > 0) expect(times.at(-1)).toBe(on.bars.at(-1)!.openTimeMs);
      else expect(times.at(-1)).toBe(firstTold - MINUTE);
    }
    const venue = await klinesOf(on, 0, on.bars.at(-1)!.closeTimeMs);
    const history = await on.after(on.service.history('BTCUSDT', '1m', 5000));
    invariant(history.ok, 'the venue has a history');
    const { value: bars } = history;
    expect(Array.from(bars.close, (ticks) => formatPrice(priceOfTicks(ticks, bars.priceDecimals)))).toEqual(
      venue.map(({ close }) => formatPrice(close)),
    );
    expect(bars.volume.at(-1)! / 10 ** bars.volumeDecimals).toBe(Number(formatAmount(venue.at(-1)!.volume)));
  });

  test('an interval that is not told live ends with its last closed bar', async () => {
    const on = await quiet({ startMs: START_MS - 10 * MINUTE });
    await on.time.advance(10 * MINUTE);
    const history = await on.after(on.service.history('BTCUSDT', '5m', 10));
    expect(history).toMatchObject({ ok: true, value: { symbol: 'BTCUSDT', length: 2 } });
  });

  test('what the venue does not tell is unavailable, and what nobody follows is unknown', async () => {
    const on = await quiet();
    expect(await on.after(on.service.history('ETHUSDT', '1m', 10))).toMatchObject({
      error: { reason: 'unknown_symbol' },
    });
    on.install({
      faults: [
        { fault: 'fail_request', error: 'service_unavailable', where: { endpoint: 'GET /api/v3/klines' } },
      ],
    });
    expect(await on.after(on.service.history('BTCUSDT', '1m', 10))).toMatchObject({
      error: { reason: 'unavailable' },
    });
  });
});
