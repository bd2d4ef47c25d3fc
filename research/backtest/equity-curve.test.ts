import { Slippage } from '@tradewind/core/matching/bars';
import { amount, price, quantity, quoteAmount } from '@tradewind/core/money';
import { Portfolio } from '@tradewind/core/portfolio';
import { sharpe } from '@tradewind/core/statistics';
import { describe, expect, test } from 'vitest';
import { market } from '../../core/orders/terms.test-support.ts';
import { EquityCurve } from './equity-curve.ts';
import { runBacktest } from './index.ts';
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

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const returnsOf = (equity: readonly number[]): number[] =>
  equity.slice(1).map((value, i) => value / equity[i]! - 1);

test('coins held from the start count at their first open until their market has traded', () => {
  const late = {
    instrument: testInstrument('ETH/USDT'),
    bars: testBars('ETHUSDT', [still(50)], '1m', 3 * MINUTE),
  };
  const markets = [testMarket('BTC/USDT', Array(5).fill(still(100))), late];
  const { curve } = play(
    scripted(() => ({})),
    { markets, cash: ['1000 USDT', '20 ETH'] },
  );
  expect([curve.dailyEquity.at(0), curve.dailyEquity.at(-1)]).toEqual([2000, 2000]);
  expect(curve.deepestDrawdown).toBe(0);
});

test('a price that never moves gives no return, whatever doubles make of it', () => {
  const days = {
    instrument: testInstrument('BTC/USDT'),
    bars: testBars('BTCUSDT', Array(9).fill(still(100.07)), '1d'),
  };
  const outcome = play(
    scripted((context) =>
      atBars({
        1: () => context.market().buy(market('9.123')),
        4: () => context.market().sell(market('9.123')),
      })(),
    ),
    { markets: [days], assumptions: { fees: { maker: fractionOf('0'), taker: fractionOf('0') } } },
  );
  expect(outcome.desk.fills.length).toBe(2);
  expect(new Set(outcome.curve.dailyEquity)).toEqual(new Set([1000]));
  expect(outcome.curve.deepestDrawdown).toBe(0);
  expect(sharpe(returnsOf(outcome.curve.dailyEquity), 365)).toBeUndefined();
});

test('a round trip begins with a buy: selling coins that were deposited is none', () => {
  const outcome = play(
    scripted((context) =>
      atBars({
        0: () => context.market().sell(market('0.1')),
        1: () => context.market().sell(market('0.1')),
        2: () => context.market().buy(market('1')),
        3: () =>
          context.market().sell({
            type: 'MARKET',
            quantity: context.market().floorToStep(context.market().position.quantity),
          }),
      })(),
    ),
    { markets: [testMarket('BTC/USDT', Array(6).fill(still(100)))], cash: ['1000 USDT', '1 BTC'] },
  );
  expect(outcome.desk.fills.length).toBe(4);
  expect(outcome.markets[0]!.roundTrips.profits).toHaveLength(1);
});

test('finer bars are believed only where they cover the bar: elsewhere the bar itself decides', () => {
  const hours = ['100 100 100 100', '100 100 50 100', still(100)];
  const instrument = testInstrument('BTC/USDT');
  const stopOut = scripted((context) =>
    atBars({
      0: () =>
        context.market().sell({
          type: 'STOP_LOSS',
          quantity: quantity('1'),
          trigger: { stopPrice: price('95') },
        }),
    })(),
  );
  const outcomeWith = (detail?: ReturnType<typeof testBars>) =>
    play(stopOut, {
      markets: [
        { instrument, bars: testBars('BTCUSDT', hours, '1h'), ...(detail === undefined ? {} : { detail }) },
      ],
      cash: ['1 BTC', '0 USDT'],
    });
  const fills = (outcome: ReturnType<typeof outcomeWith>) =>
    [...outcome.desk.fills].map(({ price }) => price / 100);
  expect(fills(outcomeWith())).toEqual([95]);
  // One lonely minute of the hour in which the price fell to 50.
  const partial = outcomeWith(testBars('BTCUSDT', [still(100)], '1m', 119 * MINUTE));
  expect(fills(partial)).toEqual([95]);
  expect(partial.markets[0]!.uncoveredBars).toBe(1);
  // Two half hours that cover it: the second opens below the stop.
  const halves = outcomeWith(testBars('BTCUSDT', ['100 100 96 96', '90 100 50 100'], '30m', 60 * MINUTE));
  expect(fills(halves)).toEqual([90]);
  expect(halves.markets[0]!.uncoveredBars).toBe(0);
});

test('a fee that takes the last of a position closes its round trip', () => {
  const prices = Array(6).fill(still(100));
  const outcome = runBacktest({
    definition: scripted((context) =>
      atBars({
        0: () => context.market('BNBUSDT').buy(market('0.01')),
        1: () => context.market('BTCUSDT').buy(market('13')),
      })(),
    ),
    values: {},
    setup: { symbols: ['BNBUSDT', 'BTCUSDT'], interval: '1m' },
    markets: [testMarket('BNB/USDT', prices), testMarket('BTC/USDT', prices)],
    cash: [{ asset: 'USDT', amount: quoteAmount('10000') }],
    assumptions: {
      fees: { maker: fractionOf('0.001'), taker: fractionOf('0.001') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
    feeDiscount: { asset: 'BNB', multiplier: fractionOf('0.75') },
  });
  // 13 x 100 x 0.001 x 0.75 / 100 = 0.00975 of the 0.00999 BNB that were bought.
  const [bnb] = outcome.markets;
  expect(bnb!.exchange.accounts.position.quantity.toNumber()).toBeCloseTo(0.00024, 8);
  expect([bnb!.isHolding, bnb!.roundTrips.profits.length]).toEqual([false, 1]);
});

describe('a daily sample', () => {
  // One coin and no cash, so that each sample is the price at that instant. The first bar opens at 22:00.
  const samplesOf = (closes: readonly number[]) => {
    const { curve } = play(
      scripted(() => ({})),
      {
        markets: [
          {
            instrument: testInstrument('BTC/USDT'),
            bars: testBars('BTCUSDT', closes.map(still), '1h', DAY - 2 * HOUR),
          },
        ],
        cash: ['1 BTC', '0 USDT'],
      },
    );
    return curve.dailyTimesMs.map((timeMs, i) => [timeMs / HOUR, curve.dailyEquity[i]]);
  };

  test('is taken at midnight, and once more where the run ends past it', () => {
    expect(samplesOf([100, 101, 102])).toEqual([
      [22, 100],
      [24, 101],
      [25, 102],
    ]);
  });

  test('is one and not two where the run ends at midnight itself', () => {
    expect(samplesOf([100, 101])).toEqual([
      [22, 100],
      [24, 101],
    ]);
  });

  test.each([
    { endHour: 49, hours: [22, 24, 48, 49] },
    { endHour: 48, hours: [22, 24, 48] },
  ])(
    'is taken of every day between the last bar and the end of the run in hour $endHour',
    ({ endHour, hours }) => {
      const portfolio = new Portfolio();
      portfolio.deposit('USDT', amount('USDT', '1000'));
      const curve = new EquityCurve(22 * HOUR, [], portfolio.asset('USDT'));
      portfolio.withdraw('USDT', amount('USDT', '400'));
      curve.mark(23 * HOUR, true);
      curve.finish(endHour * HOUR);
      expect(curve.dailyTimesMs.map((timeMs) => timeMs / HOUR)).toEqual(hours);
      expect(curve.dailyEquity).toEqual([1000, ...Array(hours.length - 1).fill(600)]);
    },
  );
});
