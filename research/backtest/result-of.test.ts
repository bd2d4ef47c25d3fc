import { readFileSync } from 'node:fs';
import { Interval } from '@tradewind/core/market';
import { Slippage } from '@tradewind/core/matching/bars';
import { price, quantity, quoteAmount } from '@tradewind/core/money';
import { generateBars } from '@tradewind/research/history';
import { knownInstrument } from '@tradewind/research/instruments';
import { strategies } from '@tradewind/strategies';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type BacktestOutcome, type BacktestResult, type RunFacts, resultOf, runBacktest } from './index.ts';
import {
  atBars,
  fractionOf,
  play,
  scripted,
  still,
  testBars,
  testInstrument,
  testMarket,
} from './test-market.test-support.ts';

const facts: RunFacts = {
  version: '1.2.3',
  strategy: { name: 'scripted', sha256: 'a'.repeat(64) },
  parameters: { fast: '3' },
  data: [
    {
      symbol: 'BTCUSDT',
      interval: '1m',
      bars: 3,
      first: 0,
      last: 120_000,
      sha256: 'b'.repeat(64),
      gaps: [{ from: 60_000, missing: 1 }],
      instrument: 'built_in',
      tick: '0.01',
      step: '0.001',
      rounded_values: 0,
    },
  ],
  interval: '1m',
  cash: { USDT: '1000' },
  fill_assumptions: { maker_fee: '0.0005', taker_fee: '0.001', slippage_bps: '0', limit_fill: 'through' },
  limits: undefined,
  warnings: [],
};

const resultFrom = (
  outcome: BacktestOutcome,
  change: Partial<RunFacts> = {},
  seconds = 0.5,
): BacktestResult => resultOf(outcome, { ...facts, ...change }, seconds);

const schema = JSON.parse(
  readFileSync(new URL('../../shared/schemas/backtest-result.schema.json', import.meta.url), 'utf8'),
);
const isValid = new Ajv2020({ allowUnionTypes: true }).compile(schema);
function expectValid(result: BacktestResult): void {
  isValid(JSON.parse(JSON.stringify(result)));
  expect(isValid.errors).toBeNull();
}

/** Buys for all it has on the first bar. */
const buyer = scripted((context) =>
  atBars({ 0: () => context.market().buy({ type: 'MARKET', quoteAmount: quoteAmount('1000') }, 'in') })(),
);
const bought = () =>
  play(buyer, { markets: [testMarket('BTC/USDT', [still(100), still(101), still('103.33')])] });

test('final equity is cash and holdings at the last close, to the last digit', () => {
  // 1000 / 101 floored to the step is 9.9, which costs 999.9; the fee is 0.0099 BTC; 9.8901 x 103.33 + 0.1 is left.
  const { summary, fills } = resultFrom(bought());
  expect(summary).toMatchObject({
    quote_asset: 'USDT',
    initial_equity: '1000',
    final_equity: '1022.044033',
    net_profit: '22.044033',
    bars: 3,
    orders: 1,
    fills: 1,
    round_trips: 0,
    fees_paid: { BTC: '0.0099' },
    refused_orders: {},
    buy_and_hold_return: 0.0333,
  });
  expect(fills).toEqual([
    {
      time: 60_000,
      symbol: 'BTCUSDT',
      side: 'BUY',
      quantity: '9.9',
      price: '101',
      fee: '0.0099',
      fee_asset: 'BTC',
      liquidity: 'TAKER',
      tag: 'in',
    },
  ]);
});

test('base that the account starts with is valued at the first open, and at the last close in the end', () => {
  const idle = scripted(() => ({}));
  const markets = [testMarket('BTC/USDT', ['90 100 90 100', '100 120 100 120'])];
  const { summary } = resultFrom(play(idle, { markets, cash: ['10 USDT', '2 BTC'] }));
  expect(summary).toMatchObject({ initial_equity: '190', final_equity: '250', net_profit: '60' });
  // 240 of 250, after 200 of 210: the mean share.
  expect(summary.exposure).toBeCloseTo((240 / 250 + 200 / 210) / 2, 10);
});

test('base of a market that is only there for its price is valued when the run begins, not when its file does', () => {
  const btc = {
    instrument: testInstrument('BTC/USDT'),
    bars: testBars('BTCUSDT', [still(100), still(100)], '1m', 2 * 60_000),
  };
  const bnb = testMarket('BNB/USDT', [still(10), still(20), still(30), still(30)]);
  const outcome = runBacktest({
    definition: scripted(() => ({})),
    values: {},
    setup: { symbols: ['BTCUSDT'], interval: '1m' },
    markets: [btc, bnb],
    cash: [
      { asset: 'USDT', amount: quoteAmount('1000') },
      { asset: 'BNB', amount: quantity('10') },
    ],
    assumptions: {
      fees: { maker: fractionOf('0'), taker: fractionOf('0') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
  });
  // BNB closed at 20 before the run, and at 30 in it; at 10 only when its file began.
  expect(resultFrom(outcome).summary).toMatchObject({ initial_equity: '1200', final_equity: '1300' });
  expect([outcome.curve.dailyEquity.at(0), outcome.curve.dailyEquity.at(-1)]).toEqual([1200, 1300]);
});

test('a figure without a value is left out', () => {
  const idle = scripted(() => ({}));
  const text = JSON.stringify(resultFrom(play(idle, { markets: [testMarket('BTC/USDT', [still(100)])] })));
  for (const name of [
    'win_rate',
    'profit_factor',
    'expectancy',
    'sharpe',
    'sortino',
    'calmar',
    'buy_and_hold_return',
  ]) {
    expect(text).not.toContain(`"${name}"`);
  }
  expect(text).not.toMatch(/null|NaN|Infinity/);
});

test('orders that wait when the data end expire and are listed, and the strategy hears nothing of it', () => {
  const told: string[] = [];
  const waiter = scripted((context) =>
    atBars(
      {
        1: () => {
          const market = context.market();
          market.buy(
            { type: 'LIMIT', timeInForce: 'GTC', price: price('50'), quantity: quantity('1') },
            'low',
          );
          const stop = {
            type: 'STOP_LOSS',
            trigger: { stopPrice: price('200') },
            quantity: quantity('1'),
          } as const;
          market.buy(stop, 'high');
        },
      },
      {
        onOrder: (update) =>
          told.push(`${update.tag} ${update.kind} ${'reason' in update ? update.reason : ''}`),
      },
    )(),
  );
  const outcome = play(waiter, { markets: [testMarket('BTC/USDT', [still(100), still(100), still(100)])] });
  const result = resultFrom(outcome);
  expect(result.expired_at_end).toMatchObject([
    { time: 120_000, symbol: 'BTCUSDT', side: 'BUY', type: 'LIMIT', quantity: '1', price: '50', tag: 'low' },
    { time: 120_000, side: 'BUY', type: 'STOP_LOSS', quantity: '1', stop_price: '200', tag: 'high' },
  ]);
  expect(told).toEqual(['low accepted ', 'high accepted ']);
  expect(outcome.portfolio.asset('USDT').balance(1).isZero).toBe(true);
  expectValid(result);
});

test('what a strategy orders when it is stopped expires too', () => {
  const late = scripted((context) => ({
    onStop: () => context.market().buy({ type: 'MARKET', quoteAmount: quoteAmount('10') }, 'late'),
  }));
  const outcome = play(late, { markets: [testMarket('BTC/USDT', [still(100)])] });
  expect(resultFrom(outcome).expired_at_end).toMatchObject([
    { type: 'MARKET', quote_amount: '10', tag: 'late' },
  ]);
});

function emaCrossOn(seed: number) {
  const bars = generateBars({
    symbol: 'BTCUSDT',
    interval: Interval.parse('1m')!,
    extent: { bars: 3000 },
    seed,
  });
  const emaCross = strategies.find(({ name }) => name === 'ema-cross')!;
  return play(emaCross, { markets: [{ instrument: knownInstrument('BTCUSDT')!, bars }] });
}

test('a real result fits its schema', () => {
  const result = resultFrom(emaCrossOn(42));
  expect(result.summary.round_trips).toBeGreaterThan(10);
  expectValid(result);
  expectValid(resultFrom(bought(), { seed: 1, from: 0, to: 10 }));
});

test('equal inputs have equal hashes, whatever the clock says', () => {
  const result = resultFrom(emaCrossOn(42), {}, 0.1);
  const again = resultFrom(emaCrossOn(42), {}, 0.7);
  expect(again.result_hash).toBe(result.result_hash);
  expect(again.run.engine_seconds).not.toBe(result.run.engine_seconds);
});

test.each([
  { when: 'other data', other: () => resultFrom(emaCrossOn(43)) },
  { when: 'another seed', other: () => resultFrom(emaCrossOn(42), { seed: 7 }) },
  { when: 'other parameters', other: () => resultFrom(emaCrossOn(42), { parameters: { fast: '4' } }) },
  { when: 'another version', other: () => resultFrom(emaCrossOn(42), { version: '1.2.4' }) },
])('$when: another hash', ({ other }) => {
  expect(other().result_hash).not.toBe(resultFrom(emaCrossOn(42)).result_hash);
});
