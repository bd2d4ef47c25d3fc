import { Interval } from '@tradewind/core/market';
import { readParameters } from '@tradewind/core/strategy';
import { describe, expect, test } from 'vitest';
import {
  fillsOf,
  freeOf,
  ordersOf,
  play,
  still,
  testInstrument,
  testMarket,
} from '../research/backtest/test-market.test-support.ts';
import { generateBars } from '../research/history/index.ts';
import rsiMeanReversion from './rsi-mean-reversion.ts';

// RSI of two bars: the mean gain and loss of the first two changes, then half the way to each new one.
//   close   100  98   96   94   100  104  104
//   gain         -    0    0    3    3.5  1.75
//   loss         -    2    2    1    0.5  0.25
//   RSI          -    0    0    75   87.5 87.5
const CLOSES = [100, 98, 96, 94, 100, 104, 104];
const bars = (closes: readonly number[]) => closes.map((close) => still(close));
const parameters = { period: '2', oversold: '30', exit: '80' };

test('buys when the RSI recovers through the oversold level, and sells when it is back', () => {
  const outcome = play(rsiMeanReversion, { markets: [testMarket('BTC/USDT', bars(CLOSES))], parameters });
  // Recovers at the close of minute 4, back at that of minute 5; each trades at the next open.
  expect(fillsOf(outcome)).toEqual([
    '5 BUY 9.615 @ 104, 0.009615 BTC TAKER (oversold)',
    '6 SELL 9.605 @ 104, 0.99892 USDT TAKER (reverted)',
  ]);
  expect(freeOf(outcome, 'BTC')).toBe('0.000385');
});

test('buys on the way down when it is told to', () => {
  // A steady fall after a rise: gain 1, 0.5, 0.25; loss 0, 1, 1.5: RSI 100, 33.3, 14.3
  const closes = [100, 101, 102, 100, 98, 97, 97, 97];
  const outcome = play(rsiMeanReversion, {
    markets: [testMarket('BTC/USDT', bars(closes))],
    parameters: { ...parameters, entry: 'falls', fraction: '0.5' },
  });
  expect(fillsOf(outcome)).toEqual(['5 BUY 5.154 @ 97, 0.005154 BTC TAKER (oversold)']);
});

test('does nothing while it holds already, and nothing before the RSI is defined on two bars', () => {
  const twice = [100, 98, 96, 94, 96.5, 94, 90, 93];
  const outcome = play(rsiMeanReversion, {
    markets: [testMarket('BTC/USDT', bars([...twice, 93]))],
    parameters,
  });
  expect(ordersOf(outcome)).toEqual(['MARKET BUY oversold: filled']);
  const early = play(rsiMeanReversion, {
    markets: [testMarket('BTC/USDT', bars([100, 98, 99, 99]))],
    parameters,
  });
  expect(ordersOf(early)).toEqual([]);
});

describe('with a stop-loss', () => {
  const withStop = { ...parameters, stop: '10' };
  const entry = ['5 BUY 9.615 @ 104, 0.009615 BTC TAKER (oversold)'];

  test('it rests at the exchange from the entry on and ends the position', () => {
    // Entry at 104: the stop lies at 93.6.
    const markets = [testMarket('BTC/USDT', [...bars([100, 98, 96, 94, 100]), still(104), '100 100 90 91'])];
    const outcome = play(rsiMeanReversion, { markets, parameters: { ...withStop, exit: '99' } });
    expect(fillsOf(outcome)).toEqual([...entry, '6 SELL 9.605 @ 93.6, 0.899028 USDT TAKER (stop-loss)']);
  });

  test('it is canceled first when the market is back, and only then are the coins sold', () => {
    const markets = [testMarket('BTC/USDT', [...bars(CLOSES), still(104)])];
    const outcome = play(rsiMeanReversion, { markets, parameters: withStop });
    expect(ordersOf(outcome)).toEqual([
      'MARKET BUY oversold: filled',
      'STOP_LOSS SELL stop-loss: canceled',
      'MARKET SELL reverted: filled',
    ]);
    expect(fillsOf(outcome)[1]).toBe('6 SELL 9.605 @ 104, 0.99892 USDT TAKER (reverted)');
  });

  test('that the price has passed before it could be placed, the coins are sold at once', () => {
    const markets = [testMarket('BTC/USDT', [...bars([100, 98, 96, 94, 100]), '104 104 90 92', still(92)])];
    const outcome = play(rsiMeanReversion, { markets, parameters: withStop });
    expect(ordersOf(outcome)).toEqual([
      'MARKET BUY oversold: filled',
      'STOP_LOSS SELL stop-loss: refused would_trigger_immediately',
      'MARKET SELL reverted: filled',
    ]);
  });

  test('an entry too small to be sold again is left alone', () => {
    const market = testMarket('BTC/USDT', bars(CLOSES), { step: '1' });
    const outcome = play(rsiMeanReversion, { markets: [market], cash: ['150 USDT'], parameters: withStop });
    // One coin less its fee is less than a step.
    expect(ordersOf(outcome)).toEqual(['MARKET BUY oversold: filled']);
  });
});

test('parameters that make no sense together are refused', () => {
  const read = readParameters(rsiMeanReversion.parameters, new Map([['exit', '30']]));
  expect(read.ok && rsiMeanReversion.check?.(read.value)).toBe('oversold (30) must be below exit (30)');
  const fine = readParameters(rsiMeanReversion.parameters, new Map());
  expect(fine.ok && rsiMeanReversion.check?.(fine.value)).toBeUndefined();
});

test('on a long random market every order is filled and every position comes to an end', () => {
  const instrument = testInstrument('BTC/USDT', { step: '0.00001', minimumNotional: '5' });
  const own = generateBars({
    symbol: 'BTCUSDT',
    interval: Interval.parse('1h')!,
    extent: { bars: 5000 },
    seed: 3,
  });
  const outcome = play(rsiMeanReversion, {
    markets: [{ instrument, bars: own }],
    cash: ['10000 USDT'],
    parameters: { stop: '5' },
  });
  const sides = [...outcome.desk.fills].map(({ side }) => side);
  expect(sides.length).toBeGreaterThan(20);
  for (const [place, side] of sides.entries()) expect(side).toBe(place % 2 === 0 ? 'BUY' : 'SELL');
  expect(ordersOf(outcome).filter((order) => order.includes('refused'))).toEqual([]);
});
