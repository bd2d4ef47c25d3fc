import { type Bars, Interval, openTimeOf } from '@tradewind/core/market';
import type { StrategyDefinition } from '@tradewind/core/strategy';
import { generateBars, loadBars } from '@tradewind/research/history';
import { strategies } from '@tradewind/strategies';
import { expect, test } from 'vitest';
import { play } from '../../research/backtest/test-market.test-support.ts';
import { sharedData, testWithSharedData } from '../../tools/shared-data.ts';
import { barsOf, cut, testInstrument, worldOf } from './engine-world.test-support.ts';

const instrument = testInstrument('BTC/USDT', { step: '0.00001' });

/** Plays bars through an engine whose market orders trade at the next bar's open, and gives the orders that it sent. */
async function ordersOfEngine(
  definition: StrategyDefinition,
  bars: Bars,
  parameters: Record<string, string>,
) {
  const world = await worldOf({
    instruments: [instrument],
    startMs: openTimeOf(bars, 0),
    instances: [
      {
        strategy: definition.name,
        definition,
        interval: bars.interval.name,
        parameters,
        settings: { signalLifeMs: 10 * 86_400_000 },
      },
    ],
    capital: '10000',
    engine: { saveEveryMs: 1e12 },
  });
  // There is no history yet: the engine sees the very bars that the backtest sees.
  world.market.histories.set(`BTCUSDT ${bars.interval.name}`, cut(bars, 0));
  const engine = await world.start();
  for (const bar of barsOf(bars)) {
    // The order of the last close is at the exchange, and trades at this open.
    await world.execution.fillAt('BTCUSDT', bar.open);
    await world.time.advance(bar.closeTimeMs - world.time.nowMs());
    world.market.bar(bar);
    await world.time.advance(0);
  }
  await world.time.advance(0);
  await engine.close();
  return world.execution.signals.flatMap((signal) => (signal.action === 'order' ? [signal.intent] : []));
}

const ordersOfBacktest = (definition: StrategyDefinition, bars: Bars, parameters: Record<string, string>) =>
  [...play(definition, { markets: [{ instrument, bars }], cash: ['10000 USDT'], parameters }).orders!]
    .filter(({ reason }) => !reason.startsWith('warming_up'))
    .map(({ intent }) => intent);

const emaCross = strategies.find(({ name }) => name === 'ema-cross')!;

testWithSharedData('on real bars ema-cross sends the very orders of a backtest', async () => {
  const loaded = await loadBars([sharedData('klines/1m/BTCUSDT-1m-2024-07-26_2024-08-25.csv.gz')]);
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const bars = cut(loaded.value.series[0]!.bars, 3000);
  const expected = ordersOfBacktest(emaCross, bars, {});
  expect(expected.length).toBeGreaterThan(50);
  expect(await ordersOfEngine(emaCross, bars, {})).toEqual(expected);
});

test.each([
  { name: 'ema-cross', parameters: { fast: '3', slow: '8' } },
  { name: 'rsi-mean-reversion', parameters: { period: '4' } },
])(
  '$name sends the very orders of a backtest, whose fills come at the next open',
  async ({ name, parameters }) => {
    const definition = strategies.find((each) => each.name === name)!;
    const interval = Interval.parse('1m')!;
    const bars = generateBars({ symbol: 'BTCUSDT', interval, extent: { bars: 1500 }, seed: 3 });
    const expected = ordersOfBacktest(definition, bars, parameters);
    expect(expected.length).toBeGreaterThan(50);
    expect(await ordersOfEngine(definition, bars, parameters)).toEqual(expected);
  },
);
