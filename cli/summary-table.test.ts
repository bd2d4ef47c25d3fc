import type { BacktestResult } from '@tradewind/research/backtest';
import { expect, test } from 'vitest';
import { summaryTable } from './summary-table.ts';

const result: BacktestResult = {
  summary: {
    quote_asset: 'USDT',
    initial_equity: '10000',
    final_equity: '1234000',
    net_profit: '1224000',
    bars: 4000,
    fills: 3,
    orders: 7,
    round_trips: 1,
    max_drawdown: 0.1234,
    fees_paid: { BTC: '0.01', USDT: '1200.5' },
    refused_orders: { notional_below_minimum: 2 },
  },
  run: {
    version: '0.1.0',
    strategy: { name: 'mine', sha256: 'a'.repeat(64) },
    parameters: { fast: '3' },
    parameters_sha256: 'b'.repeat(64),
    data: [
      {
        symbol: 'ABCUSDT',
        interval: '1h',
        bars: 4000,
        first: Date.UTC(2024, 0, 1),
        last: Date.UTC(2024, 5, 1, 12),
        sha256: 'c'.repeat(64),
        gaps: [
          { from: 0, missing: 2 },
          { from: 0, missing: 3 },
        ],
        instrument: 'inferred',
        tick: '0.01',
        step: '1',
        rounded_values: 0,
      },
    ],
    interval: '1h',
    cash: { USDT: '10000' },
    fill_assumptions: { maker_fee: '0.001', taker_fee: '0.001', slippage_bps: '2.5', limit_fill: 'touch' },
    risk: {
      limits_sha256: 'd'.repeat(64),
      tripped: [
        { time: Date.UTC(2024, 1, 2, 3, 4), scope: 'account', cause: 'daily_loss', state: 'reducing' },
      ],
    },
    warnings: [],
    returns: { count: 150, periods_per_year: 365 },
    engine_seconds: 1,
    bars_per_second: 4000,
  },
  fills: [],
  expired_at_end: [
    {
      time: 0,
      client_order_id: 'x',
      symbol: 'ABCUSDT',
      side: 'BUY',
      type: 'LIMIT',
      quantity: '1',
      price: '1',
      tag: '',
    },
  ],
  result_hash: 'e'.repeat(64),
};

test('what a trader must know is there', () => {
  const table = summaryTable(result);
  expect(table.split('\n').slice(0, 2)).toEqual([
    'mine fast=3',
    'ABCUSDT 1h · 4 000 bars · 2024-01-01 00:00 to 2024-06-01 12:00 · 5 bars missing in 2 gaps · rules inferred',
  ]);
  expect(table).toContain('  final equity    1 234 000 USDT\n');
  expect(table).toContain('  net profit      1 224 000 USDT (12 240.00 %)\n');
  expect(table).toContain('  fees paid       0.01 BTC, 1 200.5 USDT\n');
  expect(table).toContain('  max drawdown    12.34 %\n');
  expect(table).toContain('  Sharpe          no value\n');
  expect(table).toContain(
    '  orders          7 (3 filled, 2 refused: notional below minimum, 1 expired at the end of the data)\n',
  );
  expect(table).toContain('slippage 2.5 bps; limits when touched\n');
  expect(table).toContain('breakers tripped: daily loss on 2024-02-02 03:04\n');
});

test('a run without limits says so, and that no fee was paid', () => {
  const { summary, run } = result;
  const plain = { ...run, risk: 'filters and balance only', seed: 42 } as const;
  const table = summaryTable({ ...result, summary: { ...summary, fees_paid: {} }, run: plain });
  expect(table).toContain('  risk            filters and balance only\n');
  expect(table).toContain('  fees paid       none\n');
  expect(table).toContain('generated from seed 42');
});
