import { BarsBuilder, Interval } from '@tradewind/core/market';
import { Slippage } from '@tradewind/core/matching/bars';
import { type Amount, amount, price, quantity, quoteAmount, ratio } from '@tradewind/core/money';
import type { RiskLimits } from '@tradewind/core/risk';
import { expect, test } from 'vitest';
import { market } from '../../core/orders/terms.test-support.ts';
import { type BacktestOutcome, runBacktest } from './index.ts';
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

const equity = (text: string): Amount<'equity'> => amount('equity', text);

const noLimits: RiskLimits = {
  account: {
    orderNotionalMaximum: 'none',
    orderShareOfEquityMaximum: 'none',
    exposureMaximum: 'none',
    openOrdersMaximum: 'none',
    orderRate: 'none',
    dailyLossMaximum: 'none',
    drawdownMaximum: 'none',
  },
  strategies: new Map([
    [
      'scripted',
      {
        exposureMaximum: 'none',
        openOrdersMaximum: 'none',
        orderRate: 'none',
        consecutiveLossesMaximum: 'none',
      },
    ],
  ]),
  symbols: new Map([
    [
      'BTCUSDT',
      {
        positionMaximum: 'none',
        exposureMaximum: 'none',
        openOrdersMaximum: 'none',
        priceCollar: 'none',
        priceAgeMsMaximum: 0,
      },
    ],
  ]),
  assets: new Map([['BTC', { exposureMaximum: 'none', shareOfEquityMaximum: 'none' }]]),
};

const accountLimits = (change: Partial<RiskLimits['account']>): RiskLimits => ({
  ...noLimits,
  account: { ...noLimits.account, ...change },
});

type Steps = (market: {
  buy(size: string): void;
  sell(size: string): void;
  bracket(): void;
}) => Record<number, () => void>;

/** Steps at bars of BTCUSDT at these closes, with 1000 USDT and no fees. */
function runWith(
  limits: RiskLimits | undefined,
  closes: readonly number[],
  steps: Steps,
  startMs = 0,
  coins = '0',
): BacktestOutcome {
  const definition = scripted((context) => {
    const market = context.market();
    return atBars(
      steps({
        buy: (size) => market.buy({ type: 'MARKET', quantity: quantity(size) }),
        sell: (size) => market.sell({ type: 'MARKET', quantity: quantity(size) }),
        bracket: () =>
          market.otoco(
            'BUY',
            { type: 'LIMIT', timeInForce: 'GTC', price: price('140'), quantity: quantity('1') },
            { type: 'LIMIT_MAKER', price: price('150'), quantity: quantity('1') },
            { type: 'STOP_LOSS', trigger: { stopPrice: price('50') }, quantity: quantity('1') },
          ),
      }),
    )();
  });
  const instrument = testInstrument('BTC/USDT');
  return runBacktest({
    definition,
    values: {},
    setup: { symbols: ['BTCUSDT'], interval: '1m' },
    markets: [{ instrument, bars: testBars('BTCUSDT', closes.map(still), '1m', startMs) }],
    cash: [
      { asset: 'USDT', amount: quoteAmount('1000') },
      { asset: 'BTC', amount: quantity(coins) },
    ],
    assumptions: {
      fees: { maker: fractionOf('0'), taker: fractionOf('0') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
    ...(limits === undefined ? {} : { risk: { limits, exchangeFilters: {} } }),
    listOrders: true,
  });
}

const refusals = ({ desk }: BacktestOutcome) => Object.fromEntries(desk.refusals);
const tripped = ({ trips }: BacktestOutcome) =>
  trips?.map(({ cause, atMs }) => `${cause.kind} ${atMs / 60_000}`);

test('a run without limits has no breakers', () => {
  expect(runWith(undefined, [100, 100], ({ buy }) => ({ 0: () => buy('1') })).trips).toBeUndefined();
});

test('limits that are all "none" change nothing', () => {
  const steps: Steps = ({ buy, sell, bracket }) => ({
    0: () => buy('2'),
    1: () => bracket(),
    3: () => sell('2'),
  });
  const closes = [100, 110, 120, 160, 130, 120];
  expect(fillsOf(runWith(noLimits, closes, steps))).toEqual(fillsOf(runWith(undefined, closes, steps)));
  expect(refusals(runWith(noLimits, closes, steps))).toEqual({});
});

test('what is held counts against a limit of exposure', () => {
  // 4 held at 100, 2 more make 600; 1 more makes exactly 500.
  const outcome = runWith(
    accountLimits({ exposureMaximum: equity('500') }),
    [100, 100, 100, 100],
    ({ buy }) => ({
      0: () => buy('4'),
      1: () => buy('2'),
      2: () => buy('1'),
    }),
  );
  expect(refusals(outcome)).toEqual({ exposure_over_limit: 1 });
  expect(fillsOf(outcome)).toHaveLength(2);
});

test('orders of one instant see one another, and what ended gives its room back', () => {
  const outcome = runWith(accountLimits({ openOrdersMaximum: 1 }), [100, 100, 100], ({ buy }) => ({
    0: () => [buy('1'), buy('1')],
    1: () => buy('1'),
  }));
  expect(refusals(outcome)).toEqual({ open_orders_over_limit: 1 });
  expect(fillsOf(outcome)).toHaveLength(2);
});

test('the legs of a bracket give their room back when it is over', () => {
  const outcome = runWith(
    accountLimits({ openOrdersMaximum: 3 }),
    [100, 100, 160, 100, 100],
    ({ bracket }) => ({
      0: () => bracket(),
      2: () => bracket(),
    }),
  );
  expect(refusals(outcome)).toEqual({});
  expect(fillsOf(outcome)).toHaveLength(3);
});

test('a symbol that the limits do not name takes no new risk', () => {
  const outcome = runWith({ ...noLimits, symbols: new Map() }, [100, 100], ({ buy }) => ({
    0: () => buy('1'),
  }));
  expect(refusals(outcome)).toEqual({ limit_not_stated: 1 });
});

test('a day that lost too much ends new risk, and selling goes on', () => {
  const outcome = runWith(
    accountLimits({ dailyLossMaximum: equity('50') }),
    [100, 100, 94, 94, 94],
    ({ buy, sell }) => ({
      0: () => buy('9'),
      2: () => [buy('0.5'), sell('9')],
    }),
  );
  expect(tripped(outcome)).toEqual(['daily_loss 3']);
  expect(refusals(outcome)).toEqual({ trading_only_reduces: 1 });
  expect(fillsOf(outcome)).toHaveLength(2);
});

test('a loss spread over two UTC days trips no daily limit', () => {
  // The third bar closes at midnight: 36 are lost before, 36 after.
  const midnight = 86_400_000;
  const limits = accountLimits({ dailyLossMaximum: equity('50') });
  const closes = [100, 100, 96, 92, 92];
  const steps: Steps = ({ buy }) => ({ 0: () => buy('9') });
  expect(tripped(runWith(limits, closes, steps, midnight - 3 * 60_000))).toEqual([]);
  expect(tripped(runWith(limits, closes, steps))).toEqual(['daily_loss 4']);
});

test('round trips lost in a row end new risk of the strategy', () => {
  const base = noLimits.strategies.get('scripted')!;
  const limits = {
    ...noLimits,
    strategies: new Map([['scripted', { ...base, consecutiveLossesMaximum: 1 }]]),
  };
  const outcome = runWith(limits, [100, 100, 99, 99, 98, 98, 98], ({ buy, sell }) => ({
    0: () => buy('1'),
    1: () => sell('1'),
    2: () => buy('1'),
    3: () => sell('1'),
    5: () => buy('1'),
  }));
  expect(outcome.trips).toMatchObject([{ cause: { kind: 'consecutive_losses', maximum: 1, was: 2 } }]);
  expect(refusals(outcome)).toEqual({ trading_only_reduces: 1 });
});

test('a round trip that a fee of another symbol ends counts, too', () => {
  const coins = ['BTC', 'BNB'];
  const base = noLimits.strategies.get('scripted')!;
  const limits: RiskLimits = {
    ...noLimits,
    strategies: new Map([['scripted', { ...base, consecutiveLossesMaximum: 0 }]]),
    symbols: new Map(coins.map((coin) => [`${coin}USDT`, noLimits.symbols.get('BTCUSDT')!])),
    assets: new Map(coins.map((coin) => [coin, noLimits.assets.get('BTC')!])),
  };
  const outcome = runBacktest({
    // Every minute has a bar of each symbol, so that 4 is the first of the third minute.
    definition: scripted((context) =>
      atBars({
        0: () => context.market('BNBUSDT').buy(market('0.01')),
        4: () => context.market('BTCUSDT').buy(market('11.9')),
        8: () => context.market('BTCUSDT').buy(market('0.1')),
      })(),
    ),
    values: {},
    setup: { symbols: ['BTCUSDT', 'BNBUSDT'], interval: '1m' },
    markets: [
      testMarket('BTC/USDT', Array(6).fill(still(100))),
      testMarket('BNB/USDT', [100, 100, 90, 90, 90, 90].map(still)),
    ],
    cash: [{ asset: 'USDT', amount: quoteAmount('10000') }],
    assumptions: {
      fees: { maker: fractionOf('0.001'), taker: fractionOf('0.001') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
    feeDiscount: { asset: 'BNB', multiplier: fractionOf('0.75') },
    risk: { limits, exchangeFilters: {} },
  });
  // 0.00999 BNB were bought for 1. The fee of 11.9 BTC is 11.9 x 100 x 0.001 x 0.75 / 90 = 0.00991667 of them: less than
  // a step is left, and what cost 0.99 went for 0.89.
  expect(outcome.trips).toMatchObject([{ cause: { kind: 'consecutive_losses', maximum: 0, was: 1 } }]);
  expect(refusals(outcome)).toEqual({ trading_only_reduces: 1 });
  expect(outcome.desk.fills.length).toBe(2);
});

test('a fall from the peak over the limit refuses new risk', () => {
  const outcome = runWith(
    accountLimits({ drawdownMaximum: ratio('0.1') }),
    [100, 100, 200, 160, 160],
    ({ buy }) => ({
      0: () => buy('5'),
      2: () => buy('1'),
      3: () => buy('1'),
    }),
  );
  // 500 + 5 x 200 = 1500 at the peak, then with 6 at 160 it is 1260: 16 % below.
  expect(refusals(outcome)).toEqual({ drawdown_over_limit: 1 });
});

test('coins held from the start count in the first day, too: their fall is a loss of that day', () => {
  const limits = accountLimits({ dailyLossMaximum: equity('100') });
  // 1000 + 1 x 1000 at first; 500 less after the second bar.
  const outcome = runWith(limits, [1000, 500, 500], ({ buy }) => ({ 1: () => buy('0.1') }), 0, '1');
  expect(tripped(outcome)).toEqual(['daily_loss 2']);
  expect(outcome.desk.fills.length).toBe(0);
});

test('a price grows old while only coarser bars close, and an order on it is refused', () => {
  // Two minutes, then a halt until minute 12; the bar of five minutes closes inside it.
  const instrument = testInstrument('BTC/USDT');
  const builder = new BarsBuilder('BTCUSDT', Interval.parse('1m')!);
  for (const minute of [0, 1, 12, 13]) builder.append(minute * 60_000, 100, 100, 100, 100, 0, 1, 0);
  const outcome = runBacktest({
    definition: scripted(
      (context) => ({
        onBar: ({ count }) => {
          if (count === 1) context.market().buy({ type: 'MARKET', quantity: quantity('1') });
        },
      }),
      { inputs: () => [{ kind: 'bars', symbol: 'BTCUSDT', interval: '5m' }] },
    ),
    values: {},
    setup: { symbols: ['BTCUSDT'], interval: '1m' },
    markets: [{ instrument, bars: builder.build() }],
    cash: [{ asset: 'USDT', amount: quoteAmount('1000') }],
    assumptions: {
      fees: { maker: fractionOf('0'), taker: fractionOf('0') },
      slippage: new Slippage(0, 1),
      limitFill: 'through',
    },
    risk: { limits: noLimits, exchangeFilters: {} },
  });
  expect(refusals(outcome)).toEqual({ price_age_out_of_bounds: 1 });
  expect(outcome.desk.fills.length).toBe(0);
});
