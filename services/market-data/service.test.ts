import { calls } from '@tradewind/binance';
import { formatAmount, formatPrice } from '@tradewind/core/money';
import { invariant } from '@tradewind/core/result';
import type { ClosedBar } from '@tradewind/proto';
import { describe, expect, test } from 'vitest';
import { MarketWorld, type MarketWorldOptions } from './market-world.test-support.ts';

async function world(options: MarketWorldOptions = {}): Promise<MarketWorld> {
  const made = new MarketWorld(options);
  await made.begin();
  return made;
}

/** A bar without what says where it came from. */
const numbersOf = ({ openTimeMs, open, high, low, close, volume, quoteVolume, trades }: ClosedBar) => [
  openTimeMs,
  ...[open, high, low, close].map(formatPrice),
  formatAmount(volume),
  formatAmount(quoteVolume),
  trades,
];

/** The venue's own bars. */
async function klinesOf(
  on: MarketWorld,
  symbol: string,
  interval: '1m' | '3m',
  fromMs: number,
  toMs: number,
) {
  const range = { startTimeMs: fromMs, endTimeMs: toMs - 1, limit: 1000 };
  const outcome = await on.after(on.rest.perform(calls.klines(symbol, interval, range)));
  invariant(outcome.kind === 'done', 'the venue tells its bars');
  return outcome.value;
}

describe('bars', () => {
  test('M5: of two symbols that trade, every bar equals the venue’s to the last digit, each told once', async () => {
    const on = await world({ symbols: ['BTCUSDT', 'ETHBTC'], intervals: ['3m', '1m'], hasTraders: true });
    await on.time.advance(6 * 60_000);
    for (const symbol of ['BTCUSDT', 'ETHBTC']) {
      for (const interval of ['1m', '3m'] as const) {
        const bars = on.bars.filter((bar) => bar.symbol === symbol && bar.interval === interval);
        const klines = await klinesOf(on, symbol, interval, bars[0]!.openTimeMs, bars.at(-1)!.closeTimeMs);
        expect(bars.map(numbersOf)).toEqual(klines.map((kline) => numbersOf(kline as unknown as ClosedBar)));
        expect(bars.length).toBe(interval === '1m' ? 6 : 2);
        // The first was under way when it was begun to listen.
        expect(bars.map(({ source }) => source)).toEqual(
          bars.map((_, at) => (at === 0 ? 'backfill' : 'trades')),
        );
      }
    }
  });
});
