import { expect, test } from 'vitest';
import { type Amount, amount, price, quantity, ratio } from '../money/index.ts';
import type { OrderIntent, OrderTerms, Side } from '../orders/index.ts';
import { limit, market } from '../orders/terms.test-support.ts';
import { deskWith } from './desk.test-support.ts';
import { CheckLog, type CheckMade } from './index.ts';
import { equityAmount, intentOf, type limitsWith, type TestView } from './world.test-support.ts';

/** Every limit there is, none of them reached by one order for 100. */
const WIDE = {
  account: {
    orderNotionalMaximum: equityAmount('500'),
    orderShareOfEquityMaximum: ratio('0.5'),
    exposureMaximum: equityAmount('900'),
    openOrdersMaximum: 10,
    orderRate: { orders: 5, windowMs: 1000, keptForReducing: 1 },
    dailyLossMaximum: equityAmount('50'),
    drawdownMaximum: ratio('0.1'),
  },
  strategy: {
    exposureMaximum: equityAmount('800'),
    openOrdersMaximum: 8,
    orderRate: { orders: 4, windowMs: 1000, keptForReducing: 1 },
  },
  symbol: {
    positionMaximum: quantity('7'),
    exposureMaximum: equityAmount('700'),
    openOrdersMaximum: 6,
    priceCollar: ratio('0.05'),
    priceAgeMsMaximum: 5000,
  },
  asset: { exposureMaximum: equityAmount('600'), shareOfEquityMaximum: ratio('0.4') },
} as const;

const made = (
  check: string,
  was: Amount | number,
  bound: Amount | number,
  unit: string,
  isPassed = true,
) => ({
  check,
  isPassed,
  was,
  limit: bound,
  unit,
});
const plain = (check: string, isPassed = true) => ({ check, isPassed });
const usdt = (text: string) => amount('USDT', text);

/** What one BUY of 1 at 99 is held against, in the world of WIDE: 100 USDT a BTC, 1000 USDT, loss of the day 10. */
const ALL_OF_A_BUY: readonly CheckMade[] = [
  plain('halt'),
  plain('terms'),
  plain('client_order_ids'),
  made('reference_price_age', 250, 5000, 'ms'),
  plain('only_reduces'),
  plain('venue_filters'),
  plain('venue_open_counts'),
  made('price_collar', usdt('1'), usdt('5'), 'USDT'),
  made('sufficient_balance', usdt('99'), usdt('1000'), 'USDT'),
  made('account_order_rate', 1, 4, 'orders'),
  made('strategy_order_rate', 1, 3, 'orders'),
  plain('limits_stated'),
  // A BUY below the market is worth what the market says: the dearer of the two prices.
  made('order_notional', usdt('100'), usdt('500'), 'USDT'),
  made('order_share_of_equity', usdt('100'), usdt('495'), 'USDT'),
  made('account_open_orders', 1, 10, 'orders'),
  made('strategy_open_orders', 1, 8, 'orders'),
  made('symbol_open_orders', 1, 6, 'orders'),
  made('position', usdt('1'), usdt('7'), 'BTC'),
  made('symbol_exposure', usdt('100'), usdt('700'), 'USDT'),
  made('asset_exposure', usdt('100'), usdt('600'), 'USDT'),
  made('strategy_exposure', usdt('100'), usdt('800'), 'USDT'),
  made('account_exposure', usdt('100'), usdt('900'), 'USDT'),
  made('concentration', usdt('100'), usdt('396'), 'USDT'),
  made('daily_loss', usdt('10'), usdt('50'), 'USDT'),
  made('drawdown', usdt('10'), usdt('100'), 'USDT'),
];

function ask(
  side: Side,
  terms: OrderTerms,
  change: Parameters<typeof limitsWith>[0] = WIDE,
  prepare: (world: ReturnType<typeof deskWith>) => void = () => undefined,
  intent: Partial<OrderIntent> = {},
) {
  const world = deskWith(change);
  world.view.priceAgeMs = 250;
  world.view.equityNow = equityAmount('990');
  prepare(world);
  const log = new CheckLog();
  const answer = world.desk.review(intentOf(side, terms, intent), log);
  return { reason: answer.ok ? 'approved' : answer.error.reason, made: log.made };
}

test('K5: an approved order has passed every check there is, in their order, with the numbers of each', () => {
  expect(ask('BUY', limit('1', '99'))).toEqual({ reason: 'approved', made: ALL_OF_A_BUY });
});

test('limits that are none are said to be none, and nothing is measured for them', () => {
  const { reason, made: checks } = ask('BUY', limit('1', '99'), {});
  expect(reason).toBe('approved');
  const measured = ['reference_price_age', 'sufficient_balance'];
  const expected = ALL_OF_A_BUY.filter(({ check }) => check !== 'reference_price_age').map((each) =>
    'was' in each && !measured.includes(each.check)
      ? { check: each.check, isPassed: true, limit: 'none' }
      : each,
  );
  // Without a bound on the age of prices nothing measures it, and sizing says so by its own name.
  expect(checks).toEqual([...expected.slice(0, 3), plain('sizing'), ...expected.slice(3)]);
});

test('an order that only reduces is not held against the limits on new risk', () => {
  const { reason, made: checks } = ask('SELL', market('1'), WIDE, ({ view }) => view.hold('2'));
  expect(reason).toBe('approved');
  expect(checks.map(({ check }) => check)).toEqual([...ALL_OF_A_BUY.slice(0, 11).map(({ check }) => check)]);
  expect(checks.at(-1)).toEqual(made('strategy_order_rate', 1, 4, 'orders'));
});

test('a sale that is new risk says which checks had nothing to measure', () => {
  const { reason, made: checks } = ask('SELL', market('1'), WIDE, ({ view }) => {
    view.balances.set('BTC', amount('BTC', '1'));
  });
  expect(reason).toBe('approved');
  expect(checks.filter(({ was }) => was === undefined).map(({ check }) => check)).toEqual([
    'halt',
    'terms',
    'client_order_ids',
    'only_reduces',
    'venue_filters',
    'venue_open_counts',
    'price_collar',
    'limits_stated',
    'position',
    'symbol_exposure',
    'asset_exposure',
    'strategy_exposure',
    'account_exposure',
    'concentration',
  ]);
});

type Preparation = Parameters<typeof ask>[3];
interface Refused {
  readonly check: string;
  readonly reason: string;
  /** The check as it must stand in the log; left out where nothing is measured. */
  readonly measured?: CheckMade;
  readonly side?: Side;
  readonly terms?: OrderTerms;
  readonly prepare?: Preparation;
  readonly intent?: Partial<OrderIntent>;
}
const viewWith =
  (change: Partial<TestView>): Preparation =>
  ({ view }) => {
    Object.assign(view, change);
  };
const halted =
  (state: 'halted' | 'reducing'): Preparation =>
  ({ desk }) =>
    desk.halt({ scope: { kind: 'system' }, state, by: 'ann', why: 'drill', atMs: 1 });

/** For each check an order that it alone refuses: without the check the order would be approved. */
const REFUSED_BY_ONE: readonly Refused[] = [
  { check: 'halt', reason: 'trading_halted', prepare: halted('halted') },
  { check: 'terms', reason: 'quantity_not_positive', terms: limit('0', '99') },
  {
    check: 'client_order_ids',
    reason: 'client_order_id_malformed',
    intent: { clientOrderId: 'two words' },
  },
  {
    check: 'reference_price_age',
    reason: 'price_age_out_of_bounds',
    measured: made('reference_price_age', 5001, 5000, 'ms', false),
    prepare: viewWith({ priceAgeMs: 5001 }),
  },
  { check: 'sizing', reason: 'missing_value', prepare: viewWith({ price: undefined }) },
  { check: 'only_reduces', reason: 'trading_only_reduces', prepare: halted('reducing') },
  {
    check: 'venue_filters',
    reason: 'order_type_not_supported',
    prepare: ({ view }) => {
      const instrument = view.instruments.get('BTCUSDT')!;
      view.instruments.set('BTCUSDT', { ...instrument, orderTypes: ['MARKET'] });
    },
  },
  {
    check: 'venue_open_counts',
    reason: 'too_many_open',
    prepare: viewWith({ exchangeFilters: { openOrdersMaximum: 0 } }),
  },
  {
    check: 'price_collar',
    reason: 'price_outside_collar',
    measured: made('price_collar', usdt('5.01'), usdt('5'), 'USDT', false),
    terms: limit('1', '94.99'),
  },
  {
    check: 'sufficient_balance',
    reason: 'insufficient_balance',
    measured: made('sufficient_balance', usdt('99'), usdt('98.99'), 'USDT', false),
    prepare: ({ view }) => view.balances.set('USDT', usdt('98.99')),
  },
  {
    check: 'account_order_rate',
    reason: 'order_rate_exceeded',
    measured: made('account_order_rate', 5, 4, 'orders', false),
    prepare: ({ ask: askFirst }) => {
      for (let i = 0; i < 4; i++) askFirst('BUY', limit('0.1', '99'), { strategy: i < 2 ? 'alpha' : 'beta' });
    },
  },
  {
    check: 'strategy_order_rate',
    reason: 'order_rate_exceeded',
    measured: made('strategy_order_rate', 4, 3, 'orders', false),
    prepare: ({ ask: askFirst }) => {
      for (let i = 0; i < 3; i++) askFirst('BUY', limit('0.1', '99'));
    },
  },
  { check: 'limits_stated', reason: 'limit_not_stated', intent: { strategy: 'unheard-of' } },
  {
    check: 'order_notional',
    reason: 'order_notional_over_limit',
    measured: made('order_notional', usdt('501'), usdt('500'), 'USDT', false),
    terms: limit('5.01', '99'),
  },
  {
    check: 'order_share_of_equity',
    reason: 'order_share_of_equity_over_limit',
    measured: made('order_share_of_equity', usdt('496'), usdt('495'), 'USDT', false),
    terms: limit('4.96', '99'),
  },
  {
    check: 'account_open_orders',
    reason: 'open_orders_over_limit',
    measured: made('account_open_orders', 11, 10, 'orders', false),
    prepare: ({ desk }) => {
      for (let i = 0; i < 10; i++) {
        desk.adopt(intentOf('BUY', limit('0.01', '99'), { strategy: i < 5 ? 'beta' : 'gamma' }));
      }
    },
  },
  {
    check: 'strategy_open_orders',
    reason: 'open_orders_over_limit',
    measured: made('strategy_open_orders', 9, 8, 'orders', false),
    prepare: ({ desk }) => {
      for (let i = 0; i < 8; i++) desk.adopt(intentOf('BUY', limit('0.01', '99'), { symbol: 'ETHBTC' }));
    },
  },
  {
    check: 'symbol_open_orders',
    reason: 'open_orders_over_limit',
    measured: made('symbol_open_orders', 7, 6, 'orders', false),
    prepare: ({ desk }) => {
      for (let i = 0; i < 6; i++) desk.adopt(intentOf('BUY', limit('0.01', '99'), { strategy: 'beta' }));
    },
  },
  {
    check: 'position',
    reason: 'position_over_limit',
    measured: made('position', usdt('7.01'), usdt('7'), 'BTC', false),
    prepare: viewWith({ symbolHeld: quantity('6.01'), price: price('99') }),
  },
  {
    check: 'symbol_exposure',
    reason: 'exposure_over_limit',
    measured: made('symbol_exposure', usdt('705.6'), usdt('700'), 'USDT', false),
    terms: limit('1', '100.8'),
    prepare: viewWith({ symbolHeld: quantity('6'), price: price('100.8') }),
  },
  {
    check: 'asset_exposure',
    reason: 'exposure_over_limit',
    measured: made('asset_exposure', usdt('601'), usdt('600'), 'USDT', false),
    prepare: viewWith({ ofAsset: equityAmount('501') }),
  },
  {
    check: 'strategy_exposure',
    reason: 'exposure_over_limit',
    measured: made('strategy_exposure', usdt('801'), usdt('800'), 'USDT', false),
    prepare: viewWith({ ofStrategy: equityAmount('701') }),
  },
  {
    check: 'account_exposure',
    reason: 'exposure_over_limit',
    measured: made('account_exposure', usdt('901'), usdt('900'), 'USDT', false),
    prepare: viewWith({ ofAccount: equityAmount('801') }),
  },
  {
    check: 'concentration',
    reason: 'concentration_over_limit',
    measured: made('concentration', usdt('397'), usdt('396'), 'USDT', false),
    prepare: viewWith({ ofAsset: equityAmount('297') }),
  },
  {
    check: 'daily_loss',
    reason: 'daily_loss_over_limit',
    measured: made('daily_loss', usdt('51'), usdt('50'), 'USDT', false),
    prepare: viewWith({ equityNow: equityAmount('949') }),
  },
  {
    check: 'drawdown',
    reason: 'drawdown_over_limit',
    measured: made('drawdown', usdt('101'), usdt('100'), 'USDT', false),
    prepare: viewWith({ dayStart: equityAmount('920'), equityNow: equityAmount('899') }),
  },
];

test.each(REFUSED_BY_ONE)(
  'K5: $check refuses what no other check refuses, and is the last one taken down',
  (each) => {
    const { check, reason, measured = plain(check, false) } = each;
    const answer = ask(each.side ?? 'BUY', each.terms ?? limit('1', '99'), WIDE, each.prepare, each.intent);
    expect(answer.reason).toBe(reason);
    expect(answer.made.at(-1)).toEqual(measured);
    expect(answer.made.slice(0, -1).filter(({ isPassed }) => !isPassed)).toEqual([]);
  },
);

test('K5: there is an order that it alone refuses for every check that an approved order has passed', () => {
  const covered = new Set(REFUSED_BY_ONE.map(({ check }) => check));
  expect(ALL_OF_A_BUY.map(({ check }) => check).filter((check) => !covered.has(check))).toEqual([]);
});

test('a value that is missing fails its check by name, without numbers', () => {
  const { reason, made: checks } = ask('BUY', limit('1', '99'), WIDE, viewWith({ ofAccount: undefined }));
  expect(reason).toBe('missing_value');
  expect(checks.at(-1)).toEqual(plain('account_exposure', false));
  expect(checks.at(-2)?.check).toBe('strategy_exposure');
});

test('K6: an old price fails new risk with its age, and lets out what only reduces', () => {
  const old = viewWith({ priceAgeMs: 6000 });
  expect(ask('BUY', market('1'), WIDE, old).made.at(-1)).toEqual(
    made('reference_price_age', 6000, 5000, 'ms', false),
  );
  // Covered by nothing that is held, so it is new risk after all.
  expect(ask('SELL', market('1'), WIDE, old).made.at(-1)).toEqual(
    made('reference_price_age', 6000, 5000, 'ms', false),
  );
  const reducing = ask('SELL', market('1'), WIDE, (world) => {
    world.view.hold('1');
    world.view.priceAgeMs = 6000;
  });
  expect(reducing.reason).toBe('approved');
  expect(reducing.made.map(({ check }) => check)).not.toContain('reference_price_age');
});
