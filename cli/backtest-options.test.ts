import { expect, test } from 'vitest';
import { backtestCommand } from './backtest-command.ts';
import { readOptions, type TypedOptions } from './backtest-options.ts';

const typed: TypedOptions = {
  strategy: 'ema-cross',
  data: ['a.csv'],
  makerFee: '0.001',
  takerFee: '0.001',
  feeDiscount: '0.75',
  slippageBps: '0',
  limitFill: 'through',
};

function sentenceOf(change: Partial<TypedOptions>): string {
  const request = readOptions({ ...typed, ...change });
  return request.ok ? 'fine' : request.error.sentence;
}

test('what is not typed is left to the data', () => {
  expect(readOptions(typed)).toMatchObject({
    ok: true,
    value: {
      data: { kind: 'files', sources: ['a.csv'] },
      symbols: [],
      interval: undefined,
      fromMs: undefined,
      cash: [],
      fills: { limitFill: 'through', discount: undefined, rates: { makerFee: '0.001' } },
      json: false,
    },
  });
});

test.each([
  { data: [], sentence: 'say which bars to run on' },
  { synthetic: '1y', sentence: '--data and --synthetic exclude one another' },
  { seed: '1', sentence: '--seed belongs to --synthetic' },
  { data: [], synthetic: 'long', sentence: '--synthetic long: expected' },
  { data: [], synthetic: '1d', seed: '-1', sentence: '--seed -1: expected' },
  { interval: '7m', sentence: '--interval 7m: expected one of 1s, 1m' },
  { from: 'x', sentence: '--from x: expected' },
  { to: 'x', sentence: '--to x: expected' },
  { from: '2025-01-02', to: '2025-01-02', sentence: 'the range is empty' },
  { param: ['fast'], sentence: '--param fast: expected name=value' },
  { cash: ['5'], sentence: '--cash 5: expected' },
  { cash: ['5USDT', '6USDT'], sentence: 'USDT is given twice' },
  { symbol: ['BTCUSDT', 'BTCUSDT'], sentence: '--symbol BTCUSDT: is given twice' },
  { makerFee: '1', sentence: '--maker-fee 1: expected a fraction' },
  { takerFee: 'x', sentence: '--taker-fee x: expected a fraction' },
  { feeDiscount: '2', sentence: '--fee-discount 2: expected' },
  { slippageBps: '-1', sentence: '--slippage-bps -1: expected' },
  { limitFill: 'maybe', sentence: '--limit-fill maybe: expected through or touch' },
])('$sentence', ({ sentence, ...change }) => {
  expect(sentenceOf(change)).toContain(sentence);
});

test('the help mentions every option, the defaults, examples and exit codes', () => {
  let help = '';
  backtestCommand()
    .configureOutput({ writeOut: (text) => (help += text) })
    .outputHelp();
  for (const option of [
    ...[
      '--strategy',
      '--data',
      '--symbol',
      '--interval',
      '--from',
      '--to',
      '--param',
      '--cash',
      '--maker-fee',
    ],
    ...[
      '--taker-fee',
      '--slippage-bps',
      '--limit-fill',
      '--exchange-info',
      '--detail',
      '--risk',
      '--json',
      '--out',
    ],
    ...['--synthetic', '--seed', '--fee-asset', '--fee-discount', '--help'],
  ]) {
    expect(help).toContain(option);
  }
  expect(help).toMatch(/Examples:[\s\S]*Exit codes:\n\s+0 {2}done\n\s+1 [\s\S]*\n\s+2 /);
});
