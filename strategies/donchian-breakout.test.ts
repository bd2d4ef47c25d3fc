import { Interval } from '@tradewind/core/market';
import { formatPrice } from '@tradewind/core/money';
import { triggerOf } from '@tradewind/core/orders';
import { readParameters } from '@tradewind/core/strategy';
import { describe, expect, test } from 'vitest';
import type { BacktestOutcome } from '../research/backtest/index.ts';
import {
  fillsOf,
  ordersOf,
  play,
  testInstrument,
  testMarket,
} from '../research/backtest/test-market.test-support.ts';
import { generateBars } from '../research/history/index.ts';
import donchianBreakout from './donchian-breakout.ts';

// Every bar of these markets has a range of 2 from its low to its high and no gap to the bar before, so that the average
// true range is 2 for as long as nothing breaks out. Channels of three and two bars, a stop two ranges away.
const calm = ['100 101 99 100', '100 101 99 100', '100 101 99 100', '100 101 99 100'];
const parameters = { channel: '3', exit: '2', atr: '2', multiple: '2', raise: '0.25', risk: '0.5' };
const breakout = '100 102 100 102';

const run = (
  bars: readonly string[],
  more: Record<string, string> = {},
  cash = '1000 USDT',
): BacktestOutcome =>
  play(donchianBreakout, {
    markets: [testMarket('BTC/USDT', [...calm, ...bars])],
    cash: [cash],
    parameters: { ...parameters, ...more },
  });

/** The stop price of each stop that was placed. */
const stopsOf = ({ orders }: BacktestOutcome): string[] =>
  [...orders!].flatMap(({ intent }) => {
    const stopPrice = triggerOf(intent.terms)?.stopPrice;
    return stopPrice === undefined ? [] : [formatPrice(stopPrice)];
  });

describe('the entry', () => {
  test('buys at the open after a close above the highest high of the bars before', () => {
    expect(fillsOf(run([breakout, '102 103 101 102']))).toEqual([
      '5 BUY 9.803 @ 102, 0.009803 BTC TAKER (breakout)',
    ]);
  });

  test('is not made by a high that the close does not keep, nor by a close at the channel', () => {
    expect(ordersOf(run(['100 105 100 101', '101 102 100 101']))).toEqual([]);
  });

  test('is as large as the risk allows: what is lost at the stop is that share of the equity', () => {
    // 1 % of 1000 is 10; the stop is 2 x 2 away: 2.5 coins, at the close of 102 worth 255.
    const outcome = run([breakout, '102 103 101 102'], { risk: '0.01' });
    expect(fillsOf(outcome)).toEqual(['5 BUY 2.5 @ 102, 0.0025 BTC TAKER (breakout)']);
  });

  test('never spends more than its fraction of the free quote', () => {
    expect(fillsOf(run([breakout, '102 103 101 102'], { fraction: '0.1' }))).toEqual([
      '5 BUY 0.98 @ 102, 0.00098 BTC TAKER (breakout)',
    ]);
  });

  test('is left out when the stop would lie below zero, or nothing can be spent', () => {
    expect(ordersOf(run([breakout, breakout], { multiple: '20', atr: '1', raise: '10' }))).toEqual([
      'MARKET BUY breakout: filled',
      'STOP_LOSS SELL atr-stop: expired end_of_data',
    ]);
    const wild = ['100 180 20 100', '100 180 20 100', '100 180 20 100', '100 181 100 181', '181 182 181 182'];
    expect(ordersOf(run(wild, { multiple: '5' }))).toEqual([]);
    expect(ordersOf(run([breakout, breakout], {}, '0 USDT'))).toEqual([]);
  });

  test('that is refused leaves the strategy flat and ready for the next', () => {
    const market = testMarket('BTC/USDT', [...calm, breakout, '102 104 102 104', '104 105 104 104'], {
      maximumQuantity: '9.7',
    });
    const outcome = play(donchianBreakout, { markets: [market], parameters });
    // 1000 / 102 is more than 9.7 coins, 1000 / 104 is not.
    expect(ordersOf(outcome)).toEqual([
      'MARKET BUY breakout: refused quantity_above_maximum',
      'MARKET BUY breakout: filled',
      'STOP_LOSS SELL atr-stop: canceled',
      'STOP_LOSS SELL atr-stop: expired end_of_data',
    ]);
  });
});

describe('the stop', () => {
  test('rests two average true ranges below the entry and sells there', () => {
    // Entry at 102, less 2 x 2: 98.
    const outcome = run([breakout, '102 102 101 102', '101 101 97 98'], { raise: '1' });
    expect(fillsOf(outcome)).toEqual([
      '5 BUY 9.803 @ 102, 0.009803 BTC TAKER (breakout)',
      '6 SELL 9.793 @ 98, 0.959714 USDT TAKER (atr-stop)',
    ]);
    expect(stopsOf(outcome)).toEqual(['98']);
  });

  test('moves up with the channel, and never down', () => {
    // True ranges 2, 2 | 2 (102-104), 2 (104-106) | 1, 1.
    const outcome = run([
      breakout,
      '102 104 102 104',
      '104 106 104 106',
      '106 106 105 106',
      '106 106 105 106',
    ]);
    // 102 - 4; 104 - 4; 106 - 4; then the range falls to 1.5 and 1.25: 106 - 3, 106 - 2.5.
    expect(stopsOf(outcome)).toEqual(['98', '100', '102', '103', '103.5']);
    expect(ordersOf(outcome).slice(1, -1)).toEqual(Array(4).fill('STOP_LOSS SELL atr-stop: canceled'));
  });

  test('is not moved for a small rise', () => {
    const outcome = run([breakout, '102 104 102 104', '104 106 104 106', '106 106 105 106'], { raise: '2' });
    // From 98 two ranges of 2 further; 100 is not far enough, 102 is.
    expect(stopsOf(outcome)).toEqual(['98', '102']);
  });

  test('that the price has passed before it could be placed, the coins are sold at once', () => {
    const outcome = run([breakout, '102 102 96 97', '97 98 96 97']);
    expect(ordersOf(outcome)).toEqual([
      'MARKET BUY breakout: filled',
      'STOP_LOSS SELL atr-stop: refused would_trigger_immediately',
      'MARKET SELL channel-exit: filled',
    ]);
  });
});

describe('the exit', () => {
  test('by the channel cancels the stop first, since it locks the coins, and sells them when it is gone', () => {
    // The lowest low of the two bars before is 101; the close of 100.5 breaks it and the stop of 98 is not reached.
    const outcome = run([
      breakout,
      '102 103 101 102',
      '102 103 101 102',
      '102 102 100 100.5',
      '100 101 99.5 100',
    ]);
    expect(fillsOf(outcome)[1]).toBe('8 SELL 9.793 @ 100, 0.9793 USDT TAKER (channel-exit)');
    expect(ordersOf(outcome).slice(-2)).toEqual([
      'STOP_LOSS SELL atr-stop: canceled',
      'MARKET SELL channel-exit: filled',
    ]);
  });

  test('is followed by a new entry at the next breakout', () => {
    const down = ['102 102 100 100.5', '100 101 99 100', '100 101 99 100', '100 101 99 100'];
    const outcome = run([
      breakout,
      '102 103 101 102',
      '102 103 101 102',
      ...down,
      '100 104 100 104',
      '104 105 103 104',
    ]);
    expect([...outcome.desk.fills].map(({ side, tag }) => `${side} ${tag}`)).toEqual([
      'BUY breakout',
      'SELL channel-exit',
      'BUY breakout',
    ]);
  });

  test('that is refused is tried again at every bar', () => {
    // A minimum that the position no longer reaches once the price has fallen.
    const market = testMarket(
      'BTC/USDT',
      [...calm, breakout, '102 102 90 90', '90 91 90 91', '103 104 103 104', '104 104 103 103'],
      { minimumNotional: '995' },
    );
    const outcome = play(donchianBreakout, { markets: [market], parameters });
    expect(ordersOf(outcome)).toEqual([
      'MARKET BUY breakout: filled',
      'STOP_LOSS SELL atr-stop: refused notional_below_minimum',
      'MARKET SELL channel-exit: refused notional_below_minimum',
      'MARKET SELL channel-exit: refused notional_below_minimum',
      'MARKET SELL channel-exit: refused notional_below_minimum',
      'MARKET SELL channel-exit: filled',
    ]);
  });
});

test('an exit channel longer than the entry channel is refused', () => {
  const read = readParameters(donchianBreakout.parameters, new Map([['exit', '21']]));
  expect(read.ok && donchianBreakout.check?.(read.value)).toBe('exit (21) must not be above channel (20)');
  const fine = readParameters(donchianBreakout.parameters, new Map());
  expect(fine.ok && donchianBreakout.check?.(fine.value)).toBeUndefined();
});

test('on a long random market entries and exits alternate, and no stop ever moves down', () => {
  const instrument = testInstrument('BTC/USDT', { step: '0.00001', minimumNotional: '5' });
  const bars = generateBars({
    symbol: 'BTCUSDT',
    interval: Interval.parse('1h')!,
    extent: { bars: 5000 },
    seed: 5,
  });
  const outcome = play(donchianBreakout, { markets: [{ instrument, bars }], cash: ['10000 USDT'] });
  const fills = [...outcome.desk.fills];
  expect(fills.length).toBeGreaterThan(40);
  for (const [place, { side }] of fills.entries()) expect(side).toBe(place % 2 === 0 ? 'BUY' : 'SELL');
  let level = 0;
  for (const { intent } of outcome.orders!) {
    if (intent.tag === 'breakout') level = 0;
    const stopPrice = triggerOf(intent.terms)?.stopPrice;
    if (stopPrice === undefined) continue;
    expect(Number(formatPrice(stopPrice))).toBeGreaterThanOrEqual(level);
    level = Number(formatPrice(stopPrice));
  }
});
