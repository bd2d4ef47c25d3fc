import { Slippage } from '@tradewind/core/matching/bars';
import { amount, formatAmount, quantity } from '@tradewind/core/money';
import { expect, test } from 'vitest';
import { type MarketData, runBacktest } from './index.ts';
import {
  atBars,
  fillsOf,
  fractionOf,
  scripted,
  still,
  testBars,
  testInstrument,
  testMarket,
} from './test-market.test-support.ts';

const BTC = testMarket('BTC/USDT', [still(100), still(110), still(120)]);
const BNB = testMarket('BNB/USDT', [still(30), still(40), still(50)]);

/** Buys 1 BTC and sells it; BNB is there for its price and for fees. */
function roundTrip(bnb: string, markets: readonly MarketData[] = [BTC, BNB]) {
  const definition = scripted((context) =>
    atBars({
      0: () => context.market().buy({ type: 'MARKET', quantity: quantity('1') }),
      1: () => context.market().sell({ type: 'MARKET', quantity: context.market().sellable }),
    })(),
  );
  return runBacktest({
    definition,
    values: {},
    setup: { symbols: ['BTCUSDT'], interval: '1m' },
    markets,
    cash: [
      { asset: 'USDT', amount: amount('USDT', '1000') },
      { asset: 'BNB', amount: amount('BNB', bnb) },
    ],
    assumptions: {
      fees: { maker: fractionOf('0.001'), taker: fractionOf('0.001') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
    feeDiscount: { asset: 'BNB', multiplier: fractionOf('0.75') },
  });
}

test('fees are paid in the fee asset at its last close, with the discount', () => {
  const outcome = roundTrip('1');
  // 110 x 0.001 x 0.75 = 0.0825, at 30 for one; 120 x 0.001 x 0.75 = 0.09, at 40.
  expect(fillsOf(outcome)).toEqual(['1 BUY 1 @ 110, 0.00275 BNB TAKER', '2 SELL 1 @ 120, 0.00225 BNB TAKER']);
  const [btc] = outcome.markets;
  expect(btc!.roundTrips.profits).toEqual([10 - 0.0825 - 0.09]);
  // 1000 + 1 x 30 in the beginning; 1010 and 0.995 x 50 in the end.
  expect(outcome.curve.dailyEquity.at(0)).toBe(1030);
  expect(outcome.curve.dailyEquity.at(-1)).toBe(1010 + 49.75);
  expect(formatAmount(outcome.portfolio.asset('BNB').balance(0).toAmount())).toBe('0.995');
});

test('without enough of the fee asset the full fee is taken from what is received', () => {
  expect(fillsOf(roundTrip('0.003'))).toEqual([
    '1 BUY 1 @ 110, 0.00275 BNB TAKER',
    '2 SELL 1 @ 120, 0.12 USDT TAKER',
  ]);
});

test('the order of the markets makes no difference: no fee is priced by a close that is not known yet', () => {
  expect(roundTrip('1', [BNB, BTC]).curve.dailyEquity).toEqual(roundTrip('1').curve.dailyEquity);
  const feesOf = (outcome: ReturnType<typeof roundTrip>) =>
    fillsOf(outcome).map((fill) => fill.split(', ')[1]);
  expect(feesOf(roundTrip('1', [BNB, BTC]))).toEqual(['0.00275 BNB TAKER', '0.00225 BNB TAKER']);
});

test('a market that is only there for its price is played as long as something is traded', () => {
  const instrument = testInstrument('BNB/USDT');
  // Two minutes of BNB before the first of BTC, and one after the last.
  const prices = [still(10), still(30), still(30), still(40), still(50), still(60)];
  const long = { instrument, bars: testBars('BNBUSDT', prices, '1m', -2 * 60_000) };
  const outcome = roundTrip('1', [BTC, long]);
  expect(fillsOf(outcome).map((fill) => fill.split(', ')[1])).toEqual([
    '0.00275 BNB TAKER',
    '0.00225 BNB TAKER',
  ]);
  expect(outcome.curve.marks).toBe(3);
});

test('in a gap of its own market the fee asset costs what it last closed at', () => {
  // BNB closes at 30, then at 40, and is not there for the third minute, in which BTC is sold.
  const short = testMarket('BNB/USDT', [still(30), still(40)]);
  // 110 x 0.001 x 0.75 / 30; 120 x 0.001 x 0.75 / 40
  const fees = fillsOf(roundTrip('1', [BTC, short])).map((fill) => fill.split(', ')[1]);
  expect(fees).toEqual(['0.00275 BNB TAKER', '0.00225 BNB TAKER']);
  // Still there when the sale comes later, in a minute that BNB does not have.
  const late = testMarket('BTC/USDT', [still(100), still(110), still(120), still(130)]);
  expect(fillsOf(roundTrip('1', [late, short])).map((fill) => fill.split(', ')[1])).toEqual(fees);
});
