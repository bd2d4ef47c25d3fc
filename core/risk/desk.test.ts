import { describe, expect, expectTypeOf, test } from 'vitest';
import { instrumentWith } from '../market/market.test-support.ts';
import { amount, price, quantity, quoteAmount, ratio } from '../money/index.ts';
import type { OrderIntent, OrderListIntent, OrderTerms, Side } from '../orders/index.ts';
import { limit, market, spend, stop, stopLimit } from '../orders/terms.test-support.ts';
import type { Approved } from './approved.ts';
import { NOTHING_TRIPPED } from './breakers.ts';
import { RiskDesk } from './desk.ts';
import type { RiskLimits } from './limits.ts';
import {
  equityAmount,
  intentOf,
  limitsWith,
  NO_SYMBOL_LIMITS,
  NOTHING_OPEN,
  TestView,
} from './world.test-support.ts';

type Change = Parameters<typeof limitsWith>[0];
/** A desk in a world of one price, 100, with 1000 USDT; and a short way to ask it. */
function deskWith(change: Change = {}, view = new TestView(), limits: RiskLimits = limitsWith(change)) {
  const desk = new RiskDesk(limits, view, NOTHING_TRIPPED);
  const ask = (side: Side, terms: OrderTerms, intent: Partial<OrderIntent> = {}) => {
    const answer = desk.review(intentOf(side, terms, intent));
    return answer.ok ? 'approved' : answer.error;
  };
  return { desk, view, ask };
}
const missing = (value: string, of: string) => ({ reason: 'missing_value', value, of });
const account = { kind: 'account' } as const;
const ofStrategy = { kind: 'strategy', name: 'alpha' } as const;
const ofSymbol = { kind: 'symbol', name: 'BTCUSDT' } as const;
const ofAsset = { kind: 'asset', name: 'BTC' } as const;

test('an approved order is the intent itself, and only an approved one fits where orders are sent', () => {
  const { desk } = deskWith();
  const intent = intentOf('BUY', limit('1', '100'));
  const answer = desk.review(intent);
  expect(answer).toEqual({ ok: true, value: intent });
  const sent: string[] = [];
  const send = (order: Approved<OrderIntent>): void => {
    sent.push(order.clientOrderId);
  };
  if (answer.ok) send(answer.value);
  // @ts-expect-error an intent that no desk has approved cannot be sent
  send(intent);
  expect(sent).toHaveLength(2);
  expectTypeOf<OrderIntent>().not.toExtend<Approved<OrderIntent>>();
  expectTypeOf<Approved<OrderIntent>>().toExtend<OrderIntent>();
  expectTypeOf<Approved<OrderListIntent>>().not.toExtend<Approved<OrderIntent>>();
});

test('G5: limits that leave one out do not compile', () => {
  // @ts-expect-error a limit has no default
  const incomplete: RiskLimits['account'] = { orderNotionalMaximum: 'none' };
  expect(Object.keys(incomplete)).toEqual(['orderNotionalMaximum']);
});

test('K1: of ten identical orders in one tick, a limit of two lets two pass', () => {
  for (const change of [
    { account: { openOrdersMaximum: 2 } },
    { account: { exposureMaximum: equityAmount('200') } },
    { account: { orderRate: { orders: 2, windowMs: 1000, keptForReducing: 0 } } },
    { strategy: { openOrdersMaximum: 2 } },
    { strategy: { exposureMaximum: equityAmount('299.99') } },
    { strategy: { orderRate: { orders: 2, windowMs: 1000, keptForReducing: 0 } } },
    { symbol: { openOrdersMaximum: 2 } },
    { symbol: { positionMaximum: quantity('2') } },
    { symbol: { exposureMaximum: equityAmount('200') } },
    { asset: { exposureMaximum: equityAmount('200') } },
    { asset: { shareOfEquityMaximum: ratio('0.2') } },
  ]) {
    const { ask } = deskWith(change);
    const answers = Array.from({ length: 10 }, () => ask('BUY', market('1')));
    expect(answers.slice(0, 2)).toEqual(['approved', 'approved']);
    expect(answers.filter((answer) => answer === 'approved')).toHaveLength(2);
  }
  const view = new TestView();
  view.balances.set('USDT', amount('USDT', '299'));
  const { ask } = deskWith({}, view);
  expect(
    Array.from({ length: 10 }, () => ask('BUY', market('1'))).filter((a) => a === 'approved'),
  ).toHaveLength(2);
});

describe('before an order is sized up', () => {
  test('a halt refuses even what reduces, a stop to reducing lets only that through', () => {
    const { desk, view, ask } = deskWith();
    view.hold('5');
    const scope = { kind: 'system' } as const;
    desk.halt({ scope, state: 'reducing', by: 'ann', why: 'drill', atMs: 1 });
    expect(ask('SELL', market('2'))).toBe('approved');
    expect(ask('SELL', market('3'))).toBe('approved');
    expect(ask('SELL', market('0.00000001'))).toEqual({ reason: 'trading_only_reduces', scope });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope });
    desk.halt({ scope: ofSymbol, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    expect(ask('SELL', market('1'))).toEqual({ reason: 'trading_halted', scope: ofSymbol });
    expect(desk.breakers.trips).toHaveLength(2);
    desk.rearm(ofSymbol);
    desk.rearm(scope);
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('I8: a desk that starts with saved breakers is as stopped as the one that saved them', () => {
    const { desk } = deskWith();
    desk.halt({ scope: { kind: 'system' }, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    const again = new RiskDesk(limitsWith(), new TestView(), desk.breakers);
    expect(again.review(intentOf('BUY', market('1')))).toEqual({
      ok: false,
      error: { reason: 'trading_halted', scope: { kind: 'system' } },
    });
  });

  test('round trips and equity that are told to the desk trip its breakers', () => {
    const { desk, ask } = deskWith({
      strategy: { consecutiveLossesMaximum: 0 },
      account: { dailyLossMaximum: equityAmount('1') },
    });
    desk.equityChanged({ equity: equityAmount('99'), dayStartEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toBe('approved');
    desk.roundTripClosed({ strategy: 'alpha', realizedPnl: amount('USDT', '-1'), atMs: 1 });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope: ofStrategy });
    desk.rearm(ofStrategy);
    desk.equityChanged({ equity: equityAmount('98'), dayStartEquity: equityAmount('100'), atMs: 1 });
    expect(ask('BUY', market('1'))).toEqual({ reason: 'trading_only_reduces', scope: account });
  });

  test('terms that no order may have are refused', () => {
    expect(deskWith().ask('BUY', market('0'))).toEqual({
      reason: 'quantity_not_positive',
      was: quantity('0'),
    });
  });

  test('an id must be one that the venue takes, and new among the orders that are held', () => {
    const { desk, ask } = deskWith();
    const malformed = { reason: 'client_order_id_malformed', clientOrderId: 'two words' };
    expect(ask('BUY', market('1'), { clientOrderId: 'two words' })).toEqual(malformed);
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toEqual({
      reason: 'client_order_id_used',
      clientOrderId: 'a',
    });
    desk.ended('a');
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
  });

  test('G1: a symbol that nobody knows is refused', () => {
    expect(deskWith().ask('BUY', market('1'), { symbol: 'BTCUSDC' })).toEqual(
      missing('instrument', 'BTCUSDC'),
    );
  });
});

describe('the reference price', () => {
  test('K4, K6: new risk needs one that is known, above zero and fresh', () => {
    const { view, ask } = deskWith({ symbol: { priceAgeMsMaximum: 500 } });
    for (const age of [0, 500]) {
      view.priceAgeMs = age;
      expect(ask('BUY', limit('1', '100'))).toBe('approved');
    }
    for (const wasMs of [501, -1, Number.POSITIVE_INFINITY]) {
      view.priceAgeMs = wasMs;
      expect(ask('BUY', limit('1', '100'))).toEqual({
        reason: 'price_age_out_of_bounds',
        maximumMs: 500,
        wasMs,
      });
    }
    for (const age of [Number.NaN, undefined]) {
      view.priceAgeMs = age;
      expect(ask('BUY', limit('1', '100'))).toEqual(missing('reference_price_age', 'BTCUSDT'));
    }
    view.priceAgeMs = 0;
    for (const none of [undefined, price('0')]) {
      view.price = none;
      expect(ask('BUY', limit('1', '100'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('BUY', market('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('BUY', spend('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
      expect(ask('SELL', limit('1', '100'))).toEqual(missing('reference_price', 'BTCUSDT'));
    }
  });

  test('its age is not asked when no limit binds it', () => {
    const { view, ask } = deskWith();
    view.priceAgeMs = undefined;
    expect(ask('BUY', limit('1', '100'))).toBe('approved');
  });

  test('I7: an order that only reduces goes out without one, unless its size hangs on it', () => {
    const { view, ask } = deskWith({ symbol: { priceCollar: ratio('0.01'), priceAgeMsMaximum: 500 } });
    const filters = {
      price: {},
      lot: {},
      percentPrice: { up: ratio('1.1'), down: ratio('0.9'), averageMinutes: 5 },
    };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    view.hold('6');
    expect(ask('SELL', limit('1', '50'))).toMatchObject({ reason: 'price_outside_percent' });
    view.priceAgeMs = 501;
    expect(ask('SELL', limit('1', '50'))).toBe('approved');
    view.price = undefined;
    expect(ask('SELL', limit('1', '50'))).toBe('approved');
    expect(ask('SELL', market('1'))).toBe('approved');
    expect(ask('SELL', spend('1'))).toEqual(missing('reference_price', 'BTCUSDT'));
    expect(ask('SELL', limit('3.00000001', '50'))).toEqual(missing('reference_price', 'BTCUSDT'));
    view.held = undefined;
    expect(ask('SELL', limit('1', '50'))).toEqual(missing('reference_price', 'BTCUSDT'));
  });
});

describe('checks of every order', () => {
  test('the filters of the venue are asked, of every leg', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({
        filters: {
          price: { tick: price('1') },
          lot: {},
          percentPrice: { up: ratio('1.1'), down: ratio('0.9'), averageMinutes: 5 },
        },
      }),
    );
    expect(ask('BUY', limit('1', '100.5'))).toMatchObject({ reason: 'price_off_tick' });
    expect(ask('BUY', limit('1', '89'))).toMatchObject({ reason: 'price_outside_percent' });
    expect(ask('BUY', limit('1', '90'))).toBe('approved');
  });

  test('open orders of ours and of others count together against the filters of symbol and account', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, openOrdersMaximum: 3 } }),
    );
    view.load = { ...NOTHING_OPEN, orders: 1 };
    expect([1, 2].map(() => ask('BUY', market('1')))).toEqual(['approved', 'approved']);
    const tooMany = { reason: 'too_many_open', scope: 'symbol', kind: 'orders', maximum: 3, was: 4 };
    expect(ask('BUY', market('1'))).toEqual(tooMany);
    view.load = NOTHING_OPEN;
    view.exchangeFilters = { openOrdersMaximum: 5 };
    view.counts = { ...NOTHING_OPEN, orders: 3 };
    expect(ask('BUY', market('1'))).toEqual({ ...tooMany, scope: 'account', maximum: 5, was: 6 });
    view.counts = { ...NOTHING_OPEN, orders: 2 };
    expect(ask('BUY', market('1'))).toBe('approved');
    view.counts = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('open_orders', 'account'));
    view.load = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('open_orders', 'BTCUSDT'));
  });

  test('stops, icebergs and lists of others are counted with ours', () => {
    const { desk, view } = deskWith();
    const filters = { openAlgoOrdersMaximum: 4, openIcebergOrdersMaximum: 4, openOrderListsMaximum: 4 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters: { price: {}, lot: {}, ...filters } }));
    const list: OrderListIntent = {
      kind: 'OTO',
      listClientOrderId: 'list',
      working: intentOf('BUY', {
        type: 'LIMIT_MAKER',
        quantity: quantity('1'),
        price: price('100'),
        icebergQuantity: quantity('0.5'),
      }),
      pending: intentOf('SELL', stop('1', '90')),
    };
    for (const kind of ['algoOrders', 'icebergOrders', 'orderLists'] as const) {
      view.load = { ...NOTHING_OPEN, [kind]: 4 };
      expect(desk.reviewList(list)).toMatchObject({
        error: { reason: 'too_many_open', kind, maximum: 4, was: 5 },
      });
    }
    view.load = { ...NOTHING_OPEN, algoOrders: 3, icebergOrders: 3, orderLists: 3 };
    expect(desk.reviewList(list)).toMatchObject({ ok: true });
  });

  test('stops and icebergs are counted by kind, and a count falls when its order ends', () => {
    const { desk, view, ask } = deskWith();
    const filters = { price: {}, lot: {}, openAlgoOrdersMaximum: 1, openIcebergOrdersMaximum: 1 };
    view.instruments.set('BTCUSDT', instrumentWith({ filters }));
    const iceberg: OrderTerms = {
      type: 'LIMIT_MAKER',
      quantity: quantity('1'),
      price: price('100'),
      icebergQuantity: quantity('0.5'),
    };
    expect(ask('BUY', stop('1', '110'), { clientOrderId: 's' })).toBe('approved');
    expect(ask('BUY', stop('1', '110'))).toMatchObject({ kind: 'algoOrders', maximum: 1, was: 2 });
    expect(ask('BUY', iceberg, { clientOrderId: 'i' })).toBe('approved');
    expect(ask('BUY', iceberg)).toMatchObject({ kind: 'icebergOrders', maximum: 1, was: 2 });
    expect([desk.ended('s'), desk.ended('i'), desk.ended('s')]).toEqual([true, true, false]);
    expect(ask('BUY', stop('1', '110'))).toBe('approved');
    expect(ask('BUY', iceberg)).toBe('approved');
  });

  test('MAX_POSITION counts what others hold, what we are buying and this order', () => {
    const { view, ask } = deskWith();
    view.instruments.set(
      'BTCUSDT',
      instrumentWith({ filters: { price: {}, lot: {}, positionMaximum: quantity('5') } }),
    );
    view.load = { ...NOTHING_OPEN, held: quantity('2') };
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', market('2.00000001'))).toEqual({
      reason: 'position_above_maximum',
      maximum: quantity('5'),
      was: quantity('5.00000001'),
    });
    expect(ask('BUY', market('2'))).toBe('approved');
  });

  const collar = (anchor: string, distance: string, was: string) => ({
    reason: 'price_outside_collar',
    anchor: price(anchor),
    distanceMaximum: price(distance),
    was: price(was),
  });
  test.each([
    ['100.5', undefined],
    ['99.5', undefined],
    ['100.50000001', collar('100', '0.5', '100.50000001')],
    ['99.49999999', collar('100', '0.5', '99.49999999')],
  ])('K9: with a collar of half a percent a limit at %s', (at, refusal) => {
    const { ask } = deskWith({ symbol: { priceCollar: ratio('0.005') } });
    expect(ask('BUY', limit('1', at))).toEqual(refusal ?? 'approved');
  });

  test('the collar of a stop-limit lies around its stop price, a plain stop has none', () => {
    const { ask } = deskWith({ symbol: { priceCollar: ratio('0.005') } });
    expect(ask('BUY', stopLimit('1', '200', '201'))).toBe('approved');
    expect(ask('BUY', stopLimit('1', '200', '202'))).toEqual(collar('200', '1', '202'));
    expect(ask('BUY', stop('1', '200'))).toBe('approved');
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('a collar that falls between two prices is rounded inward', () => {
    const { view, ask } = deskWith({ symbol: { priceCollar: ratio('0.1') } });
    view.price = price('0.00000015');
    expect(ask('BUY', limit('1', '0.00000016'))).toBe('approved');
    expect(ask('BUY', limit('1', '0.00000017'))).toEqual(collar('0.00000015', '0.00000001', '0.00000017'));
  });

  test.each<[string, Side, OrderTerms, string, string]>([
    ['a limit by price and quantity, rounded up', 'BUY', limit('1.5', '0.00000001'), 'USDT', '0.00000002'],
    ['a market order at the reference price', 'BUY', market('1.5'), 'USDT', '150'],
    ['a market order by quote amount at that amount', 'BUY', spend('77.5'), 'USDT', '77.5'],
    ['a stop at its stop price', 'BUY', stop('1', '120'), 'USDT', '120'],
    ['a stop-limit at its limit', 'BUY', stopLimit('1', '120', '125'), 'USDT', '125'],
    ['a sale by its quantity', 'SELL', limit('1.5', '100'), 'BTC', '1.5'],
    ['a sale for a quote amount by what it sells at the reference price', 'SELL', spend('150'), 'BTC', '1.5'],
  ])('%s needs a balance of exactly that', (_what, side, terms, asset, needed) => {
    const { desk, view, ask } = deskWith();
    const short = amount(asset, needed === '0.00000002' ? '0.00000001' : `${Number(needed) - 0.5}`);
    view.balances.set(asset, short);
    expect(ask(side, terms)).toEqual({
      reason: 'insufficient_balance',
      asset,
      needed: amount(asset, needed),
      available: short,
    });
    view.balances.set(asset, amount(asset, needed));
    expect(ask(side, terms)).toBe('approved');
    expect(desk.reservations.reservedOf('alpha', asset)).toBe(amount(asset, needed));
    expect(ask(side, terms)).toMatchObject({ reason: 'insufficient_balance', available: amount(asset, '0') });
    expect(ask(side, terms, { strategy: 'beta' })).toBe('approved');
    view.balances.delete(asset);
    expect(ask(side, terms)).toEqual(missing('balance', asset));
  });

  test('R4: the order rate keeps room for orders that reduce', () => {
    const rate = { orders: 3, windowMs: 100, keptForReducing: 1 };
    for (const [change, scope] of [
      [{ account: { orderRate: rate } }, account],
      [{ strategy: { orderRate: rate } }, ofStrategy],
    ] as const) {
      const { view, ask } = deskWith(change);
      view.hold('5');
      expect([ask('BUY', market('1')), ask('BUY', market('1'))]).toEqual(['approved', 'approved']);
      const refused = { reason: 'order_rate_exceeded', scope, windowMs: 100 };
      expect(ask('BUY', market('1'))).toEqual({ ...refused, maximum: 2 });
      expect(ask('SELL', market('1'))).toBe('approved');
      expect(ask('SELL', market('1'))).toEqual({ ...refused, maximum: 3 });
      view.nowMs += 99;
      expect(ask('BUY', market('1'))).toEqual({ ...refused, maximum: 2 });
      view.nowMs += 1;
      expect(ask('BUY', market('1'))).toBe('approved');
      view.nowMs = Number.NaN;
      expect(ask('BUY', market('1'))).toMatchObject(refused);
    }
  });

  test('K10: the rate of one strategy leaves the other alone', () => {
    const { ask } = deskWith({ strategy: { orderRate: { orders: 1, windowMs: 100, keptForReducing: 0 } } });
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', market('1'))).toMatchObject({ reason: 'order_rate_exceeded' });
    expect(ask('BUY', market('1'), { strategy: 'beta' })).toBe('approved');
  });
});

describe('checks of new risk', () => {
  test('G5: symbol, strategy and asset must be named in the limits', () => {
    const stated = limitsWith();
    const without = (change: Partial<RiskLimits>) =>
      deskWith({}, new TestView(), { ...stated, ...change }).ask('BUY', market('1'));
    const notStated = (scope: object) => ({ reason: 'limit_not_stated', scope });
    expect(without({ symbols: new Map() })).toEqual(notStated(ofSymbol));
    expect(without({ strategies: new Map() })).toEqual(notStated(ofStrategy));
    expect(without({ assets: new Map() })).toEqual(notStated(ofAsset));
    const view = new TestView();
    view.hold('1');
    const bare = { ...stated, symbols: new Map(), strategies: new Map(), assets: new Map() };
    expect(deskWith({}, view, bare).ask('SELL', market('1'))).toBe('approved');
  });

  test('the order notional has an absolute bound and one by equity', () => {
    const absolute = deskWith({ account: { orderNotionalMaximum: equityAmount('200') } });
    expect(absolute.ask('BUY', market('2'))).toBe('approved');
    expect(absolute.ask('BUY', market('2.00000001'))).toEqual({
      reason: 'order_notional_over_limit',
      maximum: equityAmount('200'),
      was: equityAmount('200.000001'),
    });
    const byEquity = deskWith({ account: { orderShareOfEquityMaximum: ratio('0.2') } });
    byEquity.view.equityNow = equityAmount('999.99999999');
    expect(byEquity.ask('BUY', spend('199.99999999'))).toBe('approved');
    expect(byEquity.ask('BUY', spend('200'))).toEqual({
      reason: 'order_share_of_equity_over_limit',
      maximum: equityAmount('199.99999999'),
      was: equityAmount('200'),
    });
    byEquity.view.equityNow = undefined;
    expect(byEquity.ask('BUY', spend('1'))).toEqual(missing('equity', 'account'));
  });

  test('an order is worth the higher of its own price and the reference price', () => {
    const { ask } = deskWith({ account: { orderNotionalMaximum: equityAmount('10') } });
    expect(ask('BUY', limit('1', '20'))).toMatchObject({ was: equityAmount('100') });
    expect(ask('BUY', limit('1', '120'))).toMatchObject({ was: equityAmount('120') });
    expect(ask('BUY', stop('1', '130'))).toMatchObject({ was: equityAmount('130') });
    expect(ask('SELL', limit('1', '140'))).toMatchObject({ reason: 'insufficient_balance' });
  });

  test.each([
    ['account', { account: { openOrdersMaximum: 1 } }, account],
    ['strategy', { strategy: { openOrdersMaximum: 1 } }, ofStrategy],
    ['symbol', { symbol: { openOrdersMaximum: 1 } }, ofSymbol],
  ] as const)('open orders are counted for the %s', (kind, change, scope) => {
    const { desk, ask } = deskWith(change);
    expect(ask('BUY', market('1'), { clientOrderId: 'a' })).toBe('approved');
    const refusal = { reason: 'open_orders_over_limit', scope, maximum: 1, was: 2 };
    expect(ask('BUY', market('1'))).toEqual(refusal);
    if (kind === 'strategy') expect(ask('BUY', market('1'), { strategy: 'beta' })).toBe('approved');
    desk.ended('a');
    expect(ask('BUY', market('1'))).toBe('approved');
  });

  test('the position counts what is held, what is being bought and this order', () => {
    const { view, ask } = deskWith({ symbol: { positionMaximum: quantity('4') } });
    view.symbolHeld = quantity('2');
    expect(ask('BUY', market('1'))).toBe('approved');
    const was = quantity('4.00000001');
    const refusal = { reason: 'position_over_limit', symbol: 'BTCUSDT', maximum: quantity('4'), was };
    expect(ask('BUY', market('1.00000001'))).toEqual(refusal);
    expect(ask('BUY', market('1'))).toBe('approved');
    view.symbolHeld = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('symbol_position', 'BTCUSDT'));
  });

  test.each([
    [
      'symbol',
      { symbol: { exposureMaximum: equityAmount('400') } },
      ofSymbol,
      missing('symbol_position', 'BTCUSDT'),
    ],
    ['asset', { asset: { exposureMaximum: equityAmount('400') } }, ofAsset, missing('asset_exposure', 'BTC')],
    [
      'strategy',
      { strategy: { exposureMaximum: equityAmount('400') } },
      ofStrategy,
      missing('strategy_exposure', 'alpha'),
    ],
    [
      'account',
      { account: { exposureMaximum: equityAmount('400') } },
      account,
      missing('account_exposure', 'account'),
    ],
  ] as const)(
    'the exposure of the %s counts what is held, working and in doubt, and this order',
    (_k, change, scope, gone) => {
      const { view, ask } = deskWith(change);
      view.symbolHeld = quantity('2');
      view.ofAsset = view.ofStrategy = view.ofAccount = equityAmount('200');
      expect(ask('BUY', market('1'))).toBe('approved');
      const maximum = equityAmount('400');
      const was = equityAmount('400.00000001');
      expect(ask('BUY', spend('100.00000001'))).toEqual({
        reason: 'exposure_over_limit',
        scope,
        maximum,
        was,
      });
      expect(ask('BUY', spend('100'))).toBe('approved');
      view.symbolHeld = view.ofAsset = view.ofStrategy = view.ofAccount = undefined;
      expect(ask('BUY', market('1'))).toEqual(gone);
    },
  );

  test('no asset may be a larger share of equity than its limit', () => {
    const { view, ask } = deskWith({ asset: { shareOfEquityMaximum: ratio('0.4') } });
    view.ofAsset = equityAmount('200');
    expect(ask('BUY', market('1'))).toBe('approved');
    expect(ask('BUY', spend('100.00000001'))).toEqual({
      reason: 'concentration_over_limit',
      scope: ofAsset,
      maximum: equityAmount('400'),
      was: equityAmount('400.00000001'),
    });
    view.equityNow = equityAmount('999.99999999');
    expect(ask('BUY', spend('100'))).toMatchObject({ maximum: equityAmount('399.99999999') });
    view.equityNow = equityAmount('1000');
    expect(ask('BUY', spend('100'))).toBe('approved');
    view.equityNow = undefined;
    expect(ask('BUY', spend('1'))).toEqual(missing('equity', 'account'));
    view.ofAsset = undefined;
    expect(ask('BUY', spend('1'))).toEqual(missing('asset_exposure', 'BTC'));
  });

  test('a day that lost more than its limit takes no new risk', () => {
    const { view, ask } = deskWith({ account: { dailyLossMaximum: equityAmount('50') } });
    view.equityNow = equityAmount('950');
    expect(ask('BUY', market('1'))).toBe('approved');
    view.equityNow = equityAmount('949.99999999');
    const was = equityAmount('50.00000001');
    expect(ask('BUY', market('1'))).toEqual({
      reason: 'daily_loss_over_limit',
      maximum: equityAmount('50'),
      was,
    });
    view.dayStart = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('day_start_equity', 'account'));
    view.equityNow = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('equity', 'account'));
  });

  test('a drawdown over its limit takes no new risk', () => {
    const { view, ask } = deskWith({ account: { drawdownMaximum: ratio('0.1') } });
    view.peak = equityAmount('1999.99999999');
    view.equityNow = equityAmount('1800');
    expect(ask('BUY', market('1'))).toBe('approved');
    view.equityNow = equityAmount('1799.99999999');
    expect(ask('BUY', market('1'))).toEqual({
      reason: 'drawdown_over_limit',
      maximum: equityAmount('199.99999999'),
      was: equityAmount('200'),
    });
    view.peak = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('peak_equity', 'account'));
    view.equityNow = undefined;
    expect(ask('BUY', market('1'))).toEqual(missing('equity', 'account'));
  });

  test('I7: none of them keeps a position from being reduced', () => {
    const tight = {
      account: {
        orderNotionalMaximum: equityAmount('0'),
        orderShareOfEquityMaximum: ratio('0'),
        exposureMaximum: equityAmount('0'),
        openOrdersMaximum: 0,
        dailyLossMaximum: equityAmount('0'),
        drawdownMaximum: ratio('0'),
      },
      strategy: { exposureMaximum: equityAmount('0'), openOrdersMaximum: 0 },
      symbol: { positionMaximum: quantity('0'), exposureMaximum: equityAmount('0'), openOrdersMaximum: 0 },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    };
    const { view, ask } = deskWith(tight);
    view.hold('2');
    view.equityNow = view.dayStart = view.peak = undefined;
    view.symbolHeld = view.ofAsset = view.ofStrategy = view.ofAccount = undefined;
    expect(ask('SELL', market('2'))).toBe('approved');
  });

  test('a sale beyond the position is new risk, though it adds no exposure', () => {
    const change = {
      account: { exposureMaximum: equityAmount('0'), openOrdersMaximum: 1 },
      strategy: { exposureMaximum: equityAmount('0') },
      symbol: { positionMaximum: quantity('0'), exposureMaximum: equityAmount('0') },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    };
    const { view, ask } = deskWith(change);
    view.balances.set('BTC', amount('BTC', '5'));
    expect(ask('SELL', market('1'))).toBe('approved');
    expect(ask('SELL', market('1'))).toMatchObject({ reason: 'open_orders_over_limit' });
  });
});

describe('a symbol that is not priced in the equity asset', () => {
  const cross = { symbol: 'ETHBTC' };
  const world = () => {
    const view = new TestView();
    view.price = price('0.05');
    view.balances.set('BTC', amount('BTC', '10')).set('ETH', amount('ETH', '10'));
    return view;
  };

  test('is valued through the rate of its quote asset, rounded up', () => {
    const { view, ask } = deskWith({ symbol: { exposureMaximum: equityAmount('10') } }, world());
    view.symbolHeld = quantity('1');
    expect(ask('BUY', limit('1', '0.05'), cross)).toBe('approved');
    expect(ask('BUY', limit('0.0000001', '0.05'), cross)).toMatchObject({ was: equityAmount('10.000001') });
    view.rate = ratio('99.999999999');
    expect(ask('BUY', limit('1', '0.05'), cross)).toMatchObject({ was: equityAmount('15') });
    view.rate = undefined;
    expect(ask('BUY', limit('1', '0.05'), cross)).toEqual(missing('equity_rate', 'BTC'));
    expect(ask('SELL', limit('1', '0.05'), cross)).toEqual(missing('equity_rate', 'BTC'));
  });

  test('reduces without a rate', () => {
    const { view, desk, ask } = deskWith({}, world());
    view.held = quantity('1');
    view.rate = undefined;
    expect(ask('SELL', limit('1', '0.05'), cross)).toBe('approved');
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('0'));
  });

  test('a sale of ETH for BTC takes on BTC', () => {
    const { desk, ask } = deskWith({ asset: { exposureMaximum: equityAmount('10') } }, world());
    expect(ask('SELL', limit('2', '0.05'), cross)).toBe('approved');
    expect(desk.reservations.gainingOf('BTC')).toBe(equityAmount('10'));
    expect(ask('SELL', limit('0.1', '0.05'), cross)).toEqual({
      reason: 'exposure_over_limit',
      scope: ofAsset,
      maximum: equityAmount('10'),
      was: equityAmount('10.5'),
    });
    const share = deskWith({ asset: { shareOfEquityMaximum: ratio('0.01') } }, world());
    expect(share.ask('SELL', limit('2', '0.05'), cross)).toBe('approved');
    expect(share.ask('SELL', limit('0.1', '0.05'), cross)).toMatchObject({
      reason: 'concentration_over_limit',
    });
  });

  test('limits must name the asset that a sale brings', () => {
    const limits = {
      ...limitsWith(),
      assets: new Map([['ETH', { exposureMaximum: 'none', shareOfEquityMaximum: 'none' }]]),
    };
    const { ask } = deskWith({}, world(), limits as RiskLimits);
    expect(ask('SELL', limit('1', '0.05'), cross)).toEqual({ reason: 'limit_not_stated', scope: ofAsset });
    expect(ask('BUY', limit('1', '0.05'), cross)).toBe('approved');
  });
});

describe('the order of checks is contract', () => {
  test('each broken rule that is mended shows the next one', () => {
    const view = new TestView();
    const refusals: string[] = [];
    const limits = limitsWith({
      account: {
        orderNotionalMaximum: equityAmount('0'),
        orderShareOfEquityMaximum: ratio('0'),
        openOrdersMaximum: 0,
        exposureMaximum: equityAmount('0'),
        orderRate: { orders: 0, windowMs: 1, keptForReducing: 0 },
        dailyLossMaximum: equityAmount('-1'),
        drawdownMaximum: ratio('-1'),
      },
      strategy: { exposureMaximum: equityAmount('0') },
      symbol: {
        ...NO_SYMBOL_LIMITS,
        positionMaximum: quantity('0'),
        exposureMaximum: equityAmount('0'),
        priceCollar: ratio('0'),
      },
      asset: { exposureMaximum: equityAmount('0'), shareOfEquityMaximum: ratio('0') },
    });
    let account = { ...limits.account };
    let strategy = { ...limits.strategies.get('alpha') } as NonNullable<
      ReturnType<typeof limits.strategies.get>
    >;
    let symbol = { ...limits.symbols.get('BTCUSDT') } as NonNullable<ReturnType<typeof limits.symbols.get>>;
    let asset = { ...limits.assets.get('BTC') } as NonNullable<ReturnType<typeof limits.assets.get>>;
    let symbols = new Map<string, typeof symbol>();
    let terms = limit('0', '101');
    let clientOrderId = 'no id';
    let isHalted = true;
    let isReducing = true;
    view.instruments.clear();
    view.price = undefined;
    view.exchangeFilters = { openOrdersMaximum: 0 };
    view.balances.clear();
    const mend: (() => void)[] = [
      () => (isHalted = false),
      () => (terms = limit('1', '101')),
      () => (clientOrderId = 'id'),
      () => view.instruments.set('BTCUSDT', instrumentWith({ blockers: ['closed'] })),
      () => (view.price = price('100')),
      () => (isReducing = false),
      () => view.instruments.set('BTCUSDT', instrumentWith()),
      () => (view.exchangeFilters = {}),
      () => (symbols = symbols.set('BTCUSDT', symbol)),
      () => (symbol = { ...symbol, priceCollar: 'none' }),
      () => view.balances.set('USDT', amount('USDT', '1000')),
      () => (account = { ...account, orderRate: 'none' }),
      () => symbols.set('BTCUSDT', symbol),
      () => (account = { ...account, orderNotionalMaximum: 'none' }),
      () => (account = { ...account, orderShareOfEquityMaximum: 'none' }),
      () => (account = { ...account, openOrdersMaximum: 'none' }),
      () => (symbol = { ...symbol, positionMaximum: 'none' }),
      () => (symbol = { ...symbol, exposureMaximum: 'none' }),
      () => (asset = { ...asset, exposureMaximum: 'none' }),
      () => (strategy = { ...strategy, exposureMaximum: 'none' }),
      () => (account = { ...account, exposureMaximum: 'none' }),
      () => (asset = { ...asset, shareOfEquityMaximum: 'none' }),
      () => (account = { ...account, dailyLossMaximum: 'none' }),
      () => (account = { ...account, drawdownMaximum: 'none' }),
    ];
    for (const [step, repair] of [() => undefined, ...mend].entries()) {
      repair();
      // The collar comes before the statement that limits exist, so the symbol is named for the collar and unnamed after it.
      symbols = step >= 9 && step !== 12 ? new Map([['BTCUSDT', symbol]]) : new Map();
      const desk = new RiskDesk(
        { account, strategies: new Map([['alpha', strategy]]), symbols, assets: new Map([['BTC', asset]]) },
        view,
        NOTHING_TRIPPED,
      );
      const order = { by: 'ann', why: 'drill', atMs: 1 };
      if (isHalted) desk.halt({ scope: { kind: 'system' }, state: 'halted', ...order });
      if (isReducing) desk.halt({ scope: { kind: 'system' }, state: 'reducing', ...order });
      const answer = desk.review(intentOf('BUY', terms, { clientOrderId }));
      refusals.push(answer.ok ? 'approved' : answer.error.reason);
    }
    expect(refusals).toEqual([
      'trading_halted',
      'quantity_not_positive',
      'client_order_id_malformed',
      'missing_value',
      'missing_value',
      'trading_only_reduces',
      'symbol_not_tradable',
      'too_many_open',
      'missing_value',
      'price_outside_collar',
      'missing_value',
      'order_rate_exceeded',
      'limit_not_stated',
      'order_notional_over_limit',
      'order_share_of_equity_over_limit',
      'open_orders_over_limit',
      'position_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'exposure_over_limit',
      'concentration_over_limit',
      'daily_loss_over_limit',
      'drawdown_over_limit',
      'approved',
    ]);
  });
});

describe('an order that is at the venue already', () => {
  test('is counted in full without being checked', () => {
    const { desk, ask } = deskWith({ account: { exposureMaximum: equityAmount('250') } });
    desk.halt({ scope: { kind: 'account' }, state: 'halted', by: 'ann', why: 'drill', atMs: 1 });
    expect(desk.adopt(intentOf('BUY', market('2'), { clientOrderId: 'old' }))).toBeUndefined();
    expect(desk.adopt(intentOf('BUY', market('2'), { clientOrderId: 'old' }))).toEqual({
      reason: 'client_order_id_used',
      clientOrderId: 'old',
    });
    desk.rearm({ kind: 'account' });
    expect(desk.reservations.has('old')).toBe(true);
    expect(ask('BUY', market('1'))).toMatchObject({
      reason: 'exposure_over_limit',
      was: equityAmount('300'),
    });
  });

  test('is named when it cannot be valued', () => {
    const { desk, view } = deskWith();
    view.price = undefined;
    expect(desk.adopt(intentOf('BUY', market('2')))).toEqual(missing('reference_price', 'BTCUSDT'));
    view.instruments.clear();
    expect(desk.adopt(intentOf('BUY', market('2')))).toEqual(missing('instrument', 'BTCUSDT'));
  });
});

test('a quote amount is judged by what it spends, not by what it is thought to buy', () => {
  const { desk, view, ask } = deskWith();
  view.instruments.set('BTCUSDT', instrumentWith({ filters: { price: {}, lot: { step: quantity('1') } } }));
  expect(ask('BUY', spend('199'), { clientOrderId: 'q' })).toBe('approved');
  expect(desk.reservations.account.buyWorth).toBe(equityAmount('199'));
  desk.executed('q', quantity('1'), quoteAmount('120'));
  expect(desk.reservations.account.buyWorth).toBe(equityAmount('79'));
});
