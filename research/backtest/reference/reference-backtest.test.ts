import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { sharedData, testWithSharedData } from '../../../tools/shared-data.ts';
import { barsOf, calm, order, run } from './reference.test-support.ts';
import { type EmaCrossOptions, type Row, readRows, referenceEmaCross } from './reference-backtest.ts';

// Every expected number below was worked out by hand; the calculation stands beside it.

describe('market orders', () => {
  test('trade at the open of the bar after the one seen, and pay their fee from what they receive', () => {
    const rows = barsOf(calm, '101.5 102 101 102', '110.25 111 110 110');
    const result = run(rows, [
      order('MARKET', 'BUY', { quantity: '2' }),
      order('MARKET', 'SELL', { quantity: '1.998', atBar: 1 }),
    ]);
    // BUY 2 at 101.5 costs 203; fee 0.001 x 2 = 0.002 base. SELL 1.998 at 110.25 = 220.2795; fee 0.2202795 quote.
    expect(result.fills).toEqual([
      {
        order: 0,
        timeMs: 60_000,
        side: 'BUY',
        quantity: '2',
        price: '101.5',
        fee: '0.002',
        feeAsset: 'base',
        liquidity: 'taker',
      },
      {
        order: 1,
        timeMs: 120_000,
        side: 'SELL',
        quantity: '1.998',
        price: '110.25',
        fee: '0.2202795',
        feeAsset: 'quote',
        liquidity: 'taker',
      },
    ]);
    // 1000 - 203 + 220.2795 - 0.2202795 = 1017.0592205; 2 - 0.002 - 1.998 = 0.
    expect(result).toMatchObject({ finalQuote: '1017.0592205', finalBase: '0', finalEquity: '1017.0592205' });
  });

  test('a BUY by quote amount buys whole steps and leaves the rest in cash', () => {
    const result = run(barsOf(calm, '33.33 34 33 33.5'), [order('MARKET', 'BUY', { quoteAmount: '500' })]);
    // 500 / 33.33 = 15.00150..., floored 15.001; cost 499.98333; fee 0.015001.
    expect(result.fills[0]).toMatchObject({ quantity: '15.001', price: '33.33', fee: '0.015001' });
    // Base 15.001 - 0.015001 = 14.985999, at 33.5 = 502.0309665; with 500.01667 in cash 1002.0476365.
    expect(result).toMatchObject({
      finalQuote: '500.01667',
      finalBase: '14.985999',
      finalEquity: '1002.0476365',
    });
  });

  test('a quote amount that divides without rest is used up to the last step', () => {
    const result = run(barsOf(calm, '100 100 100 100'), [order('MARKET', 'BUY', { quoteAmount: '0.3' })]);
    expect(result.fills[0]).toMatchObject({ quantity: '0.003' });
  });

  test('a quote amount below one step at the fill price expires and is free again', () => {
    const script = [order('MARKET', 'BUY', { quoteAmount: '0.09999999' })];
    expect(run(barsOf('99 99 99 99', calm), script)).toMatchObject({
      fills: [],
      expired: [0],
      finalQuote: '1000',
    });
    // Already at the close just seen it is less than one step.
    expect(run(barsOf(calm, '99 99 99 99'), script)).toMatchObject({ fills: [], refused: [0] });
  });

  test.each([
    // 101.51 x 1.0005 = 101.560755; 101.51 x 0.9995 = 101.459245
    { side: 'BUY', open: '101.51', slippageBps: 5, price: '101.57' },
    { side: 'SELL', open: '101.51', slippageBps: 5, price: '101.45' },
    // 200 x 1.0001 = 200.02 exactly: nothing to round
    { side: 'BUY', open: '200', slippageBps: 1, price: '200.02' },
    { side: 'SELL', open: '200', slippageBps: 1, price: '199.98' },
    // 200 x 1.000025 = 200.005; a part of a basis point counts
    { side: 'BUY', open: '200', slippageBps: 0.25, price: '200.01' },
    // not moved, so not rounded, even off the tick
    { side: 'BUY', open: '101.505', slippageBps: 0, price: '101.505' },
    // 0.01 x 0.9995 = 0.009995 would round to nothing
    { side: 'SELL', open: '0.01', slippageBps: 5, price: '0.01' },
  ] as const)('$side opening at $open with $slippageBps bps trades at $price', (given) => {
    const rows = barsOf(calm, `${given.open} ${given.open} ${given.open} ${given.open}`);
    const result = run(rows, [order('MARKET', given.side, { quantity: '1' })], {
      slippageBps: given.slippageBps,
      holdings: '1',
    });
    expect(result.fills[0]?.price).toBe(given.price);
  });
});

describe('rounding of money', () => {
  test('a fee is rounded up at 8 decimals', () => {
    const result = run(barsOf(calm, calm), [order('MARKET', 'BUY', { quantity: '0.00123' })], {
      takerFee: '0.00075',
      step: '0.00001',
    });
    // 0.00075 x 0.00123 = 0.0000009225
    expect(result.fills[0]?.fee).toBe('0.00000093');
    expect(result.finalBase).toBe('0.00122907');
  });

  test('a quote amount with more than 8 decimals costs more, and pays less', () => {
    const price = '0.0445351';
    const rows = barsOf(...Array.from({ length: 2 }, () => `${price} ${price} ${price} ${price}`));
    const options = { tick: '0.0000001', cash: '1', holdings: '1' };
    // 0.123 x 0.0445351 = 0.0054778173
    const bought = run(rows, [order('MARKET', 'BUY', { quantity: '0.123' })], options);
    expect(bought.finalQuote).toBe('0.99452218');
    // received 0.00547781, fee 0.00000547781 up to 0.00000548: 1 + 0.00547781 - 0.00000548
    const sold = run(rows, [order('MARKET', 'SELL', { quantity: '0.123' })], options);
    expect(sold.fills[0]?.fee).toBe('0.00000548');
    expect(sold.finalQuote).toBe('1.00547233');
  });

  test('holdings in the final equity are rounded down at 8 decimals', () => {
    // 0.00000001 x 1.5 = 0.000000015
    const result = run(barsOf('1 2 1 1.5'), [], { cash: '1', holdings: '0.00000001' });
    expect(result.finalEquity).toBe('1.00000001');
  });
});

describe('EMA cross', () => {
  const options: EmaCrossOptions = {
    cash: '1000',
    takerFee: '0.001',
    fast: 1,
    slow: 2,
    fraction: '1',
    slippageBps: 0,
    tick: '0.01',
    step: '0.001',
  };

  // fast (1): the close itself. slow (2): the mean of the first two, then two thirds of the way to the close.
  //   close 10   10   13   9    15        12
  //   fast  10   10   13   9    15        12
  //   slow  -    10   12   10   13.33...  12.44...
  // Cross above after the third bar, below after the fourth, above after the fifth, below after the last.
  const rows = barsOf(
    '10 10 10 10',
    '10 10 10 10',
    '10 13 10 13',
    '13.5 14 9 9',
    '9.25 15 9 15',
    '14.8 15 12 12',
  );

  test('buys and sells on crosses, treats what is left below a step as dust, and expires the last order', () => {
    const result = referenceEmaCross(rows, options);
    // BUY: 1000 / 13.5 = 74.074074..., floored 74.074, costs 999.999, fee 0.074074: base 73.999926, quote 0.001.
    // SELL: 73.999 x 9.25 = 684.49075, fee 0.68449075: quote 683.80725925, dust 0.000926.
    // BUY: 683.80725925 / 14.8 = 46.2032..., floored 46.203, costs 683.8044, fee 0.046203.
    expect(result.fills).toEqual([
      {
        timeMs: 180_000,
        side: 'BUY',
        quantity: '74.074',
        price: '13.5',
        fee: '0.074074',
        feeAsset: 'base',
      },
      {
        timeMs: 240_000,
        side: 'SELL',
        quantity: '73.999',
        price: '9.25',
        fee: '0.68449075',
        feeAsset: 'quote',
      },
      {
        timeMs: 300_000,
        side: 'BUY',
        quantity: '46.203',
        price: '14.8',
        fee: '0.046203',
        feeAsset: 'base',
      },
    ]);
    // Quote 683.80725925 - 683.8044 = 0.00285925; base 0.000926 + 46.203 - 0.046203 = 46.157723, at 12 = 553.892676.
    expect(result).toMatchObject({
      finalQuote: '0.00285925',
      finalBase: '46.157723',
      finalEquity: '553.89553525',
      expired: 1,
    });
    expect(Object.values(result.refused)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test('slips against us on both sides', () => {
    // 13.5 x 1.001 = 13.5135, up to 13.52; 9.25 x 0.999 = 9.24075, down to 9.24; 14.8 x 1.001 = 14.8148, up to 14.82
    const result = referenceEmaCross(rows, { ...options, slippageBps: 10 });
    expect(result.fills.map((fill) => fill.price)).toEqual(['13.52', '9.24', '14.82']);
    // 1000 / 13.52 = 73.9644...
    expect(result.fills[0]?.quantity).toBe('73.964');
  });

  test('waits until both averages are defined on two bars, and counts a touch as not yet crossed', () => {
    // fast (2):  -    11.5  14.5  11.5  12.5      the mean of 11 and 12, then two thirds of the way
    // slow (3):  -    -     13    11.5  12.25     the mean of 11, 12 and 16, then half of the way
    // Fast is above slow on the third bar, where slow is new; equal on the fourth; crosses above on the fifth.
    const closes = ['11', '12', '16', '10', '13', '13'];
    const bars = barsOf(...closes.map((close) => `13 16 10 ${close}`));
    const result = referenceEmaCross(bars, { ...options, fast: 2, slow: 3 });
    expect(result.fills.map((fill) => [fill.timeMs, fill.side])).toEqual([[300_000, 'BUY']]);
  });

  test('spends a fraction of the free quote, floored at 8 decimals', () => {
    // 0.5 x 100.00000001 = 50.000000005, floored 50, buys 100 at 0.5; not floored it would buy 100.00000001.
    const bars = barsOf('10 10 10 10', '10 10 10 10', '10 13 10 13', '0.5 13 0.5 13');
    const result = referenceEmaCross(bars, {
      ...options,
      cash: '100.00000001',
      fraction: '0.5',
      step: '0.00000001',
    });
    expect(result.fills[0]?.quantity).toBe('100');
    expect(result.finalQuote).toBe('50.00000001');
  });

  test.each([
    // The BUY spends 1000, estimated at the close of 13 as 76.923 (1000 / 13 = 76.9230...).
    { reason: 'notional_below_minimum', bound: { minimumNotional: '1000.00000001' } },
    { reason: 'quantity_below_minimum', bound: { minimumQuantity: '76.924' } },
    { reason: 'quantity_above_maximum', bound: { maximumQuantity: '76.922' } },
    { reason: 'insufficient_balance', bound: { fraction: '1.001' } },
    { reason: 'quote_amount_below_one_step', bound: { fraction: '0.000012' } },
    { reason: 'zero_amount', bound: { fraction: '0.000000000001' } },
  ] as const)('counts a refused BUY: $reason', ({ reason, bound }) => {
    // The cross above after the third bar, and one bar more in which the order would have traded.
    const result = referenceEmaCross(rows.slice(0, 4), { ...options, ...bound });
    expect(result).toMatchObject({ fills: [], finalEquity: '1000', expired: 0, refused: { [reason]: 1 } });
  });

  test('bounds met exactly refuse nothing', () => {
    const bounds = { minimumNotional: '665.991', minimumQuantity: '46.203', maximumQuantity: '76.923' };
    expect(referenceEmaCross(rows.slice(0, 5), { ...options, ...bounds }).fills).toHaveLength(2);
  });

  test('a refused SELL is counted and the strategy goes on holding', () => {
    // 73.999 x the close of 9 = 665.991; the last cross below sells 73.999 x 12 = 887.988, after the last bar.
    const result = referenceEmaCross(rows, { ...options, minimumNotional: '665.992' });
    expect(result.fills.map((fill) => fill.side)).toEqual(['BUY']);
    expect(result).toMatchObject({ refused: { notional_below_minimum: 1 }, expired: 1 });
  });

  test('a BUY too small for one step at the fill price expires', () => {
    // 13.2 buys one whole step at the close of 13, none at the open of 13.5; at the close of 15 it is refused.
    const result = referenceEmaCross(rows, { ...options, cash: '13.2', step: '1' });
    expect(result).toMatchObject({ fills: [], expired: 1, finalEquity: '13.2' });
    expect(result.refused.quote_amount_below_one_step).toBe(1);
  });
});

describe('reading bars', () => {
  const readText = (text: string): Row[] => {
    const folder = mkdtempSync(join(tmpdir(), 'reference-rows-'));
    try {
      writeFileSync(join(folder, 'bars.csv.gz'), gzipSync(text));
      return readRows(join(folder, 'bars.csv.gz'));
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  test('takes 6 columns with a header and 12 without, and rounds float noise half up at 8 decimals', () => {
    const row = { timeMs: 1, open: '0.09946999', high: '24.3', low: '0.00000001', close: '1.5', volume: '7' };
    expect(
      readText(
        'open_time,open,high,low,close,volume\n1,0.09946999000000001,24.299999999999997,0.000000005,1.50,7\n',
      ),
    ).toEqual([row]);
    expect(readText('1,0.09946999,24.3,0.00000001,1.5,7.0,2,3,4,5,6,0\r\n')).toEqual([row]);
    expect(() => readText('1,2,3\n')).toThrow(/: 3 columns$/);
  });

  testWithSharedData('finds every bar that the list of real files promises', () => {
    const rows = readRows(sharedData('klines/1m/BTCBUSD-1m-2022-12-13_2022-12-13.csv.gz'));
    expect(rows).toHaveLength(1440);
    expect(rows[0]?.timeMs).toBe(Date.UTC(2022, 11, 13));
  });
});
