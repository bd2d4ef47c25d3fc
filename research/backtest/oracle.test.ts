import { join } from 'node:path';
import { Interval, type IntervalName } from '@tradewind/core/market';
import { Slippage } from '@tradewind/core/matching/bars';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { strategies } from '../../strategies/index.ts';
import { sharedData, testWithSharedData } from '../../tools/shared-data.ts';
import { generateBars, loadBars } from '../history/index.ts';
import type { MarketData } from './index.ts';
import { endsOf, endsOfReference, fillsLikeReference, rowsOf, strategyOf } from './oracle.test-support.ts';
import {
  type Row,
  readRows,
  referenceEmaCross,
  referenceOrders,
  type ScriptedOrder,
} from './reference/reference-backtest.ts';
import { summaryOf } from './summary-of.ts';
import { fractionOf, play, type TestRules, testBars, testInstrument } from './test-market.test-support.ts';

// The engine against the slow backtester of reference/: equal fills and equal money, to the last digit.

const slippageOf = (bps: number): Slippage => new Slippage(bps * 100, 1_000_000);
const emaCross = strategies.find(({ name }) => name === 'ema-cross')!;

interface Series extends TestRules {
  readonly file: string;
  readonly pair: string;
  readonly interval: IntervalName;
  readonly from?: string;
  readonly to?: string;
  readonly tick: string;
  readonly step: string;
  readonly cash: string;
  readonly fast?: number;
  readonly slow?: number;
  readonly fraction?: string;
  readonly slippageBps?: number;
  readonly takerFee?: string;
}

// biome-ignore format: one series a line reads as a table.
const SERIES: readonly Series[] = [
  // A halt of the exchange.
  { file: '1m/BTCUSDT-1m-2021-04-02_2021-05-20', pair: 'BTC/USDT', interval: '1m', from: '2021-04-20', to: '2021-04-20T09:00', tick: '0.01', step: '0.000001', cash: '10000', minimumNotional: '10' },
  // The crash of May 2021; prices of seven decimals, quantities of millions.
  { file: '1m/BTTUSDT-1m-2021-04-20_2021-05-20', pair: 'BTT/USDT', interval: '1m', from: '2021-05-18', tick: '0.0000001', step: '1', cash: '12345.6789', slippageBps: 2 },
  // Mostly bars without volume.
  { file: '1m/SUSHIBTC-1m-2023-04-01_2023-05-01', pair: 'SUSHI/BTC', interval: '1m', to: '2023-04-04', tick: '0.00000001', step: '0.1', cash: '1', minimumNotional: '0.0001', fast: 5, slow: 20 },
  // Hundreds of missing minutes.
  { file: '1m/XRPETH-1m-2019-10-11_2019-10-13', pair: 'XRP/ETH', interval: '1m', tick: '0.00000001', step: '1', cash: '10', fraction: '0.5', fast: 3, slow: 8 },
  { file: '1m/BTCUSDT-1m-2025-05-20_2025-08-18', pair: 'BTC/USDT', interval: '1m', to: '2025-05-22', tick: '0.01', step: '0.00001', cash: '10000', minimumNotional: '5', slippageBps: 0.25, takerFee: '0.00075' },
  // The minimum notional refuses orders on both sides.
  { file: '1m/DOGEUSDT-1m-2023-03-16_2023-05-01', pair: 'DOGE/USDT', interval: '1m', from: '2023-03-24', to: '2023-03-26', tick: '0.00001', step: '1', cash: '14', minimumNotional: '10', fast: 2, slow: 5 },
  // Bounds on the quantity that bite.
  { file: '1m/ETHUSDT-1m-2026-03-23_2026-04-22', pair: 'ETH/USDT', interval: '1m', to: '2026-03-27', tick: '0.01', step: '0.0001', cash: '5000', minimumQuantity: '2.2', maximumQuantity: '2.35' },
  // The first bar spans 4.021 to 3340.75.
  { file: '5m/MCOUSDT-5m-2019-11-19_2020-06-20', pair: 'MCO/USDT', interval: '5m', to: '2019-12-06', tick: '0.001', step: '0.001', cash: '1000', fast: 1, slow: 2 },
  // Noise of floats in the prices.
  { file: '5m/ETHBTC-5m-2018-01-10_2018-01-30', pair: 'ETH/BTC', interval: '5m', tick: '0.000001', step: '0.001', cash: '2', slippageBps: 1 },
  // A price that hardly moves.
  { file: '5m/BUSDUSDT-5m-2021-09-24_2021-10-24', pair: 'BUSD/USDT', interval: '5m', to: '2021-10-10', tick: '0.0001', step: '0.01', cash: '1000', fast: 9, slow: 21 },
  { file: '5m/BCHUSDT-5m-2019-11-28_2020-06-20', pair: 'BCH/USDT', interval: '5m', from: '2020-02-18', to: '2020-03-14', tick: '0.01', step: '0.00001', cash: '10000', fraction: '0.999', slippageBps: 10 },
  { file: '1h/BTCUSDT-1h-2017-08-17_2024-04-21', pair: 'BTC/USDT', interval: '1h', to: '2018-08-01', tick: '0.01', step: '0.000001', cash: '10000', minimumNotional: '10' },
  { file: '1h/FTTUSDT-1h-2019-12-20_2022-10-11', pair: 'FTT/USDT', interval: '1h', to: '2020-10-01', tick: '0.001', step: '0.01', cash: '777.77777777', slippageBps: 3 },
  // More coins than a double of 8 decimals can count.
  { file: '1d/TRXUSDT-1d-2018-06-11_2022-10-10', pair: 'TRX/USDT', interval: '1d', tick: '0.00001', step: '0.1', cash: '1000000000', fast: 5, slow: 10 },
  { file: '1d/BTCUSDT-1d-2017-08-17_2022-10-10', pair: 'BTC/USDT', interval: '1d', tick: '0.01', step: '0.000001', cash: '0.5', fast: 2, slow: 3 },
];

/** The same bars from two readers that share no line: the project's loader, and the slow backtester's own. */
async function readBoth({ file, interval, from, to }: Series) {
  const path = sharedData(join('klines', `${file}.csv.gz`));
  const fromMs = from === undefined ? 0 : Date.parse(from);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to);
  const loaded = await loadBars([path], { interval: Interval.parse(interval)!, fromMs, toMs });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
  const rows = readRows(path, fromMs, toMs);
  return { bars: loaded.value.series[0]!.bars, rows };
}

describe('EMA cross on real bars', () => {
  testWithSharedData.each(SERIES)('$file', async (series) => {
    const { bars, rows } = await readBoth(series);
    const { pair, cash, fast = 12, slow = 26, fraction = '1', slippageBps = 0, takerFee = '0.001' } = series;
    const outcome = play(emaCross, {
      markets: [{ instrument: testInstrument(pair, series), bars }],
      cash: [`${cash} ${pair.split('/')[1]}`],
      parameters: { fast: String(fast), slow: String(slow), fraction },
      assumptions: {
        fees: { maker: fractionOf('0.001'), taker: fractionOf(takerFee) },
        slippage: slippageOf(slippageBps),
      },
    });
    const expected = referenceEmaCross(rows, { ...series, fast, slow, fraction, slippageBps, takerFee });
    expect(bars.length).toBe(rows.length);
    expect(fillsLikeReference(outcome)).toEqual(expected.fills);
    expect(summaryOf(outcome).final_equity).toBe(expected.finalEquity);
    const refused = Object.entries(expected.refused).filter(([, count]) => count > 0);
    const wordOf = (reason: string): string =>
      reason === 'zero_amount' ? 'quote_amount_not_positive' : reason;
    expect(Object.fromEntries(outcome.desk.refusals)).toEqual(
      Object.fromEntries(refused.map(([reason, count]) => [wordOf(reason), count])),
    );
    expect(endsOf(outcome).expired).toBe(expected.expired);
    // A series on which nothing happens would prove nothing.
    expect(expected.fills.length + refused.length).toBeGreaterThan(5);
  });
});

const TYPES = [
  'MARKET',
  'LIMIT',
  'LIMIT_MAKER',
  'STOP_LOSS',
  'TAKE_PROFIT',
  'STOP_LOSS_LIMIT',
  'TAKE_PROFIT_LIMIT',
] as const;

interface Scale {
  readonly rows: readonly Row[];
  /** An offset of one from the close, in ticks; and the largest one. */
  readonly tickDecimals: number;
  readonly offset: number;
  readonly offsetMax: number;
  /** Of what is bought and sold, in steps. */
  readonly stepsMax: number;
  readonly stepDecimals: number;
}

/** Orders around the close of the bar they are placed after, so that most of them come to trade. */
function scriptsOn({
  rows,
  tickDecimals,
  offset,
  offsetMax,
  stepsMax,
  stepDecimals,
}: Scale): fc.Arbitrary<ScriptedOrder[]> {
  const tick = 10 ** -tickDecimals;
  const around = (bar: number, offsets: number): string => {
    const ticks = Math.max(1, Math.round(Number(rows[bar]!.close) / tick) + offsets * offset);
    return (ticks / 10 ** tickDecimals).toFixed(tickDecimals);
  };
  const drawn = fc.record({
    atBar: fc.nat(rows.length - 1),
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    type: fc.constantFrom(...TYPES),
    steps: fc.integer({ min: 1, max: stepsMax }),
    price: fc.integer({ min: -offsetMax, max: offsetMax }),
    stop: fc.integer({ min: -offsetMax, max: offsetMax }),
    quote: fc.boolean(),
    pair: fc.boolean(),
  });
  const ordersOf = (
    one: typeof drawn extends fc.Arbitrary<infer Drawn> ? Drawn : never,
    number: number,
  ): ScriptedOrder[] => {
    const { atBar, side, type } = one;
    const quantity = (one.steps / 10 ** stepDecimals).toFixed(stepDecimals);
    const price = around(atBar, one.price);
    const stopPrice = around(atBar, one.stop);
    const common = { atBar, side, quantity };
    if (one.pair) {
      // A stop on the worse side of the market, a target on the better one; written down from above to below.
      const distance = Math.abs(one.stop) + 1;
      const worse = around(atBar, side === 'SELL' ? -distance : distance);
      const better = around(atBar, side === 'SELL' ? Math.abs(one.price) + 1 : -Math.abs(one.price) - 1);
      const group = { ...common, ocoGroup: `pair ${number}` };
      const isStopLimit = type === 'STOP_LOSS_LIMIT' || type === 'MARKET';
      const stop: ScriptedOrder = isStopLimit
        ? { ...group, type: 'STOP_LOSS_LIMIT', stopPrice: worse, price }
        : { ...group, type: 'STOP_LOSS', stopPrice: worse };
      const target: ScriptedOrder =
        type === 'TAKE_PROFIT'
          ? { ...group, type, stopPrice: better }
          : { ...group, type: 'LIMIT_MAKER', price: better };
      return side === 'SELL' ? [target, stop] : [stop, target];
    }
    if (type === 'MARKET') {
      if (!one.quote || side === 'SELL') return [{ ...common, type }];
      return [{ atBar, side, type, quoteAmount: (one.steps * 0.0123).toFixed(8) }];
    }
    if (type === 'LIMIT' || type === 'LIMIT_MAKER') return [{ ...common, type, price }];
    if (type === 'STOP_LOSS' || type === 'TAKE_PROFIT') return [{ ...common, type, stopPrice }];
    return [{ ...common, type, stopPrice, price }];
  };
  return fc.array(drawn, { minLength: 1, maxLength: 25 }).map((orders) => orders.flatMap(ordersOf));
}

const assumed = fc.record({
  slippageBps: fc.constantFrom(0, 0, 1, 7.5, 50),
  limitFill: fc.constantFrom('through' as const, 'touch' as const),
  makerFee: fc.constantFrom('0', '0.001', '0.00075'),
  takerFee: fc.constantFrom('0.001', '0.00123'),
});

interface Account {
  readonly cash: string;
  readonly holdings: string;
}

function compare(
  market: MarketData,
  rules: { readonly tick: string; readonly step: string },
  rows: readonly Row[],
  script: readonly ScriptedOrder[],
  { cash, holdings }: Account,
  options: typeof assumed extends fc.Arbitrary<infer Assumed> ? Assumed : never,
): number {
  const { baseAsset, quoteAsset } = market.instrument;
  const expected = referenceOrders(rows, script, { ...rules, ...options, cash, holdings });
  const outcome = play(strategyOf(script), {
    markets: [market],
    cash: [`${cash} ${quoteAsset}`, `${holdings} ${baseAsset}`],
    assumptions: {
      fees: { maker: fractionOf(options.makerFee), taker: fractionOf(options.takerFee) },
      slippage: slippageOf(options.slippageBps),
      limitFill: options.limitFill,
    },
  });
  const fills = [...outcome.desk.fills].map(({ liquidity }) => liquidity.toLowerCase());
  expect(fillsLikeReference(outcome)).toEqual(
    expected.fills.map(({ order: _, liquidity: __, ...fill }) => fill),
  );
  expect(fills).toEqual(expected.fills.map(({ liquidity }) => liquidity));
  expect(endsOf(outcome)).toEqual(endsOfReference(expected));
  expect(summaryOf(outcome).final_equity).toBe(expected.finalEquity);
  return expected.fills.length;
}

describe('any orders', () => {
  test('on small bars of whole prices, where everything touches everything', () => {
    const bars = fc
      .array(fc.tuple(fc.nat(6), fc.nat(6), fc.nat(4), fc.nat(4)), { minLength: 2, maxLength: 14 })
      .map((drawn) =>
        drawn.map(([open, close, above, below]) => {
          const [first, last] = [open + 97, close + 97];
          return `${first} ${Math.max(first, last) + above} ${Math.min(first, last) - below} ${last}`;
        }),
      );
    const rules = { tick: '1', step: '0.1' };
    const instrument = testInstrument('BTC/USDT', rules);
    let fills = 0;
    fc.assert(
      fc.property(
        bars.chain((texts) => {
          const own = testBars('BTCUSDT', texts);
          const rows = rowsOf(own);
          const scale = { rows, tickDecimals: 0, offset: 1, offsetMax: 5, stepsMax: 40, stepDecimals: 1 };
          return fc.record({ own: fc.constant(own), rows: fc.constant(rows), script: scriptsOn(scale) });
        }),
        fc.constantFrom({ cash: '1000', holdings: '10' }, { cash: '100.12345678', holdings: '0.35' }),
        assumed,
        ({ own, rows, script }, account, options) => {
          fills += compare({ instrument, bars: own }, rules, rows, script, account, options);
        },
      ),
      { numRuns: 300 },
    );
    expect(fills).toBeGreaterThan(400);
  });

  test('on synthetic bars', () => {
    const own = generateBars({
      symbol: 'ETHUSDT',
      interval: Interval.parse('5m')!,
      extent: { bars: 60 },
      seed: 7,
    });
    const rows = rowsOf(own);
    const rules = { tick: '0.01', step: '0.00001' };
    const market = { instrument: testInstrument('ETH/USDT', rules), bars: own };
    const scale = { rows, tickDecimals: 2, offset: 1234, offsetMax: 6, stepsMax: 40_000, stepDecimals: 5 };
    fc.assert(
      fc.property(scriptsOn(scale), assumed, (script, options) => {
        compare(market, rules, rows, script, { cash: '10000', holdings: '0.5' }, options);
      }),
      { numRuns: 60 },
    );
  });

  testWithSharedData.each([
    {
      file: '1m/BTCUSDT-1m-2021-04-02_2021-05-20',
      pair: 'BTC/USDT',
      interval: '1m',
      from: '2021-05-19T12:55',
      to: '2021-05-19T13:55',
      tick: '0.01',
      step: '0.000001',
      cash: '5000',
      holdings: '0.1',
      offset: 7001,
      tickDecimals: 2,
      stepDecimals: 6,
      stepsMax: 60_000,
    },
    {
      file: '1m/BTTUSDT-1m-2021-04-20_2021-05-20',
      pair: 'BTT/USDT',
      interval: '1m',
      from: '2021-04-25T03:30',
      to: '2021-04-25T09:10',
      tick: '0.0000001',
      step: '1',
      cash: '1000',
      holdings: '200000',
      offset: 70,
      tickDecimals: 7,
      stepDecimals: 0,
      stepsMax: 100_000,
    },
    {
      file: '1m/SUSHIBTC-1m-2023-04-01_2023-05-01',
      pair: 'SUSHI/BTC',
      interval: '1m',
      from: '2023-04-19T08:00',
      to: '2023-04-19T09:00',
      tick: '0.00000001',
      step: '0.1',
      cash: '0.01',
      holdings: '300',
      offset: 9,
      tickDecimals: 8,
      stepDecimals: 1,
      stepsMax: 2000,
    },
    {
      file: '5m/MCOUSDT-5m-2019-11-19_2020-06-20',
      pair: 'MCO/USDT',
      interval: '5m',
      to: '2019-11-19T13:00',
      tick: '0.001',
      step: '0.001',
      cash: '1000',
      holdings: '20',
      offset: 51,
      tickDecimals: 3,
      stepDecimals: 3,
      stepsMax: 20_000,
    },
  ] satisfies (Series & Account & Omit<Scale, 'rows' | 'offsetMax'>)[])(
    'on $file from $from',
    async (series) => {
      const { bars, rows } = await readBoth(series);
      const market = { instrument: testInstrument(series.pair, series), bars };
      fc.assert(
        fc.property(scriptsOn({ ...series, rows, offsetMax: 6 }), assumed, (script, options) => {
          compare(market, series, rows, script, series, options);
        }),
        { numRuns: 40 },
      );
    },
  );
});
