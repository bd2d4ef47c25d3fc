import { expect, test } from 'vitest';
import { strategyView } from './strategies.ts';

test.each([
  { lastUpdateMs: Date.UTC(2026, 0, 5, 12), last_update: '2026-01-05T12:00:00.000Z' },
  { lastUpdateMs: undefined, last_update: null },
])(
  'a strategy that last saw an update at $lastUpdateMs shows $last_update',
  ({ lastUpdateMs, last_update }) => {
    const status = {
      strategy: 'ema-btc',
      definition: 'ema-cross',
      symbols: ['BTCUSDT'],
      interval: '1m',
      state: 'running',
      detail: '',
      parameters: { fast: '8' },
      evaluations: 3,
      signals: 1,
    } as const;
    expect(strategyView({ ...status, lastUpdateMs })).toEqual({ ...status, last_update });
  },
);
