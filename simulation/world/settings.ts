import { amount, quantity, ratio } from '@tradewind/core/money';
import { DEFAULT_EXECUTION_SETTINGS } from '@tradewind/order-execution';
import { DEFAULT_RISK_MANAGER_SETTINGS } from '@tradewind/risk-manager';
import type { SystemSettings } from '@tradewind/trading-system';
import bracket from '../strategies/bracket.ts';
import quoter from '../strategies/quoter.ts';

export const SYMBOLS = ['BTCUSDT', 'ETHUSDT'] as const;
export const ASSETS = ['USDT', 'BTC', 'ETH', 'BNB'] as const;
export const STRATEGIES = ['quoter', 'bracket'] as const;
const money = (text: string) => amount('equity', text);

/** What the simulated system is told: limits that are near enough to be met now and then. */
export const SETTINGS: SystemSettings = {
  symbols: SYMBOLS,
  instances: [
    {
      strategy: 'quoter',
      definition: quoter,
      symbols: ['BTCUSDT'],
      interval: '1m',
      parameters: {},
      startsByItself: true,
    },
    {
      strategy: 'bracket',
      definition: bracket,
      symbols: ['ETHUSDT'],
      interval: '1m',
      parameters: {},
      startsByItself: true,
    },
  ],
  execution: {
    ...DEFAULT_EXECUTION_SETTINGS,
    crashLoop: { ...DEFAULT_EXECUTION_SETTINGS.crashLoop, windowMs: 120_000 },
    strategies: new Map(
      STRATEGIES.map((name) => [
        name,
        {
          capital: [{ asset: 'USDT', amount: amount('USDT', '20000') }],
          unfilled: { kind: 'rest' },
          keepsProtection: true,
        },
      ]),
    ),
  },
  risk: {
    ...DEFAULT_RISK_MANAGER_SETTINGS,
    equityAsset: 'USDT',
    symbols: SYMBOLS,
    limits: {
      account: {
        orderNotionalMaximum: money('5000'),
        orderShareOfEquityMaximum: ratio('0.2'),
        exposureMaximum: money('60000'),
        openOrdersMaximum: 30,
        orderRate: { orders: 100, windowMs: 10_000, keptForReducing: 10 },
        dailyLossMaximum: money('5000'),
        drawdownMaximum: ratio('0.5'),
      },
      strategies: new Map(
        STRATEGIES.map((name) => [
          name,
          {
            exposureMaximum: money('30000'),
            openOrdersMaximum: 10,
            orderRate: { orders: 50, windowMs: 10_000, keptForReducing: 5 },
            consecutiveLossesMaximum: 50,
          },
        ]),
      ),
      symbols: new Map(
        SYMBOLS.map((symbol) => [
          symbol,
          {
            positionMaximum: quantity(symbol === 'BTCUSDT' ? '0.005' : '0.05'),
            exposureMaximum: money('30000'),
            openOrdersMaximum: 20,
            priceCollar: ratio('0.05'),
            priceAgeMsMaximum: 20_000,
          },
        ]),
      ),
      assets: new Map(
        ['BTC', 'ETH'].map((asset) => [
          asset,
          { exposureMaximum: money('40000'), shareOfEquityMaximum: ratio('0.9') },
        ]),
      ),
    },
  },
};
