import { Interval } from '@tradewind/core/market';
import type { SavedState, Strategy, StrategyDefinition } from '@tradewind/core/strategy';
import { expect, test } from 'vitest';
import { play, testInstrument } from '../research/backtest/test-market.test-support.ts';
import { generateBars } from '../research/history/index.ts';
import { strategies } from './index.ts';

// Parameters under which the strategy trades often on these bars, its stop-loss included.
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ema-cross': { fast: '3', slow: '8' },
  'rsi-mean-reversion': { period: '4', stop: '2' },
  'donchian-breakout': { channel: '8', exit: '5', atr: '4' },
};
const instrument = testInstrument('BTC/USDT', { step: '0.00001', minimumNotional: '5' });
const bars = generateBars({
  symbol: 'BTCUSDT',
  interval: Interval.parse('1h')!,
  extent: { bars: 1500 },
  seed: 11,
});

/** The same strategy, replaced by a new one that takes over its saved state before every `every`th bar or order update. */
const restarted = (definition: StrategyDefinition, every: number): StrategyDefinition => ({
  ...definition,
  create: (context, values) => {
    let strategy = definition.create(context, values);
    let events = 0;
    const current = (): Strategy => {
      events += 1;
      if (events % every === 0) {
        const state = JSON.parse(JSON.stringify(strategy.save!())) as SavedState;
        strategy = definition.create(context, values);
        strategy.restore!(state);
      }
      return strategy;
    };
    return {
      onBar: (bar) => current().onBar?.(bar),
      onOrder: (update) => current().onOrder?.(update),
    };
  },
});

const ordersOf = (definition: StrategyDefinition) => {
  const parameters = PARAMETERS[definition.name]!;
  const { orders } = play(definition, { markets: [{ instrument, bars }], cash: ['10000 USDT'], parameters });
  return [...orders!];
};

test.each(strategies)(
  '$name, restored in the middle, makes the orders of one that ran through',
  (definition) => {
    const through = ordersOf(definition);
    expect(through.length).toBeGreaterThan(50);
    for (const every of [1, 2, 7, 61, 997]) expect(ordersOf(restarted(definition, every))).toEqual(through);
  },
);
